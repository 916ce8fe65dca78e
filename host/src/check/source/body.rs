//! Bodies read whole, and bodies that break off.

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};

use crate::gate::{BodyFault, RawBody};

/// Bytes that are there already, and whether more were promised.
pub fn given(bytes: Bytes, breaks_off: bool) -> RawBody {
    let fault = breaks_off.then(|| Err(BodyFault::Broken("the check cut it off".to_owned())));
    let frames = std::iter::once(Ok(Frame::data(bytes))).chain(fault);
    StreamBody::new(stream::iter(frames.collect::<Vec<_>>())).boxed_unsync()
}

/// All of a body.
///
/// # Errors
///
/// As the body itself.
pub async fn whole(body: RawBody) -> Result<Bytes, BodyFault> {
    Ok(body.collect().await?.to_bytes())
}
