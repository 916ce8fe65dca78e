//! What every conversion promises, whatever it is given; libFuzzer itself watches for panics, time and memory.

use confluence::markup::Markdown;

/// Twelve levels of lists with nine-digit numbers stand before each line, and a line may be two bytes.
const TIMES_MAX: usize = 100;

/// What spans may add to a body's tables beside that: cells times the longest text that is repeated in one.
const SPANS_BYTES_MAX: usize = 10_000 * 330;

/// The output is in proportion, has no character that breaks a terminal or a database, and is the same each time.
pub fn hold(body: &str, convert: fn(&str) -> Markdown) {
    let markdown = convert(body);
    let limit = TIMES_MAX * body.len() + SPANS_BYTES_MAX;
    assert!(markdown.text.len() <= limit, "{} bytes out of {}", markdown.text.len(), body.len());
    assert!(!markdown.text.contains('\0'), "a NUL got through");
    assert_eq!(markdown, convert(body), "the second time was different");
}
