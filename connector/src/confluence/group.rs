//! Groups: `GET /wiki/rest/api/group`. Groups hold users only (Atlassian: "nested groups" are not
//! supported in the cloud).

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct GroupRow {
    /// Stable, where the name is not.
    pub id: String,
    pub name: Option<String>,
}
