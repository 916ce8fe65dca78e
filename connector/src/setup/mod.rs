//! The contract's `setup`: what this connector is, what it needs to know, and who signs in.
//!
//! `describe` and `configure` are pure.

mod app;
mod authenticate;
mod choices;
mod describe;
mod diagnose;
mod logins;
mod origins;
pub mod scopes;
mod session;
mod settings;

pub use authenticate::{Account, authenticate};
pub use choices::{Choice, choices};
pub use describe::{Basic, Dataset, Description, Kind, Login, OAuth2, PLACE, Scheme, describe};
pub use diagnose::{Chosen, Finding, Verdict, diagnose};
pub use logins::{API_TOKEN, OAUTH};
pub use origins::Origin;
pub use session::{Opened, open};
pub use settings::{Plan, chosen, configure, site};

/// The origin of files, where downloads are redirected to.
pub const MEDIA_ORIGIN: &str = "https://api.media.atlassian.com";
