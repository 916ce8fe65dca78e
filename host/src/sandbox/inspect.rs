//! What a component asks for and offers, read from its type.

use serde::Serialize;
use wasmtime::component::Component;

use super::engine::Engine;

/// The names of a component's imports and exports, in its own order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

impl Inspection {
    pub(super) fn of(engine: &Engine, component: &Component) -> Self {
        let ty = component.component_type();
        Self {
            imports: ty.imports(engine.wasmtime()).map(|(name, _)| name.to_owned()).collect(),
            exports: ty.exports(engine.wasmtime()).map(|(name, _)| name.to_owned()).collect(),
        }
    }

    /// The version of `weir:connector` that it exports, as `0.1.0`.
    pub fn contract(&self) -> Option<&str> {
        self.exports.iter().find_map(|name| name.strip_prefix("weir:connector/setup@"))
    }
}
