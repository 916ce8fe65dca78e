//! Rows of pages and blog posts, judged by the filter.

use crate::confluence::id::Id;
use crate::confluence::page::PageRow;
use crate::filled::filled;
use crate::filter::{self, Filter, SpaceFacts};
use crate::item::page::{Facts, Posting};
use crate::item::space::Space;
use crate::item::time;
use std::collections::BTreeMap;

/// A frozen filter, and the spaces that are read.
pub struct Judge<'f> {
    pub filter: &'f Filter,
    pub posting: Posting,
    pub spaces: BTreeMap<Id, &'f Space>,
    /// Their keys.
    pub keys: BTreeMap<Id, String>,
}

impl<'f> Judge<'f> {
    pub fn new(filter: &'f Filter, posting: Posting, spaces: &'f [Space]) -> Self {
        let keys = filled(spaces.iter().map(|space| (space.id.clone(), space.key.clone())));
        let spaces = filled(spaces.iter().map(|space| (space.id.clone(), space)));
        Judge { filter, posting, spaces, keys }
    }

    /// Whether a row is wanted; none while that hangs on what the row does not tell. What is in another space than
    /// those that are read here is another partition's.
    pub fn row(&self, row: &PageRow, facts: Option<&Facts>) -> Option<bool> {
        let Some(space) = row.space_id.as_ref().and_then(|id| self.spaces.get(id)) else {
            return Some(false);
        };
        // Facts that no search told may lack labels; and what is above a page is only known to be told whole if
        // what is right above it is in it, which v1 may leave out when it is a folder.
        let told = facts.filter(|facts| facts.above.is_some());
        let above = told.and_then(|facts| facts.above.as_deref());
        let above = above.filter(|above| row.parent_id.as_ref().is_none_or(|parent| above.contains(parent)));
        self.filter.keeps(&filter::Facts {
            posting: self.posting,
            id: &row.id,
            space: Some(of(space)),
            archived: Some(row.archived()),
            created: time::milliseconds(row.created_at.as_deref()),
            modified: modified(row),
            labels: told.map(|facts| facts.labels.as_slice()),
            above,
        })
    }

    pub fn knows_space(&self, row: &PageRow) -> bool {
        row.space_id.as_ref().is_some_and(|id| self.spaces.contains_key(id))
    }

    /// Whether anything of a row's space may be wanted.
    pub fn keeps_space_of(&self, row: &PageRow) -> bool {
        let space = row.space_id.as_ref().and_then(|id| self.spaces.get(id));
        space.is_some_and(|space| self.filter.keeps_space(of(space)) != Some(false))
    }

    /// Whether v1's search, without being told otherwise, does not see a row of the spaces that are read.
    pub fn is_hidden(&self, row: &PageRow) -> bool {
        let space = row.space_id.as_ref().and_then(|id| self.spaces.get(id));
        row.archived() || space.is_some_and(|space| is_archived(space))
    }
}

pub fn of(space: &Space) -> SpaceFacts<'_> {
    let personal = (!space.kind.is_empty()).then_some(space.kind == "personal");
    let archived = (!space.status.is_empty()).then_some(is_archived(space));
    SpaceFacts { key: &space.key, personal, archived }
}

pub fn is_archived(space: &Space) -> bool {
    space.status == "archived"
}

/// When a page was last edited, in milliseconds since 1970-01-01T00:00:00Z.
pub fn modified(row: &PageRow) -> Option<u64> {
    time::milliseconds(row.version.as_ref()?.created_at.as_deref())
}
