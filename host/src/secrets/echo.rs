//! The forms in which servers repeat what they were sent. Pure.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::Secret;

/// Each secret as it is, in base64, percent-encoded, and as JSON and HTML write it; each form once.
pub fn forms(secrets: &[&Secret]) -> Vec<Secret> {
    let mut forms: Vec<Secret> = Vec::new();
    let mut know = |form: String| {
        let form = Zeroizing::new(form);
        if !forms.iter().any(|known| known.expose() == form.as_str()) {
            forms.push(Secret::new(form.as_str()));
        }
    };
    for secret in secrets {
        let text = secret.expose();
        let json = replaced(text, &[("\\", "\\\\"), ("\"", "\\\"")]);
        know(text.to_owned());
        know(STANDARD.encode(text));
        know(percent(text, true));
        know(percent(text, false));
        know(replaced(&json, &[("/", "\\/")]));
        know(json);
        know(replaced(text, &[("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")]));
    }
    forms
}

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// RFC 3986 2.1: all but the unreserved characters.
fn percent(text: &str, capitals: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
                Ok(())
            }
            _ if capitals => write!(encoded, "%{byte:02X}"),
            _ => write!(encoded, "%{byte:02x}"),
        };
    }
    encoded
}
