//! Why a component did not come.

use std::net::IpAddr;

use super::HopFault;
use crate::gate::{AddressKind, BodyFault, Failure};

/// What was attempted, what came back, and what to do. Holds no credential and no query of a URL; what
/// a server said is cut short and has no control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SupplyError {
    #[error("{path} was not read: {fault}")]
    File { path: String, fault: FileFault },
    /// `asked` is a URL.
    #[error("{asked} was asked for: {fault}")]
    Http { asked: String, fault: HttpFault },
    #[error("{from} was not fetched: {fault}")]
    Registry { from: String, fault: RegistryFault },
    #[error(
        "{from} has the SHA-256 {found}, and {wanted} was to be there: do not install it before whoever published \
         it has said which is right"
    )]
    OtherDigest { from: String, wanted: String, found: String },
    #[error(
        "{from} did not come within {seconds} seconds: try again later, or bring the file some other way"
    )]
    Slow { from: String, seconds: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    #[error("{0}")]
    Io(String),
    #[error("it is a folder: name the component's .wasm file in it")]
    Folder,
    #[error("it is a device or a pipe: save what comes from it as a file first")]
    NoFile,
    #[error("it has {bytes} bytes, and at most {bytes_max} are read: check that it is the right file")]
    TooLarge { bytes: u64, bytes_max: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    #[error("{0}")]
    Unanswered(Failure),
    #[error(
        "that is {address} ({kind}), and only the host that was written may be on this machine or a private network, \
         and none at a link-local address: fetch the file yourself and install that"
    )]
    Address { address: IpAddr, kind: AddressKind },
    #[error("the answer was {status}{words}; {hint}", hint = hint(*status))]
    Status { status: u16, words: String },
    #[error(
        "{0}, which is not followed: use the address it means, or fetch the file yourself and install that"
    )]
    Hop(HopFault),
    #[error("it led on more than {hops_max} times: check the address")]
    Hops { hops_max: usize },
    #[error("it led on to another address, and a login is not taken there: ask whoever runs the registry")]
    Moved,
    #[error("it is longer than {bytes_max} bytes, and no more is taken: check that it is the right address")]
    TooLarge { bytes_max: u64 },
    #[error("the answer is compressed ({0}), and was asked for as it is: have the server send it so")]
    Encoded(String),
    #[error("{0}")]
    Body(BodyFault),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryFault {
    #[error("the registry asks for a login and none was given: give a user and a token that may read it")]
    NeedsLogin,
    #[error("the registry asks for a login in a way that is not understood: only Basic and Bearer are")]
    Challenge,
    #[error("the registry names a token server that is not asked ({0}): tell whoever runs it")]
    Realm(HopFault),
    #[error("the token server answered with no usable token: try again, and tell whoever runs the registry")]
    Token,
    #[error("its manifest cannot be read ({0}): tell whoever published it")]
    Manifest(String),
    #[error(
        "the registry answered with the manifest {found} when {wanted} was asked for: do not install it, and tell \
         whoever runs the registry"
    )]
    OtherManifest { wanted: String, found: String },
    #[error(
        "it is {found}, and not a WebAssembly component in the CNCF's layout (a config \
         application/vnd.wasm.config.v0+json and one layer application/wasm): publish it with `wkg oci push`"
    )]
    NotAComponent { found: String },
    #[error(
        "its manifest says that it has {told} bytes; 1 to {bytes_max} are taken: check that it \
         is the right artifact"
    )]
    Size { told: i64, bytes_max: u64 },
    #[error("{what} is longer than the {told} bytes that its manifest says: tell whoever runs the registry")]
    Longer { what: &'static str, told: u64 },
    #[error("{what} came with {came} bytes, and its manifest says {told}: tell whoever runs the registry")]
    Length { what: &'static str, told: u64, came: u64 },
    #[error(
        "{what} came with the digest {found}, and its manifest says {told}: do not install it, and tell whoever runs \
         the registry"
    )]
    Digest { what: &'static str, told: String, found: String },
}

fn hint(status: u16) -> &'static str {
    match status {
        401 | 403 => "check the name, and give a login that may read it",
        404 | 410 => "check the name: nothing is there",
        429 | 500..=599 => "try again later",
        _ => "check the address",
    }
}
