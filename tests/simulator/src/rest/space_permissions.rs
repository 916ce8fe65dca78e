//! Who may do what in a space, in the older words: v2's `/spaces/{id}/permissions`
//! and v1's `space/{key}?expand=permissions`.
//!
//! Before roles, the rows are all there is to know. In the transition they stand
//! beside what roles grant, which shows as rows of the principal type `role`; once
//! roles alone decide, only those are left, and say for no one in particular what a
//! role's holders may do. v1 has no such type: it names the holders instead.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{errors, groups, rows, spaces};
use crate::site::{Operation, Principal, RoleAssignment, RoleMode, Site, Space, SpacePermission};

/// One row for each principal and operation; identities are what it is billed for.
pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let space = spaces::seen(cx)?;
    let all = v2_rows(cx, space);
    let order = Order { field: "id".into(), descending: false };
    let places = (0..all.len() as u64).map(|index| (SortKey::Number(0), index)).collect();
    let answer = keyset::page(cx, &order, &Listing::new(places, false), 25, |index| {
        all.get(usize::try_from(index).ok()?).cloned()
    })?;
    let identities = usize::try_from(answer.objects.content).unwrap_or_default();
    Ok(answer.holding(0).holding_identities(identities))
}

fn v2_rows(cx: &Exchange<'_>, space: &Space) -> Vec<Value> {
    let mode = cx.site.role_mode;
    let mut shown = Vec::new();
    if mode != Some(RoleMode::Roles) {
        shown.extend(space.permissions.iter().filter_map(|row| permission(cx, row)));
    }
    if matches!(mode, Some(RoleMode::Transition | RoleMode::Roles)) {
        for assignment in &space.roles {
            let operations = operations(cx.site, assignment).enumerate();
            shown.extend(operations.map(|(index, operation)| {
                json!({
                    "id": format!("{}{index:03}", assignment.id),
                    "principal": { "type": "role", "id": assignment.role },
                    "operation": { "key": operation.key, "targetType": operation.target },
                })
            }));
        }
    }
    shown
}

/// What anonymous people may do is v1's to tell, unless a knob lets v2 tell it too.
fn permission(cx: &Exchange<'_>, row: &SpacePermission) -> Option<Value> {
    let anonymous = row.principal == Principal::anonymous_users();
    let (kind, id) = match &row.principal {
        _ if anonymous && !cx.knobs.anonymous_in_permissions => return None,
        Principal::User(id) => ("user", id),
        Principal::Group(id) => ("group", id),
        Principal::AccessClass(id) => ("access-class", id),
        Principal::Other { kind, id } => (kind.as_str(), id),
    };
    Some(json!({
        "id": row.id.to_string(),
        "principal": { "type": kind, "id": id },
        "operation": { "key": row.operation.key, "targetType": row.operation.target },
    }))
}

/// v1 `space/{key}`, with the rows of the space's permissions where they are expanded.
pub fn v1_space(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let key = cx.segment(4);
    let found = cx.site.spaces.values().find(|space| space.key == percent_decoded(key));
    let missing = || errors::v1_with_data(404, &format!("No space with key : {key}"));
    let space = found.filter(|space| cx.sight.spaces.contains(&space.id)).ok_or_else(missing)?;
    let mut row = json!({
        "id": space.id, "key": space.key, "name": space.name, "type": spaces::kind(space),
        "status": spaces::status(space),
        "_expandable": { "settings": "", "metadata": "", "operations": "", "permissions": "", "homepage": "" },
        "_links": { "webui": format!("/spaces/{}", space.key), "base": cx.base(), "context": "/wiki" },
    });
    let mut identities = 0;
    if cx.query.all("expand").contains(&"permissions") {
        let rows: Vec<Value> = granted(cx.site, space)
            .map(|(id, principal, operation)| v1_row(cx, id, principal, operation))
            .collect();
        identities = rows.len();
        row["permissions"] = json!(rows);
        if let Some(expandable) = row["_expandable"].as_object_mut() {
            expandable.remove("permissions");
        }
    }
    Ok(Answer::json(row).holding(1).holding_identities(identities))
}

/// Every grant that counts in the site's mode: of permission rows, of roles, or of both.
fn granted<'a>(
    site: &'a Site,
    space: &'a Space,
) -> impl Iterator<Item = (u64, &'a Principal, &'a Operation)> {
    let rows = space.permissions.iter().filter(|_| site.role_mode != Some(RoleMode::Roles));
    let roles = matches!(site.role_mode, Some(RoleMode::Transition | RoleMode::Roles));
    let assignments = space.roles.iter().filter(move |_| roles);
    let by_role = assignments.flat_map(move |assignment| {
        operations(site, assignment)
            .zip(1..)
            .map(|(operation, nth)| (assignment.id * 1000 + nth, &assignment.principal, operation))
    });
    rows.map(|row| (row.id, &row.principal, &row.operation)).chain(by_role)
}

fn operations<'a>(site: &'a Site, assignment: &RoleAssignment) -> impl Iterator<Item = &'a Operation> {
    let role = site.roles.iter().find(|role| role.id == assignment.role);
    role.into_iter().flat_map(|role| &role.permissions)
}

/// A class of people has no `subjects`; two of them have flags.
fn v1_row(cx: &Exchange<'_>, id: u64, principal: &Principal, operation: &Operation) -> Value {
    let one = |row: Value| json!({ "results": [row], "size": 1, "start": 0, "limit": 200 });
    let mut row = json!({
        "id": id,
        "operation": { "operation": operation.key, "targetType": operation.target },
        "anonymousAccess": *principal == Principal::anonymous_users(),
        "unlicensedAccess": *principal == Principal::jsm_project_admins(),
    });
    match principal {
        Principal::User(id) => {
            let user = cx.site.users.get(id);
            let user = user.map_or_else(|| rows::v1_unknown_user(id), |it| rows::v1_user(cx.site, it, false));
            row["subjects"] = json!({ "user": one(user), "_expandable": { "group": "" } });
        }
        Principal::Group(id) => {
            let group = cx.site.groups.get(id);
            let group = group.map_or_else(|| groups::deleted(id), |it| groups::row(cx, it));
            row["subjects"] = json!({ "group": one(group), "_expandable": { "user": "" } });
        }
        Principal::AccessClass(_) | Principal::Other { .. } => {}
    }
    row
}

/// A personal space's key begins with a tilde, which clients may encode.
fn percent_decoded(key: &str) -> String {
    key.replace("%7E", "~").replace("%7e", "~")
}
