//! The contract as the host sees it: generated types on one side, `model` on the other.
//!
//! A folder a version of `weir:connector`, so that a component built against an old one keeps
//! running when the contract has gone on. `each` holds what reads the same in all of them and is
//! compiled once with each version's generated types; a version's own folder says what differs.
//! Only `sandbox` may call in here. Nothing outside this folder knows a generated type; nothing
//! here decides anything.

pub mod extract;
// What reads the same in both is one text, compiled with the types of each.
#[allow(clippy::duplicate_mod)]
mod v0_1;
#[allow(clippy::duplicate_mod)]
mod v0_2;
mod versions;

pub use versions::{Calls, CallsPre, SPOKEN};

use wasmtime::component::{HasData, Linker};

/// Who listens to what a component says through `weir:connector/log`, whichever version it speaks.
pub trait Log: Send {
    /// `level` is `trace`, `debug`, `info`, `warn` or `error`.
    fn write(&mut self, level: &'static str, message: &str, fields: Vec<(String, String)>);
    fn spend(&mut self, units: u64);
}

/// A listener, lent to generated code for one event.
struct Heard<'a, T>(&'a mut T);

/// Names the listener's type to Wasmtime.
struct Hears<T>(std::marker::PhantomData<T>);

impl<T: Log + 'static> HasData for Hears<T> {
    type Data<'a> = Heard<'a, T>;
}

/// Links the log of every version that is spoken.
///
/// # Errors
///
/// When the linker already has one of them.
pub fn link_log<T: Log + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    v0_1::link_log(linker)?;
    v0_2::link_log(linker)
}
