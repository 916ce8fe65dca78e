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

/// Changes in one answer. About a thousand are asked for; a hundred times that would be one write to the store that
/// lasts seconds, while every other connection's waits.
pub const CHANGES_MAX: usize = 100_000;

/// Parts of one dataset. Sites have tens of thousands of containers, and a part may hold several of them.
pub const PARTITIONS_MAX: usize = 100_000;

/// Values to choose from in a form: more are found by typing.
pub const CHOICES_MAX: usize = 10_000;

/// Origins of one plan. A person reads the list and agrees to it; nobody reads a longer one.
pub const ORIGINS_MAX: usize = 1_000;

/// What a sign-in found, tidied settings, a cursor, a checkpoint: identifiers and addresses, handed back in each call.
pub const KEPT_BYTES_MAX: usize = 64 * 1024;

/// Settings, tidied: lists of some ten thousand identifiers.
pub const SETTINGS_BYTES_MAX: usize = 1024 * 1024;

/// The id of a partition, as of an item.
pub const ID_BYTES_MAX: usize = 512;

/// A partition's token may carry a list of containers to read: 300 bytes each for 50,000 personal spaces.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Kinds, datasets, logins and bounds of a description, of each: forms and pages show them all.
pub const DESCRIBED_MAX: usize = 1_000;

/// A schema for settings. The largest known has 30 KB; a form is made of it for each page.
pub const SCHEMA_BYTES_MAX: usize = 1024 * 1024;

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

/// Of them, calls of one component: half, so that none keeps the others from beginning. A run makes up to eight at once,
/// and four connections are read side by side.
pub const CALLS_OF_ONE_MAX: u32 = 32;

/// Memory of all calls of one component together: as much as one run's calls may have if each has all it may.
pub const MEMORY_OF_ONE_BYTES_MAX: usize = 8 * MEMORY_BYTES_MAX;

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
