//! Whatever is written where an origin, a route or an address is expected: what was judged is what is sent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;
use url::{Position, Url};

use crate::gate::addresses::{self, AddressKind};
use crate::gate::origins::Origins;
use crate::gate::{Place, Reach, endpoint, limits, routes, target};
use crate::model::{Bound, Origin};

/// Origins and routes, an empty line, and what a connector asks for: a line each.
pub fn hold(text: &str) {
    text.lines().for_each(a_place_reads_as_itself);
    text.lines().for_each(a_route_reads_as_itself);
    let (agreed, asked) = text.split_once("\n\n").unwrap_or((text, text));
    for bound in agreed.lines() {
        text.lines().for_each(|origin| what_a_bound_covers_lies_within_it(bound, origin));
    }
    let origins = origins(agreed);
    let stand_ins: Vec<Place> = agreed.lines().filter_map(|line| Place::parse(line).ok()).collect();
    for uri in asked.lines().filter_map(|line| line.parse::<Uri>().ok()) {
        what_is_sent_is_what_was_judged(&uri, &origins, &stand_ins);
    }
    if let Some(bytes) = text.as_bytes().first_chunk::<16>() {
        an_address_is_judged_by_where_it_leads(*bytes);
    }
}

fn a_place_reads_as_itself(text: &str) {
    let Ok(place) = Place::parse(text) else { return };
    let said = place.to_string();
    assert_eq!(Place::parse(&said).as_ref(), Ok(&place), "{text:?} says {said:?}");
    // Two other readers, one of which is the client's, see the same server in it.
    let url = Url::parse(&said).expect("a place is a URL");
    assert_eq!(Place::of(&url).as_ref(), Some(&place));
    let uri: Uri = said.parse().expect("a place is a URI");
    assert_eq!(uri.authority().map(ToString::to_string), Some(place.authority()), "{said:?}");
    match place.address() {
        // Nobody takes 0x7f.1 for 127.0.0.1, or a name for an address.
        Some(IpAddr::V4(address)) => assert!(text.contains(&address.to_string()), "{text:?} is {address}"),
        Some(IpAddr::V6(_)) => assert!(text.contains('['), "{text:?}"),
        None => assert!(place.authority().parse::<IpAddr>().is_err(), "{text:?}"),
    }
}

fn a_route_reads_as_itself(text: &str) {
    let Ok(route) = routes::parse(text) else { return };
    assert_eq!(routes::parse(&format!("{}={}", route.from, route.to)), Ok(route), "{text:?}");
}

/// Bounds compare texts; the gate, which is asked later, compares what it read.
fn what_a_bound_covers_lies_within_it(bound: &str, origin: &str) {
    let covering = Bound { url: bound.to_owned(), credential: true, post: true, purpose: String::new() };
    let covers = covering.covers(&asked(origin));
    let Some(place) = Place::parse(origin).ok().filter(|_| covers) else { return };
    match bound.split_once("://*") {
        Some((_, "")) => {}
        Some((scheme, parent)) => {
            let Ok(parent) = Place::parse(&format!("{scheme}://{}", parent.trim_start_matches('.'))) else {
                return;
            };
            assert!(place.is_under(&parent), "{bound} covers {origin}");
        }
        None => assert_eq!(Place::parse(bound), Ok(place), "{bound} covers {origin}"),
    }
}

fn asked(url: &str) -> Origin {
    Origin { url: url.to_owned(), credential: false, post: false, purpose: String::new() }
}

/// Those that can be agreed to together.
fn origins(text: &str) -> Origins {
    let mut agreed = Vec::new();
    for line in text.lines() {
        agreed.push(asked(line));
        if Origins::new(&agreed, &[]).is_err() {
            agreed.pop();
        }
    }
    Origins::new(&agreed, &[]).expect("each of them was admitted")
}

fn what_is_sent_is_what_was_judged(uri: &Uri, origins: &Origins, stand_ins: &[Place]) {
    let Ok((url, place)) = target::parse(uri) else { return };
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");
    assert_eq!(Place::of(&url).as_ref(), Some(&place));
    // The client reads it once more, by the rules of the first reader.
    if let Ok(again) = url.as_str().parse::<Uri>() {
        assert_eq!(again.host(), url.host_str(), "{uri} became {url}");
        assert_eq!(again.port_u16(), url.port(), "{uri} became {url}");
        assert_eq!(target::parse(&again).ok(), Some((url.clone(), place.clone())));
    }
    for to in stand_ins {
        let moved = target::moved(&url, to).expect("two places of the web");
        assert_eq!(Place::of(&moved).as_ref(), Some(to), "{url} moved to {to} is {moved}");
        assert_eq!(moved[Position::BeforePath..], url[Position::BeforePath..]);
    }
    endpoint::template(&url);
    let kept = Url::parse(&endpoint::redacted(&url)).expect("a URL stays one");
    let longest = kept.query_pairs().map(|(_, value)| value.chars().count()).max();
    assert!(longest.unwrap_or_default() <= limits::LEDGER_QUERY_VALUE_CHARS_MAX, "{kept}");
    if let Ok(agreed) = origins.find(&place) {
        let within = match agreed.name().split_once("://*.") {
            Some((scheme, parent)) => {
                let host = url.host_str().unwrap_or_default();
                let parent = parent.rsplit_once(':').map_or(parent, |(name, _)| name);
                url.scheme() == scheme && host.ends_with(&format!(".{parent}"))
            }
            None => agreed.name() == place.to_string(),
        };
        assert!(within, "{url} is not {}", agreed.name());
        // Nothing was said of a stand-in, so that this machine and its networks are out of reach.
        assert_eq!(agreed.reach, Reach::Public);
    }
}

fn an_address_is_judged_by_where_it_leads(bytes: [u8; 16]) {
    let [a, b, c, d, ..] = bytes;
    let v4 = Ipv4Addr::new(a, b, c, d);
    assert_eq!(addresses::kind(v4.to_ipv6_mapped().into()), addresses::kind(v4.into()), "{v4}");
    let inside = v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified();
    let nowhere = v4.is_broadcast() || v4.is_multicast() || v4.is_documentation();
    assert!(!(inside || nowhere) || !Reach::Public.admits(v4.into()), "{v4}");
    let v6 = Ipv6Addr::from(bytes);
    let inside = v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local();
    assert!(
        !(inside || v6.is_unspecified() || v6.is_multicast()) || !Reach::Public.admits(v6.into()),
        "{v6}"
    );
    // RFC 6052: the same address, reached through a translator.
    let translated = Ipv6Addr::from([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]);
    assert_eq!(Reach::Public.admits(translated.into()), Reach::Public.admits(v4.into()), "{translated}");
    assert!(addresses::kind(translated.into()) != AddressKind::Loopback, "{translated}");
}
