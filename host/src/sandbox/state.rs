//! What an instance finds around itself: nothing, and a way out through the gate.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, StoreContextMut, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::egress::Egress;
use super::engine::Engine;
use super::journal::Journal;
use super::lane::Lane;
use super::limits;
use super::senses;
use super::turns::Turns;
use crate::abi::Log;
use crate::model::Fault;

/// The data of one store, made for one call and dropped after it.
pub struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    egress: Egress,
    pub allowance: Allowance,
    pub journal: Journal,
}

impl State {
    pub fn new(egress: Egress, allowance: Allowance) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits::HANDLES_MAX);
        // The builder's defaults grant no file, argument, variable or stream; sockets are
        // refused by name as well.
        let mut wasi = WasiCtx::builder();
        wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        if let Some(senses) = egress.senses() {
            senses::given(&mut wasi, &senses);
        }
        Self {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            table,
            egress,
            allowance,
            journal: Journal::default(),
        }
    }

    /// Refusals of the gate during this call, in words.
    pub fn refusals(&self) -> Vec<String> {
        self.egress.refusals()
    }

    /// What the call comes to if one of its requests could not be signed.
    pub fn unsigned(&self) -> Option<Fault> {
        self.egress.unsigned()
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.egress }
    }
}

impl Log for State {
    fn write(&mut self, level: &'static str, message: &str, fields: Vec<(String, String)>) {
        self.journal.write(level, message, fields);
    }

    fn spend(&mut self, units: u64) {
        self.egress.spend(units);
    }
}

/// What the call may still use, and which limit it hit, so that an error can say so.
pub struct Allowance {
    computing_left: Duration,
    memory_bytes: usize,
    table_elements: usize,
    pub memory_refused: bool,
    /// It was the memory of all calls of the component that was used up.
    pub share_refused: bool,
    pub time_refused: bool,
    lane: Arc<Lane>,
    turns: Arc<Turns>,
}

impl Allowance {
    pub(super) fn new(engine: &Engine, lane: &Arc<Lane>) -> Self {
        Self {
            computing_left: engine.times().computing_max,
            memory_bytes: 0,
            table_elements: 0,
            memory_refused: false,
            share_refused: false,
            time_refused: false,
            lane: Arc::clone(lane),
            turns: engine.turns(),
        }
    }

    /// Called whenever a tick passes while the guest computes.
    pub fn tick(mut context: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
        Ok(context.data_mut().allowance.charge())
    }

    /// Takes one tick from the time that is left, and says how the guest goes on.
    pub(super) fn charge(&mut self) -> UpdateDeadline {
        let Some(left) = self.computing_left.checked_sub(limits::TICK) else {
            self.time_refused = true;
            return UpdateDeadline::Interrupt;
        };
        self.computing_left = left;
        UpdateDeadline::YieldCustom(1, Box::pin(self.turns.turn(&self.lane)))
    }
}

impl Drop for Allowance {
    fn drop(&mut self) {
        self.lane.give_memory_back(self.memory_bytes);
    }
}

impl ResourceLimiter for Allowance {
    /// All memories of a component share one limit: it may have several.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let before = self.memory_bytes;
        let granted = grow(&mut self.memory_bytes, current, desired, limits::MEMORY_BYTES_MAX);
        self.memory_refused |= !granted;
        if granted && !self.lane.take_memory(self.memory_bytes - before) {
            self.memory_bytes = before;
            self.share_refused = true;
            return Ok(false);
        }
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(grow(&mut self.table_elements, current, desired, limits::TABLE_ELEMENTS_MAX))
    }
}

/// Counts one memory's or table's growth into the sum of all, if the sum stays within the limit.
fn grow(sum: &mut usize, current: usize, desired: usize, max: usize) -> bool {
    let grown = sum.saturating_add(desired.saturating_sub(current));
    let granted = grown <= max;
    if granted {
        *sum = grown;
    }
    granted
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use wasmtime::{Instance, Module, Store};

    use super::*;
    use crate::sandbox::Way;

    /// `(module (table 1 funcref) (func (export "grow") (param i32) (result i32)
    ///     (table.grow 0 (ref.null func) (local.get 0))))`
    const GROWING: &[u8] =
        b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7f\x01\x7f\x03\x02\x01\0\x04\x04\x01\x70\0\x01\
        \x07\x08\x01\x04grow\0\0\x0a\x0b\x01\x09\0\xd0\x70\x20\0\xfc\x0f\0\x0b";

    #[test]
    fn a_table_grows_to_its_limit_and_no_further() {
        let engine = Engine::new(None).unwrap();
        let allowance = Allowance::new(&engine, &Lane::new());
        let mut store = Store::new(engine.wasmtime(), State::new(Egress::new(Way::nowhere()), allowance));
        store.limiter(|state| &mut state.allowance);
        store.set_epoch_deadline(u64::MAX / 2);
        let module = Module::new(engine.wasmtime(), GROWING).unwrap();
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let grow = instance.get_typed_func::<i32, i32>(&mut store, "grow").unwrap();
        let rest = i32::try_from(limits::TABLE_ELEMENTS_MAX).unwrap() - 1;
        assert_eq!(grow.call(&mut store, rest + 1).unwrap(), -1, "one too many");
        assert_eq!(grow.call(&mut store, rest).unwrap(), 1, "as many as may be");
        assert_eq!(grow.call(&mut store, 1).unwrap(), -1);
    }

    #[test]
    fn several_memories_share_one_limit() {
        let mut sum = 0;
        assert!(grow(&mut sum, 0, 60, 100), "the first memory");
        assert!(!grow(&mut sum, 0, 60, 100), "a second one as large");
        assert!(grow(&mut sum, 0, 40, 100), "a smaller one");
        assert!(!grow(&mut sum, 60, 61, 100), "the first one again");
        assert_eq!(sum, 100);
    }
}
