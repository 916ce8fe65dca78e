//! Where a request comes from, and whose word counts there.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

/// Addresses that begin with the same bits, as `10.0.0.0/8`; one address alone has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// This machine: whom a proxy is trusted on, unless it is said otherwise.
pub const LOOPBACK: [Network; 2] = [
    Network { address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), bits: 32 },
    Network { address: IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), bits: 128 },
];

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no address; write one as 10.0.0.7, or several as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(all);
        if bits > all { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl Network {
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let same = |ours: u128, theirs: u128, all: u32| {
            let apart = (ours ^ theirs).checked_shr(all - self.bits).unwrap_or_default();
            apart == 0
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same(ours.to_bits().into(), theirs.to_bits().into(), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.to_bits(), theirs.to_bits(), 128),
            _ => false,
        }
    }
}

/// Whether the word of a peer counts.
pub fn is_trusted(peer: Option<IpAddr>, proxies: &[Network]) -> bool {
    peer.is_some_and(|peer| proxies.iter().any(|proxy| proxy.contains(peer)))
}

/// The address of whoever asks: the peer, or whom a trusted proxy says it asks for. Only the last hop counts, which
/// that proxy wrote itself; those before it were written by whoever asked.
pub fn caller(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> Option<IpAddr> {
    if !is_trusted(peer, proxies) {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").into_iter().next_back();
    let hop = last.and_then(|hops| hops.to_str().ok()).and_then(|hops| hops.rsplit(',').next());
    let hop = hop.and_then(|hop| hop.trim().parse::<IpAddr>().ok());
    hop.map(|hop| hop.to_canonical()).or(peer)
}

/// The person whom a trusted proxy names in this header; nobody if it is missing, empty, said more than once or no
/// e-mail, or if it comes from anybody else.
pub fn vouched(peer: Option<IpAddr>, headers: &HeaderMap, name: &str, proxies: &[Network]) -> Option<String> {
    if !is_trusted(peer, proxies) {
        return None;
    }
    let mut said = headers.get_all(name).into_iter();
    let (Some(one), None) = (said.next(), said.next()) else { return None };
    let email = crate::store::email_key(one.to_str().ok()?);
    let several = email.contains([',', ';', ' ']) || email.matches('@').count() != 1;
    (crate::store::is_email(&email) && !several).then_some(email)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::{LOOPBACK, Network, caller, vouched};

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_network_holds_what_begins_with_its_bits() {
        let holds = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.9.8.7") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("10.0.0.7", "::ffff:10.0.0.7"), "the same address in other clothes");
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/-1", "proxy", "::1/129", "10.0.0/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let told = headers(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "9.9.9.9, 2.2.2.2")]);
        assert_eq!(caller(ip("127.0.0.1"), &told, &LOOPBACK), ip("2.2.2.2"), "the hop that the proxy wrote");
        assert_eq!(caller(ip("10.0.0.7"), &told, &LOOPBACK), ip("10.0.0.7"));
        assert_eq!(caller(None, &told, &LOOPBACK), None);
        let nonsense = headers(&[("x-forwarded-for", "unknown")]);
        assert_eq!(caller(ip("::1"), &nonsense, &LOOPBACK), ip("::1"));
    }

    #[test]
    fn only_a_trusted_proxy_names_one_person() {
        let name = "x-forwarded-email";
        let who = |peer: &str, lines: &[_]| vouched(ip(peer), &headers(lines), name, &LOOPBACK);
        assert_eq!(who("127.0.0.1", &[(name, " Ana@acme.com")]).as_deref(), Some("ana@acme.com"));
        assert_eq!(who("10.0.0.7", &[(name, "ana@acme.com")]), None, "from elsewhere");
        assert_eq!(vouched(None, &headers(&[(name, "ana@acme.com")]), name, &LOOPBACK), None);
        for lines in [
            &[][..],
            &[(name, "")],
            &[(name, "ana")],
            &[(name, "ana@acme.com"), (name, "ben@acme.com")],
            &[(name, "ana@acme.com"), (name, "ana@acme.com")],
            &[(name, "ana@acme.com, ben@acme.com")],
            &[(name, "ana@acme.com ben@acme.com")],
        ] {
            assert_eq!(who("::1", lines), None, "{lines:?}");
        }
    }
}
