//! The first layer: which origins were agreed to, and what is allowed at each. Pure.
//!
//! Rules beyond the contract's, each failing closed:
//! - `http://` is agreed to only for this machine (a loopback address or `localhost`), or
//!   when a route stands in for it; anything else would put a credential on the wire in the clear.
//! - An address (not a name) that was agreed to may lie in a private network; a name may not
//!   lead there. A user whose source does live there says so with a route from it to itself.
//! - A route stands in for one agreed origin that has a host of its own, not for a `*.`.
//! - An exact origin comes before a `*.` that covers it.

use http::Method;

use super::routes::{self, RouteFault};
use super::{AddressKind, Place, PlaceFault, Reach, Refusal, addresses};
use crate::model::{Origin, Route};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    #[error("the origin is refused: {0}")]
    Origin(#[from] PlaceFault),
    #[error(
        "the origin `{0}` has a `*` and asks for the credential, which must go to named hosts only; report this to the connector's authors"
    )]
    WildcardCredential(String),
    #[error("the origin {0} is not encrypted; use https://, or --route {0}=TO if a server stands in for it")]
    Plain(Place),
    #[error("the origin {0} is listed twice")]
    Twice(String),
    #[error(transparent)]
    Route(#[from] RouteFault),
    #[error("the route from {0} stands in for none of the origins of this connection ({1})")]
    RouteOfNothing(Place, String),
    #[error("there are two routes from {0}; keep one")]
    RouteTwice(Place),
}

/// An origin that was agreed to, and how it is reached.
#[derive(Debug)]
pub(super) struct Agreed {
    place: Place,
    wildcard: bool,
    pub credential: bool,
    pub post: bool,
    /// The server that stands in for it.
    pub stand_in: Option<Place>,
    pub reach: Reach,
}

/// All origins of a connection.
#[derive(Debug)]
pub(super) struct Origins(Vec<Agreed>);

impl Origins {
    pub fn new(origins: &[Origin], routes: &[Route]) -> Result<Self, PlanFault> {
        let mut routes = routes.iter().map(routes::places).collect::<Result<Vec<_>, _>>()?;
        let mut agreed = Vec::<Agreed>::with_capacity(origins.len());
        for origin in origins {
            let (place, wildcard) = read(origin)?;
            if agreed.iter().any(|other| other.place == place && other.wildcard == wildcard) {
                return Err(PlanFault::Twice(origin.url.clone()));
            }
            let stand_in = if wildcard { None } else { take_route(&mut routes, &place)? };
            let reach = match &stand_in {
                Some(to) if to.is_plain() => Reach::Local,
                Some(_) => Reach::Either,
                None => reach_of(&place)?,
            };
            let Origin { credential, post, .. } = *origin;
            agreed.push(Agreed { place, wildcard, credential, post, stand_in, reach });
        }
        let all = Self(agreed);
        match routes.into_iter().next() {
            Some((from, _)) => Err(PlanFault::RouteOfNothing(from, all.to_string())),
            None => Ok(all),
        }
    }

    /// The agreement that covers `place`, exact ones first.
    pub fn find(&self, place: &Place) -> Result<&Agreed, Refusal> {
        let exact = self.0.iter().find(|agreed| !agreed.wildcard && agreed.place == *place);
        let covering = || self.0.iter().find(|agreed| agreed.wildcard && place.is_under(&agreed.place));
        exact
            .or_else(covering)
            .ok_or_else(|| Refusal::NotAgreed { asked: place.clone(), agreed: self.to_string() })
    }
}

impl Agreed {
    /// As it was agreed: `https://*.acme.example`.
    pub fn name(&self) -> String {
        match self.wildcard {
            true => self.place.to_string().replacen("://", "://*.", 1),
            false => self.place.to_string(),
        }
    }

    /// GET and HEAD always, POST if agreed, nothing else ever.
    pub fn admits(&self, method: &Method, place: &Place) -> Result<(), Refusal> {
        let allowed = match *method {
            Method::GET | Method::HEAD => true,
            Method::POST => self.post,
            _ => false,
        };
        let refusal = || Refusal::Method { method: method.clone(), place: place.clone() };
        if allowed { Ok(()) } else { Err(refusal()) }
    }
}

impl std::fmt::Display for Origins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = self.0.iter().map(Agreed::name).collect();
        f.write_str(if names.is_empty() { "none".to_owned() } else { names.join(", ") }.as_str())
    }
}

fn read(origin: &Origin) -> Result<(Place, bool), PlanFault> {
    if !origin.url.contains('*') {
        return Ok((Place::parse(&origin.url)?, false));
    }
    let place = Place::parse_wildcard(&origin.url)?;
    if origin.credential {
        return Err(PlanFault::WildcardCredential(origin.url.clone()));
    }
    if place.is_plain() {
        return Err(PlanFault::Plain(place));
    }
    Ok((place, true))
}

fn take_route(routes: &mut Vec<(Place, Place)>, place: &Place) -> Result<Option<Place>, PlanFault> {
    let mut taken = routes.extract_if(.., |(from, _)| from == place);
    let first = taken.next().map(|(_, to)| to);
    match taken.next() {
        Some((from, _)) => Err(PlanFault::RouteTwice(from)),
        None => Ok(first),
    }
}

/// Where an origin without stand-in may lie: outside. It is the connector that names origins, so one on
/// this machine or in a private network needs a route of the user's, if only to itself.
fn reach_of(place: &Place) -> Result<Reach, PlanFault> {
    let on_this_machine = place.is_localhost()
        || place.address().is_some_and(|address| addresses::kind(address) == AddressKind::Loopback);
    if place.is_plain() && !on_this_machine {
        return Err(PlanFault::Plain(place.clone()));
    }
    Ok(Reach::Public)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::Method;

    use super::{Origins, PlanFault};
    use crate::gate::{Place, Reach};
    use crate::model::{Origin, Route};

    fn origin(url: &str, credential: bool) -> Origin {
        Origin { url: url.into(), credential, post: false, purpose: "read".into() }
    }

    fn route(from: &str, to: &str) -> Route {
        Route { from: from.into(), to: to.into() }
    }

    fn one(url: &str, credential: bool, routes: &[Route]) -> Result<Origins, PlanFault> {
        Origins::new(&[origin(url, credential)], routes)
    }

    fn reach(url: &str, routes: &[Route]) -> Reach {
        one(url, true, routes).unwrap().find(&Place::parse(url).unwrap()).unwrap().reach
    }

    #[test]
    fn only_what_was_agreed_is_found() {
        let agreed = Origins::new(
            &[origin("https://acme.example", true), origin("https://*.media.example", false)],
            &[],
        )
        .unwrap();
        let found = |text| agreed.find(&Place::parse(text).unwrap()).map(|agreed| agreed.credential).ok();
        assert_eq!(found("https://acme.example"), Some(true));
        assert_eq!(found("https://ACME.example:443"), Some(true));
        assert_eq!(found("https://cdn.media.example"), Some(false));
        for text in [
            "http://acme.example",
            "https://acme.example:8443",
            "https://www.acme.example",
            "https://acme.example.evil.example",
            "https://evilacme.example",
            "https://media.example",
            "https://evilmedia.example",
            "https://127.0.0.1",
            "https://[::1]",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        let refusal = agreed.find(&Place::parse("https://evil.example").unwrap()).unwrap_err().to_string();
        insta::assert_snapshot!(refusal, @"the connector asked for https://evil.example, which is not among the origins agreed for this connection (https://acme.example, https://*.media.example)");
    }

    #[test]
    fn nothing_agreed_is_nowhere() {
        let agreed = Origins::new(&[], &[]).unwrap();
        assert!(agreed.find(&Place::parse("https://acme.example").unwrap()).is_err());
    }

    #[test]
    fn an_exact_origin_comes_before_a_star() {
        let agreed = Origins::new(
            &[origin("https://*.acme.example", false), origin("https://api.acme.example", true)],
            &[],
        )
        .unwrap();
        assert!(agreed.find(&Place::parse("https://api.acme.example").unwrap()).unwrap().credential);
    }

    #[test]
    fn methods_that_write_are_never_admitted() {
        let place = Place::parse("https://acme.example").unwrap();
        for post in [false, true] {
            let agreed =
                Origins::new(&[Origin { post, ..origin("https://acme.example", true) }], &[]).unwrap();
            let admitted = |method: &str| {
                agreed
                    .find(&place)
                    .unwrap()
                    .admits(&Method::from_bytes(method.as_bytes()).unwrap(), &place)
                    .is_ok()
            };
            assert!(admitted("GET") && admitted("HEAD"));
            assert_eq!(admitted("POST"), post);
            for method in
                ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get", "PROPFIND"]
            {
                assert!(!admitted(method), "{method}");
            }
        }
    }

    #[test]
    fn reach_follows_from_who_named_the_place() {
        let to = |to: &str| vec![route("https://acme.example", to)];
        assert_eq!(reach("https://acme.example", &[]), Reach::Public);
        // A connector that names a place inside does not get there by itself.
        assert_eq!(reach("https://localhost:8443", &[]), Reach::Public);
        assert_eq!(reach("https://10.0.0.5", &[]), Reach::Public);
        assert_eq!(reach("http://127.0.0.1:8080", &[]), Reach::Public);
        let itself = route("https://10.0.0.5", "https://10.0.0.5");
        assert_eq!(reach("https://10.0.0.5", &[itself]), Reach::Either);
        assert_eq!(reach("https://acme.example", &to("http://127.0.0.1:8790")), Reach::Local);
        assert_eq!(reach("https://acme.example", &to("https://acme.example")), Reach::Either);
    }

    #[test]
    fn plain_http_stays_on_this_machine_or_is_routed() {
        for url in ["http://127.0.0.1", "http://[::1]:80", "http://localhost", "http://site.localhost:8790"] {
            assert!(one(url, true, &[]).is_ok(), "{url}");
        }
        for url in [
            "http://acme.example",
            "http://10.0.0.5",
            "http://8.8.8.8",
            "http://localhost.evil.example",
            "http://[::ffff:10.0.0.1]",
        ] {
            assert!(matches!(one(url, false, &[]), Err(PlanFault::Plain(_))), "{url}");
        }
        assert!(
            one("http://acme.example", true, &[route("http://acme.example", "http://127.0.0.1:1")]).is_ok()
        );
    }

    #[test]
    fn a_star_and_the_credential_never_meet() {
        assert!(matches!(one("https://*.acme.example", true, &[]), Err(PlanFault::WildcardCredential(_))));
        assert!(matches!(one("http://*.acme.example", false, &[]), Err(PlanFault::Plain(_))));
    }

    #[test]
    fn routes_stand_in_for_agreed_origins_only() {
        let stray = route("https://other.example", "http://127.0.0.1:1");
        insta::assert_snapshot!(one("https://acme.example", true, &[stray]).unwrap_err(), @"the route from https://other.example stands in for none of the origins of this connection (https://acme.example)");
        let star = route("https://a.acme.example", "http://127.0.0.1:1");
        assert!(matches!(one("https://*.acme.example", false, &[star]), Err(PlanFault::RouteOfNothing(..))));
        let twice = [
            route("https://acme.example", "http://127.0.0.1:1"),
            route("https://ACME.example", "http://127.0.0.1:2"),
        ];
        assert!(matches!(one("https://acme.example", true, &twice), Err(PlanFault::RouteTwice(_))));
    }

    #[test]
    fn an_origin_is_listed_once() {
        let twice = [origin("https://acme.example", false), origin("https://acme.example:443", true)];
        assert!(matches!(Origins::new(&twice, &[]), Err(PlanFault::Twice(_))));
    }
}
