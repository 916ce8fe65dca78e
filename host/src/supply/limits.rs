//! Every limit of the supply, each with its reason. A component's own is the sandbox's
//! `COMPONENT_BYTES_MAX`; connecting, silence and single requests have the gate's.

use std::time::Duration;

/// For all requests of one component together: three that each take the longest that the gate gives one (five
/// minutes, 128 MiB at 3.6 Mbit/s), and an end to whoever sends a byte a minute.
pub const PATIENCE: Duration = Duration::from_secs(900);

/// Redirects of one request. GitHub's releases take one, registries one to their storage; a loop is ended.
pub const HOPS_MAX: usize = 5;

/// A manifest. The OCI distribution specification lets registries refuse more than 4 MiB; those of
/// connectors have some 600 bytes.
pub const MANIFEST_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What a token server answers. Known tokens have up to 6 KB.
pub const TOKEN_BYTES_MAX: u64 = 64 * 1024;

/// Of an answer that is no success, to say what the server said.
pub const WORDS_BYTES_MAX: u64 = 16 * 1024;

/// Of those words, shown to the user.
pub const WORDS_CHARS_MAX: usize = 200;

/// A signature file, a signed payload or a bundle. The largest known, with certificates and a log's
/// proof, have 15 KB.
pub const SIGNATURE_BYTES_MAX: u64 = 256 * 1024;

/// Signatures looked at for one artifact. People sign once or twice; a registry that lists thousands
/// shall not have them all fetched.
pub const SIGNATURES_MAX: usize = 16;
