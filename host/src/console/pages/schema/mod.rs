//! A form made of a connector's settings schema, so that any connector gets one.
//!
//! `fields` reads what a schema asks for, `typed` turns settings into what stands in the form and what was typed back
//! into settings, `shown` writes the form. The first two are pure.
//!
//! A property may say where it stands: `x-group` is the heading over it, `x-order` a number to sort by. Properties
//! of a sort that nobody thought of are shown as JSON.
//!
//! Deliberately absent: whether settings make sense. That is the connector's to say (`setup.configure`).

mod fields;
mod shown;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
mod typed;

pub use fields::{Field, fields};
pub use shown::show;
pub use typed::{PREFIX, Typed, id, settings, typed};
