//! The audit log: `GET /wiki/rest/api/audit`, for Confluence administrators only and not on the Free plan.
//!
//! A record has no id, and names what it is about by title alone.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub creation_date: u64,
    pub author: Option<AuditAuthor>,
    pub remote_address: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub category: Option<String>,
    pub affected_object: Option<AuditObject>,
    pub changed_values: Option<Vec<ChangedValue>>,
    pub associated_objects: Option<Vec<AuditObject>>,
}

/// Who did it; without an account if it was the system.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditAuthor {
    pub account_id: Option<String>,
    pub display_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditObject {
    pub name: Option<String>,
    /// `Page`, `Space`, `User`, `Group`.
    pub object_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedValue {
    pub name: Option<String>,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
}
