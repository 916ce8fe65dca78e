//! Thousands of small histories of a company's site, each from a seed: people change things,
//! syncs read them through faults, and the host is lost at any of its commits and opened again.
//!
//! A [`History`] is a site (`scene`), what people do to it (`deeds`), what goes wrong (`trouble`),
//! and who looks on (`checks`). Nothing waits: one thread, one clock that is moved by hand, a site
//! that is asked without a socket (`wire`), and the connector without a sandbox (`native`).
//! `boxed` tells some histories through the real component, the index and the search.
//!
//! `WEIR_HISTORIES` says how many, `WEIR_FIRST` from which seed, `WEIR_SEED` repeats one and tells it in words. Deliberately
//! absent: real time, and what a process that is killed leaves behind (`kill`, beside this folder).

mod boxed;
pub mod checks;
pub mod clockwork;
pub mod deeds;
mod history;
mod native;
pub mod scene;
pub mod states;
mod telling;
mod trouble;
mod values;
mod watch;
mod wire;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use history::{Failed, History};
use native::Mischief;

/// How many histories a plain test run tells: a minute's work for two cores in a debug build. More are told by
/// asking for more, from seeds that nobody has tried: `WEIR_FIRST=100000 WEIR_HISTORIES=5000`.
const HISTORIES: u64 = 500;

/// Failures told in full; more say the same.
const TOLD_MAX: usize = 3;

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[test]
fn no_history_ends_in_a_lie() {
    if let Some(seed) = number("WEIR_SEED") {
        match History::tell(seed) {
            Ok(told) => println!("{}", told.words),
            Err(failed) => panic!("{}", telling::told(&telling::shortened(failed))),
        }
        return;
    }
    let (first, many) = (number("WEIR_FIRST").unwrap_or(1), number("WEIR_HISTORIES").unwrap_or(HISTORIES));
    let next = AtomicU64::new(first);
    let failed: Mutex<Vec<Failed>> = Mutex::default();
    let sums: Mutex<telling::Sums> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + many {
                        return;
                    }
                    match History::tell(seed) {
                        Ok(told) => sums.lock().unwrap().add(&told),
                        Err(one) => failed.lock().unwrap().push(one),
                    }
                }
            });
        }
    });
    let sums = sums.into_inner().unwrap();
    println!("{sums}");
    let mut failed = failed.into_inner().unwrap();
    failed.sort_by_key(|one| one.seed);
    let seeds: Vec<u64> = failed.iter().map(|one| one.seed).collect();
    let kinds = telling::kinds(&failed);
    let told: Vec<String> =
        failed.into_iter().take(TOLD_MAX).map(|one| telling::told(&telling::shortened(one))).collect();
    assert!(
        seeds.is_empty(),
        "{} of {many} histories failed: {seeds:?}\n{kinds}\n\n{}",
        seeds.len(),
        told.join("\n\n")
    );
    assert!(sums.seldom_raced(), "{sums}");
}

/// Every lie is caught by the check that is there for it, in some of a few histories.
#[test]
fn no_lie_of_a_connector_goes_unnoticed() {
    let lies = [
        (Mischief::Opens, "is shown"),
        (Mischief::Deletes, "was deleted"),
        (Mischief::Forgets, "missing"),
        (Mischief::Misquotes, "is kept as"),
    ];
    for (mischief, words) in lies {
        let mut failures = (1..=20).filter_map(|seed| History::tell_rounds(seed, 3, mischief).err());
        let caught = failures.any(|failed| failed.what.iter().any(|line| line.contains(words)));
        assert!(caught, "{mischief:?}");
    }
}

/// The same seed is the same history: or a failure could not be looked into.
#[test]
fn a_history_repeats_word_for_word() {
    for seed in [3, 11, 27] {
        let words = |seed| match History::tell(seed) {
            Ok(told) => told.words,
            Err(failed) => failed.words,
        };
        assert_eq!(words(seed), words(seed));
    }
}
