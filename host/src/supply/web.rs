//! A component at a URL, with its signature beside it.

use base64::Engine as _;
use http::{HeaderValue, StatusCode};
use url::Url;

use super::reference::shown;
use super::way::{Ask, Way};
use super::{Digest, Options, Signature, Supplied, SupplyError, limits};
use crate::sandbox::limits::COMPONENT_BYTES_MAX;
use crate::secrets::Secret;

pub(super) async fn bring(way: &Way<'_>, url: &Url, options: &Options) -> Result<Supplied, SupplyError> {
    let authorization = options.login.as_ref().map(basic);
    let ask = |url| Ask {
        url,
        named: url,
        accept: "*/*",
        authorization: authorization.as_ref(),
        hops_max: limits::HOPS_MAX,
    };
    let wasm = way.get(ask(url)).await?.success(COMPONENT_BYTES_MAX as u64).await?;
    // The query stays: it may say which version, or hold what lets one read it.
    let mut beside = url.clone();
    beside.set_path(&format!("{}.sig", url.path()));
    let signature = if options.signed { signature(way, ask(&beside)).await } else { None };
    Ok(Supplied { sha256: Digest::of(&wasm).hex(), wasm, from: shown(url), signature })
}

async fn signature(way: &Way<'_>, ask: Ask<'_>) -> Option<Signature> {
    let read = async {
        let answer = way.get(ask).await?;
        match answer.status {
            // Storages answer with 403 for what is not there, if one may not list.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => Ok(None),
            _ => answer.success(limits::SIGNATURE_BYTES_MAX).await.map(Some),
        }
    };
    match read.await {
        Ok(text) => text.map(Signature::detached),
        Err(error) => Some(Signature::unread(SupplyError::to_string(&error))),
    }
}

/// The header of RFC 7617.
pub(super) fn basic((user, password): &(String, Secret)) -> HeaderValue {
    let pair = Secret::new(format!("{user}:{}", password.expose()));
    let value =
        Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair.expose())));
    // Base64 is always fit for a header.
    let mut header = HeaderValue::from_str(value.expose()).unwrap_or_else(|_| HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}
