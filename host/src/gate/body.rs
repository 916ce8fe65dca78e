//! A response's body on its way to the connector: counted, and cut off at a limit.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::echo::Echo;
use super::ledger::Line;
use super::{Clock, Ledger, RawBody};

/// Why a body ended before its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    #[error("the response is longer than the {bytes_max} bytes that are allowed, decompressed")]
    TooLarge { bytes_max: u64 },
    #[error("the response's body stopped coming; the server may be overloaded, try again later")]
    Silent,
    #[error("the response's body broke off ({0})")]
    Broken(String),
}

/// A stream of bytes, decompressed, without the secrets that its request carried. Trailers are dropped: they are headers that came too
/// late to be judged.
pub struct Body {
    raw: RawBody,
    bytes_left: u64,
    bytes_max: u64,
    /// Nothing more comes: the end was reached, or an error.
    over: bool,
    /// None for what the host says itself.
    meter: Option<Meter>,
    echo: Echo,
}

/// Where the body's bytes are counted.
pub(super) struct Meter {
    pub ledger: Arc<Ledger>,
    pub line: Line,
    pub clock: Arc<dyn Clock>,
    /// When the gate was made.
    pub epoch: SystemTime,
}

impl Meter {
    pub fn elapsed(&self) -> Duration {
        self.clock.now().duration_since(self.epoch).unwrap_or_default()
    }
}

impl Body {
    pub(super) fn new(raw: RawBody, bytes_max: u64, meter: Meter, echo: Echo) -> Self {
        Self { raw, bytes_left: bytes_max, bytes_max, over: false, meter: Some(meter), echo }
    }

    /// Words of the host's own.
    pub(super) fn of_host(raw: RawBody) -> Self {
        Self { raw, bytes_left: u64::MAX, bytes_max: u64::MAX, over: false, meter: None, echo: Echo::of(&[]) }
    }

    fn end<T>(&mut self, with: T) -> Poll<T> {
        self.over = true;
        Poll::Ready(with)
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        while !self.over {
            let data = match std::task::ready!(Pin::new(&mut self.raw).poll_frame(context)) {
                None => {
                    let rest = self.echo.rest().map(|rest| Ok(Frame::data(rest)));
                    return self.end(rest);
                }
                Some(Err(fault)) => return self.end(Some(Err(fault))),
                Some(Ok(frame)) => frame.into_data(),
            };
            let Ok(data) = data else { continue };
            let length = data.len() as u64;
            if let Some(meter) = &self.meter {
                meter.ledger.read(&meter.line, length, meter.elapsed());
            }
            let Some(left) = self.bytes_left.checked_sub(length) else {
                let fault = BodyFault::TooLarge { bytes_max: self.bytes_max };
                return self.end(Some(Err(fault)));
            };
            self.bytes_left = left;
            let data = self.echo.pass(data);
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.over || (self.raw.is_end_stream() && self.echo.holds() == 0)
    }

    fn size_hint(&self) -> SizeHint {
        // With what is held back, an exact length would be too short.
        if self.echo.holds() > 0 { SizeHint::default() } else { self.raw.size_hint() }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").field("bytes_left", &self.bytes_left).finish_non_exhaustive()
    }
}
