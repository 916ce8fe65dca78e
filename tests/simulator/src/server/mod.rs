//! The site being served: behind a listening socket, or in the caller's own process.
//!
//! Either plays the site, the gateway and the media host at once: a client that
//! believes in the real hosts is routed here, and the path tells which of them it
//! meant. What a fault does to an answer is decided once (`answering`) for both.

mod answering;
mod in_process;
mod shared;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

pub use in_process::{InProcess, Reply};
use shared::Shared;

use crate::faults::Knobs;
use crate::ledger::Ledger;
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

    /// The site without a socket: for simulations, in which nothing waits and everything repeats.
    pub fn in_process(site: Site, knobs: Knobs) -> InProcess {
        InProcess::new(site, knobs)
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
        self.shared.read(look)
    }

    /// Changes the site between two requests.
    pub fn change<T>(&self, change: impl FnOnce(&mut Site) -> T) -> T {
        self.shared.change(change)
    }

    pub fn knobs(&self) -> Knobs {
        self.shared.knobs()
    }

    /// Turns all knobs at once; faults and limits count anew.
    pub fn set_knobs(&self, knobs: Knobs) {
        self.shared.set_knobs(knobs);
    }

    /// Finishes the requests under way and frees the port.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Err(error) = (&mut self.task).await {
            debug_assert!(error.is_cancelled(), "the server's task failed: {error}");
        }
    }
}
