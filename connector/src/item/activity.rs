//! Records of the audit log.

use super::version;
use crate::confluence::audit::{AuditObject, AuditRow};
use crate::model::Activity;
use std::collections::BTreeMap;

/// Tells records apart that came in one answer and are alike to the last word.
#[derive(Debug, Default)]
pub struct Alike(BTreeMap<String, u32>);

impl Alike {
    /// A record as an activity; `text` is the record as the site wrote it.
    ///
    /// Records have no ids, so one is made of the time, a digest of what the record says, and a number among its
    /// like. Names of the person who did it are left out of the digest where there is an account: they change.
    /// Two like records in different answers become one, which is better than one becoming two.
    pub fn activity(&mut self, row: AuditRow, text: &str) -> Activity {
        let known = format!("{}-{:016x}", row.creation_date, version::digest(&facts(&row)));
        let number = self.0.entry(known.clone()).and_modify(|number| *number += 1).or_insert(0);
        let id = format!("audit:{known}-{number}");
        let subject = subject(&row);
        Activity {
            id,
            at: row.creation_date,
            actor: row.author.and_then(|author| author.account_id).filter(|id| !id.is_empty()),
            summary: row.summary.unwrap_or_default(),
            subject,
            detail: text.to_owned(),
        }
    }
}

fn facts(row: &AuditRow) -> Vec<&str> {
    let actor = row.author.as_ref().and_then(|author| {
        let account = author.account_id.as_deref().filter(|id| !id.is_empty());
        account.or(author.display_name.as_deref())
    });
    let words = [&row.remote_address, &row.summary, &row.description, &row.category];
    let mut facts = vec![actor.unwrap_or_default()];
    facts.extend(words.map(|word| word.as_deref().unwrap_or_default()));
    for object in objects(row) {
        facts.extend([&object.object_type, &object.name].map(|word| word.as_deref().unwrap_or_default()));
    }
    for value in row.changed_values.iter().flatten() {
        let words = [&value.name, &value.old_value, &value.new_value];
        facts.extend(words.map(|word| word.as_deref().unwrap_or_default()));
    }
    facts
}

fn objects(row: &AuditRow) -> impl Iterator<Item = &AuditObject> {
    row.affected_object.iter().chain(row.associated_objects.iter().flatten())
}

/// "Group team-admins, Page Project Overview, Space Engineering Docs".
fn subject(row: &AuditRow) -> String {
    let mut named: Vec<String> = Vec::new();
    for object in objects(row) {
        let Some(name) = object.name.as_deref().filter(|name| !name.is_empty()) else {
            continue;
        };
        let words = match object.object_type.as_deref().filter(|kind| !kind.is_empty()) {
            Some(kind) => format!("{kind} {name}"),
            None => name.to_owned(),
        };
        // An archived page is both what was changed and what it is associated with.
        if !named.contains(&words) {
            named.push(words);
        }
    }
    named.join(", ")
}
