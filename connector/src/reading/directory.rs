//! Users, groups and who belongs to which.
//!
//! Only the lists of licensed users and of guests make somebody a user: being in a group is no right to use
//! Confluence, and whoever has none reads nothing there, whatever names them. They come first, so that the host
//! knows people's names when it meets what they wrote.

use super::classes;
use super::cursor::Cursor;
use crate::confluence::answer::Refusal;
use crate::confluence::group::GroupRow;
use crate::confluence::list::{self, Unreadable};
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::confluence::user::{FoundUser, UserRow};
use crate::error::Error;
use crate::item::user::user;
use crate::model::{Change, Group, Membership, Principal, Standing};
use crate::transport::{Level, Response, Transport};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use url::Url;

/// The most that v1 lists at once; it refuses to list more members.
pub const ROWS: &str = "200";

/// What `sitePermissionTypeFilter` calls licensed users ("use `none` to default to licensed users", says Atlassian's
/// document of the v1 API) and people from outside, and how they stand.
const LICENSED: (&str, Standing) = ("none", Standing::Member);
const GUESTS: (&str, Standing) = ("externalCollaborator", Standing::Guest);

/// How many groups' members make a page of changes, 200 members of each.
const GROUPS_PER_PAGE: usize = 12;

/// Longer ids than Atlassian's are not kept in cursors.
const GROUP_ID_BYTES_MAX: usize = 128;

/// Where the read of the directory is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// A page of licensed users; the first without a link.
    Users { link: Option<String> },
    /// A page of guests; the first without a link.
    Guests { link: Option<String> },
    /// A page of the groups that administer Confluence; the first without a link.
    Admins { link: Option<String> },
    /// A page of groups; the first without a link.
    Groups { link: Option<String> },
    /// The members of some groups, then the next page of groups.
    Members { groups: VecDeque<Unfinished>, further_groups: Option<String> },
}

/// A group with members still to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

pub fn read<T: Transport>(site: &Site<'_, T>, stage: Stage) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let (changes, next) = match stage {
        Stage::Groups { link } => groups(site, link)?,
        Stage::Members { groups, further_groups } => members(site, groups, further_groups)?,
        Stage::Users { link } => {
            let (changes, next) = users(site, LICENSED, link)?;
            (
                changes,
                Some(next.map_or(Stage::Guests { link: None }, |link| Stage::Users { link: Some(link) })),
            )
        }
        Stage::Guests { link } => {
            let (changes, next) = users(site, GUESTS, link)?;
            (
                changes,
                Some(next.map_or(Stage::Admins { link: None }, |link| Stage::Guests { link: Some(link) })),
            )
        }
        Stage::Admins { link } => {
            let (changes, next) = classes::admins(site, link)?;
            (
                changes,
                Some(next.map_or(Stage::Groups { link: None }, |link| Stage::Admins { link: Some(link) })),
            )
        }
    };
    Ok((changes, next.map(Cursor::Directory)))
}

fn groups<T: Transport>(
    site: &Site<'_, T>,
    link: Option<String>,
) -> Result<(Vec<Change>, Option<Stage>), Error> {
    let base = site.v1(&["group"], &[("start", "0"), ("limit", ROWS)]);
    let list = site.get_list::<GroupRow>(&page_of(site, base, link)?)?;
    log_unreadable(site, &list.unreadable);
    let some = !list.rows.is_empty();
    let mut changes = Vec::new();
    let mut unfinished = VecDeque::new();
    for row in list.rows {
        if row.id.is_empty() || row.id.len() > GROUP_ID_BYTES_MAX {
            site.log(Level::Warn, "skipped a group with an unusable id", &[("id", &row.id)]);
            continue;
        }
        let id = row.id.clone();
        let name = row.name.unwrap_or_else(|| id.clone());
        changes.push(Change::Group(Group { id, name }));
        unfinished.push_back(Unfinished { id: row.id, link: None });
    }
    let further = list.next.filter(|_| some);
    let further_groups = further.as_ref().map(next::relative);
    Ok((changes, after_members(unfinished, further_groups)))
}

fn members<T: Transport>(
    site: &Site<'_, T>,
    mut groups: VecDeque<Unfinished>,
    further_groups: Option<String>,
) -> Result<(Vec<Change>, Option<Stage>), Error> {
    let later = groups.split_off(groups.len().min(GROUPS_PER_PAGE));
    let mut questions = Vec::new();
    for group in groups {
        let path = ["group", &group.id, "membersByGroupId"];
        let base = site.v1(&path, &[("start", "0"), ("limit", ROWS)]);
        questions.push((group.id, page_of(site, base, group.link)?));
    }
    let mut changes = Vec::new();
    let mut unfinished = VecDeque::new();
    let take = |id: String, url: &Url, answer: Result<Response, Refusal>| {
        let list = match answer.and_then(|response| list::read::<UserRow>(url, &response)) {
            Ok(list) => list,
            // The group was deleted since it was listed; nobody is in it any more.
            Err(Refusal { error: Error::NotFound(_), .. }) => return Ok(None),
            Err(refusal) => return Err(refusal.error),
        };
        log_unreadable(site, &list.unreadable);
        let some = !list.rows.is_empty();
        for row in list.rows {
            let Some(user) = row.account_id.filter(|user| !user.is_empty()) else {
                continue;
            };
            changes.push(Change::Member(Membership { group: id.clone(), member: Principal::User(user) }));
        }
        if let Some(next) = list.next.filter(|_| some) {
            let link = Some(next::relative(&next));
            unfinished.push_back(Unfinished { id, link });
        }
        Ok(None)
    };
    site.get_many(questions, take)?;
    unfinished.extend(later);
    Ok((changes, after_members(unfinished, further_groups)))
}

/// The users of one permission type, and where the list goes on.
fn users<T: Transport>(
    site: &Site<'_, T>,
    (filter, standing): (&str, Standing),
    link: Option<String>,
) -> Result<(Vec<Change>, Option<String>), Error> {
    let query = [("cql", "type=user"), ("start", "0"), ("limit", ROWS), ("sitePermissionTypeFilter", filter)];
    let base = site.v1(&["search", "user"], &query);
    let list = site.get_list::<FoundUser>(&page_of(site, base, link)?)?;
    log_unreadable(site, &list.unreadable);
    let some = !list.rows.is_empty();
    let next = list.next.filter(|_| some);
    let people = list.rows.into_iter().filter_map(|found| user(found.user, standing));
    Ok((people.map(Change::User).collect(), next.as_ref().map(next::relative)))
}

/// What comes once the members of a page of groups are read.
fn after_members(groups: VecDeque<Unfinished>, further_groups: Option<String>) -> Option<Stage> {
    match (groups.is_empty(), further_groups) {
        (false, further_groups) => Some(Stage::Members { groups, further_groups }),
        (true, Some(link)) => Some(Stage::Groups { link: Some(link) }),
        (true, None) => None,
    }
}

pub fn page_of<T: Transport>(site: &Site<'_, T>, base: Url, link: Option<String>) -> Result<Url, Error> {
    match link {
        Some(link) => site.resume(&base, &link),
        None => Ok(base),
    }
}

pub fn log_unreadable<T: Transport>(site: &Site<'_, T>, rows: &[Unreadable]) {
    for odd in rows {
        let fields = [("reason", odd.reason.as_str())];
        site.log(Level::Warn, "skipped a row of the directory", &fields);
    }
}
