//! What a person typed, as a value.
//!
//! Words (all must be there), `"a phrase"`, `begin*`, `field:value`, `field:"two words"`
//! and `-` before any of them for what must not be there. The fields `title`, `kind`,
//! `id`, `author`, `connection` and `updated` are built in; any other name is a property's.
//! `kind:page,blogpost` means either; `updated:>2026-01-31` that day or later, `updated:<2026-01-31`
//! before that day. A day begins and ends as in UTC, since the store's times are.
//!
//! There is no wrong query but an empty one: whatever does not fit is taken literally.

use crate::model::Timestamp;

/// Longer queries are cut. A line of a log that somebody pastes fits.
pub const QUERY_CHARS_MAX: usize = 1_000;

/// Each clause is a walk through the index; a person seldom types more than ten.
pub const QUERY_CLAUSES_MAX: usize = 32;

/// A query with at least one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    clauses: Vec<Clause>,
    cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub negated: bool,
    pub wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Text(Place, Words),
    Key(Key, String),
    Updated(When),
    /// Name and value, both in lower case.
    Property(String, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the title or the body.
    Anywhere,
    Title,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// As typed; it may fall into several, which then form a phrase.
    One(String),
    Phrase(String),
    /// What a word begins with.
    Prefix(String),
    /// As typed so far: the word itself, and what begins with it.
    Begun(String),
}

/// When an item changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At this moment or later.
    Since(Timestamp),
    /// Before this moment.
    Before(Timestamp),
}

/// The built-in fields that are compared as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Kind,
    Id,
    Author,
    Connection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("the query has no word to search for; type at least one letter or digit")]
    Empty,
}

impl Query {
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let end = text.char_indices().nth(QUERY_CHARS_MAX).map_or(text.len(), |(end, _)| end);
        let mut rest = text.get(..end).unwrap_or(text);
        let mut clauses = Vec::new();
        while let Some(clause) = next(&mut rest) {
            clauses.extend(clause);
        }
        let cut = end < text.len() || clauses.len() > QUERY_CLAUSES_MAX;
        clauses.truncate(QUERY_CLAUSES_MAX);
        if clauses.is_empty() { Err(QueryError::Empty) } else { Ok(Query { clauses, cut }) }
    }

    /// The same of what somebody is still typing: the last word may go on, unless a space ends it. A
    /// single character would begin half of all words.
    pub fn parse_begun(text: &str) -> Result<Query, QueryError> {
        let mut query = Self::parse(text)?;
        if !query.cut
            && !text.ends_with(is_space)
            && let Some(Clause { negated: false, wanted: Wanted::Text(_, words) }) = query.clauses.last_mut()
            && let Words::One(word) = words
            && word.chars().count() > 1
        {
            *words = Words::Begun(std::mem::take(word));
        }
        Ok(query)
    }

    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Whether the end of what was typed did not fit and is not searched for.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The properties asked for, negated or not: those whose scope `search` will want.
    pub fn properties(&self) -> Vec<(String, String)> {
        let mut properties = Vec::new();
        for clause in &self.clauses {
            if let Wanted::Property(name, value) = &clause.wanted {
                properties.push((name.clone(), value.clone()));
            }
        }
        properties.sort();
        properties.dedup();
        properties
    }
}

/// Takes a clause off the front. `Some(None)` for something that nothing can match, such
/// as a lone dash.
fn next(rest: &mut &str) -> Option<Option<Clause>> {
    let text = rest.trim_start_matches(is_space);
    if text.is_empty() {
        return None;
    }
    let (negated, text) = match text.strip_prefix('-') {
        Some(text) if !text.starts_with(is_space) => (true, text),
        _ => (false, text),
    };
    let (wanted, after) = match quoted(text) {
        Some((phrase, after)) => (Wanted::Text(Place::Anywhere, Words::Phrase(phrase.into())), after),
        None => field(text).unwrap_or_else(|| word(text)),
    };
    *rest = after;
    Some(is_findable(&wanted).then_some(Clause { negated, wanted }))
}

/// Quotes as keyboards and word processors make them.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// What stands between quotes at the front, and what follows them. None for an
/// unbalanced quote.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(is_quote)?.split_once(is_quote)
}

/// `name:value` or `name:"value"` at the front.
///
/// Addresses (`https://…`), paths (`C:\…`), times and words before a colon do not look
/// like it and stay words.
fn field(text: &str) -> Option<(Wanted, &str)> {
    let (name, value) = text.split_once(':')?;
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !named || value.starts_with("//") || value.starts_with([':', '\\']) {
        return None;
    }
    let (value, after, phrase) = match quoted(value) {
        Some((value, after)) => (value, after, true),
        None => {
            let (value, after) = value.split_at(value.find(is_space).unwrap_or(value.len()));
            (value, after, false)
        }
    };
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let wanted = match name.to_ascii_lowercase().as_str() {
        "title" if phrase => Wanted::Text(Place::Title, Words::Phrase(value.into())),
        "title" => Wanted::Text(Place::Title, one_or_prefix(value)),
        "kind" => Wanted::Key(Key::Kind, value.to_lowercase()),
        "id" => Wanted::Key(Key::Id, value.to_lowercase()),
        "author" => Wanted::Key(Key::Author, value.to_lowercase()),
        "connection" => Wanted::Key(Key::Connection, value.to_lowercase()),
        name @ "updated" => match when(value) {
            Some(when) => Wanted::Updated(when),
            None => Wanted::Property(name.into(), value.to_lowercase()),
        },
        name => Wanted::Property(name.into(), value.to_lowercase()),
    };
    Some((wanted, after))
}

/// `>2026-01-31` or `<2026-01-31`.
fn when(value: &str) -> Option<When> {
    let (when, day): (fn(Timestamp) -> When, _) = match value.strip_prefix('>') {
        Some(day) => (When::Since, day),
        None => (When::Before, value.strip_prefix('<')?),
    };
    let day: chrono::NaiveDate = day.parse().ok()?;
    let begins = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    // Nothing was written before 1970.
    Some(when(u64::try_from(begins).unwrap_or(0)))
}

/// Whatever comes before the next space.
fn word(text: &str) -> (Wanted, &str) {
    let (word, after) = text.split_at(text.find(is_space).unwrap_or(text.len()));
    (Wanted::Text(Place::Anywhere, one_or_prefix(word)), after)
}

fn one_or_prefix(word: &str) -> Words {
    match word.strip_suffix('*') {
        Some(prefix) => Words::Prefix(prefix.into()),
        None => Words::One(word.into()),
    }
}

fn is_findable(wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Text(
            _,
            Words::One(text) | Words::Phrase(text) | Words::Prefix(text) | Words::Begun(text),
        ) => text.chars().any(super::tokens::is_findable),
        Wanted::Key(..) | Wanted::Updated(_) | Wanted::Property(..) => true,
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    /// A clause a line, short: `-` negated, then what and where.
    fn told(text: &str) -> String {
        Query::parse(text).map_or("empty".into(), |query| told_of(&query))
    }

    fn told_of(query: &Query) -> String {
        let tell = |clause: &Clause| {
            let wanted = match &clause.wanted {
                Wanted::Text(place, words) => format!("{place:?} {words:?}"),
                Wanted::Key(key, value) => format!("{key:?} {value:?}"),
                Wanted::Updated(when) => format!("updated {when:?}"),
                Wanted::Property(name, value) => format!("{name} = {value:?}"),
            };
            format!("{}{wanted}", if clause.negated { "-" } else { "" })
        };
        query.clauses().iter().map(tell).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn reads_words_phrases_prefixes_and_fields() {
        assert_eq!(told("VPN setup"), r#"Anywhere One("VPN"); Anywhere One("setup")"#);
        assert_eq!(told(r#"-"on call" rota*"#), r#"-Anywhere Phrase("on call"); Anywhere Prefix("rota")"#);
        assert_eq!(
            told("title:plan title:pla* -title:\"old plan\""),
            r#"Title One("plan"); Title Prefix("pla"); -Title Phrase("old plan")"#
        );
        assert_eq!(
            told("Kind:Page id:page:98765 author:\"Anna B\" connection:Acme"),
            r#"Kind "page"; Id "page:98765"; Author "anna b"; Connection "acme""#
        );
        assert_eq!(told("label:HowTo -space:ENG"), r#"label = "howto"; -space = "eng""#);
        assert_eq!(
            told("“two words” „zwei Wörter“"),
            r#"Anywhere Phrase("two words"); Anywhere Phrase("zwei Wörter")"#
        );
    }

    #[test]
    fn reads_days_and_leaves_what_is_none() {
        assert_eq!(
            told("updated:>2026-01-31 -updated:<1970-01-02"),
            "updated Since(1769817600000); -updated Before(86400000)"
        );
        assert_eq!(told("updated:<1969-01-01"), "updated Before(0)");
        for text in ["2026-01-31", ">2026-02-30", ">2026", "=2026-01-31", ">today"] {
            assert_eq!(told(&format!("updated:{text}")), format!("updated = {text:?}"));
        }
    }

    #[test]
    fn the_word_that_is_being_typed_may_go_on() {
        let begun = |text: &str| Query::parse_begun(text).map_or("empty".into(), |query| told_of(&query));
        assert_eq!(begun("vpn set"), r#"Anywhere One("vpn"); Anywhere Begun("set")"#);
        assert_eq!(begun("title:set"), r#"Title Begun("set")"#);
        assert_eq!(begun("vpn set "), r#"Anywhere One("vpn"); Anywhere One("set")"#);
        assert_eq!(begun("s"), r#"Anywhere One("s")"#);
        assert_eq!(begun("set space:ENG"), r#"Anywhere One("set"); space = "eng""#);
        assert_eq!(begun("vpn -set"), r#"Anywhere One("vpn"); -Anywhere One("set")"#);
        assert_eq!(begun("\"vpn set\""), r#"Anywhere Phrase("vpn set")"#);
        assert_eq!(begun(""), "empty");
    }

    #[test]
    fn what_does_not_fit_is_literal() {
        assert_eq!(told(r#""never closed"#), r#"Anywhere One("\"never"); Anywhere One("closed")"#);
        assert_eq!(told("https://acme.com/x"), r#"Anywhere One("https://acme.com/x")"#);
        assert_eq!(
            told(r"C:\temp 10:30 std::vec"),
            r#"Anywhere One("C:\\temp"); Anywhere One("10:30"); Anywhere One("std::vec")"#
        );
        assert_eq!(
            told("label: label:\"\" :x"),
            r#"Anywhere One("label:"); Anywhere One("label:\"\""); Anywhere One(":x")"#
        );
        assert_eq!(
            told("follow-up a - b"),
            r#"Anywhere One("follow-up"); Anywhere One("a"); Anywhere One("b")"#
        );
        assert_eq!(told("a\0b\u{1b}[c"), r#"Anywhere One("a"); Anywhere One("b"); Anywhere One("[c")"#);
    }

    #[test]
    fn a_query_without_a_word_is_empty() {
        for text in ["", "   ", "-", "*", "\"\"", "\" \"", "?!", "-*", "::", "\u{1}"] {
            assert_eq!(Query::parse(text), Err(QueryError::Empty), "{text:?}");
        }
    }

    #[test]
    fn a_long_query_is_cut_and_says_so() {
        let long = Query::parse(&"ä".repeat(10_000)).expect("a word");
        assert_eq!(
            long.clauses(),
            [Clause {
                negated: false,
                wanted: Wanted::Text(Place::Anywhere, Words::One("ä".repeat(QUERY_CHARS_MAX))),
            }]
        );
        assert!(long.is_cut());
        let many = Query::parse(&"a ".repeat(40)).expect("words");
        assert_eq!((many.clauses().len(), many.is_cut()), (QUERY_CLAUSES_MAX, true));
        assert!(!Query::parse("short").expect("a word").is_cut());
    }

    #[test]
    fn tells_its_properties_once() {
        let query = Query::parse("space:ENG -label:old Space:eng word").expect("words");
        let properties = query.properties();
        assert_eq!(properties, [("label".into(), "old".into()), ("space".into(), "eng".into())]);
    }
}
