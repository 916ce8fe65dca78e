//! Text to the words it is found by, alike for documents, queries and snippets.
//!
//! A word is a run of letters and digits. All else separates, so that an e-mail
//! address, `max_width`, `PROJ-123` and `follow-up` are found by their parts, and as a
//! whole too: a word of a query that falls into several becomes a phrase. Scripts that
//! are written without spaces become a word a character, found as phrases likewise.

use std::str::CharIndices;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

/// Longer words are cut. The hexadecimal of a SHA-512 has 128 characters, and nobody
/// types more of an encoded blob than that.
const WORD_BYTES_MAX: usize = 128;

/// Lower case, accents folded away, English endings cut: what the index keeps.
pub(super) fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(Splitter::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The same words with their endings: what a prefix is compared with.
pub(super) fn folded() -> TextAnalyzer {
    TextAnalyzer::builder(Splitter::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build()
}

/// The words of a short text, in order.
pub(super) fn words(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
    words
}

/// Whether the character can be found at all.
pub(super) fn is_findable(c: char) -> bool {
    c.is_alphanumeric()
}

/// What the reader does not see as a character of its own: combining accents (file
/// names from macOS come decomposed), soft hyphens, joiners.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Whether the character is a word: Han, kana, Thai, Lao, Khmer.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[derive(Clone, Default)]
struct Splitter {
    token: Token,
}

struct Words<'a> {
    text: &'a str,
    chars: CharIndices<'a>,
    token: &'a mut Token,
}

impl Tokenizer for Splitter {
    type TokenStream<'a> = Words<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words<'a> {
        self.token.reset();
        Words { text, chars: text.char_indices(), token: &mut self.token }
    }
}

impl Words<'_> {
    /// Takes the rest of a word. Returns where it ends.
    fn take_rest(&mut self) -> usize {
        loop {
            let rest = self.chars.clone();
            match self.chars.next() {
                Some((_, c)) if is_silent(c) => {}
                Some((_, c)) if c.is_alphanumeric() && !stands_alone(c) => self.push(c),
                Some((offset, _)) => {
                    self.chars = rest;
                    return offset;
                }
                None => return self.text.len(),
            }
        }
    }

    fn push(&mut self, c: char) {
        if self.token.text.len() + c.len_utf8() <= WORD_BYTES_MAX {
            self.token.text.push(c);
        }
    }
}

impl TokenStream for Words<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        self.token.position = self.token.position.wrapping_add(1);
        while let Some((offset, c)) = self.chars.next() {
            if c.is_alphanumeric() {
                self.token.offset_from = offset;
                self.push(c);
                self.token.offset_to = if stands_alone(c) { offset + c.len_utf8() } else { self.take_rest() };
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        words(&mut stemmed(), text).join(" ")
    }

    #[test]
    fn company_prose_falls_into_its_parts() {
        assert_eq!(of("Deploying follow-ups: anna.b@acme.com"), "deploy follow up anna b acm com");
        assert_eq!(of("PROJ-123 max_width v1.2.3 don't"), "proj 123 max width v1 2 3 don t");
        assert_eq!(of("Zürich, STRASSE, Straße, œuvre"), "zurich strass strass oeuvr");
    }

    #[test]
    fn composed_and_decomposed_accents_and_soft_hyphens_are_alike() {
        assert_eq!(of("cafe\u{301}"), of("café"));
        assert_eq!(of("doc\u{ad}umentation"), of("documentation"));
    }

    #[test]
    fn scripts_without_spaces_are_found_by_the_character() {
        assert_eq!(of("東京タワーA棟"), "東 京 タ ワ ー a 棟");
    }

    #[test]
    fn a_token_says_where_it_stood() {
        let text = "éa 京b!";
        let mut seen = Vec::new();
        folded().token_stream(text).process(&mut |token| {
            seen.push((&text[token.offset_from..token.offset_to], token.position));
        });
        assert_eq!(seen, [("éa", 0), ("京", 1), ("b", 2)]);
    }

    #[test]
    fn an_endless_word_is_cut_between_characters() {
        let word = words(&mut folded(), &"д".repeat(500)).concat();
        assert_eq!(word, "д".repeat(WORD_BYTES_MAX / 2));
    }
}
