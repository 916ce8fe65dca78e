//! Gives WASI the clocks and the randomness that a call's outside brings with it.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use wasmtime_wasi::{Deterministic, HostMonotonicClock, HostWallClock, WasiCtxBuilder};

use super::outside::Senses;

/// Bytes of randomness before they come again. A connector needs it to scatter hash tables and to
/// name things within one call, never for a secret: it has none.
const RANDOM_BYTES: usize = 16 * 1024;

/// What a guest is told of how fine its clocks are: the same wherever a call is made again.
const RESOLUTION: Duration = Duration::from_micros(1);

/// Everything that WASI tells of time and chance now comes from `senses`.
pub fn given(builder: &mut WasiCtxBuilder, senses: &Arc<dyn Senses>) {
    let seed = senses.seed();
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = seed;
    builder
        .wall_clock(Wall(Arc::clone(senses)))
        .monotonic_clock(Monotonic(Arc::clone(senses)))
        .secure_random(Deterministic::new(stream(seed, b's')))
        .insecure_random(Deterministic::new(stream(seed, b'i')))
        .insecure_random_seed(u128::from_be_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]));
}

/// Bytes that look like chance and follow from the seed; `which` keeps two streams apart.
fn stream(seed: [u8; 32], which: u8) -> Vec<u8> {
    let block = |number: usize| {
        Sha256::new().chain_update(seed).chain_update([which]).chain_update(number.to_be_bytes())
    };
    (0..RANDOM_BYTES / 32).flat_map(|number| block(number).finalize()).collect()
}

struct Wall(Arc<dyn Senses>);

impl HostWallClock for Wall {
    fn resolution(&self) -> Duration {
        RESOLUTION
    }

    fn now(&self) -> Duration {
        self.0.wall()
    }
}

struct Monotonic(Arc<dyn Senses>);

impl HostMonotonicClock for Monotonic {
    fn resolution(&self) -> u64 {
        u64::from(RESOLUTION.subsec_nanos())
    }

    fn now(&self) -> u64 {
        self.0.monotonic()
    }
}
