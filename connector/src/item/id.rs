//! The names under which the host knows things: `page:98765`, `attachment:att123`.

use crate::confluence::id::Id;
use crate::confluence::node::NodeKind;
use std::fmt;

/// An item that this connector delivers, or has delivered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemId {
    Space(Id),
    Page(Id),
    BlogPost(Id),
    Comment(Id),
    /// The id begins with `att`.
    Attachment(Id),
    Node(NodeKind, Id),
}

impl ItemId {
    pub fn parse(text: &str) -> Option<ItemId> {
        let (kind, id) = text.split_once(':')?;
        let is_number = id.parse::<u64>().is_ok();
        let id = Id::parse(id)?;
        match kind {
            "space" if is_number => Some(ItemId::Space(id)),
            "page" if is_number => Some(ItemId::Page(id)),
            "blogpost" if is_number => Some(ItemId::BlogPost(id)),
            "comment" if is_number => Some(ItemId::Comment(id)),
            "attachment" => Some(ItemId::Attachment(id)),
            _ if is_number => NodeKind::parse(kind).map(|kind| ItemId::Node(kind, id)),
            _ => None,
        }
    }

    /// An attachment by its id, which some rows write without the prefix.
    pub fn attachment(id: &Id) -> ItemId {
        let whole = if id.as_str().starts_with("att") { None } else { Id::parse(&format!("att{id}")) };
        ItemId::Attachment(whole.unwrap_or_else(|| id.clone()))
    }

    pub fn own(&self) -> &Id {
        let (ItemId::Space(id)
        | ItemId::Page(id)
        | ItemId::BlogPost(id)
        | ItemId::Comment(id)
        | ItemId::Attachment(id)
        | ItemId::Node(_, id)) = self;
        id
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            ItemId::Space(_) => "space",
            ItemId::Page(_) => "page",
            ItemId::BlogPost(_) => "blogpost",
            ItemId::Comment(_) => "comment",
            ItemId::Attachment(_) => "attachment",
            ItemId::Node(kind, _) => kind.name(),
        };
        write!(formatter, "{kind}:{}", self.own())
    }
}
