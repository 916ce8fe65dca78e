//! What an administrator sees of everything that was read: a list with filters, the levels of the tree, and single
//! items with their place, their readers and their history.
//!
//! The console calls here. Deliberately absent: any judgement about a person (`search` and `why` have it); whoever
//! calls must know that an administrator asks, or a program that may look at records.

mod item;
mod level;
mod list;
mod state;

pub use item::{AccessLevel, Crumb, FormerPlace, Gone, ItemRecord, Looked};
pub use level::Level;
pub use list::{RecordFilter, Records, Stated};
pub use state::RecordState;
