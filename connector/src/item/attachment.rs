//! Attachments of pages and blog posts.

use super::version::{self, Edit};
use super::{id::ItemId, time};
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::id::Id;
use crate::model::{Access, File, Item};

/// What Confluence says when it does not know either.
const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// What somebody says about a file takes a line or two; hosts refuse properties of many kilobytes.
const COMMENT_CHARS_MAX: usize = 1_000;

/// None for an attachment of custom content, which belongs to some app and is not delivered. Fails with a
/// sentence for a row that names no container.
pub fn item(row: AttachmentRow, url: String) -> Result<Option<Item>, String> {
    let (kind, container, parent) = match (&row.page_id, &row.blog_post_id) {
        (Some(id), _) => ("page-attachment", id, ItemId::Page(id.clone())),
        (None, Some(id)) => ("blogpost-attachment", id, ItemId::BlogPost(id.clone())),
        (None, None) if row.custom_content_id.is_some() => return Ok(None),
        (None, None) => return Err("it names no container".to_owned()),
    };
    let id = ItemId::attachment(&row.id);
    let link = link(container, id.own());
    let title = row.title.unwrap_or_default();
    let media_type =
        row.media_type.filter(|name| !name.is_empty()).unwrap_or_else(|| UNKNOWN_MEDIA_TYPE.to_owned());
    let Edit { number, editor, updated } = Edit::of(row.version);
    let size = row.file_size;
    let bytes = size.map(|size| size.to_string()).unwrap_or_default();
    let status = row.status.unwrap_or_default();
    let comment: String = row.comment.unwrap_or_default().trim().chars().take(COMMENT_CHARS_MAX).collect();
    let version = version::stamp(number, &[&title, &media_type, &bytes, &link, &status, &comment]);
    let told = [("media-type", media_type.clone()), ("status", status), ("comment", comment)];
    let told = told.into_iter().filter(|(_, value)| !value.is_empty());
    Ok(Some(Item {
        id: id.to_string(),
        kind,
        parent: Some(parent.to_string()),
        version,
        url,
        body: None,
        file: Some(File { link, name: title.clone(), media_type, size }),
        title,
        access: Access::Inherited,
        // Whoever uploaded the first version also made the attachment; later the row no longer tells.
        author: editor.clone().filter(|_| number == 1),
        editor,
        created: time::milliseconds(row.created_at.as_deref()),
        updated,
        properties: told.map(|(name, value)| (name.to_owned(), value)).collect(),
    }))
}

/// What `download` needs: the v1 route names the container too.
pub fn link(container: &Id, attachment: &Id) -> String {
    format!("{container}/{attachment}")
}

/// The container and the attachment of a link.
pub fn parse_link(link: &str) -> Option<(Id, Id)> {
    let (container, attachment) = link.split_once('/')?;
    Some((Id::parse(container)?, Id::parse(attachment)?))
}
