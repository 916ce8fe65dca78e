//! Hits as a page shows them: comments and attachments below what they hang on.

use crate::host::{Anchor, SearchHit};

/// One entry of the list.
#[derive(Debug, PartialEq)]
pub struct Group {
    pub head: Head,
    /// What matches of what hangs on it, best first.
    pub below: Vec<SearchHit>,
}

#[derive(Debug, PartialEq)]
pub enum Head {
    /// It matches itself.
    Hit(Box<SearchHit>),
    /// Only what hangs on it matches.
    Anchor { connection: String, anchor: Anchor },
}

impl Head {
    fn is(&self, connection: &str, id: &str) -> bool {
        match self {
            Self::Hit(hit) => hit.connection == connection && hit.id == id,
            Self::Anchor { connection: of, anchor } => of == connection && anchor.id == id,
        }
    }
}

/// Groups in the order of their best hit.
pub fn grouped(hits: Vec<SearchHit>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let on = hit.hangs_on.clone();
        let id = on.as_ref().map_or(hit.id.as_str(), |anchor| &anchor.id);
        let found = groups.iter_mut().find(|group| group.head.is(&hit.connection, id));
        match (found, on) {
            (Some(group), Some(_)) => group.below.push(hit),
            (Some(group), None) => group.head = Head::Hit(Box::new(hit)),
            (None, None) => groups.push(Group { head: Head::Hit(Box::new(hit)), below: Vec::new() }),
            (None, Some(anchor)) => {
                let head = Head::Anchor { connection: hit.connection.clone(), anchor };
                groups.push(Group { head, below: vec![hit] });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Snippet;

    fn hit(id: &str, on: Option<&str>) -> SearchHit {
        let anchor = |id: &str| Anchor {
            id: id.to_owned(),
            kind: "page".to_owned(),
            title: String::new(),
            url: String::new(),
        };
        SearchHit {
            connection: "acme".to_owned(),
            id: id.to_owned(),
            kind: String::new(),
            title: String::new(),
            url: String::new(),
            updated: None,
            properties: Vec::new(),
            hangs_on: on.map(anchor),
            snippet: Snippet::default(),
        }
    }

    fn told(hits: Vec<SearchHit>) -> Vec<String> {
        let tell = |group: Group| {
            let head = match group.head {
                Head::Hit(hit) => hit.id,
                Head::Anchor { anchor, .. } => format!("({})", anchor.id),
            };
            group.below.into_iter().fold(head, |told, hit| format!("{told} {}", hit.id))
        };
        grouped(hits).into_iter().map(tell).collect()
    }

    #[test]
    fn what_hangs_on_a_page_stands_below_it_wherever_either_was_found() {
        let hits = vec![
            hit("comment:1", Some("page:1")),
            hit("page:2", None),
            hit("page:1", None),
            hit("file:2", Some("page:2")),
            hit("comment:3", Some("page:3")),
            hit("comment:2", Some("page:1")),
            hit("comment:9", None),
        ];
        assert_eq!(
            told(hits),
            ["page:1 comment:1 comment:2", "page:2 file:2", "(page:3) comment:3", "comment:9"]
        );
    }

    #[test]
    fn the_same_id_of_another_connection_is_another_page() {
        let other = SearchHit { connection: "beta".to_owned(), ..hit("comment:1", Some("page:1")) };
        assert_eq!(told(vec![hit("page:1", None), other]), ["page:1", "(page:1) comment:1"]);
    }
}
