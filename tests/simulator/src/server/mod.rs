//! The listening socket. It plays the site, the gateway and the media host at
//! once: a client that believes in the real hosts is routed here, and the path
//! tells which of them it meant.

mod answering;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::faults::{FaultCounters, Knobs};
use crate::ledger::Ledger;
use crate::rest::{Listings, Meter};
use crate::site::Site;

/// Makes a running server of a site.
pub struct Simulator;

impl Simulator {
    /// Serves the site on a free port of 127.0.0.1. Needs a Tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start(site: Site, knobs: Knobs) -> io::Result<Running> {
        Self::start_on(site, knobs, 0).await
    }

    /// Like [`Simulator::start`], on a port of the caller's choice.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_on(site: Site, knobs: Knobs, port: u16) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(site, knobs));
        let router = Router::new()
            .fallback(answering::serve)
            .with_state(shared.clone())
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            // Either end of the channel going away means the same.
            let stopped = async { drop(stopped.await) };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await
        });
        Ok(Running { address, shared, stop: Some(stop), task })
    }
}

/// A site being served. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:8790`: where requests for all of the site's hosts go.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    /// Looks at the site as it is now.
    pub fn read<T>(&self, look: impl FnOnce(&Site) -> T) -> T {
        look(&self.shared.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the site between two requests.
    pub fn change<T>(&self, change: impl FnOnce(&mut Site) -> T) -> T {
        let mut site = self.shared.site.write().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut site);
        self.shared.listings.forget();
        result
    }

    pub fn knobs(&self) -> Knobs {
        self.shared.knobs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Turns all knobs at once; faults and limits count anew.
    pub fn set_knobs(&self, knobs: Knobs) {
        let mut current = self.shared.knobs.write().unwrap_or_else(PoisonError::into_inner);
        *current = knobs;
        *self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner) = FaultCounters::default();
        *self.shared.meter.lock().unwrap_or_else(PoisonError::into_inner) = Meter::default();
        self.shared.listings.forget();
    }

    /// Finishes the requests under way and frees the port.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Err(error) = (&mut self.task).await {
            debug_assert!(error.is_cancelled(), "the server's task failed: {error}");
        }
    }
}

struct Shared {
    site: RwLock<Site>,
    knobs: RwLock<Knobs>,
    listings: Listings,
    meter: Mutex<Meter>,
    faults: Mutex<FaultCounters>,
    ledger: Ledger,
    started: Instant,
    in_flight: AtomicU64,
    answered: AtomicU64,
}

impl Shared {
    fn new(site: Site, knobs: Knobs) -> Self {
        Shared {
            site: RwLock::new(site),
            knobs: RwLock::new(knobs),
            listings: Listings::default(),
            meter: Mutex::default(),
            faults: Mutex::default(),
            ledger: Ledger::default(),
            started: Instant::now(),
            in_flight: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        }
    }

    fn latency(&self) -> Duration {
        Duration::from_millis(self.knobs.read().unwrap_or_else(PoisonError::into_inner).latency_ms)
    }
}
