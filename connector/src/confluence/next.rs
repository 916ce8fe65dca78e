//! The way to the following page of a listing.
//!
//! `_links.next` is relative: v2 writes `/wiki/api/v2/…`, v1 writes `/rest/api/…` and means `/wiki/rest/api/…`.
//! The cursor in it may stand anywhere in the query, and its trailing `=` may be escaped or not; so the query
//! is never taken apart further than at `&`. `_links.base` is never used.
//!
//! No link knows of the gateway, so what stands before `/wiki/` in the address that was asked is put before it again. Kept
//! addresses leave it out too, so that a cursor holds whichever way the next call goes.

use url::Url;

/// Cursors of the contract hold at most 64 KiB, and a link is not all they hold.
const LINK_BYTES_MAX: usize = 16 * 1024;

/// Where the page after `asked` is.
///
/// Parameters of `asked` that `next` leaves out are added again: a link that forgot `body-format`
/// would bring rows without bodies. Fails with a sentence when the link leads away from the site's API,
/// back to where it came from, or is absurdly long.
pub fn follow(asked: &Url, next: &str) -> Result<Url, String> {
    let quoted = || next.chars().take(200).collect::<String>();
    if next.len() > LINK_BYTES_MAX {
        return Err(format!("a next link of {} bytes", next.len()));
    }
    let prefix = prefix(asked);
    let under_context = match next {
        _ if next.starts_with("/rest/api/") => format!("{prefix}/wiki{next}"),
        _ if next.starts_with("/wiki/") => format!("{prefix}{next}"),
        _ => next.to_owned(),
    };
    let mut url = asked
        .join(&under_context)
        .map_err(|error| format!("a next link that is no address ({error}): {}", quoted()))?;
    let own = url.path().strip_prefix(prefix).unwrap_or_default();
    let is_api = own.starts_with("/wiki/api/v2/") || own.starts_with("/wiki/rest/api/");
    if url.origin() != asked.origin() || !is_api {
        return Err(format!("a next link that leads away from the API: {}", quoted()));
    }
    url.set_fragment(None);
    restore_parameters(&mut url, asked);
    if url == *asked {
        return Err(format!("a next link that leads to the same page: {}", quoted()));
    }
    Ok(url)
}

/// The path and query of an address, to be kept in a cursor and handed to [`follow`] later.
pub fn relative(url: &Url) -> String {
    let path = url.path().strip_prefix(prefix(url)).unwrap_or_else(|| url.path());
    match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// What stands before `/wiki/`: nothing on a site, `/ex/confluence/{cloudId}` at the gateway.
fn prefix(url: &Url) -> &str {
    url.path().split_once("/wiki/").map_or("", |(prefix, _)| prefix)
}

/// The same listing with another `limit`.
pub fn with_limit(url: &Url, limit: u16) -> Url {
    let mut parts: Vec<String> =
        parameters(url).filter(|part| name(part) != "limit").map(str::to_owned).collect();
    parts.push(format!("limit={limit}"));
    let mut url = url.clone();
    url.set_query(Some(&parts.join("&")));
    url
}

/// The same listing without what its rows say.
pub fn without_bodies(url: &Url) -> Url {
    let parts: Vec<&str> = parameters(url).filter(|part| name(part) != "body-format").collect();
    let query = parts.join("&");
    let mut url = url.clone();
    url.set_query(Some(&query));
    url
}

fn restore_parameters(url: &mut Url, asked: &Url) {
    let mut parts: Vec<&str> = parameters(url).collect();
    let present: Vec<String> = parts.iter().map(|part| name(part).to_owned()).collect();
    let place = ["cursor", "start"];
    let forgotten = parameters(asked)
        .filter(|part| !place.contains(&name(part)) && !present.iter().any(|known| known == name(part)));
    parts.extend(forgotten);
    let query = parts.join("&");
    url.set_query((!query.is_empty()).then_some(query.as_str()));
}

fn parameters(url: &Url) -> impl Iterator<Item = &str> {
    let query = url.query().unwrap_or_default();
    query.split('&').filter(|part| !part.is_empty())
}

fn name(part: &str) -> &str {
    part.split_once('=').map_or(part, |(name, _)| name)
}
