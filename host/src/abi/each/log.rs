//! `weir:connector/log`, the only import that is not WASI.

use wasmtime::component::Linker;

use super::generated::weir::connector::log::{Host, Level, add_to_linker};
use crate::abi::{Heard, Hears, Log};

impl<T: Log> Host for Heard<'_, T> {
    fn write(
        &mut self,
        level: Level,
        message: String,
        fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        self.0.write(name(level), &message, fields);
        Ok(())
    }

    fn spend(&mut self, units: u64) -> wasmtime::Result<()> {
        self.0.spend(units);
        Ok(())
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

/// # Errors
///
/// When the linker already has the interface.
pub fn link_log<T: Log + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    add_to_linker::<T, Hears<T>>(linker, |state| Heard(state))
}
