//! A query as the engine runs it, and how its parts weigh.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhrasePrefixQuery, PhraseQuery,
    Query as Engine, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::query::{Clause, Key, Place, Query, Wanted, When, Words};
use super::schema::{self, Fields};
use super::search::Scopes;
use super::tokens;
use crate::access::NumSet;

/// A word in the title says what the item is about. With BM25's usual parameters a body
/// gets less than 2.2 times a word's rarity however often it repeats the word, and a
/// title `r` times as long as the average gets 2.2 / (1.3 + 0.9 r) times it. With 4 a
/// title of up to three times the average wins where rarities are alike.
const TITLE_BOOST: f32 = 4.0;

/// Words that stand together as in the query count once more, lightly: that is a hint,
/// and the words themselves are already counted.
const NEARNESS_BOOST: f32 = 0.5;

/// How many other words may stand between them in all.
const NEARNESS_SLOP: u32 = 3;

/// What a word that only begins with the one being typed is worth: less than any word that is rare.
const BEGUN_SCORE: f32 = 0.5;

/// With more words than this their exact order says little, and costs reading positions.
const NEARNESS_WORDS_MAX: usize = 6;

/// Words of questions that pages need not contain: they rank, but are not required
/// unless there is nothing else. In phrases they count like any other.
const OPTIONAL_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i", "in",
    "is", "it", "my", "not", "of", "on", "or", "our", "the", "their", "this", "that", "to", "was", "we",
    "what", "when", "where", "which", "who", "why", "with", "you", "your",
];

/// Endings that English words may go on with. A prefix of a word can be longer than its
/// stem: `deployme*` must find `deployment`, which the index keeps as `deploy`.
const ENDINGS: &[&str] = &[
    "", "d", "e", "ed", "ement", "ent", "ents", "er", "ers", "es", "g", "ing", "ings", "ion", "ions", "ity",
    "ly", "ment", "ments", "n", "ng", "ngs", "nt", "nts", "on", "ons", "r", "s", "ss", "t", "tion", "tions",
    "ts", "ty", "y",
];

/// Whether a word is among those that need not match.
pub(super) fn is_optional(word: &str) -> bool {
    OPTIONAL_WORDS.contains(&word)
}

/// A query taken apart: what drives the search, and what is asked of each document that
/// it yields and the person may read.
pub(super) struct Plan {
    pub wanted: Box<dyn Engine>,
    pub checks: Vec<Check>,
}

/// A document passes if it matches, or lies in the scope, as expected.
pub(super) struct Check {
    pub engine: Box<dyn Engine>,
    pub scope: Option<NumSet>,
    pub expected: bool,
}

/// Everything wanted must match, except optional words beside others. Only text scores.
///
/// Negated clauses are checks, since the engine's own way of excluding asks phrases for
/// documents behind them, which breaks their contract. Clauses with a scope are checks,
/// since a scope answers for one document at once and lists them slowly.
pub(super) fn plan(query: &Query, fields: &Fields, scopes: Scopes<'_>) -> Plan {
    let (mut required, mut optional, mut checks) = (Vec::new(), Vec::new(), Vec::new());
    for clause in query.clauses() {
        let engine = clause_query(clause, fields);
        let scope = match &clause.wanted {
            Wanted::Property(name, value) => scopes(name, value),
            Wanted::Text(..) | Wanted::Key(..) | Wanted::Updated(_) => None,
        };
        match clause.negated {
            false if scope.is_none() && is_optional_clause(clause) => optional.push(engine),
            false if scope.is_none() => required.push(engine),
            negated => checks.push(Check { engine, scope, expected: !negated }),
        }
    }
    if required.is_empty() {
        required.append(&mut optional);
    }
    if required.is_empty() {
        required.push(Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)));
    }
    optional.extend(nearness(query, fields));
    let required = required.into_iter().map(|query| (Occur::Must, query));
    let parts = required.chain(optional.into_iter().map(|query| (Occur::Should, query)));
    Plan { wanted: Box::new(BooleanQuery::new(parts.collect())), checks }
}

fn is_optional_clause(clause: &Clause) -> bool {
    match &clause.wanted {
        Wanted::Text(Place::Anywhere, Words::One(word)) => {
            matches!(tokens::words(&mut tokens::folded(), word).as_slice(), [word] if is_optional(word))
        }
        _ => false,
    }
}

fn clause_query(clause: &Clause, fields: &Fields) -> Box<dyn Engine> {
    let (field, term) = match &clause.wanted {
        Wanted::Text(place, words) => return text_query(*place, words, fields),
        Wanted::Updated(when) => return updated_query(*when, fields),
        Wanted::Key(Key::Kind, value) if value.contains(',') => return kinds_query(value, fields),
        Wanted::Key(Key::Kind, value) => (fields.kind, schema::term(value)),
        Wanted::Key(Key::Id, value) => (fields.id, schema::term(value)),
        Wanted::Key(Key::Author, value) => (fields.author, schema::term(value)),
        Wanted::Key(Key::Connection, value) => (fields.connection, schema::term(value)),
        Wanted::Property(name, value) => (fields.property, schema::property(name, value)),
    };
    Box::new(ConstScoreQuery::new(term_query(field, &term, IndexRecordOption::Basic), 0.0))
}

/// Any of the kinds that commas separate.
fn kinds_query(kinds: &str, fields: &Fields) -> Box<dyn Engine> {
    let terms = kinds.split(',').map(|kind| Term::from_field_text(fields.kind, &schema::term(kind)));
    Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0))
}

/// An item of which the source tells no time is neither newer nor older than another: its time is kept as 0.
fn updated_query(when: When, fields: &Fields) -> Box<dyn Engine> {
    let at = |time| Term::from_field_u64(fields.updated, time);
    let (first, last) = match when {
        When::Since(time) => (Bound::Included(at(time.max(1))), Bound::Unbounded),
        When::Before(time) => (Bound::Included(at(1)), Bound::Excluded(at(time.max(1)))),
    };
    Box::new(ConstScoreQuery::new(Box::new(RangeQuery::new(first, last)), 0.0))
}

fn text_query(place: Place, words: &Words, fields: &Fields) -> Box<dyn Engine> {
    let title = Box::new(BoostQuery::new(field_query(fields.title, words), TITLE_BOOST));
    match place {
        Place::Title => title,
        Place::Anywhere => either(title, field_query(fields.body, words)),
    }
}

fn field_query(field: Field, words: &Words) -> Box<dyn Engine> {
    match words {
        Words::One(text) | Words::Phrase(text) => {
            sequence(field, &tokens::words(&mut tokens::stemmed(), text))
        }
        Words::Prefix(text) => prefix_query(field, text),
        // The word itself goes by its rarity, so that it comes before what only begins with it.
        Words::Begun(text) => {
            let word = sequence(field, &tokens::words(&mut tokens::stemmed(), text));
            either(word, Box::new(ConstScoreQuery::new(prefix_query(field, text), BEGUN_SCORE)))
        }
    }
}

/// One word, or several in a row.
fn sequence(field: Field, words: &[String]) -> Box<dyn Engine> {
    match words {
        [word] => term_query(field, word, IndexRecordOption::WithFreqs),
        words => match terms(field, words) {
            terms if terms.len() > 1 => Box::new(PhraseQuery::new(terms)),
            _ => Box::new(BooleanQuery::new(Vec::new())),
        },
    }
}

/// Words that begin so. The last of several is a prefix, those before it are whole.
fn prefix_query(field: Field, text: &str) -> Box<dyn Engine> {
    let folded = tokens::words(&mut tokens::folded(), text);
    let stemmed = tokens::words(&mut tokens::stemmed(), text);
    match (folded.as_slice(), stemmed.split_last()) {
        ([prefix], _) => {
            let first = Term::from_field_text(field, prefix);
            let last = Term::from_field_text(field, &format!("{prefix}{}", char::MAX));
            let range = RangeQuery::new(Bound::Included(first), Bound::Included(last));
            either(Box::new(range), Box::new(TermSetQuery::new(terms(field, &stems(prefix)))))
        }
        ([.., prefix], Some((_, before))) => {
            let mut terms = terms(field, before);
            terms.push(Term::from_field_text(field, prefix));
            Box::new(PhrasePrefixQuery::new(terms))
        }
        _ => Box::new(BooleanQuery::new(Vec::new())),
    }
}

/// The stems of words that begin with this prefix and go on with a common ending.
fn stems(prefix: &str) -> Vec<String> {
    let mut stemmer = tokens::stemmed();
    let mut stems: Vec<String> =
        ENDINGS.iter().flat_map(|ending| tokens::words(&mut stemmer, &format!("{prefix}{ending}"))).collect();
    stems.sort();
    stems.dedup();
    stems
}

/// Rewards the query's words standing close together, in the title or the body.
fn nearness(query: &Query, fields: &Fields) -> Option<Box<dyn Engine>> {
    let mut stemmer = tokens::stemmed();
    let mut words = Vec::new();
    for clause in query.clauses() {
        if let (false, Wanted::Text(Place::Anywhere, Words::One(word))) = (clause.negated, &clause.wanted) {
            words.extend(tokens::words(&mut stemmer, word));
        }
    }
    if !(2..=NEARNESS_WORDS_MAX).contains(&words.len()) {
        return None;
    }
    let near = |field, boost| -> Box<dyn Engine> {
        let mut phrase = PhraseQuery::new(terms(field, &words));
        phrase.set_slop(NEARNESS_SLOP);
        Box::new(BoostQuery::new(Box::new(phrase), boost))
    };
    Some(either(near(fields.title, TITLE_BOOST * NEARNESS_BOOST), near(fields.body, NEARNESS_BOOST)))
}

fn either(one: Box<dyn Engine>, other: Box<dyn Engine>) -> Box<dyn Engine> {
    Box::new(BooleanQuery::new(vec![(Occur::Should, one), (Occur::Should, other)]))
}

fn term_query(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Engine> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

fn terms(field: Field, words: &[String]) -> Vec<Term> {
    words.iter().map(|word| Term::from_field_text(field, word)).collect()
}
