//! Which partitions there are, and what each needs to know.
//!
//! A site may have thousands of personal spaces with next to nothing in them, so pages are not split by space:
//! spaces go into four buckets, and one listing names up to a hundred spaces of a bucket. Comments and
//! attachments can only be listed for the whole site, or page by page, so they are listed for the whole site.

use super::rights::{self, Rights};
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::Error;
use crate::item::space::Space;
use crate::model::Partition;
use crate::transport::{Level, Response, Transport};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// Pages are read this many ways side by side. More would not be faster: one account may have few requests
/// in flight.
const BUCKETS: u64 = 4;

/// A label that named more would not be read.
const KEYS_IN_LABEL_MAX: usize = 3;

/// What a partition knows from its listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    Directory,
    Pages {
        spaces: Vec<Space>,
        #[serde(default, skip_serializing_if = "Rights::are_plain")]
        rights: Rights,
    },
    BlogPosts {
        /// The key of each space.
        keys: BTreeMap<Id, String>,
    },
    FooterComments,
    InlineComments,
    Attachments,
    /// Folders, whiteboards, databases and Smart Links.
    Nodes {
        /// The key of each space.
        keys: BTreeMap<Id, String>,
        /// The keys of archived spaces, which need a search of their own.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        archived: Vec<String>,
    },
    Audit,
}

impl Token {
    pub fn decode(text: &str) -> Result<Token, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::StalePosition(format!("could not understand the partition's token: {error}"))
        })
    }
}

pub fn directory() -> Result<Vec<Partition>, Error> {
    let people = partition("people", "People and groups".to_owned(), &Token::Directory)?;
    Ok(vec![people])
}

pub fn content<T: Transport>(site: &Site<'_, T>) -> Result<Vec<Partition>, Error> {
    let spaces = spaces(site)?;
    let rights = rights::ask(site)?;
    let archived = spaces.iter().filter(|space| space.status == "archived");
    let archived = archived.map(|space| space.key.clone()).collect();
    let keys = spaces.iter().map(|space| (space.id.clone(), space.key.clone()));
    let keys: BTreeMap<Id, String> = keys.collect();
    let mut partitions = Vec::new();
    for bucket in 0..BUCKETS {
        let within = |space: &&Space| space.id.number() % BUCKETS == bucket;
        let spaces: Vec<Space> = spaces.iter().filter(within).cloned().collect();
        if !spaces.is_empty() {
            let label = label(&spaces);
            let token = Token::Pages { spaces, rights: rights.clone() };
            partitions.push(partition(&format!("pages-{bucket}"), label, &token)?);
        }
    }
    let nodes = Token::Nodes { keys: keys.clone(), archived };
    let walks = [
        ("nodes", "Folders, whiteboards, databases and Smart Links", nodes),
        ("blogposts", "Blog posts", Token::BlogPosts { keys }),
        ("footer-comments", "Footer comments", Token::FooterComments),
        ("inline-comments", "Inline comments", Token::InlineComments),
        ("attachments", "Attachments", Token::Attachments),
    ];
    for (id, label, token) in walks {
        partitions.push(partition(id, label.to_owned(), &token)?);
    }
    Ok(partitions)
}

/// All spaces that the account sees, by id. Each status is asked for by its name, since it is not documented
/// what comes without one.
fn spaces<T: Transport>(site: &Site<'_, T>) -> Result<Vec<Space>, Error> {
    let ask = |status| {
        let query = [("limit", "250"), ("sort", "id"), ("status", status)];
        ((), site.v2(&["spaces"], &query))
    };
    let mut spaces = BTreeMap::new();
    let take = |(): (), url: &Url, answer: Result<Response, Refusal>| {
        let list = list::read::<SpaceRow>(url, &answer?)?;
        for odd in &list.unreadable {
            site.log(Level::Warn, "skipped a space of an unknown shape", &[("reason", &odd.reason)]);
        }
        for row in list.rows {
            spaces.insert((row.id.number(), row.id.clone()), Space::from(row));
        }
        Ok(list.next.map(|next| ((), next)))
    };
    site.get_many(["current", "archived"].map(ask), take)?;
    Ok(spaces.into_values().collect())
}

pub fn partition(id: &str, label: String, token: &Token) -> Result<Partition, Error> {
    let token = serde_json::to_string(token)
        .map_err(|error| Error::Unexpected(format!("could not write a token down: {error}")))?;
    Ok(Partition { id: id.to_owned(), label, token })
}

fn label(spaces: &[Space]) -> String {
    let keys = spaces.iter().take(KEYS_IN_LABEL_MAX);
    let named = keys.map(|space| space.key.as_str()).collect::<Vec<_>>().join(", ");
    match spaces.len().saturating_sub(KEYS_IN_LABEL_MAX) {
        0 => format!("Pages in {named}"),
        more => format!("Pages in {named} and {more} more"),
    }
}
