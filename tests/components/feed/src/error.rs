//! What may go wrong, in the contract's own words. One place decides what an answer of a server means.

use url::Url;

use crate::contract::weir::connector::types::{Error, Throttle};
use crate::fetch::Response;

/// An answer that is no document.
pub fn refused(url: &Url, response: &Response, anonymous: bool) -> Error {
    let asked = format!("asked for {url} and got {}", response.status);
    match response.status {
        401 if anonymous => Error::Forbidden(format!(
            "{asked}: it wants a name and a password; give this feed a connection of its own that signs in"
        )),
        401 => Error::Unauthenticated(format!("{asked}: the name or the password is not taken any more")),
        403 => Error::Forbidden(format!("{asked}: this feed may not be read from here")),
        404 => Error::NotFound(format!("{asked}: no feed is there; look on its site for the new address")),
        410 => Error::NotFound(format!("{asked}: the feed was given up; take it out of the settings")),
        429 => Error::Throttled(Throttle { message: asked, wait: retry_after(response) }),
        500..=599 => Error::Unavailable(asked),
        _ => Error::Unexpected(asked),
    }
}

/// In milliseconds. A date says nothing without a clock, which this connector does not read.
fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.header("retry-after")?.trim().parse().ok()?;
    Some(seconds.saturating_mul(1_000))
}
