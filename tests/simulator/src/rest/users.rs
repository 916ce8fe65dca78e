//! `POST /wiki/api/v2/users-bulk`: accounts by id. Unknown ids are left out.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, keyset, rows};
use crate::site::{AccountStatus, User};

const ACCOUNT_IDS_MAX: usize = 250;

pub fn bulk(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let request: Value = serde_json::from_slice(cx.body).unwrap_or_default();
    let wrong = || errors::v2_bad_parameter("accountIds", "List of at most 250");
    let ids = request["accountIds"].as_array().ok_or_else(wrong)?;
    if ids.len() > ACCOUNT_IDS_MAX {
        return Err(wrong());
    }
    let found = ids.iter().filter_map(Value::as_str).filter_map(|id| cx.site.users.get(id));
    let rows: Vec<Value> = found.map(|user| row(cx, user)).collect();
    let identities = rows.len();
    Ok(keyset::envelope(cx, rows, None).holding(0).holding_identities(identities))
}

/// A hidden address is the empty string; a closed account shows nobody's.
fn row(cx: &Exchange<'_>, user: &User) -> Value {
    let own = user.account_id == cx.caller.account_id;
    let shown = user.status == AccountStatus::Active && (own || user.email_visible);
    json!({
        "accountId": user.account_id,
        "accountType": rows::account_type(user),
        "accountStatus": rows::account_status(user),
        "displayName": user.name,
        "publicName": user.name,
        "email": if shown { user.email.as_str() } else { "" },
        "timeZone": own.then_some(user.time_zone.name),
        "personalSpaceId": user.personal_space.map(|id| id.to_string()),
        "isExternalCollaborator": user.guest,
        "profilePicture": { "path": format!("/wiki/aa-avatar/{}", user.account_id), "isDefault": false },
    })
}
