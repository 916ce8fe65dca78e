//! v1 `audit` and `audit/since`: for administrators, and not on the free plan.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, v1_page};
use crate::clock::Millis;
use crate::oracle::Reader;
use crate::site::{AuditObject, AuditRecord, Plan};

const LIMIT_DEFAULT: usize = 1000;
const DAY: Millis = 86_400_000;
/// Records are kept for a year unless an administrator chose otherwise.
const RETENTION: Millis = 365 * DAY;

/// From `startDate` to `endDate`, both included, in milliseconds; newest first.
pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    allowed(cx)?;
    let from = instant(cx, "startDate")?.unwrap_or(Millis::MIN);
    let until = instant(cx, "endDate")?.unwrap_or(Millis::MAX);
    records(cx, from, until)
}

/// The last so many hours, days, months …
pub fn since(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    allowed(cx)?;
    let number = Millis::try_from(cx.query.v1_integer("number", 3)?).unwrap_or_default();
    let unit = match cx.query.get("units").unwrap_or("MONTHS") {
        "MILLIS" => 1,
        "SECONDS" => 1000,
        "MINUTES" => 60_000,
        "HOURS" => 3_600_000,
        "HALF_DAYS" => DAY / 2,
        "DAYS" => DAY,
        "WEEKS" => 7 * DAY,
        "MONTHS" => 30 * DAY,
        "YEARS" => 365 * DAY,
        other => return Err(errors::v1(400, &format!("Unknown units: {other}"))),
    };
    records(cx, cx.now.saturating_sub(number.saturating_mul(unit)), Millis::MAX)
}

fn records(cx: &Exchange<'_>, from: Millis, until: Millis) -> Result<Answer, Answer> {
    let from = from.max(cx.now - RETENTION);
    let search = cx.query.get("searchString").map(str::to_lowercase);
    let wanted = |record: &&AuditRecord| {
        (from..=until).contains(&record.at) && search.as_ref().is_none_or(|text| mentions(record, text))
    };
    let found: Vec<&AuditRecord> = cx.site.audit.iter().rev().filter(wanted).collect();
    let limit = cx.query.v1_integer("limit", LIMIT_DEFAULT)?.min(LIMIT_DEFAULT);
    v1_page::page(cx, &found, limit, |record| row(cx, record))
}

fn allowed(cx: &Exchange<'_>) -> Result<(), Answer> {
    let refused = |why: &str| {
        let class = "com.atlassian.confluence.api.service.exceptions.PermissionException";
        Err(errors::v1_with_data(403, &format!("{class}: {why}")))
    };
    if cx.site.plan == Plan::Free {
        return refused("The audit log is not available on your plan");
    }
    match Reader::new(cx.site, &cx.caller.account_id) {
        Some(reader) if reader.is_admin() => Ok(()),
        _ => refused("User does not have permission to view the audit log"),
    }
}

fn instant(cx: &Exchange<'_>, name: &str) -> Result<Option<Millis>, Answer> {
    let Some(text) = cx.query.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| errors::v1_not_an_integer(name, text))
}

fn mentions(record: &AuditRecord, text: &str) -> bool {
    let objects = record.associated.iter().chain([&record.affected]);
    let names = objects.map(|object| object.name.as_str()).chain([record.summary, record.category]);
    names.into_iter().any(|name| name.to_lowercase().contains(text))
}

/// Names throughout; only the author has an id.
fn row(cx: &Exchange<'_>, record: &AuditRecord) -> Value {
    let mut author = json!({
        "type": "user", "displayName": "System", "operations": null, "isExternalCollaborator": false,
        "accountType": "", "publicName": "Unknown user", "externalCollaborator": false,
    });
    if let Some(id) = &record.author {
        let known = cx.site.users.get(id).map(|user| user.name.as_str());
        author["displayName"] = json!(known.unwrap_or("Former user"));
        for name in ["username", "userKey", "accountId"] {
            author[name] = json!(id);
        }
    }
    let changed = record.changed.iter().map(|(name, old, new)| {
        json!({ "name": name, "oldValue": old, "newValue": new, "hiddenOldValue": "", "hiddenNewValue": "" })
    });
    json!({
        "author": author,
        "remoteAddress": if record.author.is_some() { "198.51.100.42" } else { "" },
        "creationDate": record.at,
        "summary": record.summary,
        "description": "",
        "category": record.category,
        "sysAdmin": record.author.is_some(),
        "superAdmin": false,
        "affectedObject": object(&record.affected),
        "changedValues": changed.collect::<Vec<_>>(),
        "associatedObjects": record.associated.iter().map(object).collect::<Vec<_>>(),
    })
}

fn object(object: &AuditObject) -> Value {
    json!({ "name": object.name, "objectType": object.kind })
}
