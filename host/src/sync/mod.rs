//! Reads a connection: which call next, what its answer means, what to keep.
//!
//! `host` starts runs here. A run lists each dataset's partitions, reads them side by side
//! through a [`Source`], and makes every page durable together with the position that came
//! with it, so that a run that breaks off anywhere resumes where it was and skips nothing.
//! What a complete read no longer mentions is only suspected. What the settings leave out goes
//! then, on the connector's word; everything else goes on the source's own word alone.
//!
//! Deliberately absent: retries of single requests (the `gate`'s), SQL (`store`'s), and any
//! sleeping of its own: time comes in through the clock.

mod again;
mod approve;
mod ask;
mod claims;
mod due;
mod paces;
mod partition;
mod progress;
mod report;
mod run;
mod scope;
mod settle;
mod source;
mod step;
mod stop;
mod sweep;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;

pub use approve::{Approved, approve};
pub use claims::Claims;
pub use due::Policy;
pub use progress::{Event, Progress, Silent};
pub use report::{Held, Report, Skipped};
pub use run::{Job, SyncError, run};
pub use source::{Answer, Remote, Source};
pub use stop::{Halt, Stop, Stopper};
