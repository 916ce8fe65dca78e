//! The contract's `setup`: what this connector is, what it needs to know, and who signs in.
//!
//! `describe` and `configure` are pure.

mod authenticate;
mod choices;
mod describe;
mod diagnose;
mod session;
mod settings;

pub use authenticate::{Account, authenticate};
pub use choices::{Choice, choices};
pub use describe::{Basic, Dataset, Description, Kind, Login, PLACE, Scheme, describe};
pub use diagnose::{Finding, Verdict};
pub use session::{Opened, open};
pub use settings::{Origin, Plan, configure, site};

/// The origin of files, where downloads are redirected to.
pub const MEDIA_ORIGIN: &str = "https://api.media.atlassian.com";

/// The name of the one login.
pub const API_TOKEN: &str = "api-token";
