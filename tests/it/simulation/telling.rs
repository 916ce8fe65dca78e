//! What a person reads of histories: sums of those that held, and the shortest form of those that did not.

use std::collections::BTreeMap;
use std::fmt;

use super::history::{Failed, History, Story};
use super::native::Mischief;

/// So many words tell one sort of failure from another.
const KIND_WORDS: usize = 10;

/// A race takes a change between two reads of one run, of the one sort that matters; one history in so many
/// may have one.
const RACED_ONE_IN: usize = 50;

#[derive(Default)]
pub struct Sums {
    histories: usize,
    syncs: usize,
    crashes: usize,
    requests: u64,
    steps: u64,
    raced: usize,
}

impl Sums {
    /// Histories in which somebody was shown something by the moments of two reads of one run are seldom.
    pub fn seldom_raced(&self) -> bool {
        self.raced * RACED_ONE_IN <= self.histories.max(RACED_ONE_IN)
    }

    pub fn add(&mut self, story: &Story) {
        self.histories += 1;
        self.syncs += story.syncs;
        self.crashes += story.crashes;
        self.requests += story.requests;
        self.steps += story.steps;
        self.raced += usize::from(story.races > 0);
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { histories, syncs, crashes, requests, steps, raced } = self;
        write!(
            out,
            "{histories} histories held: {syncs} syncs, {crashes} of them cut off, {requests} requests, {steps} steps; races within a run in \
             {raced}"
        )
    }
}

/// The same seed with fewer rounds, as few as fail in the same way.
pub fn shortened(failed: Failed) -> Failed {
    let shorter = |rounds| History::tell_rounds(failed.seed, rounds, Mischief::None).err();
    let alike = |shorter: &Failed| kind(shorter) == kind(&failed);
    (0..failed.rounds).filter_map(shorter).find(alike).unwrap_or(failed)
}

pub fn told(failed: &Failed) -> String {
    let Failed { seed, rounds, what, words } = failed;
    let what = what.iter().take(8).cloned().collect::<Vec<_>>().join("\n");
    format!("WEIR_SEED={seed}, {rounds} rounds:\n{words}\n{what}")
}

/// How often each sort of failure came, numbers left out, so that a thousand are read at a glance.
pub fn kinds(failed: &[Failed]) -> String {
    let mut kinds: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for one in failed {
        kinds.entry(kind(one)).or_insert((0, one.seed)).0 += 1;
    }
    let line = |(kind, (times, seed)): (String, (usize, u64))| {
        format!("{times} times, first by seed {seed}: {kind}")
    };
    kinds.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The first words of what did not hold, without those that have numbers in them.
fn kind(failed: &Failed) -> String {
    let first = failed.what.first().map_or("", String::as_str);
    let words = first.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    words.take(KIND_WORDS).collect::<Vec<_>>().join(" ")
}
