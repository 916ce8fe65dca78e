//! Comments: `GET /wiki/api/v2/footer-comments` and `/inline-comments`, the whole site's at once.
//!
//! A reply names its `parentCommentId`; see `reading::comments` for sites whose lists leave replies out.

use super::id::Id;
use super::page::{Body, Links, Version};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentRow {
    pub id: Id,
    pub status: Option<String>,
    pub title: Option<String>,
    pub page_id: Option<Id>,
    pub blog_post_id: Option<Id>,
    pub attachment_id: Option<Id>,
    pub custom_content_id: Option<Id>,
    pub parent_comment_id: Option<Id>,
    pub version: Option<Version>,
    pub body: Option<Body>,
    /// Inline comments only: `open`, `reopened`, `resolved`, `dangling`.
    pub resolution_status: Option<String>,
    /// Who resolved it last, or opened it again.
    pub resolution_last_modifier_id: Option<String>,
    /// RFC 3339, UTC, milliseconds.
    pub resolution_last_modified_at: Option<String>,
    pub properties: Option<Properties>,
    #[serde(rename = "_links")]
    pub links: Option<Links>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Properties {
    /// Inline comments only: the words that the comment is about.
    pub inline_original_selection: Option<String>,
}

impl CommentRow {
    /// The page and the blog post that it names as what it hangs on.
    pub fn holders(&self) -> [Option<Id>; 2] {
        [self.page_id.clone(), self.blog_post_id.clone()]
    }

    /// Deleted comments are usually gone for good, but a row may still say so.
    pub fn binned(&self) -> bool {
        matches!(self.status.as_deref(), Some("trashed" | "deleted"))
    }
}
