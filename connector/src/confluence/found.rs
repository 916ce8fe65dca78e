//! Comments and attachments as v1's search tells them: `GET /wiki/rest/api/content/search`.
//!
//! Only the search finds those of some spaces or of some pages. Its rows are turned into the rows of v2's lists, so that
//! a comment is the same item whichever way it came.

use super::attachment::AttachmentRow;
use super::comment::{CommentRow, Properties};
use super::id::Id;
use super::page::{Body, Links, Version};
use serde::Deserialize;

/// What has to be expanded for [`FoundRow::comment`]; a body lowers the rows of a page to 50.
pub const COMMENT_EXPAND: &str =
    "body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution";

/// The same without the body, of which a page has 200 rows.
pub const COMMENT_EXPAND_BARE: &str =
    "container,version,ancestors,space,extensions.inlineProperties,extensions.resolution";

/// What has to be expanded for [`FoundRow::attachment`].
pub const ATTACHMENT_EXPAND: &str = "container,version,history,space,extensions";

#[derive(Debug, Deserialize)]
pub struct FoundRow {
    pub id: Id,
    status: Option<String>,
    title: Option<String>,
    container: Option<Container>,
    /// Of a reply: the comments above it, topmost first.
    ancestors: Option<Vec<Above>>,
    version: Option<FoundVersion>,
    history: Option<History>,
    space: Option<SpaceKey>,
    body: Option<Body>,
    extensions: Option<Extensions>,
    #[serde(rename = "_links")]
    links: Option<Links>,
}

/// What a comment or an attachment hangs on.
#[derive(Debug, Deserialize)]
struct Container {
    id: Option<Id>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// One of what is above something.
#[derive(Debug, Deserialize)]
pub struct Above {
    pub id: Id,
}

#[derive(Debug, Deserialize)]
struct FoundVersion {
    number: Option<u64>,
    when: Option<String>,
    by: Option<Editor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Editor {
    account_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct History {
    created_date: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SpaceKey {
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensions {
    inline_properties: Option<Inline>,
    resolution: Option<Resolution>,
    media_type: Option<String>,
    comment: Option<String>,
    /// Bytes.
    file_size: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inline {
    original_selection: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resolution {
    status: Option<String>,
    last_modifier: Option<Editor>,
    last_modified_date: Option<String>,
}

/// The ids of what holds something, as v2 names them: page, blog post, attachment, custom content.
type Holder = [Option<Id>; 4];

impl FoundRow {
    /// The key of its space, if that was expanded.
    pub fn space_key(&self) -> Option<&str> {
        self.space.as_ref()?.key.as_deref()
    }

    /// The page or blog post that it hangs on.
    pub fn container(&self) -> Option<&Id> {
        self.container.as_ref()?.id.as_ref()
    }

    /// The comment that began the thread of a comment, which may be itself.
    pub fn root(&self) -> &Id {
        self.ancestors.as_ref().and_then(|above| above.first()).map_or(&self.id, |above| &above.id)
    }

    pub fn comment(self) -> CommentRow {
        let [page_id, blog_post_id, attachment_id, custom_content_id] = holder(self.container);
        let extensions = self.extensions;
        let (inline, resolution) =
            extensions.map_or((None, None), |it| (it.inline_properties, it.resolution));
        let resolution = resolution.filter(|_| inline.is_some());
        let (resolution_status, resolution_last_modifier_id, resolution_last_modified_at) = match resolution {
            Some(it) => (it.status, it.last_modifier.and_then(|by| by.account_id), it.last_modified_date),
            None => (None, None, None),
        };
        let properties = inline.map(|it| Properties { inline_original_selection: it.original_selection });
        CommentRow {
            id: self.id,
            status: self.status,
            title: self.title,
            page_id,
            blog_post_id,
            attachment_id,
            custom_content_id,
            parent_comment_id: self.ancestors.and_then(|mut above| above.pop()).map(|above| above.id),
            version: self.version.map(FoundVersion::plain),
            body: self.body,
            // Footer comments have none in v2.
            resolution_status,
            resolution_last_modifier_id,
            resolution_last_modified_at,
            properties,
            links: self.links,
        }
    }

    pub fn attachment(self) -> AttachmentRow {
        let [page_id, blog_post_id, _, custom_content_id] = holder(self.container);
        let extensions = self.extensions;
        let (media_type, file_size, comment) =
            extensions.map_or((None, None, None), |it| (it.media_type, it.file_size, it.comment));
        AttachmentRow {
            id: self.id,
            status: self.status,
            title: self.title,
            created_at: self.history.and_then(|history| history.created_date),
            page_id,
            blog_post_id,
            custom_content_id,
            media_type,
            comment,
            file_size,
            webui_link: None,
            version: self.version.map(FoundVersion::plain),
            links: self.links,
        }
    }
}

fn holder(container: Option<Container>) -> Holder {
    let mut holder: Holder = Default::default();
    let Some(container) = container else { return holder };
    let place = match container.kind.as_deref() {
        Some("page") => 0,
        Some("blogpost") => 1,
        Some("attachment") => 2,
        // Whatever an app made.
        Some(_) => 3,
        None => return holder,
    };
    if let Some(place) = holder.get_mut(place) {
        *place = container.id;
    }
    holder
}

impl FoundVersion {
    fn plain(self) -> Version {
        let author_id = self.by.and_then(|by| by.account_id);
        Version { number: self.number, author_id, created_at: self.when }
    }
}
