//! How a site decides who sees its spaces, asked once for a listing and kept in the partitions' tokens.
//!
//! Two requests; one more, and another for each 250 roles, where a site has roles.

use crate::confluence::anonymous::AnonymousUser;
use crate::confluence::answer::{self, Refusal};
use crate::confluence::list;
use crate::confluence::role::{RoleMode, RoleRow};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access::Mode;
use crate::transport::{Level, Response, Transport};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// What the permissions of spaces cannot be understood without.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    pub mode: Mode,
    /// The ids of the roles that hold the right to see a space; none if they could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading_roles: Option<BTreeSet<String>>,
    /// Whether the anonymous may use the site at all, as far as that is proven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
}

impl Rights {
    /// A site without roles that nobody enters without an account, as most are.
    pub fn are_plain(&self) -> bool {
        *self == Rights::default()
    }
}

pub fn ask<T: Transport>(site: &Site<'_, T>) -> Result<Rights, Error> {
    let mode_url = site.v2(&["space-role-mode"], &[]);
    let anonymous_url = site.v1(&["user", "anonymous"], &[("expand", "operations")]);
    let (mode_sent, anonymous_sent) = (site.send(&mode_url), site.send(&anonymous_url));
    let answered = site.wait(&mode_url, mode_sent);
    let mode = mode(site, answered.and_then(|response| answer::parse(&mode_url, &response)))?;
    let answered = site.wait(&anonymous_url, anonymous_sent);
    let anonymous = anonymous(site, answered.and_then(|response| answer::parse(&anonymous_url, &response)))?;
    let reading_roles = match mode {
        Mode::PreRoles => None,
        Mode::Transition | Mode::Roles | Mode::Unknown => reading_roles(site)?,
    };
    Ok(Rights { mode, reading_roles, anonymous })
}

/// Sites without roles refuse the question in several ways, or leave the mode out: Atlassian's schema does not
/// require it. A rejected credential may look the same, but then every further request will be refused.
fn mode<T: Transport>(site: &Site<'_, T>, told: Result<RoleMode, Refusal>) -> Result<Mode, Error> {
    let unknown = |reason: &str| {
        let message = "it is not known how this site decides who sees its spaces; only those are let in whom both \
                       permissions and roles name";
        site.log(Level::Warn, message, &[("reason", reason)]);
        Ok(Mode::Unknown)
    };
    match told {
        Ok(RoleMode { mode: None }) => Ok(Mode::PreRoles),
        Ok(RoleMode { mode: Some(name) }) => match name.as_str() {
            "PRE_ROLES" => Ok(Mode::PreRoles),
            "ROLES_TRANSITION" => Ok(Mode::Transition),
            "ROLES" => Ok(Mode::Roles),
            name => unknown(name),
        },
        Err(Refusal { status: Some(400 | 403 | 404 | 405 | 501), .. }) => Ok(Mode::PreRoles),
        Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
        Err(refusal) => unknown(&refusal.error.message()),
    }
}

fn anonymous<T: Transport>(site: &Site<'_, T>, told: Result<AnonymousUser, Refusal>) -> Result<bool, Error> {
    match told {
        Ok(user) => Ok(user.uses_site()),
        Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
        Err(refusal) => {
            let reason = refusal.error.message();
            let message = "what the anonymous may do is not known; nothing is shown to them";
            site.log(Level::Info, message, &[("reason", &reason)]);
            Ok(false)
        }
    }
}

fn reading_roles<T: Transport>(site: &Site<'_, T>) -> Result<Option<BTreeSet<String>>, Error> {
    let mut reading = Some(BTreeSet::new());
    let first = ((), site.v2(&["space-roles"], &[("limit", "250")]));
    let take = |(): (), url: &Url, answer: Result<Response, Refusal>| {
        let list = answer.and_then(|response| list::read::<RoleRow>(url, &response));
        let list = match list {
            Ok(list) => list,
            Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                site.log(Level::Warn, "the space roles could not be read", &[("reason", &reason)]);
                reading = None;
                return Ok(None);
            }
        };
        for odd in &list.unreadable {
            let fields = [("reason", odd.reason.as_str())];
            site.log(Level::Warn, "a role of an unknown shape grants nothing", &fields);
        }
        let roles = list.rows.into_iter().filter(RoleRow::reads_space);
        reading.get_or_insert_default().extend(roles.map(|role| role.id));
        Ok(list.next.map(|next| ((), next)))
    };
    site.get_many([first], take)?;
    Ok(reading)
}
