//! Comments, on pages, blog posts and attachments, and replies to them.
//!
//! A comment's parent is what it answers. Its property `thread` names the comment that began it all, so that
//! with the times of creation a thread can be shown whole and in order.

use super::body::{self, Lost};
use super::id::ItemId;
use super::time;
use super::version::{self, Edit};
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::model::{Access, Item};

/// A selection is shown in a line or two; hosts refuse properties of many kilobytes.
const SELECTION_CHARS_MAX: usize = 1_000;

/// None for a comment on custom content, which belongs to some app and is not delivered. Fails with a sentence
/// for a row that names no container. `root` is the comment that began the thread.
pub fn item(mut row: CommentRow, root: &Id, url: String, lost: &mut Lost) -> Result<Option<Item>, String> {
    if row.custom_content_id.is_some() {
        return Ok(None);
    }
    let parent = parent(&row).ok_or("it names no container")?;
    let selection = selection(&row);
    let body = match selection.as_deref() {
        Some(words) => body::below_quote(words, row.body.as_ref(), lost),
        None => body::markdown(row.body.as_ref(), lost),
    };
    let title = row.title.unwrap_or_default();
    // A reply is resolved with what it answers, and not every list says so of it.
    if row.parent_comment_id.is_some() {
        (row.resolution_status, row.resolution_last_modifier_id, row.resolution_last_modified_at) =
            (None, None, None);
    }
    let told = [
        ("resolution", row.resolution_status),
        ("resolution-by", row.resolution_last_modifier_id),
        (
            "resolution-at",
            time::milliseconds(row.resolution_last_modified_at.as_deref()).map(|at| at.to_string()),
        ),
        ("selection", selection),
    ];
    let mut properties: Vec<(String, String)> =
        told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let Edit { number, editor, updated } = Edit::of(row.version);
    let version = version::stamp_of(number, &title, &properties);
    // It never changes, and a long walk may not know it of a late reply to a reply: see `reading::threads`.
    properties.insert(0, ("thread".to_owned(), ItemId::Comment(root.clone()).to_string()));
    // Confluence names the author and time of the last edit only; of a first version they are the comment's.
    let first = number == 1;
    Ok(Some(Item {
        id: ItemId::Comment(row.id).to_string(),
        kind: if row.blog_post_id.is_some() { "blogpost-comment" } else { "page-comment" },
        parent: Some(parent.to_string()),
        version,
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

/// The words that an inline comment is about; none where it answers another comment, which quotes them already.
fn selection(row: &CommentRow) -> Option<String> {
    let words = row.properties.as_ref()?.inline_original_selection.as_deref()?;
    let words: String = words.trim().chars().take(SELECTION_CHARS_MAX).collect();
    (!words.is_empty() && row.parent_comment_id.is_none()).then_some(words)
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
