//! What goes on just now, for those who watch it.
//!
//! `host` begins a [`Going`] for whatever takes its time at a connection; as the run's [`Progress`] it hears what
//! happens. `console` shows it, and `cli` shares the judgement of the time that is left.
//!
//! Whoever watches takes a [`Seen`], a value of one moment, and is woken by [`Live::changes`]. What is kept does not
//! grow with the source: numbers for all parts, and details for those under way.
//!
//! Deliberately absent: what outlives the process. Runs in numbers are the store's.
//!
//! [`Progress`]: crate::sync::Progress

mod going;
mod left;
mod pace;
mod told;

pub use going::{Going, Live, Seen};
pub use left::{Done, Goal, Hour};
pub use told::{DatasetTold, Doing, FilesTold, PartTold, Stage, Told, TroubleTold};
