//! The host's own component that takes the words out of files: a fresh instance a file, which can reach nothing
//! but that file, within the same limits of memory and time as a connector's call.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use wasmtime::Store;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::connector::{LoadError, compile_any, words};
use super::engine::Engine;
use super::lane::Lane;
use super::limits;
use super::state::Allowance;
use crate::abi::extract::{ExtractPre, FileHost, TypesHost, link_file};
use crate::extract::{Reason, Words};

/// Bytes handed to the guest at a time; it asks for at most a megabyte.
const READ_BYTES_MAX: u32 = 4 * 1024 * 1024;

/// The extractor, ready for any number of files at once.
pub struct Extractor {
    engine: Engine,
    pre: ExtractPre<State>,
    lane: Arc<Lane>,
}

impl Extractor {
    /// # Errors
    ///
    /// When the component does not fit this host, which only a wrong build brings about.
    pub fn load(engine: &Engine, wasm: &[u8]) -> Result<Self, LoadError> {
        let component = compile_any(engine, wasm)?;
        let refused = |error: wasmtime::Error| LoadError::NotLinked(words(&error));
        let mut linker = Linker::new(engine.wasmtime());
        // WASI is linked so that Rust's standard library starts; `State` grants nothing through it.
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(refused)?;
        link_file(&mut linker).map_err(refused)?;
        let linked = linker.instantiate_pre(&component).map_err(refused)?;
        let pre = ExtractPre::new(linked).map_err(refused)?;
        Ok(Self { engine: engine.clone(), pre, lane: engine.lane(wasm) })
    }

    /// The words of a file, or why there are none. Whatever the file does to the reader is a reason too.
    ///
    /// # Errors
    ///
    /// When the file cannot be read on this machine.
    pub async fn extract(
        &self,
        file: File,
        name: &str,
        media_type: &str,
    ) -> io::Result<Result<Words, Reason>> {
        let _seat = self.engine.seat(&self.lane).await;
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits::HANDLES_MAX);
        let state = State {
            wasi: WasiCtx::builder().allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false).build(),
            table,
            allowance: Allowance::new(&self.engine, &self.lane),
            size: file.metadata()?.len(),
            file,
            unreadable: None,
        };
        let mut store = Store::new(self.engine.wasmtime(), state);
        store.limiter(|state| &mut state.allowance);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| Ok(context.data_mut().allowance.charge()));
        store.set_hostcall_fuel(limits::LIFTED_BYTES_MAX);
        let answer = self.pre.extract(&mut store, name, media_type).await;
        let state = store.into_data();
        match answer {
            Ok(answer) => Ok(answer),
            Err(_) if let Some(error) = state.unreadable => Err(error),
            Err(_) if state.allowance.time_refused => Ok(Err(Reason::TooSlow)),
            Err(_) if state.allowance.memory_refused || state.allowance.share_refused => {
                Ok(Err(Reason::TooMuchMemory))
            }
            Err(_) => Ok(Err(Reason::Damaged("it made the reader fail".to_owned()))),
        }
    }
}

/// What one instance finds around itself.
struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    allowance: Allowance,
    file: File,
    size: u64,
    unreadable: Option<io::Error>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl TypesHost for State {}

impl FileHost for State {
    fn size(&mut self) -> wasmtime::Result<u64> {
        Ok(self.size)
    }

    fn read(&mut self, offset: u64, length: u32) -> wasmtime::Result<Vec<u8>> {
        let read = |file: &mut File| -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(offset))?;
            file.take(length.min(READ_BYTES_MAX).into()).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        if offset >= self.size {
            return Ok(Vec::new());
        }
        read(&mut self.file).map_err(|error| {
            self.unreadable = Some(error);
            wasmtime::Error::msg("the file cannot be read")
        })
    }
}
