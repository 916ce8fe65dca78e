//! A space for each way of letting people in.

use super::super::spaces::{personal, space};
use super::super::{Making, people::CRAWLER};
use super::people::{CONTRACTORS, Cast};
use crate::site::{Id, Operation, Principal, SpaceKind};

/// Seen by the crawler, all of them.
pub(super) fn open(making: &mut Making, cast: &Cast) -> Vec<Id> {
    let guest = |nth: usize| Principal::User(cast.guests.get(nth).cloned().unwrap_or_default());
    let team = || Principal::group(&cast.team);
    let everybody = Principal::all_licensed_users;
    let knowledge = space(making, "KB", "Knowledge Base", &[everybody(), Principal::anonymous_users()]);
    let public = space(making, "PUBLIC", "Public Notes", &[Principal::anonymous_users()]);
    let signed_in = space(making, "SIGNEDIN", "For Who Signs In", &[Principal::authenticated_users()]);
    let board = space(making, "BOARD", "Administrators", &[Principal::all_product_admins()]);
    let agency = space(making, "AGENCY", "One Agency", &[guest(0), team()]);
    let workshop = space(making, "WORKSHOP", "Two Freelancers", &[guest(1), guest(2), everybody()]);
    let left = left_overs(making, cast);
    let closed = space(making, "CLOSED", "Closed Project", &[team()]);
    making.site.archive_space(closed);
    set_kind(making, knowledge, SpaceKind::KnowledgeBase);
    set_kind(making, public, SpaceKind::Collaboration);
    let mut all = vec![knowledge, public, signed_in, board, agency, workshop, left, closed];
    for (nth, archived) in [(3, false), (5, true), (7, false)] {
        let Some(owner) = making.people.get(nth).and_then(|id| making.site.users.get(id)).cloned() else {
            continue;
        };
        let id = personal(making, &owner.account_id, &owner.name);
        if archived {
            making.site.archive_space(id);
        }
        all.push(id);
    }
    all
}

/// Named here: a group and accounts that are gone or open nothing, a class without
/// members, a kind of principal that nobody knows; and one team that still works.
fn left_overs(making: &mut Making, cast: &Cast) -> Id {
    let gone = cast.gone_people.first().cloned().unwrap_or_default();
    let unlicensed = cast.unlicensed.first().cloned().unwrap_or_default();
    let readers = [
        Principal::group(CONTRACTORS),
        Principal::User(gone),
        Principal::User(unlicensed),
        Principal::user(&cast.deactivated),
        Principal::jsm_project_admins(),
        Principal::Other { kind: "robot".into(), id: CRAWLER.into() },
        Principal::group(&cast.team),
    ];
    let id = space(making, "LEFTOVER", "After the Merger", &readers);
    // Whoever may write or administer, and not read, reads nothing.
    let writer = making.author();
    for operation in [Operation::new("create", "page"), Operation::new("administer", "space")] {
        making.site.add_space_permission(id, Principal::User(writer.clone()), operation);
    }
    id
}

/// Spaces that the crawler is not let into: a few people each, and no group at all.
pub(super) fn unseen(making: &mut Making, count: usize) -> Vec<Id> {
    (1..=count)
        .map(|nth| {
            let readers = [Principal::User(making.author()), Principal::User(making.author())];
            making.site.add_space(&format!("UNSEEN{nth}"), &format!("Unseen {nth}"), &readers)
        })
        .collect()
}

fn set_kind(making: &mut Making, id: Id, kind: SpaceKind) {
    if let Some(space) = making.site.spaces.get_mut(&id) {
        space.kind = kind;
    }
}
