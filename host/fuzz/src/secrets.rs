//! Secrets as they are held and sent, and the answers of those who give them out.

#[path = "../../src/secrets/credential.rs"]
mod credential;
#[path = "../../src/secrets/echo.rs"]
mod echo;
pub mod oauth;
#[path = "../../src/secrets/secret.rs"]
mod secret;
#[path = "../../src/secrets/source.rs"]
mod source;

pub use credential::{Credential, CredentialFault};
pub use secret::Secret;
pub use source::{Credentials, Fixed, Lack};
