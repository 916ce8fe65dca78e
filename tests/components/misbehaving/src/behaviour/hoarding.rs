//! Keeping whatever the host gives out.

use crate::http;
use crate::wasi::clocks::monotonic_clock;
use crate::wasi::http::types::OutgoingRequest;

/// Keeps asking for memory.
pub fn memory() -> Result<String, String> {
    let mut hoard = Vec::new();
    loop {
        hoard.push(std::hint::black_box(vec![1u8; 1 << 20]));
    }
}

/// Keeps sets of headers.
pub fn fields() -> Result<String, String> {
    keep(http::fields)
}

/// Keeps requests that are never sent.
pub fn requests() -> Result<String, String> {
    keep(|| OutgoingRequest::new(http::fields()))
}

/// Keeps timers.
pub fn pollables() -> Result<String, String> {
    keep(|| monotonic_clock::subscribe_duration(1))
}

/// Keeps the streams of bodies.
pub fn streams() -> Result<String, String> {
    keep(|| {
        let request = OutgoingRequest::new(http::fields());
        let body = request.body();
        let stream = body.as_ref().ok().and_then(|body| body.write().ok());
        (stream, body, request)
    })
}

fn keep<T>(make: impl Fn() -> T) -> Result<String, String> {
    let mut hoard = Vec::new();
    loop {
        hoard.push(make());
    }
}
