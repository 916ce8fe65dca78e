//! Who may see which space.

use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::permission::PermissionRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access;
use crate::model::Access;
use crate::transport::{Level, Response, Transport};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Reads the permissions of spaces, at a request for each 250 rows of each space.
///
/// A space whose permissions cannot be read is `unknown`: shown to nobody.
pub fn of_spaces<T: Transport>(site: &Site<'_, T>, spaces: &[Id]) -> Result<BTreeMap<Id, Access>, Error> {
    let mut rows: BTreeMap<Id, Option<Vec<PermissionRow>>> = BTreeMap::new();
    let questions = spaces.iter().map(|id| {
        let path = ["spaces", id.as_str(), "permissions"];
        (id.clone(), site.v2(&path, &[("limit", "250")]))
    });
    let take = |id: Id, url: &Url, answer: Result<Response, Refusal>| {
        let list = answer.and_then(|response| list::read::<PermissionRow>(url, &response));
        match list {
            Ok(list) => {
                for odd in &list.unreadable {
                    let fields = [("space", id.as_str()), ("reason", &odd.reason)];
                    site.log(Level::Warn, "a permission of an unknown shape grants nothing", &fields);
                }
                if let Some(known) = rows.entry(id.clone()).or_insert_with(|| Some(Vec::new())) {
                    known.extend(list.rows);
                }
                Ok(list.next.map(|next| (id, next)))
            }
            Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                let fields = [("space", id.as_str()), ("reason", &reason)];
                site.log(Level::Warn, "the permissions of a space could not be read", &fields);
                rows.insert(id, None);
                Ok(None)
            }
        }
    };
    site.get_many(questions, take)?;

    let mut strangers = BTreeSet::new();
    let mut readers = BTreeMap::new();
    for (id, rows) in rows {
        let access = match rows {
            Some(rows) => {
                let (access, unknown) = access::of_space(&rows);
                strangers.extend(unknown);
                access
            }
            None => Access::Unknown,
        };
        readers.insert(id, access);
    }
    if !strangers.is_empty() {
        let names = strangers.into_iter().collect::<Vec<_>>().join(", ");
        let message = "principals of a kind that grants nothing";
        site.log(Level::Warn, message, &[("principals", &names)]);
    }
    Ok(readers)
}
