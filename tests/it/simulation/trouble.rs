//! What goes wrong between a site and a host, as the seed has it.

use std::collections::BTreeSet;

use confluence_simulator::{Burst, Fault, Knobs, Quota, What, When};
use fastrand::Rng;

use super::world::Plot;

/// How far lists may be behind.
pub const LIST_LAG_MS: i64 = 20_000;

/// A sync of such a small site makes some fifty requests, and more with short pages.
const REQUESTS: u32 = 70;

pub fn knobs(rng: &mut Rng) -> Knobs {
    let mut knobs = Knobs {
        page_rows_max: (rng.u8(..10) < 6).then(|| rng.usize(2..12)),
        index_lag_ms: if rng.u8(..4) == 0 { 40_000 } else { 0 },
        list_lag_ms: if rng.u8(..6) == 0 { rng.i64(1_000..LIST_LAG_MS) } else { 0 },
        latency_ms: rng.u64(..300),
        comment_lists_are_roots_only: rng.u8(..3) == 0,
        anonymous_in_permissions: rng.bool(),
        ..Knobs::default()
    };
    if rng.u8(..10) == 0 {
        knobs.burst = Some(Burst { per_second: 5, size: 5 });
    }
    if rng.u8(..16) == 0 {
        knobs.metered = Some(Quota { points: rng.u64(200..2_000), ..Quota::default() });
    }
    for _ in 0..[0, 0, 1, 1, 2][rng.usize(..5)] {
        knobs.faults.push(fault(rng));
    }
    knobs
}

fn fault(rng: &mut Rng) -> Fault {
    let path =
        rng.choice(["", "", "/pages", "/search", "/group", "/spaces", "/restriction", "/comments"]).unwrap();
    let when = match rng.u8(..4) {
        0 => When::First(rng.u64(1..4)),
        1 => When::Every(rng.u64(5..40)),
        _ => When::Nth(rng.u64(1..60)),
    };
    Fault { path: path.to_owned(), when, what: what(rng) }
}

fn what(rng: &mut Rng) -> What {
    let status = |code, retry_after_seconds| What::Status { code, retry_after_seconds };
    match rng.u8(..14) {
        0 => status(429, Some(rng.u64(1..90))),
        1 => status(429, None),
        2 => What::GatewayLimit,
        3 => status(500, None),
        4 => status(502, None),
        5 => status(503, Some(rng.u64(1..20))),
        6 => status(504, None),
        7 => What::Reset,
        8 => What::TruncatedJson,
        9 => What::MalformedJson,
        10 => What::Slow { ms: rng.u64(1_000..100_000) },
        11 => What::Html,
        12 => status(404, None),
        _ => What::BadCursor,
    }
}

pub fn plot(rng: &mut Rng) -> Plot {
    let many = [0, 0, 1, 2, 4, 8][rng.usize(..6)];
    let deeds: BTreeSet<u32> = (0..many).map(|_| rng.u32(1..REQUESTS)).collect();
    let revoked = (rng.u8(..14) == 0).then(|| rng.u32(1..REQUESTS));
    Plot { deeds, revoked }
}

/// How wrong the host's clock is, for a whole history.
pub fn skew_ms(rng: &mut Rng) -> i64 {
    rng.choice([0, 0, 0, 300_000, -300_000, 7_200_000, -7_200_000]).unwrap()
}
