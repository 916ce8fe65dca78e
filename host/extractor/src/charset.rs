//! Bytes to text, in whatever charset they are.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes from which a charset is guessed.
const GUESSED_BYTES_MAX: usize = 64 * 1024;

/// Decodes text: by its byte order mark, as UTF-16 if every other byte is zero, as UTF-8 if it is that, by the
/// label it declares, or as what it looks most like.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return with(encoding, bytes);
    }
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => return text.to_owned(),
        // A text that was cut within a character.
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()),
        Err(_) => None,
    };
    if let Some(text) = whole {
        return with(UTF_8, text);
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    with(declared.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guessed(bytes)), bytes)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..GUESSED_BYTES_MAX).unwrap_or(bytes), true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Latin text in UTF-16 has a zero beside nearly every letter.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..1_024).unwrap_or(bytes);
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, most) = (zeros(0), zeros(1), start.len() / 4);
    match start.len() {
        0..4 => None,
        _ if odd > most && even == 0 => Some(UTF_16LE),
        _ if even > most && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_charset_gives_the_same_words() {
        let text = "Grüße aus Köln, wo die Straße naß ist und Äpfel über den Zaun fallen.";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(text.as_bytes(), None), text);
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes(), None), text);
        assert_eq!(decode(&utf16, None), text);
        assert_eq!(decode(&[b"\xff\xfe".as_slice(), &utf16].concat(), None), text);
        let latin = encoding_rs::WINDOWS_1252.encode(text).0;
        assert_eq!(decode(&latin, None), text);
        assert_eq!(decode(&latin, Some("iso-8859-1")), text);
        let russian = "Привет, это текст на русском языке о коровах.";
        assert_eq!(decode(&encoding_rs::WINDOWS_1251.encode(russian).0, None), russian);
        let japanese = "これは日本語のテキストです。よろしくお願いします。";
        assert_eq!(decode(&encoding_rs::SHIFT_JIS.encode(japanese).0, None), japanese);
    }

    #[test]
    fn a_text_cut_within_a_character_keeps_the_rest() {
        assert_eq!(decode("äöü".as_bytes().get(..5).unwrap_or_default(), None), "äö");
        assert_eq!(decode(b"", None), "");
    }
}
