//! Comments: `GET /wiki/api/v2/footer-comments` and `/inline-comments`, the whole site's at once.
//!
//! Atlassian's text says that the site-wide lists return *all* comments, and that those of one page
//! return its *root* comments; so replies are taken to be in the walk, each naming its
//! `parentCommentId`. Should a site leave them out, they would have to be asked for comment by comment at
//! `/footer-comments/{id}/children`, which costs a request a comment and is not done.

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
    /// Deleted comments are usually gone for good, but a row may still say so.
    pub fn binned(&self) -> bool {
        matches!(self.status.as_deref(), Some("trashed" | "deleted"))
    }
}
