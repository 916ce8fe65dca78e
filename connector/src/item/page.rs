//! Pages and blog posts.

use super::body::{self, Lost};
use super::version::{self, Edit};
use super::{id::ItemId, parent, time};
use crate::confluence::id::Id;
use crate::confluence::page::{Body, PageRow};
use crate::model::{Access, Item};
use serde::{Deserialize, Serialize};

/// The subtype of a live doc: a page that is edited without drafts.
const LIVE: &str = "live";

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
    /// Whether storage format leaves a gap, so that the editor's is worth asking for.
    pub needs_adf: bool,
    /// Whether the body, or what fills its gap, was asked for and could not be had.
    gap: bool,
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

/// Whether the editor's format may be asked for as well; cheaper to tell than whether it will be.
pub fn may_need_adf(row: &PageRow) -> bool {
    let storage = row.body.as_ref().and_then(Body::storage);
    storage.is_some_and(|storage| storage.contains("adf-extension") || storage.trim().is_empty())
}

/// Begins an item. Fails with a sentence for a row that does not say what holds the page.
pub fn draft(
    posting: Posting,
    row: PageRow,
    space_key: Option<&str>,
    url: String,
    lost: &mut Lost,
) -> Result<Draft, String> {
    let parent = parent::above(row.parent_id.as_ref(), row.parent_type.as_deref(), row.space_id.as_ref())?;
    let archived = row.archived();
    let live = row.subtype.as_deref().filter(|subtype| *subtype == LIVE);
    let needs_adf = body::needs_adf(row.body.as_ref(), live.is_some());
    let body = body::markdown(row.body.as_ref(), lost);
    let Edit { number, editor, updated } = Edit::of(row.version);
    let told = [("space", space_key), ("status", row.status.as_deref()), ("subtype", live)];
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
    Ok(Draft { id: row.id, archived, number, needs_adf, gap: false, item })
}

impl Draft {
    /// Takes the body in the editor's format instead.
    pub fn replace_body(&mut self, markdown: String) {
        self.item.body = Some(markdown);
    }

    /// Notes that the body has a gap which another time may fill.
    pub fn leave_gap(&mut self) {
        self.gap = true;
    }

    /// Completes the item.
    pub fn finish(self, facts: Facts) -> Item {
        let mut item = self.item;
        let labels = facts.labels.into_iter().map(|label| ("label".to_owned(), label));
        item.properties.extend(labels);
        item.version = version::stamp_of(self.number, &item.title, &item.properties);
        // An inventory, which reads no bodies, finds another version then, and the page is asked for again.
        if self.gap {
            item.version.push_str(";gap");
        }
        item.access = facts.access;
        item
    }
}
