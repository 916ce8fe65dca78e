//! Places: pages that were not chosen, above some that were.

use super::version;
use crate::model::Item;
use crate::setup::PLACE;

/// What is left of an item that only holds others up: where it is, and who may read it. Both decide who may read
/// what lies below; nothing of what it says is kept.
pub fn of(item: Item) -> Item {
    let kept = |(name, _): &(String, String)| name == "space" || name == "status";
    let properties: Vec<(String, String)> = item.properties.into_iter().filter(kept).collect();
    let mut stamped = vec![PLACE];
    stamped.extend(properties.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
    Item {
        kind: PLACE,
        version: version::stamp(0, &stamped),
        id: item.id,
        parent: item.parent,
        url: item.url,
        access: item.access,
        title: String::new(),
        body: None,
        file: None,
        author: None,
        editor: None,
        created: None,
        updated: None,
        properties,
    }
}
