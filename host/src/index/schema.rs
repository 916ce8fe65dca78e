//! The fields of the index, and how a document fills them.

use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

use super::Document;

/// Raised whenever documents are indexed differently (another tokenizer, another term
/// in a field): an index of another version is made anew.
pub(super) const VERSION: u32 = 1;

pub(super) const NUM: &str = "num";
pub(super) const UPDATED: &str = "updated";
pub(super) const STEMMED: &str = "weir-stemmed";

/// Exact terms are cut here, in documents and queries alike: an id has at most 512
/// bytes, and names of properties and people stay below that.
const TERM_BYTES_MAX: usize = 1_024;

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub num: Field,
    pub updated: Field,
    pub title: Field,
    pub body: Field,
    pub connection: Field,
    pub kind: Field,
    pub id: Field,
    pub author: Field,
    pub property: Field,
}

/// Nothing is stored: a hit is a number, and the store has the rest.
pub(super) fn schema() -> (Schema, Fields) {
    let prose = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(STEMMED)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let exact = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    );
    let mut schema = Schema::builder();
    let fields = Fields {
        num: schema.add_u64_field(NUM, FAST | INDEXED),
        updated: schema.add_u64_field(UPDATED, FAST),
        title: schema.add_text_field("title", prose.clone()),
        body: schema.add_text_field("body", prose),
        connection: schema.add_text_field("connection", exact.clone()),
        kind: schema.add_text_field("kind", exact.clone()),
        id: schema.add_text_field("id", exact.clone()),
        author: schema.add_text_field("author", exact.clone()),
        property: schema.add_text_field("property", exact),
    };
    (schema.build(), fields)
}

impl Fields {
    pub fn fill(&self, document: &Document) -> TantivyDocument {
        let mut filled = TantivyDocument::default();
        filled.add_u64(self.num, document.num.into());
        filled.add_u64(self.updated, document.updated.unwrap_or(0));
        filled.add_text(self.title, &document.title);
        if let Some(file) = &document.file {
            filled.add_text(self.title, file);
        }
        filled.add_text(self.body, &document.body);
        filled.add_text(self.connection, term(&document.connection));
        filled.add_text(self.id, term(&document.id));
        filled.add_text(self.kind, term(&document.kind));
        if let Some((kind, rest)) = document.id.split_once(':') {
            filled.add_text(self.id, term(rest));
            filled.add_text(self.kind, term(kind));
        }
        for author in &document.authors {
            filled.add_text(self.author, term(author));
            for word in author.split_whitespace().filter(|word| word.len() < author.len()) {
                filled.add_text(self.author, term(word));
            }
        }
        for (name, value) in &document.properties {
            filled.add_text(self.property, property(name, value));
        }
        filled
    }
}

/// A term as exact fields keep it: lower case, no space around it.
pub(super) fn term(text: &str) -> String {
    let mut term = text.trim().to_lowercase();
    term.truncate(term.floor_char_boundary(TERM_BYTES_MAX));
    term
}

/// A property as a term: `label=howto`.
pub(super) fn property(name: &str, value: &str) -> String {
    term(&format!("{}={}", name.trim(), value.trim()))
}
