//! How `weir serve` tells what it does: as lines for people, as one JSON object a line, and as traces.
//!
//! Only Weir's own events are told, whatever the level: those of its libraries could carry addresses with tokens in
//! them.

use std::io;

use clap::{Args, ValueEnum};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use url::Url;

use crate::host::{Served, Teller};

/// What the targets of all of Weir's events begin with.
const OURS: &str = "weir";

#[derive(Debug, Args)]
#[command(next_help_heading = "Logs and traces")]
pub struct LogArguments {
    /// Lines for people, or one JSON object a line.
    #[arg(long, value_enum, value_name = "FORMAT", env = "WEIR_LOG_FORMAT", default_value = "text")]
    log_format: Format,
    /// How much is told; without it, runs, and in JSON each request to the console too.
    #[arg(long, value_enum, value_name = "LEVEL", env = "WEIR_LOG")]
    log_level: Option<Level>,
    /// Where traces go, by OTLP over HTTP: `http://127.0.0.1:4318`.
    #[arg(long, value_name = "URL", env = "WEIR_OTLP")]
    otlp: Option<Url>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<Level> for LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
            Level::Trace => Self::TRACE,
        }
    }
}

/// To be kept until the process ends: traces that wait are sent then.
pub struct Telling {
    #[cfg(feature = "otel")]
    _traces: Option<super::traces::Sending>,
}

impl LogArguments {
    /// Whether people read it no more.
    pub fn is_json(&self) -> bool {
        self.log_format == Format::Json
    }

    /// From now on, for all of this process.
    ///
    /// # Errors
    ///
    /// When traces are wanted and cannot be sent by this build, or to there.
    pub fn begin(&self) -> anyhow::Result<Telling> {
        let ours = |level: LevelFilter| Targets::new().with_target(OURS, level);
        let lines = match (self.log_format, self.log_level) {
            // Lines for people are printed by the command itself.
            (Format::Text, None) => None,
            (Format::Text, Some(level)) => {
                let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(io::stderr);
                Some(lines.with_filter(ours(level.into())).boxed())
            }
            (Format::Json, level) => {
                let lines = tracing_subscriber::fmt::layer().json().with_writer(io::stderr);
                let lines = lines.flatten_event(true).with_current_span(false).with_span_list(false);
                Some(lines.with_filter(ours(level.unwrap_or(Level::Info).into())).boxed())
            }
        };
        let registry = tracing_subscriber::registry().with(lines);
        #[cfg(feature = "otel")]
        {
            let (layer, traces) = self.otlp.as_ref().map(super::traces::layer).transpose()?.unzip();
            registry.with(layer.map(|layer| layer.with_filter(ours(LevelFilter::INFO)))).try_init()?;
            Ok(Telling { _traces: traces })
        }
        #[cfg(not(feature = "otel"))]
        {
            anyhow::ensure!(
                self.otlp.is_none(),
                "this build sends no traces: build Weir with `--features otel`"
            );
            registry.try_init()?;
            Ok(Telling {})
        }
    }
}

/// Tells programs what happens.
pub struct Events;

impl Teller for Events {
    fn tell(&self, event: Served<'_>) {
        match event {
            Served::Serving => tracing::info!(target: "weir::serve", "serving"),
            Served::Began { name, mode, trigger } => {
                let (mode, trigger) = (mode.as_str(), trigger.as_str());
                tracing::info!(target: "weir::serve", connection = name, mode, trigger, "run began");
            }
            Served::Ended { name, synced } => {
                let (run, counts) = (&synced.report.run, &synced.report.run.counts);
                let outcome = run.outcome.map_or("unknown", |outcome| outcome.as_str());
                let ms = u64::try_from(synced.took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(target: "weir::serve", connection = name, run = run.id, outcome, ms, added = counts.added,
                    changed = counts.changed, moved = counts.moved, access_changed = counts.access_changed,
                    deleted = counts.deleted + counts.binned, failed = counts.failed, requests = counts.requests,
                    retries = counts.retries, bytes = counts.bytes, points = counts.points, why = run.message, "run ended");
            }
            Served::Files { name, read } => {
                tracing::info!(target: "weir::serve", connection = name, taken = read.taken, without = read.without,
                    unfetched = read.unfetched, "files read");
            }
            Served::Failed { name, error } => {
                tracing::error!(target: "weir::serve", connection = name, why = %error, "run failed");
            }
            Served::Removed { removed } => {
                let (connection, erased) = (&removed.name, removed.erased);
                tracing::info!(target: "weir::serve", connection, erased, "removal went on");
            }
            Served::NotRemoved { error } => {
                tracing::error!(target: "weir::serve", why = %error, "removal could not go on");
            }
            Served::Stopping { under_way } => {
                tracing::info!(target: "weir::serve", under_way, "stopping");
            }
        }
    }
}
