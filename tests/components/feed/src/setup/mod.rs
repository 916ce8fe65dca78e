//! The contract's `setup`: what is asked of the user, and whether it holds.

mod describe;
mod diagnose;
mod settings;

pub use describe::{ANONYMOUS, describe};
pub use diagnose::{authenticate, diagnose};
pub use settings::{Readers, Settings, configure};
