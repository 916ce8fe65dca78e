//! From permissions to roles, as far as the site's mode has come.

use super::super::Making;
use super::people::Cast;
use crate::site::{ADMINS_GROUP, Id, Operation, Principal, RoleMode};

const ADMIN: &str = "55555555-eeee-4eee-8eee-000000000001";
const MANAGER: &str = "55555555-eeee-4eee-8eee-000000000002";
const COLLABORATOR: &str = "55555555-eeee-4eee-8eee-000000000003";
const VIEWER: &str = "55555555-eeee-4eee-8eee-000000000004";
const COMMENTER: &str = "55555555-eeee-4eee-8eee-000000000005";
/// Tidies up, and may not even read what it tidies.
const HOUSEKEEPER: &str = "55555555-eeee-4eee-8eee-000000000006";

pub(super) fn introduce(making: &mut Making, cast: &Cast) {
    let Some(mode) = making.site.role_mode else { return };
    define(making);
    let spaces: Vec<Id> = making.site.spaces.keys().copied().collect();
    for (nth, &space) in spaces.iter().enumerate() {
        match mode {
            // Assigned ahead of the day, and without effect until then.
            RoleMode::PreRoles if nth % 4 == 0 => {
                let early = Principal::User(making.author());
                making.site.assign_role(space, early, VIEWER);
            }
            RoleMode::PreRoles => {}
            RoleMode::Transition if nth % 2 == 0 => {}
            RoleMode::Transition | RoleMode::Roles => convert(making, space),
        }
        if mode != RoleMode::PreRoles {
            exceptions(making, space, nth, mode, cast);
        }
    }
}

fn define(making: &mut Making) {
    let read = Operation::read_space;
    let write = |target: &str| Operation::new("create", target);
    let admin = [read(), write("page"), write("comment"), Operation::new("administer", "space")];
    let site = &mut making.site;
    site.add_role(ADMIN, "Admin", true, &admin);
    site.add_role(MANAGER, "Manager", true, &[read(), write("page"), Operation::new("delete", "page")]);
    site.add_role(COLLABORATOR, "Collaborator", true, &[read(), write("page"), write("comment")]);
    site.add_role(VIEWER, "Viewer", true, &[read()]);
    site.add_role(COMMENTER, "Commenter", false, &[read(), write("comment")]);
    let tidy = [Operation::new("delete", "page"), Operation::new("archive", "page")];
    site.add_role(HOUSEKEEPER, "Housekeeper", false, &tidy);
}

/// Whoever might read gets a role that lets them; the rows of old are taken away.
fn convert(making: &mut Making, space: Id) {
    let Some(found) = making.site.spaces.get_mut(&space) else { return };
    let rows = std::mem::take(&mut found.permissions);
    for row in rows.into_iter().filter(|row| row.operation == Operation::read_space()) {
        let known = [VIEWER, COMMENTER, COLLABORATOR, MANAGER];
        let role = match &row.principal {
            Principal::Other { .. } => continue,
            admins if *admins == Principal::group(ADMINS_GROUP) => ADMIN,
            people if *people == Principal::anonymous_users() => VIEWER,
            _ => making.rng.choice(known).unwrap_or(VIEWER),
        };
        making.site.assign_role(space, row.principal, role);
    }
}

/// Roles that permit nothing, roles that are gone, and rows of old that outlived their day.
fn exceptions(making: &mut Making, space: Id, nth: usize, mode: RoleMode, cast: &Cast) {
    let somebody = Principal::User(making.author());
    match nth % 5 {
        0 => making.site.assign_role(space, somebody, HOUSEKEEPER),
        1 => making.site.assign_role(space, somebody, "55555555-eeee-4eee-8eee-00000000dead"),
        2 => making.site.assign_role(space, somebody, VIEWER),
        3 if mode == RoleMode::Roles => {
            making.site.add_space_permission(space, somebody, Operation::read_space());
        }
        _ => making.site.assign_role(space, Principal::group(&cast.team), HOUSEKEEPER),
    }
}
