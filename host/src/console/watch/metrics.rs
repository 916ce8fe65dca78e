//! `/metrics`: what the store knows now and what this process counted, in the text format of Prometheus.
//!
//! Labels take few values: connections, kinds that connectors name, route patterns and states.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::super::who::Signed;
use super::super::{Console, Trouble};
use crate::host::{Host, HostError};
use crate::store::Scope;

/// What a scraper is told the answer is.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bounds of how long an answer may take, in seconds: pages are to take less than 50 ms.
const ANSWER_SECONDS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The requests that the console answered.
#[derive(Debug, Clone)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    took: Family<Took, Histogram, fn() -> Histogram>,
    began: (Instant, SystemTime),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Took {
    route: String,
}

impl Default for Requests {
    fn default() -> Self {
        let bounds: fn() -> Histogram = || Histogram::new(ANSWER_SECONDS);
        let took = Family::new_with_constructor(bounds);
        Self { answered: Family::default(), took, began: (Instant::now(), SystemTime::now()) }
    }
}

impl Requests {
    pub fn count(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = || route.to_owned();
        self.answered.get_or_create(&Answered { method, route: route(), status }).inc();
        self.took.get_or_create(&Took { route: route() }).observe(took.as_secs_f64());
    }

    fn register(&self, registry: &mut Registry) {
        let about = "Requests to the console, by the pattern of their route";
        registry.register("http_requests", about, self.answered.clone());
        registry.register("http_request_duration_seconds", "How long answers took", self.took.clone());
        let (began, at) = self.began;
        let started = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        number(registry, "start_time_seconds", "When this process began to serve, since 1970", started);
        number(registry, "uptime_seconds", "How long it has served", began.elapsed().as_secs_f64());
    }
}

pub fn router() -> Router<Console> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(State(console): State<Console>, Signed(viewer): Signed) -> Result<Response, Trouble> {
    if !console.options().open_metrics {
        match viewer {
            None => return Err(Trouble::SignedOut),
            Some(viewer) if viewer.may(Scope::Read) => {}
            Some(_) => return Err(Trouble::Forbidden("a token with the scope `read`")),
        }
    }
    let mut registry = Registry::with_prefix("weir");
    console.requests().register(&mut registry);
    let registry = console
        .with_host(move |host| {
            of_store(host, &mut registry)?;
            of_process(host, &mut registry);
            Ok(registry)
        })
        .await?;
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|fmt::Error| Trouble::Bad("the metrics have no text".to_owned()))?;
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

/// Pairs of a label's name and its value.
type Labels = Vec<(&'static str, String)>;

/// A number that is asked for now.
#[derive(Default)]
struct Asked(Family<Labels, Gauge<u64, AtomicU64>>);

impl Asked {
    fn set(&self, labels: &[(&'static str, &str)], value: u64) {
        let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.0.get_or_create(&labels).set(value);
    }

    fn register(self, registry: &mut Registry, name: &str, about: &str) {
        registry.register(name, about, self.0);
    }
}

fn number(registry: &mut Registry, name: &str, about: &str, value: f64) {
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(value);
    registry.register(name, about, gauge);
}

/// What the store knows.
#[allow(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn of_store(host: &Host, registry: &mut Registry) -> Result<(), HostError> {
    let (connections, items, failures) = (Asked::default(), Asked::default(), Asked::default());
    let (points, waiting) = (Asked::default(), Asked::default());
    for turn in host.turns()? {
        connections.set(&[("connection", &turn.name), ("state", turn.state.as_str())], 1);
        points.set(&[("connection", &turn.name)], host.points_spent(&turn.name)?);
    }
    let status = host.store().status()?;
    for one in &status.connections {
        let name = &one.connection.name;
        for (kind, count) in &one.items_by_kind {
            items.set(&[("connection", name), ("kind", kind)], *count);
        }
        failures.set(&[("connection", name)], one.failures);
        let held = host.store().waiting(one.connection.id)?.iter().filter(|one| !one.rejected).count();
        waiting.set(&[("connection", name)], held as u64);
    }
    connections.register(registry, "connections", "Connections, 1 for the state each is in");
    items.register(registry, "items", "Items in the store, by kind");
    failures.register(registry, "failed_items", "Items that could not be read");
    points.register(registry, "points_this_hour", "Points spent in this hour, in the source's own measure");
    waiting.register(registry, "waiting_deletions", "Deletions that a person has to decide");
    number(registry, "index_backlog", "Changes that the index has not taken in yet", status.outbox as f64);
    number(registry, "store_bytes", "The size of the store's file", status.file_bytes as f64);
    if let Ok(indexed) = host.documents() {
        number(registry, "index_documents", "Items that can be found", indexed as f64);
    }
    Ok(())
}

/// What this process counted.
fn of_process(host: &Host, registry: &mut Registry) {
    let (runs, requests, bytes, retries, waits) = (
        Family::<Labels, Counter>::default(),
        Family::<Labels, Counter>::default(),
        Family::<Labels, Counter>::default(),
        Family::<Labels, Counter>::default(),
        Family::<Labels, Counter<f64, AtomicU64>>::default(),
    );
    for (name, sent) in host.sent() {
        let of = || vec![("connection", name.clone())];
        requests.get_or_create(&of()).inc_by(sent.requests);
        bytes.get_or_create(&of()).inc_by(sent.bytes);
        retries.get_or_create(&of()).inc_by(sent.retries);
        waits.get_or_create(&of()).inc_by(Duration::from_millis(sent.waited_ms).as_secs_f64());
        for (outcome, count) in sent.runs {
            let labels = vec![("connection", name.clone()), ("outcome", outcome.to_owned())];
            runs.get_or_create(&labels).inc_by(count);
        }
    }
    registry.register("runs", "Runs that ended in this process, by how they ended", runs);
    registry.register("source_requests", "Requests that runs of this process sent to sources", requests);
    registry.register("source_bytes", "Bytes of their answers", bytes);
    registry.register("source_retries", "How often requests were sent again", retries);
    registry.register("source_wait_seconds", "Time spent waiting before that", waits);
    registry.register("search_duration_seconds", "How long searches took", host.searches());
}
