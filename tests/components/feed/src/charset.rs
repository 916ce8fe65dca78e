//! Bytes to text: a byte order mark decides, then the `charset` of `content-type`, then the XML declaration (RFC 7303,
//! section 3), else UTF-8. What a name does not fit is replaced; that spoils a letter and not a feed.

use encoding_rs::{Encoding, UTF_8};

/// An XML declaration stands in the first bytes, or nowhere.
const DECLARATION_BYTES_MAX: usize = 256;

/// The text of a document that was served as `content_type`.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return text(encoding, bytes.get(mark..).unwrap_or_default());
    }
    let served = content_type.and_then(parameter).and_then(|name| Encoding::for_label(name.as_bytes()));
    text(served.or_else(|| declared(bytes)).unwrap_or(UTF_8), bytes)
}

fn text(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The value of `charset` in a media type, without its quotes.
fn parameter(content_type: &str) -> Option<&str> {
    let named = |part: &'_ str| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(())?;
        Some(value.len())
    };
    let part = content_type.split(';').skip(1).find(|part| named(part).is_some())?;
    Some(part.split_once('=')?.1.trim().trim_matches('"'))
}

/// What the XML declaration names. One that can be read as ASCII cannot mean UTF-16, so that is taken for UTF-8.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(DECLARATION_BYTES_MAX))?;
    let start = String::from_utf8_lossy(start);
    let declaration = start.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = value.split(quote).nth(1)?;
    Some(Encoding::for_label(name.as_bytes())?.output_encoding())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_mark_decides_then_the_header_then_the_declaration() {
        let declared = b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>";
        let ending = |text: String| text.chars().rev().nth(4);
        assert_eq!(ending(decode(declared, None)), Some('\u{20ac}'));
        assert_eq!(ending(decode(declared, Some("text/xml"))), Some('\u{20ac}'));
        let latin_5 = decode(b"<a>\xfd</a>", Some("application/rss+xml; Charset=\"iso-8859-9\""));
        assert_eq!(latin_5, "<a>\u{131}</a>");
        let marked = [b"\xef\xbb\xbf".as_slice(), "<a>é</a>".as_bytes()].concat();
        assert_eq!(decode(&marked, Some("text/xml; charset=iso-8859-1")), "<a>é</a>");
        let wide: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide, None), "<a>é</a>");
    }

    #[test]
    fn what_is_named_wrongly_is_read_as_utf_8() {
        assert_eq!(decode("<?xml encoding='utf-16'?><a>é</a>".as_bytes(), None).matches('é').count(), 1);
        assert_eq!(decode("<?xml encoding='klingon'?><a>é</a>".as_bytes(), None).matches('é').count(), 1);
        assert_eq!(decode(b"<a>\xff</a>", None), "<a>\u{fffd}</a>");
    }
}
