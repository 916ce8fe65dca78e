//! The contract's `in-scope`: what the host kept of an item, judged without a request.

use super::{Facts, Filter, SpaceFacts};
use crate::confluence::id::Id;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::model::{Lineage, Outline};
use crate::setup::PLACE;

/// Whether the settings still ask for an item; yes wherever that is not known. `filter` is frozen.
pub fn in_scope(filter: &Filter, lineage: &Lineage) -> bool {
    let space = space(lineage);
    let of_space = space.and_then(|space| filter.keeps_space(space)).unwrap_or(true);
    if !of_space {
        return false;
    }
    let (kind, above) = (lineage.item.kind.as_str(), lineage.above.as_slice());
    let hangs = |on: bool| on && holder(filter, above, space);
    match kind {
        "page" | "blogpost" => posting(filter, &lineage.item, above, space),
        "page-comment" | "blogpost-comment" => hangs(filter.kinds.comments),
        "page-attachment" | "blogpost-attachment" => hangs(filter.kinds.attachments),
        // Spaces, places and folders hold others up; what is not known to be left out is asked for.
        _ => true,
    }
}

/// Whether the page or blog post that a comment or attachment hangs on is wanted.
fn holder(filter: &Filter, above: &[Outline], space: Option<SpaceFacts<'_>>) -> bool {
    let is_holder = |outline: &Outline| matches!(outline.kind.as_str(), "page" | "blogpost" | PLACE);
    let Some(at) = above.iter().position(is_holder) else {
        return true;
    };
    let (Some(held_by), rest) = (above.get(at), above.get(at + 1..).unwrap_or_default()) else {
        return true;
    };
    // Only a page that is not wanted is a place.
    held_by.kind != PLACE && posting(filter, held_by, rest, space)
}

fn posting(filter: &Filter, item: &Outline, above: &[Outline], space: Option<SpaceFacts<'_>>) -> bool {
    let (posting, id) = match ItemId::parse(&item.id) {
        Some(ItemId::Page(id)) => (Posting::Page, id),
        Some(ItemId::BlogPost(id)) => (Posting::BlogPost, id),
        _ => return true,
    };
    let labels: Vec<String> = values(item, "label").map(str::to_owned).collect();
    // Only a chain that ends at its space is known to be whole.
    let whole = above.last().is_some_and(|root| root.kind == "space");
    let ids = above.iter().filter_map(|outline| outline.id.split_once(':'));
    let ids: Vec<Id> = ids.filter_map(|(_, id)| Id::parse(id)).collect();
    let facts = Facts {
        posting,
        id: &id,
        space,
        archived: values(item, "status").next().map(|status| status == "archived"),
        created: item.created,
        modified: item.updated,
        labels: Some(&labels),
        above: whole.then_some(ids.as_slice()),
    };
    filter.keeps(&facts).unwrap_or(true)
}

/// The space at the root; of an item whose chain is broken, the key that it carries itself.
fn space(lineage: &Lineage) -> Option<SpaceFacts<'_>> {
    let all = || lineage.above.iter().chain([&lineage.item]);
    if let Some(space) = all().find(|outline| outline.kind == "space") {
        return Some(SpaceFacts {
            key: values(space, "space").next()?,
            personal: values(space, "type").next().map(|kind| kind == "personal"),
            archived: values(space, "status").next().map(|status| status == "archived"),
        });
    }
    let key =
        [&lineage.item].into_iter().chain(&lineage.above).find_map(|one| values(one, "space").next())?;
    Some(SpaceFacts { key, personal: None, archived: None })
}

fn values<'o>(outline: &'o Outline, name: &'o str) -> impl Iterator<Item = &'o str> {
    let named = outline.properties.iter().filter(move |(known, _)| known == name);
    named.map(|(_, value)| value.as_str())
}
