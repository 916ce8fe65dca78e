//! Spaces: `GET /wiki/api/v2/spaces`.

use super::id::Id;
use super::page::Links;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceRow {
    pub id: Id,
    pub key: Option<String>,
    pub name: Option<String>,
    /// `global`, `personal`, and others that come and go.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `current` or `archived`.
    pub status: Option<String>,
    pub author_id: Option<String>,
    pub created_at: Option<String>,
    pub homepage_id: Option<Id>,
    #[serde(rename = "_links")]
    pub links: Option<Links>,
}
