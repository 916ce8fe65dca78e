//! Space roles: the site's mode, the roles there are, and who has which in a
//! space. A site that has never heard of roles has none of these routes.

use serde_json::{Value, json};

use super::answer::{Answer, Objects};
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{errors, spaces};
use crate::site::{Principal, RoleAssignment, RoleMode, SpaceRole};

/// `PRE_ROLES`, `ROLES_TRANSITION` or `ROLES`.
pub fn mode(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let mode = match of_site(cx)? {
        RoleMode::PreRoles => "PRE_ROLES",
        RoleMode::Transition => "ROLES_TRANSITION",
        RoleMode::Roles => "ROLES",
    };
    Ok(Answer::json(json!({ "mode": mode })))
}

/// The roles of the site. Before any was assigned, Atlassian's own are there already.
pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    of_site(cx)?;
    let wanted = cx.query.get("role-type");
    paged(cx, &cx.site.roles, |role| {
        wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind(role))).then(|| row(role))
    })
}

/// One role, whichever space it is used in.
pub fn one(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    of_site(cx)?;
    let missing = || errors::v2_missing(format!("Cannot find a space role with id [{}]", cx.segment(4)));
    let role = cx.site.roles.iter().find(|role| role.id == cx.segment(4)).ok_or_else(missing)?;
    let mut row = row(role);
    row["_links"] = json!({ "base": cx.base() });
    Ok(Answer::json(row).holding_identities(1))
}

/// Who has which role in a space. Somebody may have more than one.
pub fn assignments(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    of_site(cx)?;
    let space = spaces::seen(cx)?;
    let role = cx.query.get("role-id");
    let (kind, id) = (cx.query.get("principal-type"), cx.query.get("principal-id"));
    paged(cx, &space.roles, |row| {
        let (principal_kind, principal_id) = principal(row)?;
        let wanted = role.is_none_or(|role| role == row.role)
            && kind.is_none_or(|kind| kind == principal_kind)
            && id.is_none_or(|id| id == principal_id);
        wanted.then(|| {
            json!({
                "principal": { "principalType": principal_kind, "principalId": principal_id },
                "roleId": row.role,
            })
        })
    })
}

fn of_site(cx: &Exchange<'_>) -> Result<RoleMode, Answer> {
    cx.site.role_mode.ok_or_else(|| errors::v2_missing("Role-based access control is not enabled".into()))
}

/// Rows of permissions: what they are billed as.
fn paged<T>(cx: &Exchange<'_>, all: &[T], row: impl Fn(&T) -> Option<Value>) -> Result<Answer, Answer> {
    let order = Order { field: "id".into(), descending: false };
    let places = (0..all.len() as u64).map(|index| (SortKey::Number(0), index)).collect();
    let mut answer = keyset::page(cx, &order, &Listing::new(places, false), 25, |index| {
        all.get(usize::try_from(index).ok()?).and_then(&row)
    })?;
    answer.objects = Objects { content: 0, identities: answer.objects.content };
    Ok(answer)
}

fn row(role: &SpaceRole) -> Value {
    let permissions = role.permissions.iter().map(|it| format!("{}/{}", it.key, it.target));
    json!({
        "id": role.id,
        "type": kind(role),
        "name": role.name,
        "description": format!("What a {} may do", role.name.to_lowercase()),
        "spacePermissions": permissions.collect::<Vec<_>>(),
    })
}

fn kind(role: &SpaceRole) -> &'static str {
    if role.system { "SYSTEM" } else { "CUSTOM" }
}

/// Classes are written `all-licensed-users` here. Other principals cannot have roles.
fn principal(row: &RoleAssignment) -> Option<(&'static str, String)> {
    match &row.principal {
        Principal::User(id) => Some(("USER", id.clone())),
        Principal::Group(id) => Some(("GROUP", id.clone())),
        Principal::AccessClass(id) => Some(("ACCESS_CLASS", id.to_lowercase().replace('_', "-"))),
        Principal::Other { .. } => None,
    }
}
