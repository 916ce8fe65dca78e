//! v1 `user/current`, `user/anonymous` and `search/user`.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, rows, v1_page};
use crate::site::{AccountStatus, AccountType, GroupAccess, Site, User};

pub fn current(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    Ok(Answer::json(rows::v1_user(cx.site, cx.caller, true)).holding_identities(1))
}

/// How people without an account are shown. What they may do comes when it is expanded:
/// the site's own "use", where anonymous access is on, and nothing where it is off.
pub fn anonymous(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let mut row = json!({
        "type": "anonymous",
        "displayName": "Anonymous",
        "profilePicture": {
            "path": "/wiki/images/icons/profilepics/anonymous.svg", "width": 48, "height": 48, "isDefault": true,
        },
        "_expandable": { "operations": "" },
        "_links": { "base": cx.base(), "context": "/wiki" },
    });
    if cx.query.all("expand").contains(&"operations") {
        row["operations"] = match cx.site.anonymous_access {
            true => json!([{ "operation": "use", "targetType": "application" }]),
            false => json!([]),
        };
        row["_expandable"] = json!({});
    }
    Ok(Answer::json(row).holding_identities(1))
}

const SEARCH_LIMIT_MAX: usize = 200;

/// Active people with a licence, by the one query that lists them all. Guests only when
/// asked for: `none` means "default to licensed users", says Atlassian's document.
pub fn search(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let cql = cx.query.get("cql").unwrap_or_default();
    let plain: String = cql.chars().filter(|letter| !letter.is_whitespace() && *letter != '"').collect();
    if !plain.eq_ignore_ascii_case("type=user") {
        return Err(errors::v1(400, &format!("Could not parse cql : {cql}")));
    }
    let (people, guests) = match cx.query.get("sitePermissionTypeFilter").unwrap_or("none") {
        "none" => (true, false),
        "externalCollaborator" => (false, true),
        "all" => (true, true),
        other => {
            return Err(errors::v1(400, &format!("Invalid sitePermissionTypeFilter: {other}")));
        }
    };
    let limit = cx.query.v1_integer("limit", 25)?.min(SEARCH_LIMIT_MAX);
    let found = cx.site.users.values().filter(|user| {
        user.status == AccountStatus::Active
            && user.account_type == AccountType::Person
            && if user.guest { guests } else { people && licensed(cx.site, user) }
    });
    let found: Vec<&User> = found.collect();
    let total = found.len();
    let answer = v1_page::page(cx, &found, limit, |user| row(cx, user))?;
    let super::answer::Content::Json(mut body) = answer.body else {
        return Ok(answer);
    };
    body["totalSize"] = json!(total);
    body["cqlQuery"] = json!(cql);
    body["searchDuration"] = json!(3);
    let size = body["results"].as_array().map_or(0, Vec::len);
    Ok(Answer::json(body).holding_identities(size))
}

/// Whether somebody is in a group with access to the product.
fn licensed(site: &Site, user: &User) -> bool {
    site.groups.values().any(|group| {
        matches!(group.access, GroupAccess::User | GroupAccess::Admin)
            && group.members.contains(&user.account_id)
    })
}

fn row(cx: &Exchange<'_>, user: &User) -> Value {
    json!({
        "user": rows::v1_user(cx.site, user, user.account_id == cx.caller.account_id),
        "title": user.name,
        "excerpt": "",
        "url": format!("/people/{}", user.account_id),
        "breadcrumbs": [],
        "entityType": "user",
        "iconCssClass": "",
        "lastModified": "1970-01-01T00:00:00.000Z",
        "score": 0.0,
    })
}
