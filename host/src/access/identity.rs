//! Who a person is to one connection's source.

use std::collections::BTreeSet;

use crate::model::Principal;

/// The principals that one person is, at one connection.
///
/// The default is somebody the source has never heard of, who still is `anyone`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user's principal id, once the person was matched by e-mail or by a link.
    pub user: Option<String>,
    /// The ids of all groups the user belongs to, directly or through other groups.
    pub groups: BTreeSet<String>,
    /// Whether the user's standing is `member`.
    pub member: bool,
    /// The account is closed and reads nothing, not even what is for anyone.
    pub closed: bool,
}

impl Identity {
    /// Whether a principal that an access names is this person.
    pub fn is(&self, principal: &Principal) -> bool {
        match principal {
            _ if self.closed => false,
            Principal::User(id) => self.user.as_deref() == Some(id),
            Principal::Group(id) => self.groups.contains(id),
            Principal::Members => self.member,
            Principal::Anyone => true,
        }
    }

    /// Whether any of these principals is this person. Of nobody, nobody is.
    pub fn is_any(&self, principals: &[Principal]) -> bool {
        principals.iter().any(|principal| self.is(principal))
    }
}
