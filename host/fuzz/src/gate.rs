//! The gate without what sends: what it makes of addresses and headers.

#[path = "../../src/gate/addresses.rs"]
mod addresses;
#[path = "../../src/gate/endpoint.rs"]
mod endpoint;
#[path = "../../src/gate/headers.rs"]
mod headers;
#[path = "../../src/gate/limits.rs"]
mod limits;
#[path = "../../src/gate/origins.rs"]
mod origins;
#[path = "../../src/gate/pace.rs"]
mod pace;
#[path = "../../src/gate/place.rs"]
mod place;
#[path = "../../src/gate/points.rs"]
mod points;
pub mod promised;
#[path = "../../src/gate/refusal.rs"]
mod refusal;
#[path = "../../src/gate/retry.rs"]
mod retry;
#[path = "../../src/gate/routes.rs"]
mod routes;
#[path = "../../src/gate/signs.rs"]
mod signs;
#[path = "../../src/gate/target.rs"]
mod target;
#[path = "../../src/gate/transport.rs"]
mod transport;

pub use addresses::{AddressKind, Reach};
pub use origins::PlanFault;
pub use place::{Place, PlaceFault};
pub use refusal::Refusal;
pub use transport::{Departure, Failure, RawBody};

/// Nothing is sent here, so that no body breaks off.
#[derive(Debug)]
pub enum BodyFault {}

pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
