//! Pages and blog posts: `GET /wiki/api/v2/pages` and `/blogposts`.

use super::id::Id;
use serde::Deserialize;

/// A page or a blog post; a blog post has no parent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageRow {
    pub id: Id,
    pub status: Option<String>,
    pub title: Option<String>,
    pub space_id: Option<Id>,
    pub parent_id: Option<Id>,
    /// `page`, `folder`, `whiteboard`, `database`, `embed`; none for a child of the space itself.
    pub parent_type: Option<String>,
    /// `live` for what is edited without drafts; null or `page` for all else.
    pub subtype: Option<String>,
    pub author_id: Option<String>,
    pub created_at: Option<String>,
    pub version: Option<Version>,
    pub body: Option<Body>,
    #[serde(rename = "_links")]
    pub links: Option<Links>,
}

impl PageRow {
    /// The row without its body.
    pub fn bare(&self) -> PageRow {
        PageRow {
            id: self.id.clone(),
            status: self.status.clone(),
            title: self.title.clone(),
            space_id: self.space_id.clone(),
            parent_id: self.parent_id.clone(),
            parent_type: self.parent_type.clone(),
            subtype: self.subtype.clone(),
            author_id: self.author_id.clone(),
            created_at: self.created_at.clone(),
            version: self.version.clone(),
            body: None,
            links: self.links.clone(),
        }
    }

    pub fn archived(&self) -> bool {
        self.status.as_deref() == Some("archived")
    }

    /// In the bin, or purged: still answered by id, listed when asked for by status.
    pub fn binned(&self) -> bool {
        matches!(self.status.as_deref(), Some("trashed" | "deleted"))
    }
}

/// The last edit of a thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    pub number: Option<u64>,
    pub author_id: Option<String>,
    /// RFC 3339, UTC, milliseconds.
    pub created_at: Option<String>,
}

/// What a page says, in the format that was asked for.
#[derive(Debug, Deserialize)]
pub struct Body {
    storage: Option<Value>,
    atlas_doc_format: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Value {
    value: Option<String>,
}

impl Body {
    /// The storage format; empty for a page that was never written. None where no body was asked for.
    pub fn storage(&self) -> Option<&str> {
        Some(self.storage.as_ref()?.value.as_deref().unwrap_or_default())
    }

    /// The editor's format, a document of JSON.
    pub fn adf(&self) -> Option<&str> {
        self.atlas_doc_format.as_ref()?.value.as_deref()
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Links {
    /// Relative to the site's `/wiki`.
    pub webui: Option<String>,
}
