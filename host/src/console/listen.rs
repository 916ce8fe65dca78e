//! Where the console is reached: on loopback, unless people sign in.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::Request;
use tokio::net::TcpListener;

use super::Console;

/// A console whose address is taken and that answers once it is served.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

/// Why the console is not reached there.
#[derive(Debug, thiserror::Error)]
pub enum ListenFault {
    #[error(
        "the console is not served at {0}, which others can reach, before people sign in: say how with `--oidc-issuer` or \
         `--trust-header`, or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    #[error(
        "the console cannot listen at {address}: {source}; choose another address with `--listen`, or `--no-console`"
    )]
    Busy { address: SocketAddr, source: std::io::Error },
}

impl Listening {
    /// Takes the address. `signed_in`: people sign in by more than the first token.
    ///
    /// # Errors
    ///
    /// [`ListenFault::Open`] for an address that others can reach while nobody has to sign in.
    pub async fn at(address: SocketAddr, signed_in: bool) -> Result<Self, ListenFault> {
        let loopback = match address.ip() {
            IpAddr::V4(ip) => ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback()),
        };
        if !loopback && !signed_in {
            return Err(ListenFault::Open(address));
        }
        let busy = |source| ListenFault::Busy { address, source };
        let listener = TcpListener::bind(address).await.map_err(busy)?;
        let address = listener.local_addr().map_err(busy)?;
        Ok(Self { listener, address })
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is asked to stop and the runs under way have ended; what is being answered then is answered, and
    /// what goes on after its answer ends.
    ///
    /// # Errors
    ///
    /// When the socket is lost.
    pub async fn serve(self, console: &Console) -> std::io::Result<()> {
        let service = console.router().into_make_service_with_connect_info::<SocketAddr>();
        let stop = console.stop().clone();
        let host = Arc::clone(console.host());
        let stopped = async move {
            stop.wait().await;
            // Probes are told so, and whoever watches a run sees it end.
            host.at_rest().await;
        };
        axum::serve(self.listener, service).with_graceful_shutdown(stopped).await?;
        console.background().ended().await;
        Ok(())
    }
}

/// The address of whoever asks.
pub(super) fn peer(request: &Request) -> Option<IpAddr> {
    let info = request.extensions().get::<axum::extract::ConnectInfo<SocketAddr>>()?;
    Some(info.0.ip().to_canonical())
}
