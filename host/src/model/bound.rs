//! The outermost that a connector's settings can ask for. Pure.

use serde::{Deserialize, Serialize};

use super::Origin;

/// Places that settings may name, and what is asked of them at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// `https://api.example.com`, `https://*.example.com` for every name under it, or `https://*`
    /// for whatever address a setting names.
    pub url: String,
    pub credential: bool,
    pub post: bool,
    pub purpose: String,
}

impl Bound {
    /// Whether an origin lies within this bound. Texts that are not in an origin's normal form are
    /// covered by nothing: the gate reads them, and fails on them, elsewhere.
    #[must_use]
    pub fn covers(&self, origin: &Origin) -> bool {
        self.covers_asking(origin.credential, origin.post) && self.covers_url(&origin.url)
    }

    /// Whether all that `other` allows is allowed by this bound too.
    #[must_use]
    pub fn covers_bound(&self, other: &Self) -> bool {
        self.covers_asking(other.credential, other.post) && self.covers_url(&other.url)
    }

    fn covers_asking(&self, credential: bool, post: bool) -> bool {
        (self.credential || !credential) && (self.post || !post)
    }

    fn covers_url(&self, url: &str) -> bool {
        let (Some((scheme, host)), Some((asked_scheme, asked))) =
            (self.url.split_once("://"), url.split_once("://"))
        else {
            return false;
        };
        let below =
            |name: &str| asked.strip_suffix(name).is_some_and(|below| below.ends_with('.') && below != ".");
        let under = match host.strip_prefix("*.") {
            Some(name) => !name.is_empty() && (asked == host || below(name)),
            // No port and no further star: any name or address, at the scheme's own port or another.
            None => host == "*" || host == asked,
        };
        scheme.eq_ignore_ascii_case(asked_scheme) && !asked.is_empty() && under
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Origin};

    fn covers(bound: &str, origin: &str) -> bool {
        let bound = Bound { url: bound.into(), credential: true, post: false, purpose: String::new() };
        let url = origin.into();
        bound.covers(&Origin { url, credential: true, post: false, purpose: String::new() })
    }

    #[test]
    fn a_place_is_covered_by_itself_by_what_is_above_it_and_by_everything() {
        assert!(covers("https://api.example.com", "https://api.example.com"));
        assert!(covers("https://*.example.com", "https://api.example.com"));
        assert!(covers("https://*.example.com", "https://a.b.example.com"));
        assert!(covers("https://*.example.com:8443", "https://a.example.com:8443"));
        assert!(covers("https://*.example.com", "https://*.example.com"));
        assert!(covers("https://*", "https://anything.example:8443"));
    }

    #[test]
    fn a_name_is_not_under_what_it_merely_ends_with() {
        for (bound, origin) in [
            ("https://*.example.com", "https://example.com"),
            ("https://*.example.com", "https://badexample.com"),
            ("https://*.example.com", "https://.example.com"),
            ("https://*.example.com", "https://api.example.com.evil.example"),
            ("https://*.example.com", "https://api.example.com:8443"),
            ("https://*.example.com", "http://api.example.com"),
            ("https://*.example.com", "https://*"),
            ("https://api.example.com", "https://*.example.com"),
            ("https://*.", "https://a."),
            ("https://*", "http://anything.example"),
            ("https://*", "https://"),
            ("*", "https://a.example"),
        ] {
            assert!(!covers(bound, origin), "{bound} {origin}");
        }
    }

    #[test]
    fn no_more_is_asked_there_than_the_bound_says() {
        let bound =
            Bound { url: "https://a.example".into(), credential: false, post: false, purpose: String::new() };
        let asks = |credential, post| {
            bound.covers(&Origin { url: bound.url.clone(), credential, post, purpose: String::new() })
        };
        assert_eq!((asks(false, false), asks(true, false), asks(false, true)), (true, false, false));
    }
}
