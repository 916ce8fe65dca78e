//! Installing connectors: offered first, so that whoever agrees knows to what; then kept, all of it or nothing.
//!
//! `offer` makes what is shown, `keep` keeps it, `load` runs what was kept and nothing else. What is decided is in
//! `installed`.

mod keep;
mod load;
mod offer;

pub use offer::{Offer, Reach};
