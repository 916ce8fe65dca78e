//! The extractor as the host runs it: hostile files end with a reason, in bounded time and memory, and harm nothing.

use std::io::{Seek, Write};
use std::time::Duration;

use weir::extract::{Reason, Words};
use weir::host::EXTRACTOR;
use weir::sandbox::{Engine, Extractor, Times};

use crate::acme::engine;

async fn extract_in(engine: &Engine, name: &str, media_type: &str, bytes: &[u8]) -> Result<Words, Reason> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Extractor::load(engine, EXTRACTOR).unwrap().extract(file, name, media_type).await.unwrap()
}

async fn extract(name: &str, bytes: &[u8]) -> Result<Words, Reason> {
    extract_in(&engine(), name, "", bytes).await
}

/// A PDF whose one page is drawn by these bytes.
fn pdf(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n\
        5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n\
        6 0 obj<</Type/XObject/Subtype/Form/Length 12/Resources<</XObject<</X 6 0 R>>>>>>stream\n/X Do /X Do \nendstream endobj\n"
        .to_vec();
    bytes.extend_from_slice(format!("4 0 obj<<{dictionary}/Length {}>>stream\n", content.len()).as_bytes());
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_component_finds_the_same_words_as_its_crate() {
    for name in [
        "word.docx",
        "sheet.xlsx",
        "slides.pptx",
        "text.odt",
        "sheet.ods",
        "slides.odp",
        "mail.eml",
        "book.xls",
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../host/extractor/tests/files")
            .join(name);
        let words = extract(name, &std::fs::read(path).unwrap()).await.unwrap();
        assert!(words.text.contains("zebra crossing"), "{name}: {}", words.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_nested_without_end_do_no_harm() {
    let nested = [b"[".repeat(3_000_000), b" 1 TJ".to_vec()].concat();
    let deep = extract("a.pdf", &pdf("", &nested)).await;
    assert!(matches!(deep, Err(Reason::Empty | Reason::Damaged(_))), "{deep:?}");
    let forms = extract("a.pdf", &pdf("", b"/X Do BT /F 9 Tf (after the loop) Tj ET")).await;
    assert_eq!(forms.unwrap().text, "after the loop");
}

#[tokio::test(flavor = "multi_thread")]
async fn xml_nested_without_end_does_no_harm() {
    let deep = "<a>".repeat(2_000_000);
    let words = extract("a.html", deep.as_bytes()).await;
    assert_eq!(words, Err(Reason::Empty));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_takes_too_long_is_given_up() {
    let times = Times { computing_max: Duration::from_millis(30), ..Times::default() };
    let long = pdf("", &b"BT /F 9 Tf 1 0 0 1 0 0 Tm ( ) Tj ET ".repeat(500_000));
    assert_eq!(extract_in(&engine().with_times(times), "a.pdf", "", &long).await, Err(Reason::TooSlow));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_inflates_into_all_memory_is_given_up() {
    // 512 MB of blanks: a deflate stream repeats one distance for ever.
    let packed = deflated_blanks(512 << 20);
    assert!(packed.len() < 4 << 20, "{}", packed.len());
    let outcome = extract("a.pdf", &pdf("/Filter/FlateDecode", &packed)).await;
    assert!(matches!(outcome, Err(Reason::TooMuchMemory | Reason::Empty)), "{outcome:?}");
}

/// A zlib stream of blanks, made without a compressor: one literal, then copies of 258 bytes from one byte back,
/// in deflate's fixed code (RFC 1951, 3.2.6).
fn deflated_blanks(bytes: usize) -> Vec<u8> {
    let mut bits = Bits { bytes: vec![0x78, 0x9c], held: 0, count: 0 };
    bits.put(0b011, 3);
    bits.put_code(0x30 + u32::from(b' '), 8);
    for _ in 0..bytes / 258 {
        bits.put_code(0b1100_0101, 8);
        bits.put_code(0, 5);
    }
    bits.put_code(0, 7);
    bits.put(0, 7);
    bits.bytes
}

struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push((self.held & 0xff) as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Huffman codes begin with their highest bit.
    fn put_code(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (32 - count), count);
    }
}
