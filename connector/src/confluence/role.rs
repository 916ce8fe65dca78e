//! Space roles, on sites that have them: `GET /wiki/api/v2/space-role-mode`, `/space-roles` and
//! `/spaces/{id}/role-assignments`.

use serde::Deserialize;

/// How far a site is on its way from permissions to roles.
#[derive(Debug, Deserialize)]
pub struct RoleMode {
    /// `PRE_ROLES`, `ROLES_TRANSITION`, `ROLES`.
    pub mode: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleRow {
    pub id: String,
    /// Operation and target with a slash between them: `read/space`.
    pub space_permissions: Option<Vec<String>>,
}

impl RoleRow {
    /// Whether whoever has the role may see the space.
    pub fn reads_space(&self) -> bool {
        self.space_permissions.iter().flatten().any(|right| right == "read/space")
    }
}

/// Somebody who has a role in a space.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentRow {
    pub principal: Assignee,
    pub role_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignee {
    /// `USER`, `GROUP`, `ACCESS_CLASS`.
    pub principal_type: String,
    pub principal_id: String,
}
