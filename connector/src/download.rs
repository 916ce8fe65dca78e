//! The bytes of attachments: the contract's `content`.
//!
//! The route is v1's `/content/{container}/child/attachment/{id}/download`, which redirects to a signed address on
//! Atlassian's media host. The older `/wiki/download/attachments/…`, which rows name, has refused API tokens
//! since May 2026. The second request carries no credential: the host adds none to that origin.

use crate::confluence::answer::{self, attempt};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::attachment::parse_link;
use crate::setup::MEDIA_ORIGIN;
use crate::transport::{Response, Transport, TransportError};
use url::Url;

/// What the source called the bytes, and how many there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub media_type: Option<String>,
    pub size: u64,
}

/// What came of a request for bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poured {
    /// The answer was 200, and its body went to where the host wants it.
    Bytes(Receipt),
    /// Anything else; nothing was written.
    Other(Response),
}

/// Downloads what `link` names. `pour` asks for an address and passes the body of a 200 on.
pub fn download<T: Transport>(
    site: &Site<'_, T>,
    link: &str,
    mut pour: impl FnMut(&Url) -> Result<Poured, TransportError>,
) -> Result<Receipt, Error> {
    let Some((container, attachment)) = parse_link(link) else {
        return Err(Error::NotFound(format!(
            "asked for the file {link:?}, which is not how this connector names files"
        )));
    };
    let path = ["content", container.as_str(), "child", "attachment", attachment.as_str(), "download"];
    let url = site.v1(&path, &[]);
    let poured = pour(&url);
    if poured.is_ok() {
        // The redirect alone is charged, whatever becomes of the bytes: they come from a host that charges nobody.
        site.spend(1);
    }
    let response = match poured {
        Ok(Poured::Bytes(receipt)) => return Ok(receipt),
        Ok(Poured::Other(response)) => response,
        Err(error) => return Err(answer::unanswered(&url, &error).error),
    };
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return Err(answer::refused(&url, &response).error);
    }
    let signed = signed_address(&url, &response)?;
    match pour(&signed) {
        Ok(Poured::Bytes(receipt)) => Ok(receipt),
        Ok(Poured::Other(response)) => Err(refused_by_media(&signed, &response)),
        Err(error) => Err(answer::unanswered(&signed, &error).error),
    }
}

/// Where the file is. The address holds a token, so no message quotes more than its host.
fn signed_address(asked: &Url, response: &Response) -> Result<Url, Error> {
    let asked = attempt(asked);
    let location = response.header("location").unwrap_or_default();
    let Ok(url) = Url::parse(location) else {
        let message = "and was redirected, but not to a whole address";
        return Err(Error::Unexpected(format!("{asked} {message}")));
    };
    if url.origin().ascii_serialization() == MEDIA_ORIGIN
        && url.username().is_empty()
        && url.password().is_none()
    {
        return Ok(url);
    }
    let origin = url.origin().ascii_serialization();
    Err(Error::Unexpected(format!(
        "{asked} and was redirected to {origin}, but files are fetched from {MEDIA_ORIGIN} only"
    )))
}

/// The media host knows nothing of Confluence's ways to refuse: its 401 and 403 mean that the signature ran
/// out, and the next call gets a new one.
fn refused_by_media(url: &Url, response: &Response) -> Error {
    let status = response.status;
    let host = url.host_str().unwrap_or_default();
    let message = format!("asked {host} for a file and got {status}");
    match status {
        404 | 410 => Error::NotFound(message),
        429 => Error::Throttled { message, wait: answer::retry_after(response) },
        401 | 403 | 500..=599 => Error::Unavailable(message),
        _ => Error::Unexpected(message),
    }
}
