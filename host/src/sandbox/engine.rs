//! The one engine of a process: how components are compiled, pooled and interrupted.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::{Cache, CacheConfig, Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::lane::{Lane, Lanes};
use super::limits::{self, Times};
use super::turns::Turns;

/// Compiles components and makes instances of them. Cheap to clone; one a process is enough.
#[derive(Clone)]
pub struct Engine {
    wasmtime: wasmtime::Engine,
    times: Times,
    seats: Arc<Semaphore>,
    turns: Arc<Turns>,
    lanes: Arc<Lanes>,
    _ticker: Arc<Ticker>,
}

/// The engine could not be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "failed to set up the sandbox: {0}; check that the folder for compiled components can be written and \
     that this machine lets a process reserve address space"
)]
pub struct EngineError(String);

impl Engine {
    /// Compiled code is kept in `compiled` between processes; it is trusted, so the folder must
    /// be the user's own.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used, or the machine refuses the address space.
    pub fn new(compiled: Option<&Path>) -> Result<Self, EngineError> {
        let mut config = Config::new();
        config.epoch_interruption(true);
        config.max_wasm_stack(limits::STACK_BYTES_MAX);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
        if let Some(folder) = compiled {
            config.cache(Some(cache(folder)?));
        }
        let wasmtime = wasmtime::Engine::new(&config).map_err(|error| EngineError(format!("{error:#}")))?;
        let turns = Turns::new(processors_for_guests());
        let ticker = Arc::new(Ticker::start(&wasmtime, &turns)?);
        let seats = Arc::new(Semaphore::new(limits::CALLS_MAX as usize));
        let lanes = Arc::default();
        Ok(Self { wasmtime, times: Times::default(), seats, turns, lanes, _ticker: ticker })
    }

    /// The same engine, with other times for the calls of components loaded with it.
    #[must_use]
    pub fn with_times(&self, times: Times) -> Self {
        Self { times, ..self.clone() }
    }

    pub(super) fn times(&self) -> Times {
        self.times
    }

    /// The share of the component that these bytes are.
    pub(super) fn lane(&self, wasm: &[u8]) -> Arc<Lane> {
        self.lanes.of(wasm)
    }

    pub(super) fn turns(&self) -> Arc<Turns> {
        Arc::clone(&self.turns)
    }

    /// Waits until another call of this component may begin; the pool has room for `CALLS_MAX` of all. Whoever waits
    /// for its own component's calls keeps nobody else waiting.
    pub(super) async fn seat(&self, lane: &Lane) -> Seat {
        let own = lane.seat().await;
        Seat { _of_all: Arc::clone(&self.seats).acquire_owned().await.ok(), _own: own }
    }

    pub(super) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.wasmtime
    }
}

/// All but one, which is the host's: were all of them taken, each answer from the network and each write would wait for
/// the end of a tick.
fn processors_for_guests() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1)
}

/// Room for one call, until it is dropped. None only if a semaphore was closed, which nobody does.
pub(super) struct Seat {
    _own: Option<OwnedSemaphorePermit>,
    _of_all: Option<OwnedSemaphorePermit>,
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.max_memory_size(limits::MEMORY_BYTES_MAX);
    pool.table_elements(limits::TABLE_ELEMENTS_MAX);
    pool.total_component_instances(limits::CALLS_MAX);
    pool.total_core_instances(limits::CALLS_MAX * limits::INSTANCES_MAX);
    pool.max_core_instances_per_component(limits::INSTANCES_MAX);
    pool.total_memories(limits::CALLS_MAX * 2);
    pool.max_memories_per_component(limits::MEMORIES_MAX);
    pool.total_tables(limits::CALLS_MAX * limits::TABLES_MAX / 4);
    pool.max_tables_per_component(limits::TABLES_MAX);
    pool.total_stacks(limits::CALLS_MAX);
    // Memory that an instance leaves behind goes back to the system, so that a large page of
    // changes does not stay resident for the rest of the sync.
    pool.max_unused_warm_slots(4);
    pool
}

fn cache(folder: &Path) -> Result<Cache, EngineError> {
    let words = |error: String| EngineError(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| words(error.to_string()))?;
    let folder = folder.canonicalize().map_err(|error| words(error.to_string()))?;
    let mut config = CacheConfig::new();
    config.with_directory(&folder);
    Cache::new(config).map_err(|error| words(format!("{error:#}")))
}

/// Advances the engine's epoch, so that computing guests are interrupted and others have their turn, for as
/// long as the engine lives.
struct Ticker {
    stop: Arc<AtomicBool>,
}

impl Ticker {
    fn start(engine: &wasmtime::Engine, turns: &Arc<Turns>) -> Result<Self, EngineError> {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, turns, stopped) = (engine.weak(), Arc::clone(turns), Arc::clone(&stop));
        let tick = move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(limits::TICK);
                match engine.upgrade() {
                    Some(engine) => {
                        // Those that waited come before those that are interrupted now.
                        turns.tick();
                        engine.increment_epoch();
                    }
                    None => break,
                }
            }
        };
        std::thread::Builder::new()
            .name("weir-epoch".to_owned())
            .spawn(tick)
            .map_err(|error| EngineError(format!("no thread for interrupting guests: {error}")))?;
        Ok(Self { stop })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
