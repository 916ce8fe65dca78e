//! The smallest host that is worth the name: stock Wasmtime, stock WASI, and a way out.

use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::{Config, Engine, Result, Store, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::gate::Gate;
use contract::weir::connector::log;

/// The contract's own interfaces. WASI's are linked below as their crates have them.
pub mod contract {
    wasmtime::component::bindgen!({
        inline: "
            package plain:host;
            world reader {
                import weir:connector/log@0.2.0;
                export weir:connector/setup@0.2.0;
                export weir:connector/sync@0.2.0;
                export weir:connector/content@0.2.0;
            }
        ",
        path: "../../wit",
        world: "plain:host/reader",
        exports: { default: async },
        with: { "wasi:io": wasmtime_wasi::p2::bindings::io },
    });
}

/// A page of 1,000 wiki pages needs some 40 MB.
const MEMORY_BYTES_MAX: usize = 256 << 20;

/// Instructions, more or less: tens of seconds, after which a call that loops is ended.
const FUEL: u64 = 100_000_000_000;

/// A connector, ready to be called.
pub struct Host {
    engine: Engine,
    reader: contract::ReaderPre<State>,
}

impl Host {
    pub fn load(component: &[u8]) -> Result<Self> {
        let mut config = Config::new();
        config.consume_fuel(true);
        let engine = Engine::new(&config)?;
        let component = Component::from_binary(&engine, component)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
        log::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        let reader = contract::ReaderPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Self { engine, reader })
    }

    /// A fresh instance, for one call.
    pub async fn instance(&self, gate: Gate) -> Result<(Store<State>, contract::Reader)> {
        let mut store = Store::new(&self.engine, State::new(gate));
        store.limiter(|state| &mut state.limits);
        store.set_fuel(FUEL)?;
        let reader = self.reader.instantiate_async(&mut store).await?;
        Ok((store, reader))
    }
}

/// What a call finds around itself: no file, no socket, no argument, no variable; and the gate.
pub struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    pub table: ResourceTable,
    gate: Gate,
    limits: StoreLimits,
}

impl State {
    fn new(gate: Gate) -> Self {
        Self {
            wasi: WasiCtx::builder().allow_tcp(false).allow_udp(false).build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            gate,
            limits: StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build(),
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.gate }
    }
}

impl log::Host for State {
    fn write(&mut self, level: log::Level, message: String, fields: Vec<(String, String)>) {
        eprintln!("{level:?} {message} {fields:?}");
    }

    fn spend(&mut self, _units: u64) {}
}
