//! The name under which the ledger counts a request. Pure.

use url::Url;

use super::limits::LEDGER_QUERY_VALUE_CHARS_MAX;

/// A segment longer than this is taken for an identifier.
const WORD_CHARS_MAX: usize = 40;

/// Host and path with identifiers replaced: `acme.example/wiki/api/v2/spaces/{id}/permissions`.
pub(super) fn template(url: &Url) -> String {
    let words = url.path().split('/').map(|segment| if is_id(segment) { "{id}" } else { segment });
    format!("{}{}", url.host_str().unwrap_or_default(), words.collect::<Vec<_>>().join("/"))
}

/// The URL as it may be kept: without query values long enough to be a signature or a token.
pub(super) fn redacted(url: &Url) -> String {
    let mut kept = url.clone();
    kept.set_query(None);
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| match value.chars().count() {
            chars if chars > LEDGER_QUERY_VALUE_CHARS_MAX => (name.into_owned(), "…".to_owned()),
            _ => (name.into_owned(), value.into_owned()),
        })
        .collect();
    if !pairs.is_empty() {
        kept.query_pairs_mut().extend_pairs(pairs);
    }
    kept.into()
}

/// Digits (perhaps after a short prefix, as `att123`), UUIDs, escaped and long segments.
fn is_id(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let hex_or_dash = segment.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let version = segment.len() <= 3 && segment.starts_with('v');
    !version
        && digits > 0
        && (digits == segment.len()
            || (hex_or_dash && segment.len() >= 16)
            || segment
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .bytes()
                .all(|b| b.is_ascii_digit()))
        || segment.len() > WORD_CHARS_MAX
        || segment.contains([':', '%', '~'])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{redacted, template};

    #[test]
    fn identifiers_become_one_name() {
        let table = [
            ("/wiki/api/v2/pages", "/wiki/api/v2/pages"),
            ("/wiki/api/v2/pages/12345?body-format=storage", "/wiki/api/v2/pages/{id}"),
            ("/wiki/api/v2/attachments/att12345", "/wiki/api/v2/attachments/{id}"),
            (
                "/wiki/rest/api/group/5c2c3f9a-1f9f-4b0b-9d0a-0c7a5d0c8f11/membersByGroupId",
                "/wiki/rest/api/group/{id}/membersByGroupId",
            ),
            ("/wiki/rest/api/user/712020:5c2c3f9a-1f9f", "/wiki/rest/api/user/{id}"),
            ("/wiki/rest/api/space/~712020abc", "/wiki/rest/api/space/{id}"),
            ("/wiki/rest/api/content/search", "/wiki/rest/api/content/search"),
            ("/file/5c2c3f9a1f9f4b0b/binary", "/file/{id}/binary"),
            ("/", "/"),
        ];
        for (path, expected) in table {
            let url = format!("https://acme.example{path}").parse().unwrap();
            assert_eq!(template(&url), format!("acme.example{expected}"));
        }
    }

    #[test]
    fn a_kept_url_has_no_long_values() {
        let url = "https://a.example/file/1?token=eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhY21lIn0.c2ln&limit=250"
            .parse()
            .unwrap();
        assert_eq!(redacted(&url), "https://a.example/file/1?token=%E2%80%A6&limit=250");
        assert_eq!(redacted(&"https://a.example/x".parse().unwrap()), "https://a.example/x");
    }
}
