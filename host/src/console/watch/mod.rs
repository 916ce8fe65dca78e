//! For machines that watch this one: whether it lives and is ready, what it counts, and a line for each request.
//!
//! - `health`: `/healthz` and `/readyz`, for whoever starts and stops the process. Without sign-in, for any host name,
//!   and so they say nothing but which part is not ready.
//! - `metrics`: `/metrics`, for Prometheus. Names of connections stand in it, so it takes a token that may read.
//! - `observe`: around every request, counts it and tells of it, by the pattern of its route: never by its path or
//!   query, in which people's words and names stand.
//!
//! Deliberately absent: alerts and graphs.

mod health;
mod metrics;
mod observe;

pub use metrics::Requests;
pub use observe::{Who, observe};

use axum::Router;
use axum::middleware;

use super::{Console, who};

/// Routes that are not behind the guard's check of the host: probes and scrapers come by whatever name they know.
/// No browser sends a bearer token by itself, so that a page of another site learns nothing here.
pub fn router(console: &Console) -> Router<Console> {
    let identified = metrics::router().layer(middleware::from_fn_with_state(console.clone(), who::identify));
    Router::new().merge(health::router()).merge(identified)
}
