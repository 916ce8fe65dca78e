//! What an instance may use, each number with its reason.

use std::time::Duration;

/// Linear memory of one instance. A page of 1,000 wiki pages with 10 KB bodies needs about
/// 40 MB in Rust and three times that in Python.
pub const MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Elements of one table: function pointers of a large Python runtime are some 20,000.
pub const TABLE_ELEMENTS_MAX: usize = 100_000;

/// Core instances, memories and tables in one component; componentize-py makes about ten.
pub const INSTANCES_MAX: u32 = 64;
pub const MEMORIES_MAX: u32 = 16;
pub const TABLES_MAX: u32 = 64;

/// Handles (requests, bodies, streams, pollables) open at once; a connector with five
/// requests in flight holds about fifty.
pub const HANDLES_MAX: usize = 4_096;

/// Bytes the host lifts out of one call. A page of changes is a few megabytes; Wasmtime's
/// own default is this number, stated here because it is relied on.
pub const LIFTED_BYTES_MAX: usize = 128 * 1024 * 1024;

/// How often the guest is interrupted to let others run and to be charged for its time.
pub const TICK: Duration = Duration::from_millis(10);

/// Time a call may spend computing. Converting a page of 1,000 wiki pages takes less than
/// one second.
pub const COMPUTING_TIME_MAX: Duration = Duration::from_secs(30);

/// Time a call may take in all, with its requests and the gate's waiting.
pub const CALL_TIME_MAX: Duration = Duration::from_secs(900);

/// How long calls may take: the two limits that a test cannot wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub computing_max: Duration,
    pub call_max: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { computing_max: COMPUTING_TIME_MAX, call_max: CALL_TIME_MAX }
    }
}

/// Calls side by side in one process; each holds a memory of at most `MEMORY_BYTES_MAX`. The
/// next one waits.
pub const CALLS_MAX: u32 = 64;

/// Log events kept from one call; a connector that logs more is cut short.
pub const LOG_ENTRIES_MAX: usize = 200;

/// Bytes of one log message, and of each of its names and values.
pub const LOG_MESSAGE_BYTES_MAX: usize = 2_048;

/// Names and values of one log event.
pub const LOG_FIELDS_MAX: usize = 16;

/// A request body the guest may send: searches are a few kilobytes.
pub const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// A component file. Python ones are 18 MB.
pub const COMPONENT_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Stack of the guest's own calls.
pub const STACK_BYTES_MAX: usize = 1024 * 1024;
