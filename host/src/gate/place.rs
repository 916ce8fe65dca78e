//! Scheme, host and port, parsed: what every later step compares.

use std::fmt;

use url::{Host, Url};

/// An origin in its normal form (RFC 6454): lower case, punycode, the port always known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    scheme: Web,
    host: Host<String>,
    port: u16,
}

/// The two schemes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Web {
    Http,
    Https,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceFault {
    #[error("`{0}` must begin with https:// (or http://)")]
    Scheme(String),
    #[error("`{0}` must be a scheme, a host and perhaps a port, as https://example.com, without `{1}`")]
    NotBare(String, char),
    #[error(
        "`{0}` has a `*` where none is allowed; only an origin without credential may begin with `*.`, before at least two names"
    )]
    Wildcard(String),
    #[error("`{0}` has no host that can be read: {1}")]
    Host(String, String),
}

impl Place {
    /// Reads `https://host[:port]` and nothing more.
    ///
    /// # Errors
    /// Refuses a path, a query, a user, an escaped or otherwise disguised host.
    pub fn parse(text: &str) -> Result<Self, PlaceFault> {
        let (scheme, rest) = Self::bare(text)?;
        Self::read(text, scheme, rest)
    }

    /// Reads `https://*.host[:port]`; the place is that of `host`.
    pub(super) fn parse_wildcard(text: &str) -> Result<Self, PlaceFault> {
        let fault = || PlaceFault::Wildcard(text.to_owned());
        let (scheme, rest) = Self::bare(text)?;
        let place = Self::read(text, scheme, rest.strip_prefix("*.").ok_or_else(fault)?)?;
        match &place.host {
            Host::Domain(domain) if domain.contains('.') => Ok(place),
            _ => Err(fault()),
        }
    }

    /// The place of a URL that was parsed already; none if it is not for the web.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let scheme = Web::named(url.scheme())?;
        let port = url.port_or_known_default()?;
        Some(Self { scheme, host: url.host()?.to_owned(), port })
    }

    /// Whether this is a name under `parent`: `a.b.example` is under `example`, it is not
    /// under itself.
    pub(super) fn is_under(&self, parent: &Self) -> bool {
        let (Host::Domain(name), Host::Domain(parent_name)) = (&self.host, &parent.host) else {
            return false;
        };
        let below = name.strip_suffix(parent_name.as_str()).and_then(|below| below.strip_suffix('.'));
        self.scheme == parent.scheme
            && self.port == parent.port
            && below.is_some_and(|below| !below.is_empty())
    }

    pub(super) fn is_plain(&self) -> bool {
        self.scheme == Web::Http
    }

    /// `localhost`, which RFC 6761 keeps for the machine itself.
    pub(super) fn is_localhost(&self) -> bool {
        matches!(&self.host, Host::Domain(name) if name == "localhost" || name.ends_with(".localhost"))
    }

    pub(super) fn address(&self) -> Option<std::net::IpAddr> {
        match self.host {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// What a `Host` header says: the port only if it is not the scheme's own.
    pub(super) fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    fn bare(text: &str) -> Result<(Web, &str), PlaceFault> {
        let fault = || PlaceFault::Scheme(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(fault)?;
        let scheme = Web::named(&scheme.to_ascii_lowercase()).ok_or_else(fault)?;
        let strange =
            |c: &char| matches!(c, '/' | '\\' | '?' | '#' | '@' | '%') || c.is_whitespace() || c.is_control();
        match rest.chars().find(strange) {
            Some(character) => Err(PlaceFault::NotBare(text.to_owned(), character)),
            None => Ok((scheme, rest)),
        }
    }

    fn read(text: &str, scheme: Web, rest: &str) -> Result<Self, PlaceFault> {
        if rest.contains('*') {
            return Err(PlaceFault::Wildcard(text.to_owned()));
        }
        let fault = |reason: String| PlaceFault::Host(text.to_owned(), reason);
        let url =
            Url::parse(&format!("{}://{rest}", scheme.name())).map_err(|error| fault(error.to_string()))?;
        let place = Self::of(&url).ok_or_else(|| fault("it is empty".to_owned()))?;
        let written = rest.strip_suffix(&format!(":{}", place.port)).unwrap_or(rest);
        match &place.host {
            // 0x7f.1 and 2130706433 are 127.0.0.1 to a parser, and something else to a reader.
            Host::Ipv4(address) if written != address.to_string() => {
                Err(fault(format!("write it as {address}")))
            }
            Host::Domain(name) if name.ends_with('.') || name.starts_with('.') || name.contains("..") => {
                Err(fault("it has an empty name between its dots".to_owned()))
            }
            // The parser lets more pass than any registry does: `a=b`, `a;b`, `a,b`.
            Host::Domain(name)
                if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) =>
            {
                Err(fault("it has a character that no host has".to_owned()))
            }
            _ if place.port == 0 || rest.ends_with(':') => Err(fault("it has no usable port".to_owned())),
            _ => Ok(place),
        }
    }
}

impl Web {
    fn named(name: &str) -> Option<Self> {
        match name {
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.authority())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Place, PlaceFault};

    #[test]
    fn one_place_has_one_form() {
        let table = [
            ("https://acme.atlassian.net", "https://acme.atlassian.net"),
            ("HTTPS://ACME.Atlassian.NET", "https://acme.atlassian.net"),
            ("https://acme.atlassian.net:443", "https://acme.atlassian.net"),
            ("http://acme.example:80", "http://acme.example"),
            ("https://acme.example:8443", "https://acme.example:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://ＡＣＭＥ.example", "https://acme.example"),
            ("http://127.0.0.1:8790", "http://127.0.0.1:8790"),
            ("http://[::1]:8790", "http://[::1]:8790"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ];
        for (text, normal) in table {
            assert_eq!(Place::parse(text).unwrap().to_string(), normal, "{text}");
        }
    }

    #[test]
    fn anything_but_scheme_host_and_port_is_refused() {
        let not_bare = |character| move |text: &str| PlaceFault::NotBare(text.to_owned(), character);
        for (text, character) in [
            ("https://acme.example/", '/'),
            ("https://acme.example/wiki", '/'),
            ("https://acme.example?x", '?'),
            ("https://acme.example#x", '#'),
            ("https://acme.example@evil.example", '@'),
            ("https://user:pass@acme.example", '@'),
            ("https://acme.example\\@evil.example", '\\'),
            ("https://ac%6de.example", '%'),
            ("https://acme.example ", ' '),
            ("https://acme.exa\tmple", '\t'),
            ("https://acme.example\n", '\n'),
            ("https:///acme.example", '/'),
        ] {
            assert_eq!(Place::parse(text), Err(not_bare(character)(text)), "{text}");
        }
        for text in
            ["acme.example", "ftp://acme.example", "file://x", "//acme.example", "", "https:acme.example"]
        {
            assert_eq!(Place::parse(text), Err(PlaceFault::Scheme(text.to_owned())));
        }
        for text in [
            "https://",
            "https://:443",
            "https://acme.example.",
            "https://.acme.example",
            "https://acme..example",
            "https://acme.example:",
            "https://acme.example:0",
            "https://acme.example:99999",
            "https://acme.example:44x",
            "https://2130706433",
            "https://0x7f.1",
            "https://0177.0.0.1",
            "https://127.1",
            "https://１２７.0.0.1",
            "https://127.0.0.1.",
            "https://a=b.example",
            "https://a;b.example",
            "https://a,https",
            "https://[::1",
            "https://[fe80::1",
        ] {
            assert!(
                matches!(Place::parse(text), Err(PlaceFault::Host(..))),
                "{text}: {:?}",
                Place::parse(text)
            );
        }
    }

    #[test]
    fn a_star_stands_only_before_two_names_or_more() {
        assert_eq!(
            Place::parse_wildcard("https://*.media.example").unwrap().to_string(),
            "https://media.example"
        );
        for text in [
            "https://*",
            "https://*.",
            "https://*.com",
            "https://a.*.example",
            "https://*.*.example",
            "https://*.127.0.0.1",
            "https://media.example",
            "https://a*.media.example",
        ] {
            assert!(
                matches!(Place::parse_wildcard(text), Err(PlaceFault::Wildcard(_) | PlaceFault::Host(..))),
                "{text}"
            );
        }
        assert!(matches!(Place::parse("https://*.media.example"), Err(PlaceFault::Wildcard(_))));
    }

    #[test]
    fn under_means_below_with_the_same_scheme_and_port() {
        let parent = Place::parse("https://media.example").unwrap();
        let under = |text| Place::parse(text).unwrap().is_under(&parent);
        assert!(under("https://a.media.example"));
        assert!(under("https://a.b.media.example"));
        assert!(!under("https://media.example"));
        assert!(!under("https://evilmedia.example"));
        assert!(!under("http://a.media.example"));
        assert!(!under("https://a.media.example:8443"));
        assert!(!under("https://media.example.evil.example"));
        assert!(!under("https://127.0.0.1"));
    }
}
