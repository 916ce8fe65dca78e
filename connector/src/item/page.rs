//! Pages and blog posts.

use super::body::{self, Lost};
use super::version::{self, Edit};
use super::{id::ItemId, time};
use crate::confluence::id::Id;
use crate::confluence::page::PageRow;
use crate::model::{Access, Item};
use serde::{Deserialize, Serialize};

/// Which of the two: v2 lists them apart, and only pages have parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Posting {
    Page,
    BlogPost,
}

impl Posting {
    pub fn kind(self) -> &'static str {
        match self {
            Posting::Page => "page",
            Posting::BlogPost => "blogpost",
        }
    }

    pub fn item_id(self, id: Id) -> ItemId {
        match self {
            Posting::Page => ItemId::Page(id),
            Posting::BlogPost => ItemId::BlogPost(id),
        }
    }
}

/// All of an item but its readers and labels, which come by another request.
#[derive(Debug)]
pub struct Draft {
    pub id: Id,
    pub archived: bool,
    number: u64,
    item: Item,
}

/// What v1 knows of a page and v2 does not tell in bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub access: Access,
    pub labels: Vec<String>,
    /// The ids of the pages above, topmost first, if a search was asked for them and told. Without them the labels
    /// may not be all either.
    pub above: Option<Vec<Id>>,
}

/// Begins an item. Fails with a sentence for a row that does not say what holds the page.
pub fn draft(
    posting: Posting,
    row: PageRow,
    space_key: Option<&str>,
    url: String,
    lost: &mut Lost,
) -> Result<Draft, String> {
    let parent = parent(&row)?;
    let archived = row.archived();
    let body = body::markdown(row.body.as_ref(), lost);
    let Edit { number, editor, updated } = Edit::of(row.version);
    let told = [("space", space_key), ("status", row.status.as_deref())];
    let properties =
        told.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned()))).collect();
    let item = Item {
        id: posting.item_id(row.id.clone()).to_string(),
        kind: posting.kind(),
        parent: Some(parent),
        version: String::new(),
        title: row.title.unwrap_or_default(),
        url,
        body,
        file: None,
        access: Access::Unknown,
        author: row.author_id,
        editor,
        created: time::milliseconds(row.created_at.as_deref()),
        updated,
        properties,
    };
    Ok(Draft { id: row.id, archived, number, item })
}

impl Draft {
    /// Completes the item.
    pub fn finish(self, facts: Facts) -> Item {
        let mut item = self.item;
        let labels = facts.labels.into_iter().map(|label| ("label".to_owned(), label));
        item.properties.extend(labels);
        let mut stamped: Vec<&str> = vec![&item.title];
        for (name, value) in &item.properties {
            stamped.extend([name.as_str(), value.as_str()]);
        }
        item.version = version::stamp(self.number, &stamped);
        item.access = facts.access;
        item
    }
}

/// The page, folder, whiteboard, … above, or else the space.
///
/// Folders and their like are not delivered yet; until they are, the host shows what is in them to nobody.
fn parent(row: &PageRow) -> Result<String, String> {
    if let Some(parent) = &row.parent_id {
        let kind = row.parent_type.as_deref().unwrap_or("page");
        // What is not read is shown to nobody, and neither is what lies in it; a page that moved into such a
        // thing must not stay where it was.
        let kind: String = kind.chars().filter(char::is_ascii_alphanumeric).collect();
        let kind = if kind.is_empty() { "unknown".to_owned() } else { kind.to_ascii_lowercase() };
        return Ok(format!("{kind}:{parent}"));
    }
    match &row.space_id {
        Some(space) => Ok(ItemId::Space(space.clone()).to_string()),
        None => Err("it names neither a parent nor a space".to_owned()),
    }
}
