//! Attachments: `GET /wiki/api/v2/attachments`, the whole site's at once.

use super::id::Id;
use super::page::{Links, Version};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentRow {
    /// With the prefix `att`.
    pub id: Id,
    pub status: Option<String>,
    /// The file's name.
    pub title: Option<String>,
    pub created_at: Option<String>,
    pub page_id: Option<Id>,
    pub blog_post_id: Option<Id>,
    pub custom_content_id: Option<Id>,
    pub media_type: Option<String>,
    /// What whoever uploaded it says about it.
    pub comment: Option<String>,
    /// Bytes.
    pub file_size: Option<u64>,
    pub webui_link: Option<String>,
    pub version: Option<Version>,
    #[serde(rename = "_links")]
    pub links: Option<Links>,
}

impl AttachmentRow {
    /// The page and the blog post that it names as what it hangs on.
    pub fn holders(&self) -> [Option<Id>; 2] {
        [self.page_id.clone(), self.blog_post_id.clone()]
    }

    pub fn binned(&self) -> bool {
        matches!(self.status.as_deref(), Some("trashed" | "deleted"))
    }
}
