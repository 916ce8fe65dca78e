//! Servers that stand in for origins, as curl's `--connect-to` has them.
//!
//! The stand-in gets the real origin's `host`, path and credential. Over `https://` it must
//! hold a certificate for its own name; over `http://` it must lie on this machine or in a
//! private network. Several origins may have one stand-in.

use super::{Place, PlaceFault};
use crate::model::Route;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    #[error("the route `{0}` must be FROM=TO, as https://acme.atlassian.net=http://127.0.0.1:8790")]
    Shape(String),
    #[error("the route `{route}` is refused: {source}")]
    Place { route: String, source: PlaceFault },
}

/// Reads `FROM=TO`, both bare origins, into their normal form.
///
/// # Errors
/// Names the half that is malformed.
pub fn parse(text: &str) -> Result<Route, RouteFault> {
    let (from, to) = text.split_once('=').ok_or_else(|| RouteFault::Shape(text.to_owned()))?;
    let (from, to) = places(&Route { from: from.to_owned(), to: to.to_owned() })?;
    Ok(Route { from: from.to_string(), to: to.to_string() })
}

pub(super) fn places(route: &Route) -> Result<(Place, Place), RouteFault> {
    let read = |half: &str| {
        Place::parse(half)
            .map_err(|source| RouteFault::Place { route: format!("{}={}", route.from, route.to), source })
    };
    Ok((read(&route.from)?, read(&route.to)?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{RouteFault, parse};

    #[test]
    fn a_route_is_two_bare_origins() {
        let route = parse("https://ACME.atlassian.net:443=http://127.0.0.1:8790").unwrap();
        assert_eq!(
            (route.from.as_str(), route.to.as_str()),
            ("https://acme.atlassian.net", "http://127.0.0.1:8790")
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "https://acme.example", "https://acme.example:http://127.0.0.1"] {
            assert_eq!(parse(text), Err(RouteFault::Shape(text.to_owned())));
        }
        for text in [
            "=",
            "acme.example=http://127.0.0.1",
            "https://acme.example=",
            "https://acme.example=127.0.0.1:8790",
            "https://acme.example=http://127.0.0.1/wiki",
            "https://acme.example=http://a=b",
            "https://*.acme.example=http://127.0.0.1",
            "https://acme.example=unix:///run/x",
        ] {
            assert!(matches!(parse(text), Err(RouteFault::Place { .. })), "{text}");
        }
    }
}
