//! What the tools take and answer, as JSON with a schema.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::host::{Anchor, Fetched, Found, SearchHit};
use crate::model::Timestamp;

/// Results, unless an agent asks for fewer or more.
const RESULTS_DEFAULT: usize = 10;
/// An agent reads all of them; more words narrow a search better.
const RESULTS_MAX: usize = 50;
/// Of the text of one item: some 25,000 words of an agent's memory. What is longer is read at its address.
const TEXT_BYTES_MAX: usize = 100_000;

#[derive(Debug, Deserialize, JsonSchema)]
pub struct SearchFor {
    /// What to look for: words that all have to occur, "a phrase", -without, begin*, title:word.
    pub query: String,
    /// Results at most, up to 50; 10 if left out.
    pub limit: Option<usize>,
    /// Only these kinds of items, such as page, blogpost, comment, attachment; commas mean any of them.
    pub kind: Option<String>,
    /// Only this space, by its key.
    pub space: Option<String>,
    /// Only what has this label.
    pub label: Option<String>,
    /// Only what was changed on this day or later, as 2026-01-31.
    pub updated_since: Option<String>,
}

impl SearchFor {
    /// All of it in the query language.
    pub fn query(&self) -> String {
        let since = self.updated_since.as_ref().map(|day| format!(">{}", day.trim()));
        let filters =
            [("kind", &self.kind), ("space", &self.space), ("label", &self.label), ("updated", &since)];
        let mut query = String::new();
        for (name, value) in filters {
            // Nothing within quotes ends them.
            let value = value.as_deref().unwrap_or_default().replace(['"', '“', '”', '„', '‟'], "");
            if !value.trim().is_empty() {
                query += &format!("{name}:\"{}\" ", value.trim());
            }
        }
        query + &self.query
    }

    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(RESULTS_DEFAULT).clamp(1, RESULTS_MAX)
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FetchOne {
    /// The id of a result, or the address of a page.
    pub id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Results {
    /// How many match in all.
    pub total: usize,
    /// The best of them, best first.
    pub results: Vec<OneResult>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct OneResult {
    /// What `fetch` takes.
    pub id: String,
    pub title: String,
    /// Where to read it, and what to cite.
    pub url: String,
    /// Words around the matches.
    pub snippet: String,
    pub metadata: Metadata,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    pub id: String,
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Where to read it, and what to cite.
    pub url: String,
    pub metadata: Metadata,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Metadata {
    /// Which source it is from.
    pub connection: String,
    pub kind: String,
    /// When it was changed last, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// The page that a comment or an attachment hangs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hangs_on: Option<Page>,
    /// Whether the text goes on at its address.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Page {
    pub title: String,
    pub url: String,
}

impl From<Found> for Results {
    fn from(found: Found) -> Self {
        Self { total: found.total, results: found.hits.into_iter().map(Into::into).collect() }
    }
}

impl From<SearchHit> for OneResult {
    fn from(hit: SearchHit) -> Self {
        Self {
            id: id_of(&hit.connection, &hit.id),
            title: hit.title,
            url: hit.url,
            snippet: hit.snippet.fragments.iter().map(|fragment| fragment.text.as_str()).collect(),
            metadata: metadata(hit.connection, hit.kind, hit.updated, hit.hangs_on),
        }
    }
}

impl From<Fetched> for Document {
    fn from(fetched: Fetched) -> Self {
        let (text, cut) = cut(fetched.text, &fetched.url);
        let metadata = metadata(fetched.connection.clone(), fetched.kind, fetched.updated, fetched.hangs_on);
        Self {
            id: id_of(&fetched.connection, &fetched.id),
            title: fetched.title,
            text,
            url: fetched.url,
            metadata: Metadata { cut, ..metadata },
        }
    }
}

fn metadata(
    connection: String,
    kind: String,
    updated: Option<Timestamp>,
    hangs_on: Option<Anchor>,
) -> Metadata {
    let moment = |time| i64::try_from(time).ok().and_then(chrono::DateTime::from_timestamp_millis);
    let updated =
        updated.and_then(moment).map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    let hangs_on = hangs_on.map(|Anchor { title, url, .. }| Page { title, url });
    Metadata { connection, kind, updated, hangs_on, cut: false }
}

/// The text, and whether it was too long; then it says so at its end.
fn cut(mut text: String, url: &str) -> (String, bool) {
    if text.len() <= TEXT_BYTES_MAX {
        return (text, false);
    }
    text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    (text + &format!("\n\n[The text is longer than this. All of it: {url}]"), true)
}

/// `acme/page:98765`: two connections may have items of the same id.
fn id_of(connection: &str, id: &str) -> String {
    form_urlencoded::byte_serialize(connection.as_bytes()).chain(["/", id]).collect()
}

/// The connection and the item that an id names. An address, and the bare id of an item, name no connection.
pub fn named(id: &str) -> (Option<String>, &str) {
    match id.trim().split_once('/') {
        Some((connection, item)) if !connection.contains(':') && !connection.is_empty() => {
            let decoded = form_urlencoded::parse(connection.as_bytes()).next();
            (decoded.map(|(name, _)| name.into_owned()), item)
        }
        _ => (None, id.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_connection_whatever_that_is_called() {
        for name in ["acme", "a/b c", "ümläut & söhne=1", "page:1"] {
            assert_eq!(named(&id_of(name, "page:98/2")), (Some(name.to_owned()), "page:98/2"), "{name}");
        }
        assert_eq!(named(" page:98765 "), (None, "page:98765"));
        assert_eq!(named("98765"), (None, "98765"));
        let address = "https://acme.atlassian.net/wiki/spaces/ENG/pages/98765/A";
        assert_eq!(named(address), (None, address));
    }

    #[test]
    fn filters_are_written_in_the_query_language() {
        let some = |word: &str| Some(word.to_owned());
        let asked = SearchFor {
            query: "parental leave".to_owned(),
            limit: Some(999),
            kind: some("page,blogpost"),
            space: some("E\"NG"),
            label: some(" "),
            updated_since: some("2026-01-31"),
        };
        let query = r#"kind:"page,blogpost" space:"ENG" updated:">2026-01-31" parental leave"#;
        assert_eq!((asked.query(), asked.limit()), (query.to_owned(), RESULTS_MAX));
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(cut("short".to_owned(), "u"), ("short".to_owned(), false));
        let (text, cut) = cut("ä".repeat(TEXT_BYTES_MAX), "https://acme.example/1");
        assert!(cut && text.len() < TEXT_BYTES_MAX + 100);
        assert!(text.ends_with("[The text is longer than this. All of it: https://acme.example/1]"));
    }
}
