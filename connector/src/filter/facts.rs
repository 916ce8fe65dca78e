//! Is this page or blog post wanted? Yes, no, or not known yet.

use super::Filter;
use crate::confluence::id::Id;
use crate::item::page::Posting;

/// What is known of a page or blog post. None is "not known", never "there is none".
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub posting: Posting,
    pub id: &'a Id,
    pub space: Option<SpaceFacts<'a>>,
    pub archived: Option<bool>,
    /// Milliseconds since 1970-01-01T00:00:00Z, UTC; so is `modified`, the time of the last edit.
    pub created: Option<u64>,
    pub modified: Option<u64>,
    pub labels: Option<&'a [String]>,
    /// The ids of all that holds it, in any order; empty for a blog post.
    pub above: Option<&'a [Id]>,
}

#[derive(Debug, Clone, Copy)]
pub struct SpaceFacts<'a> {
    pub key: &'a str,
    pub personal: Option<bool>,
    pub archived: Option<bool>,
}

impl Filter {
    /// Whether anything of a space may be wanted. A space is delivered if so.
    pub fn keeps_space(&self, space: SpaceFacts<'_>) -> Option<bool> {
        all([
            Some(self.spaces.lets(&space.key.to_owned())),
            if self.personal_spaces { Some(true) } else { space.personal.map(|personal| !personal) },
            if self.archived_spaces { Some(true) } else { space.archived.map(|archived| !archived) },
        ])
    }

    /// Whether a page or blog post is wanted: all conditions hold. One that is known not to decides; none means
    /// that the answer hangs on what is not known.
    pub fn keeps(&self, facts: &Facts<'_>) -> Option<bool> {
        let space = match facts.space {
            Some(space) => self.keeps_space(space),
            None => (!self.limits_spaces()).then_some(true),
        };
        let archived = match facts.posting {
            Posting::Page if !self.archived_pages => facts.archived.map(|archived| !archived),
            _ => Some(true),
        };
        let labels = match facts.labels {
            _ if self.labels.is_empty() => Some(true),
            labels => {
                let lower = labels.map(|labels| labels.iter().map(|label| label.to_lowercase()).collect());
                lower.map(|lower: Vec<String>| self.labels.lets_any(lower.iter()))
            }
        };
        all([
            Some(self.reads(facts.posting)),
            space,
            archived,
            self.modified.lets(facts.modified),
            self.created.lets(facts.created),
            self.keeps_ids(facts),
            labels,
        ])
    }

    /// Pages are chosen and excluded with all that lies below them; blog posts have nothing below them.
    fn keeps_ids(&self, facts: &Facts<'_>) -> Option<bool> {
        let ids = self.ids(facts.posting);
        if ids.is_empty() {
            return Some(true);
        }
        let above = match facts.posting {
            Posting::BlogPost => Some(&[][..]),
            Posting::Page => facts.above,
        };
        if let Some(above) = above {
            return Some(ids.lets_any(above.iter().chain([facts.id])));
        }
        // Its own id may settle the matter.
        let excluded = ids.never.contains(facts.id);
        let chosen = ids.never.is_empty() && ids.only.contains(facts.id);
        if excluded { Some(false) } else { chosen.then_some(true) }
    }
}

/// All of them; a no weighs more than what is not known.
fn all(conditions: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for condition in conditions {
        match condition {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}
