//! `weir:connector@0.1.0`. Kept for components that were built against it.
//!
//! The host's small world leaves WASI out: `sandbox` links that itself, interface by
//! interface, so that nothing is granted by generated code.

#[path = "../each/answers.rs"]
mod answers;
#[path = "../each/arguments.rs"]
mod arguments;
#[path = "../each/calls.rs"]
mod calls;
mod later;
#[path = "../each/log.rs"]
mod log;

pub use calls::{Calls, CallsPre};
pub use log::link_log;

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
        path: ["../wit/deps/io", "../wit/deps/clocks", "../wit/deps/random", "../wit/deps/http", "../wit/0.1.0"],
        world: "weir:host/reader",
        imports: { default: trappable },
        exports: { default: async },
        with: { "wasi:io": wasmtime_wasi::p2::bindings::io },
    });
}
