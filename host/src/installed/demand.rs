//! What a connector demands, in words: all that somebody agrees to who installs it.

use super::Version;
use crate::model::{Bound, Grant, Kind, Login, OAuth2, Origin, Scheme};
use crate::sandbox::limits;

/// Lines under a heading. They hold the connector's own words: whoever shows them makes them harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    pub lines: Vec<String>,
}

/// The whole demand, what reaches farthest first.
#[must_use]
pub fn demand(version: &Version) -> Vec<Section> {
    let description = &version.description;
    let section = |title, lines| Section { title, lines };
    let datasets = description.datasets.iter().map(|dataset| {
        let mut reads = vec!["everything"];
        reads.extend(dataset.since.then_some("since"));
        reads.extend(dataset.inventory.then_some("inventory"));
        format!("{}: {} (reads {})", dataset.name, dataset.title, reads.join(", "))
    });
    vec![
        section("goes at most to", bounds(description.bounds.as_deref())),
        section("signs in by", description.logins.iter().map(login).collect()),
        section("reads", datasets.collect()),
        section("brings", description.kinds.iter().map(kind).collect()),
        section("imports", version.imports.clone()),
        section("is held to", held_to()),
    ]
}

fn bounds(bounds: Option<&[Bound]>) -> Vec<String> {
    match bounds {
        None => vec![
            "its contract has no word for that: the origins of each connection are shown and agreed to when it is added"
                .to_owned(),
        ],
        Some([]) => vec!["nowhere".to_owned()],
        Some(bounds) => bounds.iter().map(bound).collect(),
    }
}

/// `https://*.example.com (reads, with the credential): its pages`.
pub(super) fn bound(bound: &Bound) -> String {
    let Bound { url, credential, post, purpose } = bound.clone();
    let origin = Origin { url, credential, post, purpose };
    let any = if origin.url.ends_with("://*") { ", whatever address a setting names" } else { "" };
    format!("{}{any} ({}): {}", origin.url, origin.manner(), origin.purpose)
}

fn login(login: &Login) -> String {
    let scheme = match &login.scheme {
        Scheme::Anonymous => "no credential".to_owned(),
        Scheme::Basic(basic) => format!("{} and {}", basic.username, basic.password),
        Scheme::Token(token) => format!("{} in the header {}", token.label, token.header),
        Scheme::Oauth2(oauth) => format!("OAuth 2.0: {}", places(oauth).join(", ")),
    };
    format!("{}: {} ({scheme})", login.name, login.title)
}

/// Where Weir itself goes for an OAuth 2.0 login, and where it sends people.
pub(super) fn places(oauth: &OAuth2) -> Vec<String> {
    let tokens = format!("tokens from {}", oauth.token_url);
    match &oauth.grant {
        Grant::AuthorizationCode(url) => vec![format!("approved at {url}"), tokens],
        Grant::ClientCredentials => vec![tokens],
    }
}

fn kind(kind: &Kind) -> String {
    let widens = if kind.widens { ", WHICH MAY BE READ WITHOUT READING WHAT HOLDS THEM" } else { "" };
    format!("{}: {} / {}{widens}", kind.name, kind.family, kind.title)
}

/// What the sandbox gives each call at most, whatever the connector.
fn held_to() -> Vec<String> {
    vec![
        format!(
            "{} MB of memory, {} s of computing and {} s in all a call",
            limits::MEMORY_BYTES_MAX >> 20,
            limits::COMPUTING_TIME_MAX.as_secs(),
            limits::CALL_TIME_MAX.as_secs()
        ),
        "no files, no sockets, no environment; requests only through the gate, which adds the credential"
            .to_owned(),
    ]
}

/// A version for programs: all that is kept of it, and what the sandbox holds it to.
#[must_use]
pub fn as_json(version: &Version) -> serde_json::Value {
    let mut value = serde_json::to_value(version).unwrap_or_default();
    // What connections agreed to is told with them.
    if let Some(fields) = value.as_object_mut() {
        fields.remove("origins");
    }
    value["limits"] = serde_json::json!({
        "memory_bytes": limits::MEMORY_BYTES_MAX,
        "computing_seconds": limits::COMPUTING_TIME_MAX.as_secs(),
        "call_seconds": limits::CALL_TIME_MAX.as_secs(),
    });
    value
}
