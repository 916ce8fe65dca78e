//! What people without an account may do: `GET /wiki/rest/api/user/anonymous?expand=operations` for the site,
//! and the older `GET /wiki/rest/api/space/{key}?expand=permissions` for one space.
//!
//! Atlassian's v2 document does not say how a space's permissions name the anonymous; v1's rows carry a flag.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct AnonymousUser {
    operations: Option<Vec<Allowed>>,
}

/// v1's way to name a right.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowed {
    operation: Option<String>,
    target_type: Option<String>,
}

impl AnonymousUser {
    /// The global permission "Can use": without it no space is open to the anonymous, whatever it says itself.
    pub fn uses_site(&self) -> bool {
        self.operations.iter().flatten().any(|allowed| allowed.is("use", "application"))
    }
}

/// A space as v1 tells it.
#[derive(Debug, Deserialize)]
pub struct SpaceWithPermissions {
    permissions: Option<Vec<OldPermission>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OldPermission {
    operation: Option<Allowed>,
    anonymous_access: Option<bool>,
}

impl SpaceWithPermissions {
    /// Whether the anonymous may see the space, as far as the space decides that.
    pub fn read_by_anonymous(&self) -> bool {
        self.permissions.iter().flatten().any(|row| {
            row.anonymous_access == Some(true)
                && row.operation.as_ref().is_some_and(|operation| operation.is("read", "space"))
        })
    }
}

impl Allowed {
    fn is(&self, operation: &str, target: &str) -> bool {
        self.operation.as_deref() == Some(operation) && self.target_type.as_deref() == Some(target)
    }
}
