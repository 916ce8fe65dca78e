//! The second layer: which addresses may be dialled. Pure.
//!
//! The first layer sees only names. A name that resolves to 127.0.0.1 or to a cloud's
//! metadata service passes it, and whoever controls the name's DNS controls the answer; so
//! every address is judged before it is dialled. The lists follow the IANA special-purpose
//! registries for IPv4 and IPv6 (RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What sort of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// Anywhere on the internet.
    Public,
    /// This machine.
    Loopback,
    /// A network that is not on the internet; holds the registry's name for it.
    Private(&'static str),
    /// Nothing that a source could be served from; holds the registry's name for it.
    Special(&'static str),
}

impl std::fmt::Display for AddressKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Loopback => "loopback",
            Self::Private(name) | Self::Special(name) => name,
        })
    }
}

/// Which addresses a request may be dialled at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The internet only: for every origin that a connector named.
    Public,
    /// This machine and private networks only: for `localhost`, and for stand-ins that are
    /// spoken to in plain HTTP, so that nothing unencrypted crosses the internet.
    Local,
    /// Either: for an address that the user agreed to as such, and for stand-ins over TLS.
    Either,
}

impl Reach {
    pub fn admits(self, address: IpAddr) -> bool {
        match kind(address) {
            AddressKind::Public => matches!(self, Self::Public | Self::Either),
            AddressKind::Loopback | AddressKind::Private(_) => matches!(self, Self::Local | Self::Either),
            // Not even if agreed: link-local addresses hold the keys of cloud machines.
            AddressKind::Special(_) => false,
        }
    }
}

pub fn kind(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

fn kind_v4(address: Ipv4Addr) -> AddressKind {
    use AddressKind::{Loopback, Private, Public, Special};
    match address.octets() {
        [127, ..] => Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Private("private network"),
        [100, 64..=127, ..] => Private("shared address space of a carrier"),
        [0, ..] => Special("unspecified"),
        [169, 254, ..] => Special("link-local"),
        [192, 0, 0, _] => Special("protocol assignments"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Special("documentation"),
        [192, 88, 99, _] => Special("6to4 relay"),
        [198, 18..=19, ..] => Special("benchmarking"),
        [224..=239, ..] => Special("multicast"),
        [240..=255, ..] => Special("reserved"),
        _ => Public,
    }
}

/// Allows rather than forbids: outside 2000::/3 nothing is routed on the internet.
fn kind_v6(address: Ipv6Addr) -> AddressKind {
    use AddressKind::{Loopback, Private, Public, Special};
    if let Some(mapped) = address.to_ipv4_mapped() {
        return kind_v4(mapped);
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Special("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Loopback,
        [0, 0, 0, 0, 0, 0, ..] => Special("IPv4-compatible"),
        // NAT64 (RFC 6052) reaches the IPv4 address in its last 32 bits.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            match kind_v4(Ipv4Addr::new(a, b, c, d)) {
                Public => Public,
                _ => Special("NAT64 of an address that is not public"),
            }
        }
        [0xfc00..=0xfdff, ..] => Private("unique local network"),
        [0xfe80..=0xfebf, ..] => Special("link-local"),
        [0xff00..=0xffff, ..] => Special("multicast"),
        // Teredo, benchmarking and ORCHID among them.
        [0x2001, 0..=0x1ff, ..] => Special("protocol assignments"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Special("documentation"),
        // Hides an IPv4 address; withdrawn by RFC 7526.
        [0x2002, ..] => Special("6to4"),
        [0x2000..=0x3fff, ..] => Public,
        _ => Special("reserved"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{AddressKind, Reach, kind};

    #[test]
    fn every_address_is_of_one_kind() {
        let table = [
            ("93.184.215.14", "public"),
            ("8.8.8.8", "public"),
            ("172.15.255.255", "public"),
            ("172.32.0.0", "public"),
            ("100.63.255.255", "public"),
            ("100.128.0.0", "public"),
            ("198.17.255.255", "public"),
            ("198.20.0.0", "public"),
            ("192.0.1.0", "public"),
            ("223.255.255.255", "public"),
            ("2606:4700::1111", "public"),
            ("2001:200::1", "public"),
            ("64:ff9b::808:808", "public"),
            ("::ffff:8.8.8.8", "public"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.254", "loopback"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "loopback"),
            ("10.0.0.1", "private network"),
            ("172.16.0.1", "private network"),
            ("172.31.255.255", "private network"),
            ("192.168.1.1", "private network"),
            ("::ffff:10.0.0.1", "private network"),
            ("100.64.0.1", "shared address space of a carrier"),
            ("fc00::1", "unique local network"),
            ("fdff::1", "unique local network"),
            ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "unspecified"),
            ("::", "unspecified"),
            ("169.254.169.254", "link-local"),
            ("::ffff:169.254.169.254", "link-local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "reserved"),
            ("192.0.0.8", "protocol assignments"),
            ("2001::1", "protocol assignments"),
            ("2001:2::1", "protocol assignments"),
            ("192.0.2.1", "documentation"),
            ("198.51.100.1", "documentation"),
            ("203.0.113.1", "documentation"),
            ("2001:db8::1", "documentation"),
            ("3fff::1", "documentation"),
            ("192.88.99.1", "6to4 relay"),
            ("198.18.0.1", "benchmarking"),
            ("198.19.255.255", "benchmarking"),
            ("224.0.0.1", "multicast"),
            ("ff02::1", "multicast"),
            ("255.255.255.255", "reserved"),
            ("240.0.0.1", "reserved"),
            ("::7f00:1", "IPv4-compatible"),
            ("::8.8.8.8", "IPv4-compatible"),
            ("2002:7f00:1::", "6to4"),
            ("2002:808:808::", "6to4"),
            ("64:ff9b::7f00:1", "NAT64 of an address that is not public"),
            ("64:ff9b::a9fe:a9fe", "NAT64 of an address that is not public"),
            ("64:ff9b::a00:1", "NAT64 of an address that is not public"),
            ("64:ff9b:1::808:808", "reserved"),
            ("100::1", "reserved"),
            ("4000::1", "reserved"),
            ("5f00::1", "reserved"),
        ];
        for (address, expected) in table {
            assert_eq!(kind(address.parse().unwrap()).to_string(), expected, "{address}");
        }
    }

    #[test]
    fn a_reach_admits_its_own_kinds_only() {
        let admitted = |address: &str| {
            let address = address.parse().unwrap();
            [Reach::Public, Reach::Local, Reach::Either].map(|reach| reach.admits(address))
        };
        assert_eq!(admitted("8.8.8.8"), [true, false, true]);
        assert_eq!(admitted("127.0.0.1"), [false, true, true]);
        assert_eq!(admitted("10.0.0.1"), [false, true, true]);
        assert_eq!(admitted("fd00::1"), [false, true, true]);
        assert_eq!(admitted("169.254.169.254"), [false, false, false]);
        assert_eq!(admitted("64:ff9b::7f00:1"), [false, false, false]);
        assert!(matches!(kind("::1".parse().unwrap()), AddressKind::Loopback));
    }
}
