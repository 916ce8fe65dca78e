//! Who may view one page: the `read` restriction, which only v1 tells.
//!
//! In bulk it comes with `GET /wiki/rest/api/content/search` when asked to expand it, singly from
//! `/content/{id}/restriction`, and in portions from `/content/{id}/restriction/byOperation/read`.

use super::answer::Refusal;
use super::found::Above;
use super::id::Id;
use super::list::{self, List};
use crate::transport::Response;
use serde::Deserialize;
use url::Url;

/// A row of `content/search`.
#[derive(Debug, Deserialize)]
pub struct ContentRow {
    pub id: Id,
    /// `page`, `blogpost`, `folder`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    restrictions: Option<ByOperation>,
    metadata: Option<Metadata>,
    /// Topmost first.
    ancestors: Option<Vec<Above>>,
}

#[derive(Debug, Deserialize)]
struct ByOperation {
    read: Option<Restriction>,
}

/// A row of `search`, which wraps what it found.
#[derive(Debug, Deserialize)]
struct FoundRow {
    content: ContentRow,
}

/// Reads an answer of `content/search`, or of `search`, which sees more.
pub fn read(url: &Url, response: &Response) -> Result<List<ContentRow>, Refusal> {
    if url.path().ends_with("/content/search") {
        return list::read(url, response);
    }
    let List { rows, unreadable, next } = list::read::<FoundRow>(url, response)?;
    Ok(List { rows: rows.into_iter().map(|row| row.content).collect(), unreadable, next })
}

/// What is asked of one operation.
#[derive(Debug, Deserialize)]
pub struct Restriction {
    /// `read` or `update`; `byOperation/read` may leave it out.
    pub operation: Option<String>,
    restrictions: Option<Subjects>,
}

#[derive(Debug, Deserialize)]
struct Subjects {
    user: Option<Portion<UserSubject>>,
    group: Option<Portion<GroupSubject>>,
}

#[derive(Debug, Deserialize)]
struct Portion<S> {
    results: Vec<S>,
    size: Option<u64>,
    limit: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserSubject {
    account_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct GroupSubject {
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    labels: Option<Labels>,
}

#[derive(Debug, Deserialize)]
struct Labels {
    results: Vec<Label>,
    size: Option<u64>,
    limit: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub struct Label {
    /// `global`, `team`, or `my` for what only the reader sees.
    prefix: Option<String>,
    name: Option<String>,
}

/// Both lists of a restriction, or one portion of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Readers {
    pub users: Vec<String>,
    pub groups: Vec<String>,
    /// Somebody is named, be it somebody who no longer exists.
    pub restricted: bool,
    /// A list is as long as a list may be, so more may follow.
    pub full: bool,
    /// How many entries the longer of the two lists has, known or not.
    pub entries: usize,
}

impl ContentRow {
    /// None when the row leaves out a part of the restriction, which says nothing about it.
    pub fn readers(&self) -> Option<Readers> {
        self.restrictions.as_ref()?.read.as_ref()?.readers()
    }

    /// The ids of the pages above, topmost first; none if that was not expanded.
    pub fn above(&self) -> Option<Vec<Id>> {
        let above = self.ancestors.as_ref()?;
        Some(above.iter().map(|above| above.id.clone()).collect())
    }

    /// Whether the row tells all labels: one without them, or with as many as a row may have, tells nothing of what
    /// a page is not labelled.
    pub fn tells_labels(&self) -> bool {
        let labels = self.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref());
        labels.is_some_and(|labels| match (labels.size, labels.limit) {
            (Some(size), Some(limit)) => size < limit,
            _ => true,
        })
    }

    /// In alphabetical order, without those that are personal to the account that reads.
    pub fn labels(&self) -> Vec<String> {
        let labels = self.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref());
        Label::shared(labels.into_iter().flat_map(|labels| &labels.results))
    }
}

impl Label {
    /// The names in alphabetical order, without those that are personal to the account that reads.
    pub fn shared<'l>(labels: impl Iterator<Item = &'l Label>) -> Vec<String> {
        let shared = labels.filter(|label| label.prefix.as_deref() != Some("my"));
        let mut names: Vec<String> = shared.filter_map(|label| label.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Restriction {
    /// None when a list is missing: only two lists that are there and empty mean "open".
    pub fn readers(&self) -> Option<Readers> {
        let subjects = self.restrictions.as_ref()?;
        let (users, groups) = (subjects.user.as_ref()?, subjects.group.as_ref()?);
        Some(Readers {
            restricted: users.names_somebody() || groups.names_somebody(),
            full: users.is_full() || groups.is_full(),
            entries: users.results.len().max(groups.results.len()),
            users: users.results.iter().filter_map(|user| user.account_id.clone()).collect(),
            groups: groups.results.iter().filter_map(|group| group.id.clone()).collect(),
        })
    }
}

impl<S> Portion<S> {
    fn names_somebody(&self) -> bool {
        !self.results.is_empty() || self.size.is_some_and(|size| size > 0)
    }

    fn is_full(&self) -> bool {
        let size = self.size.unwrap_or(self.results.len() as u64);
        size > 0 && self.limit.is_some_and(|limit| size >= limit)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::ContentRow;

    fn tells(metadata: &str) -> bool {
        let row: ContentRow = serde_json::from_str(&format!(r#"{{"id":"1"{metadata}}}"#)).unwrap();
        row.tells_labels()
    }

    #[test]
    fn labels_that_are_missing_or_cut_are_not_told() {
        assert!(tells(r#","metadata":{"labels":{"results":[],"size":0,"limit":200}}"#));
        assert!(tells(r#","metadata":{"labels":{"results":[]}}"#));
        assert!(!tells(r#","metadata":{"labels":{"results":[],"size":200,"limit":200}}"#));
        assert!(!tells(r#","metadata":{}"#));
        assert!(!tells(""));
    }
}
