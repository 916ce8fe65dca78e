//! What all handlers share.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use url::Url;

use super::acts::Approvals;
use super::authorization::Authorization;
use super::background::Background;
use super::looking::Looks;
use super::shelf::Shelf;
use super::standing::Title;
use super::ticks::Seats;
use super::who::{Attempts, Oidc, SignInOptions};
use super::{Trouble, api, guard, mcp, pages, watch, who};
use crate::host::{Host, HostError};
use crate::secrets::Secret;
use crate::sync::Stop;

/// Of a request: a list of people with ten thousand lines is half of it.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// How the console is served.
#[derive(Debug, Clone)]
pub struct ConsoleOptions {
    /// Where browsers find it: scheme, host, port, as `http://127.0.0.1:8780/`. Requests for another host are
    /// refused, and redirect URLs begin with it.
    pub url: Url,
    /// E-mails of administrators, in lower case.
    pub administrators: BTreeSet<String>,
    pub sign_in: SignInOptions,
    /// Whether `/metrics` is told without a token.
    pub open_metrics: bool,
}

impl ConsoleOptions {
    /// A console at this address into which only tokens lead.
    #[must_use]
    pub fn at(url: Url) -> Self {
        let sign_in = SignInOptions::default();
        Self { url, administrators: BTreeSet::new(), sign_in, open_metrics: false }
    }
}

/// The console of a host. Cloning it is cheap and shares it.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

struct Inner {
    host: Arc<Host>,
    options: ConsoleOptions,
    stop: Stop,
    approvals: Approvals,
    background: Background,
    seats: Seats,
    title: Title,
    looks: Looks,
    oidc: Option<Oidc>,
    attempts: Attempts,
    typed: Shelf<Secret>,
    authorizations: Shelf<Authorization>,
    requests: watch::Requests,
}

impl Console {
    #[must_use]
    pub fn new(host: Arc<Host>, options: ConsoleOptions, stop: Stop) -> Self {
        let oidc = options.sign_in.oidc.clone().map(Oidc::new);
        Self(Arc::new(Inner {
            host,
            options,
            stop,
            approvals: Approvals::default(),
            attempts: Attempts::default(),
            background: Background::default(),
            oidc,
            seats: Seats::default(),
            looks: Looks::default(),
            title: Title::default(),
            typed: Shelf::default(),
            authorizations: Shelf::default(),
            requests: watch::Requests::default(),
        }))
    }

    #[must_use]
    pub fn host(&self) -> &Arc<Host> {
        &self.0.host
    }

    #[must_use]
    pub fn options(&self) -> &ConsoleOptions {
        &self.0.options
    }

    /// What is asked when the process is to end: answers that never end by themselves end then.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.0.stop
    }

    pub(super) fn approvals(&self) -> &Approvals {
        &self.0.approvals
    }

    pub(super) fn background(&self) -> &Background {
        &self.0.background
    }

    pub(super) fn seats(&self) -> &Seats {
        &self.0.seats
    }

    pub(super) fn title(&self) -> &Title {
        &self.0.title
    }

    pub(super) fn looks(&self) -> &Looks {
        &self.0.looks
    }

    /// The way to sign in with the company's account, if there is one.
    #[must_use]
    pub fn oidc(&self) -> Option<&Oidc> {
        self.0.oidc.as_ref()
    }

    /// How often addresses tried to sign in.
    #[must_use]
    pub fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// Secrets that were typed into forms which came back.
    pub(super) fn typed(&self) -> &Shelf<Secret> {
        &self.0.typed
    }

    /// Sign-ins that somebody is to approve.
    pub(super) fn authorizations(&self) -> &Shelf<Authorization> {
        &self.0.authorizations
    }

    /// What was answered so far, counted.
    pub(super) fn requests(&self) -> &watch::Requests {
        &self.0.requests
    }

    /// Everything under `/`, guarded.
    pub fn router(&self) -> Router {
        Router::new()
            .merge(pages::router())
            .merge(api::router())
            .merge(mcp::router())
            .fallback(pages::missing)
            .layer(middleware::from_fn_with_state(self.clone(), who::identify))
            .layer(middleware::from_fn_with_state(self.clone(), guard::guard))
            .merge(watch::router(self))
            .layer(middleware::from_fn_with_state(self.clone(), watch::observe))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(self.clone())
    }

    /// Runs what blocks (store, index) on a thread that may wait.
    ///
    /// # Errors
    ///
    /// What `work` returns; [`HostError::Lost`] if it was cut off.
    pub async fn with_host<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Host) -> Result<T, HostError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let host = Arc::clone(self.host());
        let done = tokio::task::spawn_blocking(move || work(&host)).await;
        Ok(done.map_err(|error| HostError::Lost(error.to_string()))??)
    }
}
