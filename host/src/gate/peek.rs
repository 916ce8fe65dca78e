//! Whether a 401 is about a missing scope: then no newer token can mend it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::Response;
use http::header::WWW_AUTHENTICATE;
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Empty};

use super::limits::PEEKED_BYTES_MAX;
use super::{BodyFault, RawBody};

/// Looks at the beginning of the body, and puts it back.
///
/// RFC 6750 3.1 says `error="insufficient_scope"` in a header; Atlassian's gateway says
/// `Unauthorized; scope does not match` in the body. Taking another answer for one of these costs
/// no more than leaving it as it is.
pub(super) async fn is_about_scope(answer: &mut Response<RawBody>) -> bool {
    let challenged =
        answer.headers().get_all(WWW_AUTHENTICATE).iter().any(|value| mentions(value.as_bytes()));
    let body = std::mem::replace(answer.body_mut(), nothing());
    let (beginning, body) = beginning(body).await;
    *answer.body_mut() = body;
    challenged || mentions(&beginning)
}

fn mentions(text: &[u8]) -> bool {
    text.windows(5).any(|window| window.eq_ignore_ascii_case(b"scope"))
}

fn nothing() -> RawBody {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// At least the beginning of the body, if it has one, and a body that still holds all of it.
async fn beginning(mut body: RawBody) -> (Bytes, RawBody) {
    let mut read = BytesMut::new();
    let mut fault = None;
    while read.len() < PEEKED_BYTES_MAX {
        match body.frame().await {
            None => break,
            Some(Ok(frame)) => read.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            Some(Err(error)) => {
                fault = Some(error);
                break;
            }
        }
    }
    let read = read.freeze();
    let rest = Rest { read: Some(read.clone()).filter(|read| !read.is_empty()), fault, body };
    (read, rest.boxed_unsync())
}

/// What was read, then how reading ended or goes on.
struct Rest {
    read: Option<Bytes>,
    fault: Option<BodyFault>,
    body: RawBody,
}

impl Body for Rest {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        if let Some(read) = self.read.take() {
            return Poll::Ready(Some(Ok(Frame::data(read))));
        }
        match self.fault.take() {
            Some(fault) => Poll::Ready(Some(Err(fault))),
            None => Pin::new(&mut self.body).poll_frame(context),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bytes::Bytes;
    use http::Response;
    use http_body_util::{BodyExt as _, Full};

    use super::is_about_scope;

    async fn looked_at(header: &str, body: &str) -> bool {
        let raw = Full::new(Bytes::from(body.to_owned())).map_err(|never| match never {}).boxed_unsync();
        let mut answer = Response::builder().header("www-authenticate", header).body(raw).unwrap();
        let about_scope = is_about_scope(&mut answer).await;
        let left = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(left, body.as_bytes(), "the connector reads all of it");
        about_scope
    }

    #[tokio::test]
    async fn a_missing_scope_is_told_from_an_ended_token() {
        assert!(looked_at("Bearer", r#"{"code":401,"message":"Unauthorized; scope does not match"}"#).await);
        assert!(looked_at(r#"Bearer error="insufficient_scope""#, "").await);
        assert!(!looked_at("Bearer", r#"{"code":401,"message":"Unauthorized"}"#).await);
        assert!(!looked_at("Bearer", "").await);
        let long = "x".repeat(100_000);
        assert!(!looked_at("Bearer", &long).await);
    }
}
