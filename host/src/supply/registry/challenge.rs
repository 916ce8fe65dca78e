//! What a registry asks for before it answers (`WWW-Authenticate`, RFC 9110, section 11.6.1). Pure.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use http_auth::ChallengeRef;

/// A way to sign in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A token from the server `realm`, by Docker's token specification.
    Bearer { realm: String, service: Option<String> },
    /// The login itself.
    Basic,
}

/// The way that is taken: a token where one is offered, as it can be held to reading.
pub(super) fn read(headers: &HeaderMap) -> Option<Challenge> {
    let lines = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|line| line.to_str().ok());
    let offered: Vec<ChallengeRef<'_>> =
        lines.filter_map(|line| http_auth::parse_challenges(line).ok()).flatten().collect();
    let named = |scheme: &str| offered.iter().find(|offer| offer.scheme.eq_ignore_ascii_case(scheme));
    let bearer = named("Bearer").and_then(|offer| {
        Some(Challenge::Bearer { realm: parameter(offer, "realm")?, service: parameter(offer, "service") })
    });
    bearer.or_else(|| named("Basic").map(|_| Challenge::Basic))
}

fn parameter(offer: &ChallengeRef<'_>, name: &str) -> Option<String> {
    let found = offer.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.to_unescaped())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::HeaderMap;
    use http::header::WWW_AUTHENTICATE;

    use super::{Challenge, read};

    fn asked(lines: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(WWW_AUTHENTICATE, line.parse().unwrap());
        }
        read(&headers)
    }

    #[test]
    fn a_token_is_taken_before_a_login() {
        let bearer =
            r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="x:y:pull""#;
        let expected = Some(Challenge::Bearer {
            realm: "https://auth.docker.io/token".to_owned(),
            service: Some("registry.docker.io".to_owned()),
        });
        assert_eq!(asked(&[bearer]), expected);
        assert_eq!(asked(&[r#"Basic realm="x""#, bearer]), expected);
        assert_eq!(asked(&[&format!(r#"Basic realm="x", {bearer}"#)]), expected);
    }

    #[test]
    fn what_is_left_is_basic_or_nothing() {
        assert_eq!(asked(&[r#"Basic realm="Registry Realm""#]), Some(Challenge::Basic));
        assert_eq!(asked(&[r#"bearer service="x""#, "basic realm=x"]), Some(Challenge::Basic));
        assert_eq!(asked(&[]), None);
        for line in [
            "",
            "Negotiate",
            "Bearer",
            "Bearer realm",
            "\"",
            "Bearer realm=\"x",
            ",,,",
            r#"Digest realm="x""#,
        ] {
            assert_eq!(asked(&[line]), None, "{line}");
        }
    }
}
