//! The bytes of enclosures: the contract's `content`.

use url::Url;

use crate::contract::weir::connector::types::Error;
use crate::error::refused;
use crate::fetch::{REDIRECTS_MAX, Response, Source, Web};

/// What the server called the bytes, and how many there were.
pub struct Receipt {
    pub media_type: Option<String>,
    pub size: u64,
}

/// What came of a request for bytes.
pub enum Poured {
    /// The answer was 200, and its body went to where the host wants it.
    Bytes(Receipt),
    /// Anything else; nothing was written.
    Other(Response),
}

/// Downloads what `link` names. `pour` asks for an address and passes the body of a 200 on.
///
/// # Errors
///
/// When the file is at none of the agreed origins, or leads to another, and for each answer that is no file.
pub fn download<W: Web>(
    source: &Source<'_, W>,
    link: &str,
    mut pour: impl FnMut(&Url) -> Result<Poured, Error>,
) -> Result<Receipt, Error> {
    let mut at =
        Url::parse(link).map_err(|_| Error::NotFound(format!("{link:?} is no address of a file")))?;
    for _ in 0..=REDIRECTS_MAX {
        if !source.reaches(&at) {
            let words = format!("the file {link} is at {at}, and the settings name no feed there");
            return Err(Error::Forbidden(words));
        }
        let response = match pour(&at)? {
            Poured::Bytes(receipt) => return Ok(receipt),
            Poured::Other(response) => response,
        };
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return Err(refused(&at, &response, source.anonymous));
        }
        let location = response.header("location").unwrap_or_default();
        at = at.join(location).map_err(|_| {
            Error::Unexpected(format!("asked for the file {link}, and was redirected to {location:?}"))
        })?;
    }
    Err(Error::Unexpected(format!(
        "asked for the file {link}, and was redirected more than {REDIRECTS_MAX} times"
    )))
}
