//! The piece of a text that shows why it was found.

use std::ops::Range;

use serde::Serialize;

use super::query::{Place, Query, Wanted, Words};
use super::{clauses, text, tokens};

/// Two to three lines on a terminal, as people know it from search engines.
const SNIPPET_CHARS: usize = 200;

/// Of that, what may stand before the first marked word.
const LEAD_CHARS: usize = 50;

/// A cut looks this far for a space before it cuts a word.
const CUT_CHARS: usize = 20;

/// So much of a text is looked through at a time: at some 20 MB a second that is a few
/// milliseconds for each hit shown.
const SCAN_BYTES_MAX: usize = 128 << 10;

/// Pieces of that size that are looked through for a first match: the first megabyte of a
/// file's words, at most 50 ms for a hit whose title alone matches.
const PIECES_MAX: usize = 8;

/// A piece of readable text in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    pub fragments: Vec<Fragment>,
}

/// Some characters in a row that match, or that do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fragment {
    pub text: String,
    pub matched: bool,
}

/// About 200 characters of a Markdown text, those with the most different words of the
/// query, which are marked; its beginning if no word of the query is in it.
pub fn snippet(markdown: &str, query: &Query) -> Snippet {
    text_snippet(&text::plain(markdown), query)
}

/// The same of readable text. A long one, as files have, is looked through piece by piece,
/// until a word of the query is met.
pub fn text_snippet(text: &str, query: &Query) -> Snippet {
    let patterns = patterns(query);
    let (mut beginning, mut rest) = (None, text);
    for piece in 0..PIECES_MAX {
        let (here, after) = rest.split_at(rest.floor_char_boundary(SCAN_BYTES_MAX));
        let line = one_line(here);
        let matches = matches(&line, &patterns);
        if !matches.is_empty() {
            return show(&line, matches, piece > 0, !after.is_empty());
        }
        beginning.get_or_insert((line, !after.is_empty()));
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let (line, goes_on) = beginning.unwrap_or_default();
    show(&line, Vec::new(), false, goes_on)
}

/// The best stretch of a line that stands within a text: whether something comes before and after it.
fn show(line: &str, matches: Vec<Match>, before: bool, after: bool) -> Snippet {
    let window = window(line, &matches);
    let mut fragments = Vec::new();
    let mut push = |text: Option<&str>, matched| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            fragments.push(Fragment { text: text.into(), matched });
        }
    };
    push((before || window.start > 0).then_some("… "), false);
    let mut at = window.start;
    for found in matches {
        if found.range.start >= at && found.range.end <= window.end {
            push(line.get(at..found.range.start), false);
            push(line.get(found.range.clone()), true);
            at = found.range.end;
        }
    }
    push(line.get(at..window.end), false);
    push((after || window.end < line.len()).then_some(" …"), false);
    Snippet { fragments }
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Places looked at for the best stretch; a text with more repeats itself.
const MATCHES_MAX: usize = 1_000;

/// Words in a row that are to be marked.
struct Pattern {
    stems: Vec<String>,
    /// What the word after those begins with.
    prefix: Option<String>,
}

/// Optional words are marked only if the query has no others, as they are searched.
fn patterns(query: &Query) -> Vec<Pattern> {
    let (mut stemmer, mut folder) = (tokens::stemmed(), tokens::folded());
    let (mut patterns, mut optional) = (Vec::new(), Vec::new());
    for clause in query.clauses().iter().filter(|clause| !clause.negated) {
        let Wanted::Text(place, words) = &clause.wanted else { continue };
        match words {
            Words::One(text) | Words::Phrase(text) => {
                let stems = tokens::words(&mut stemmer, text);
                let is_optional = *place == Place::Anywhere
                    && matches!(words, Words::One(_))
                    && matches!(tokens::words(&mut folder, text).as_slice(), [word] if clauses::is_optional(word));
                let patterns = if is_optional { &mut optional } else { &mut patterns };
                patterns.push(Pattern { stems, prefix: None });
            }
            Words::Prefix(text) | Words::Begun(text) => {
                let mut stems = tokens::words(&mut stemmer, text);
                if matches!(words, Words::Begun(_)) {
                    patterns.push(Pattern { stems: stems.clone(), prefix: None });
                }
                stems.pop();
                let prefix = tokens::words(&mut folder, text).pop();
                patterns.push(Pattern { stems, prefix });
            }
        }
    }
    if patterns.is_empty() { optional } else { patterns }
}

struct Match {
    /// In bytes of the line.
    range: Range<usize>,
    /// Which pattern.
    pattern: usize,
}

struct Word {
    range: Range<usize>,
    stem: String,
    folded: String,
}

fn matches(line: &str, patterns: &[Pattern]) -> Vec<Match> {
    let mut words = Vec::new();
    tokens::folded().token_stream(line).process(&mut |token| {
        let range = token.offset_from..token.offset_to;
        words.push(Word { range, stem: String::new(), folded: token.text.clone() });
    });
    let mut next = words.iter_mut();
    tokens::stemmed().token_stream(line).process(&mut |token| {
        if let Some(word) = next.next() {
            word.stem.push_str(&token.text);
        }
    });
    let mut matches: Vec<Match> = Vec::new();
    let mut here = words.as_slice();
    while let Some((_, rest)) = here.split_first()
        && matches.len() < MATCHES_MAX
    {
        // One pattern a place: several that fit the same word would only multiply the work.
        let fits = patterns.iter().enumerate();
        matches.extend(
            fits.filter_map(|(pattern, wanted)| wanted.at(here).map(|range| Match { range, pattern })).next(),
        );
        here = rest;
    }
    matches
}

impl Pattern {
    /// Where the pattern ends up if the words begin with it.
    fn at(&self, words: &[Word]) -> Option<Range<usize>> {
        let whole = words.get(..self.stems.len())?;
        if !whole.iter().zip(&self.stems).all(|(word, stem)| word.stem == *stem) {
            return None;
        }
        let last = match &self.prefix {
            Some(prefix) => words.get(self.stems.len()).filter(|word| word.folded.starts_with(prefix)),
            None => whole.last(),
        }?;
        Some(words.first()?.range.start..last.range.end)
    }
}

/// The stretch of the line to show: where the most different patterns match, then the
/// most matches, then the first.
fn window(line: &str, matches: &[Match]) -> Range<usize> {
    let reach = SNIPPET_CHARS - LEAD_CHARS;
    let mut best: (usize, usize, usize) = (0, 0, 0);
    for (place, first) in matches.iter().enumerate() {
        let end = after_chars(line, first.range.start, reach);
        let inside = matches.iter().skip(place).take_while(|found| found.range.end <= end);
        let mut patterns: Vec<usize> = inside.map(|found| found.pattern).collect();
        let count = patterns.len();
        patterns.sort_unstable();
        patterns.dedup();
        if (patterns.len(), count) > (best.0, best.1) {
            best = (patterns.len(), count, first.range.start);
        }
    }
    let lead = before_chars(line, best.2, LEAD_CHARS);
    let end = after_chars(line, lead, SNIPPET_CHARS);
    // A text that ends early leaves room at its beginning.
    let start = if end == line.len() { before_chars(line, end, SNIPPET_CHARS).min(lead) } else { lead };
    tidy_start(line, start, best.2)..tidy_end(line, end)
}

fn after_chars(line: &str, from: usize, chars: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    rest.char_indices().nth(chars).map_or(line.len(), |(offset, _)| from + offset)
}

fn before_chars(line: &str, from: usize, chars: usize) -> usize {
    let before = line.get(..from).unwrap_or_default();
    before.char_indices().rev().take(chars).last().map_or(from, |(offset, _)| offset)
}

/// Moves a start inside a word to the next one, if that is near and not past `latest`.
fn tidy_start(line: &str, start: usize, latest: usize) -> usize {
    if start == 0 || line.get(..start).is_some_and(|before| before.ends_with(' ')) {
        return start;
    }
    let near = line.get(start..after_chars(line, start, CUT_CHARS)).unwrap_or_default();
    near.find(' ').map(|space| start + space + 1).filter(|next| *next <= latest.max(start)).unwrap_or(start)
}

/// Moves an end inside a word to the end of the one before, if that is near.
fn tidy_end(line: &str, end: usize) -> usize {
    if line.get(end..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' ')) {
        return end;
    }
    let near = before_chars(line, end, CUT_CHARS);
    line.get(near..end).and_then(|text| text.rfind(' ')).map_or(end, |space| near + space)
}
