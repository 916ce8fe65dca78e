//! Who may do what in a space: `GET /wiki/api/v2/spaces/{id}/permissions`, a row for each principal and
//! operation.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct PermissionRow {
    pub principal: Subject,
    pub operation: Operation,
}

/// Atlassian's schema knows `user`, `group` and `role`; sites also send `access-class`.
#[derive(Debug, Deserialize)]
pub struct Subject {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    pub key: String,
    pub target_type: Option<String>,
}

impl PermissionRow {
    /// The right to see the space: key `read`, target `space`.
    pub fn reads_space(&self) -> bool {
        self.operation.key == "read" && self.operation.target_type.as_deref() == Some("space")
    }
}
