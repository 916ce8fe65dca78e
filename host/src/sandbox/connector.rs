//! A component that was looked at, compiled, linked and tried once.

use std::sync::Arc;

use wasmtime::component::{Component, Linker};

use super::call::CallError;
use super::engine::Engine;
use super::inspect::Inspection;
use super::lane::Lane;
use super::limits;
use super::state::State;
use crate::abi::{self, CallsPre, SPOKEN};
use crate::model::Description;

/// A connector ready to be called. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    pub(super) engine: Engine,
    pub(super) calls: CallsPre<State>,
    pub(super) lane: Arc<Lane>,
    description: Arc<Description>,
}

/// Why a file is no connector that this host can run.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(
        "it is {bytes} bytes long and the limit is {max}: strip it, or check that it is the right file",
        max = limits::COMPONENT_BYTES_MAX
    )]
    TooLarge { bytes: usize },
    #[error(
        "it is not a WebAssembly component but {what}: build it for wasm32-wasip2, or wrap the module with \
         `wasm-tools component new`"
    )]
    NotAComponent { what: &'static str },
    #[error("it could not be compiled ({0}): it may be damaged or use a feature this host does not run")]
    NotCompiled(String),
    #[error(
        "it speaks {found}, and this host speaks weir:connector@{spoken}: build it against one of these, or \
         use a host that speaks its own",
        spoken = SPOKEN.join(" and @")
    )]
    OtherContract { found: String },
    #[error("it asks for or lacks something the contract does not have ({0}): see wit/README.md")]
    NotLinked(String),
    #[error("it did not describe itself: {0}")]
    NotDescribed(#[source] CallError),
}

impl Connector {
    /// Looks at the bytes before trusting any of them, compiles them (or takes the compiled
    /// code from the engine's folder), and instantiates once: only that finds type mismatches.
    ///
    /// # Errors
    ///
    /// [`LoadError`], each case with what to do.
    pub async fn load(engine: &Engine, wasm: &[u8]) -> Result<Self, LoadError> {
        let (component, version) = compile(engine, wasm)?;
        let linked = link(engine, &component).map_err(|error| LoadError::NotLinked(words(&error)))?;
        let calls = CallsPre::new(linked, version).map_err(|error| LoadError::NotLinked(words(&error)))?;
        let mut connector = Self {
            engine: engine.clone(),
            calls,
            lane: engine.lane(wasm),
            description: Arc::new(empty_description()),
        };
        let description = connector.describe().await.map_err(LoadError::NotDescribed)?;
        connector.description = Arc::new(description);
        Ok(connector)
    }

    /// What the connector said of itself when it was loaded.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// What a file imports and exports, without running it.
    ///
    /// # Errors
    ///
    /// As [`Connector::load`], for a file that is no component.
    pub fn inspect(engine: &Engine, wasm: &[u8]) -> Result<Inspection, LoadError> {
        let component = compile_any(engine, wasm)?;
        Ok(Inspection::of(engine, &component))
    }
}

/// The component, and the version of the contract that it speaks.
fn compile(engine: &Engine, wasm: &[u8]) -> Result<(Component, &'static str), LoadError> {
    let component = compile_any(engine, wasm)?;
    let inspection = Inspection::of(engine, &component);
    let other = |found: String| LoadError::OtherContract { found };
    let found = inspection.contract().ok_or_else(|| other("no version of weir:connector".to_owned()))?;
    let spoken = SPOKEN.into_iter().find(|spoken| *spoken == found);
    let version = spoken.ok_or_else(|| other(format!("weir:connector@{found}")))?;
    Ok((component, version))
}

pub(super) fn compile_any(engine: &Engine, wasm: &[u8]) -> Result<Component, LoadError> {
    if wasm.len() > limits::COMPONENT_BYTES_MAX {
        return Err(LoadError::TooLarge { bytes: wasm.len() });
    }
    header(wasm)?;
    Component::from_binary(engine.wasmtime(), wasm).map_err(|error| LoadError::NotCompiled(words(&error)))
}

/// The first eight bytes: `\0asm`, a version, and the layer (0 a module, 1 a component), as
/// the component model's binary format has them.
fn header(wasm: &[u8]) -> Result<(), LoadError> {
    let what = match (wasm.get(..4), wasm.get(6..8)) {
        (Some(b"\0asm"), Some([1, 0])) => return Ok(()),
        (Some(b"\0asm"), _) => "a core module",
        _ if wasm.is_empty() => "an empty file",
        _ => "some other file",
    };
    Err(LoadError::NotAComponent { what })
}

fn link(engine: &Engine, component: &Component) -> wasmtime::Result<wasmtime::component::InstancePre<State>> {
    let mut linker = Linker::new(engine.wasmtime());
    // All of WASI is linked so that ordinary language runtimes start; `State` grants nothing
    // through it.
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    abi::link_log(&mut linker)?;
    linker.instantiate_pre(component)
}

fn empty_description() -> Description {
    Description {
        name: String::new(),
        title: String::new(),
        version: String::new(),
        documentation: None,
        settings_schema: String::new(),
        logins: Vec::new(),
        datasets: Vec::new(),
        kinds: Vec::new(),
        bounds: None,
    }
}

/// The whole chain of causes on one line.
pub(super) fn words(error: &wasmtime::Error) -> String {
    format!("{error:#}").replace('\n', " ")
}
