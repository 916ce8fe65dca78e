//! `weir:connector@0.1.0`.
//!
//! The host's small world leaves WASI out: `sandbox` links that itself, interface by
//! interface, so that nothing is granted by generated code.

mod answers;
mod arguments;
mod calls;

pub use calls::{Calls, CallsPre};

/// The version as it stands in the names of the interfaces.
pub const VERSION: &str = "0.1.0";

mod generated {
    wasmtime::component::bindgen!({
        inline: "
            package weir:host;
            world reader {
                import weir:connector/log@0.1.0;
                export weir:connector/setup@0.1.0;
                export weir:connector/sync@0.1.0;
                export weir:connector/content@0.1.0;
            }
        ",
        path: "../wit",
        world: "weir:host/reader",
        imports: { default: trappable },
        exports: { default: async },
        with: { "wasi:io": wasmtime_wasi::p2::bindings::io },
    });
}

pub use generated::weir::connector::log::{Host as LogHost, Level};

/// Links `weir:connector/log`, the only import that is not WASI.
///
/// # Errors
///
/// When the linker already has the interface.
pub fn link_log<T: LogHost + Send + 'static>(
    linker: &mut wasmtime::component::Linker<T>,
) -> wasmtime::Result<()> {
    generated::weir::connector::log::add_to_linker::<T, wasmtime::component::HasSelf<T>>(linker, |state| {
        state
    })
}
