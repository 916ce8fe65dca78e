//! The way to the site without a socket: what a client would see, at once.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use weir::gate::{BodyFault, BoxFuture, Departure, Failure, RawBody, Transport};

use super::world::World;

/// A client gives up on an answer that has not begun by then, as the real one does.
const SILENCE_MS: u64 = 70_000;

pub struct Wire(pub World);

impl Transport for Wire {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<http::Response<RawBody>, Failure>> {
        Box::pin(std::future::ready(self.answer(&departure)))
    }
}

impl Wire {
    fn answer(&self, departure: &Departure) -> Result<http::Response<RawBody>, Failure> {
        self.0.asked();
        let url = &departure.url;
        let target = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let reply =
            self.0.site.answer(departure.method.as_str(), &target, &departure.headers, &departure.body);
        self.0.time.pass(i64::try_from(reply.after_ms.min(SILENCE_MS)).unwrap_or_default());
        if reply.after_ms >= SILENCE_MS {
            return Err(Failure::Silent);
        }
        let mut response = http::Response::builder().status(reply.status);
        for (name, value) in reply.headers {
            response = response.header(name, value);
        }
        let bytes = Full::new(Bytes::from(reply.body)).map_err(|never| match never {});
        let body = match reply.whole {
            true => bytes.boxed_unsync(),
            false => {
                let fault = BodyFault::Broken("connection reset by peer".to_owned());
                bytes.with_trailers(std::future::ready(Some(Err(fault)))).boxed_unsync()
            }
        };
        response.body(body).map_err(|error| Failure::Broken(error.to_string()))
    }
}
