//! Comments, on pages, blog posts and attachments, and replies to them.

use super::body::{self, Lost};
use super::id::ItemId;
use super::version::{self, Edit};
use crate::confluence::comment::CommentRow;
use crate::model::{Access, Item};

/// A selection is shown in a line or two; hosts refuse properties of many kilobytes.
const SELECTION_CHARS_MAX: usize = 1_000;

/// None for a comment on custom content, which belongs to some app and is not delivered. Fails with a sentence
/// for a row that names no container.
pub fn item(row: CommentRow, url: String, lost: &mut Lost) -> Result<Option<Item>, String> {
    if row.custom_content_id.is_some() {
        return Ok(None);
    }
    let body = body::markdown(row.body.as_ref(), lost);
    let parent = parent(&row).ok_or("it names no container")?;
    let selection = row.properties.and_then(|properties| properties.inline_original_selection);
    let selection = selection.map(|words| words.chars().take(SELECTION_CHARS_MAX).collect::<String>());
    let title = row.title.unwrap_or_default();
    let told = [("resolution", row.resolution_status), ("selection", selection)];
    let properties: Vec<(String, String)> =
        told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let Edit { number, editor, updated } = Edit::of(row.version);
    let mut stamped = vec![title.as_str()];
    for (name, value) in &properties {
        stamped.extend([name.as_str(), value.as_str()]);
    }
    // Confluence names the author and time of the last edit only; of a first version they are the comment's.
    let first = number == 1;
    Ok(Some(Item {
        id: ItemId::Comment(row.id).to_string(),
        kind: if row.blog_post_id.is_some() { "blogpost-comment" } else { "page-comment" },
        parent: Some(parent.to_string()),
        version: version::stamp(number, &stamped),
        title,
        url,
        body,
        file: None,
        access: Access::Inherited,
        author: editor.clone().filter(|_| first),
        editor,
        created: updated.filter(|_| first),
        updated,
        properties,
    }))
}

fn parent(row: &CommentRow) -> Option<ItemId> {
    if let Some(id) = &row.parent_comment_id {
        return Some(ItemId::Comment(id.clone()));
    }
    if let Some(id) = &row.page_id {
        return Some(ItemId::Page(id.clone()));
    }
    if let Some(id) = &row.blog_post_id {
        return Some(ItemId::BlogPost(id.clone()));
    }
    row.attachment_id.as_ref().map(ItemId::attachment)
}
