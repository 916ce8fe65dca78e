//! Folders, whiteboards, databases and Smart Links, by their titles: Confluence tells nothing of what is in them.

use super::page::Facts;
use super::version::{self, Edit};
use super::{id::ItemId, parent, time};
use crate::confluence::node::{NodeKind, NodeRow};
use crate::model::Item;

/// Fails with a sentence for a row that does not say what holds the node.
pub fn item(
    kind: NodeKind,
    row: NodeRow,
    space_key: Option<&str>,
    url: String,
    facts: Facts,
) -> Result<Item, String> {
    let parent = parent::above(row.parent_id.as_ref(), row.parent_type.as_deref(), row.space_id.as_ref())?;
    let Edit { number, editor, updated } = Edit::of(row.version);
    let title = row.title.unwrap_or_default();
    let told = [
        ("space", space_key.map(str::to_owned)),
        ("status", row.status),
        // What a Smart Link shows.
        ("link", row.embed_url),
    ];
    let told = told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let labels = facts.labels.into_iter().map(|label| ("label".to_owned(), label));
    let properties: Vec<(String, String)> = told.chain(labels).collect();
    Ok(Item {
        id: ItemId::Node(kind, row.id).to_string(),
        kind: kind.name(),
        parent: Some(parent),
        version: version::stamp_of(number, &title, &properties),
        title,
        url,
        body: None,
        file: None,
        access: facts.access,
        author: row.author_id,
        editor,
        created: time::milliseconds(row.created_at.as_deref()),
        updated,
        properties,
    })
}
