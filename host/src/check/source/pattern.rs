//! Which requests an entry of a recorded source answers. Pure.

use url::{Url, form_urlencoded};

/// A URL, and in its query values that stand for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Scheme, host, port and path, in their normal form.
    place: String,
    query: Vec<(String, Value)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Exactly(String),
    /// `*`
    Anything,
    /// `<=X`: any text that is not greater than X, compared as texts.
    UpTo(String),
}

impl Pattern {
    /// Reads `https://notes.example/notes?page=1&since=<=2026-01-05`.
    ///
    /// # Errors
    ///
    /// Says in words what is wrong with the URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (place, query) = text.split_once('?').map_or((text, ""), |(place, query)| (place, query));
        let place = normal(place).ok_or_else(|| {
            format!("`{text}` is no address: it begins with https:// (or http://), and has a host")
        })?;
        let mut pairs = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = match (value, value.strip_prefix("<=")) {
                ("*", _) => Value::Anything,
                (_, Some(most)) => Value::UpTo(decoded(most)),
                _ => Value::Exactly(decoded(value)),
            };
            pairs.push((decoded(name), value));
        }
        Ok(Self { place, query: pairs })
    }

    /// Whether a request's URL fits: the same place, and the same parameters in any order.
    pub fn fits(&self, url: &Sent) -> bool {
        if url.place != self.place {
            return false;
        }
        let mut left = url.query.clone();
        let mut take = |(name, value): &(String, Value)| {
            let found = left.iter().position(|(known, text)| known == name && value.fits(text));
            found.map(|at| left.swap_remove(at)).is_some()
        };
        self.query.iter().all(&mut take) && left.is_empty()
    }
}

/// A URL that was sent, taken apart once for all patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    place: String,
    query: Vec<(String, String)>,
}

impl Sent {
    pub fn of(url: &str) -> Self {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { place: normal(place).unwrap_or_default(), query }
    }
}

impl Value {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Exactly(value) => value == text,
            Self::Anything => true,
            Self::UpTo(most) => text <= most.as_str(),
        }
    }
}

fn normal(place: &str) -> Option<String> {
    let url = Url::parse(place).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.host()?;
    Some(url.into())
}

fn decoded(text: &str) -> String {
    // One value by the rules of a query: `+` is a blank, `%20` too.
    let pair = format!("v={text}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Pattern, Sent};

    fn fits(pattern: &str, url: &str) -> bool {
        Pattern::parse(pattern).unwrap().fits(&Sent::of(url))
    }

    #[test]
    fn parameters_fit_in_any_order_and_none_is_left_over() {
        let pattern = "https://notes.example/notes?page=1&q=a+b";
        for url in
            ["https://notes.example/notes?page=1&q=a%20b", "https://NOTES.example:443/notes?q=a+b&page=1"]
        {
            assert!(fits(pattern, url), "{url}");
        }
        for url in [
            "https://notes.example/notes?page=1",
            "https://notes.example/notes?page=1&q=a+b&more=1",
            "https://notes.example/notes?page=1&page=1&q=a+b",
            "https://notes.example/note?page=1&q=a+b",
            "http://notes.example/notes?page=1&q=a+b",
        ] {
            assert!(!fits(pattern, url), "{url}");
        }
    }

    #[test]
    fn a_star_takes_any_value_and_a_bound_what_is_not_greater() {
        assert!(fits("https://n.example/?since=*", "https://n.example/?since="));
        assert!(!fits("https://n.example/?since=*", "https://n.example/"));
        let pattern = "https://n.example/?since=<=2026-01-05T12:00:03Z";
        assert!(fits(pattern, "https://n.example/?since=2026-01-05T12%3A00%3A03Z"));
        assert!(!fits(pattern, "https://n.example/?since=2026-01-05T12:00:04Z"));
        assert!(fits("https://n.example/?q=%2A", "https://n.example/?q=*"), "a star that is meant");
        assert!(!fits("https://n.example/?q=%2A", "https://n.example/?q=x"));
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for text in ["notes?page=1", "ftp://n.example/", "", "https://"] {
            assert!(Pattern::parse(text).unwrap_err().contains("is no address"), "{text}");
        }
    }
}
