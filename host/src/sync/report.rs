//! What a run came to, for those who asked for it.

use serde::Serialize;

use crate::sandbox::CallError;
use crate::store::{Outcome, Run};

/// A finished run. Its numbers are in `run`; the rest says what is not in them.
#[derive(Debug)]
pub struct Report {
    pub run: Run,
    /// Partitions that could not be read to their end, or that lack items of which the source could
    /// not say whether they are gone; and why.
    pub skipped: Vec<Skipped>,
    /// Suspects that were too many to be believed; nothing was deleted.
    pub held: Option<Held>,
    /// What stopped the run before its end: nothing else could succeed.
    pub stopped: Option<CallError>,
    /// Items of which not everything that was told is shown yet (see `access::settle`).
    pub waiting: u64,
    /// Which kinds of items claimed readers whom they may not have, in a sentence.
    pub overclaimed: Option<String>,
}

/// A partition, or a whole dataset, that was left where it is; the next run goes on there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Empty, as is the partition, for items that belong to no partition.
    pub dataset: String,
    /// Empty when the dataset could not even be listed.
    pub partition: String,
    pub reason: String,
}

/// More items vanished at once than a host believes without a person. They are shown until one decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Held {
    pub suspects: u64,
    /// Items of the connection before.
    pub present: u64,
}

impl Report {
    /// Whether everything was read.
    pub fn is_complete(&self) -> bool {
        let whole = self.skipped.is_empty() && self.held.is_none() && self.overclaimed.is_none();
        whole && self.stopped.is_none() && !self.was_halted()
    }

    /// Whether somebody stopped it.
    pub fn was_halted(&self) -> bool {
        matches!(self.run.outcome, Some(Outcome::Canceled | Outcome::Interrupted))
    }

    /// Why the run is not complete, in words; empty if it is.
    pub fn shortfall(
        skipped: &[Skipped],
        held: Option<Held>,
        stopped: Option<&CallError>,
        overclaimed: Option<&str>,
    ) -> Option<String> {
        let mut words = Vec::new();
        if let Some(error) = stopped {
            words.push(error.to_string());
        }
        words.extend(skipped.iter().map(|part| match part.dataset.as_str() {
            "" => format!("items of no partition: {}", part.reason),
            dataset => format!("{dataset}/{}: {}", part.partition, part.reason),
        }));
        if let Some(Held { suspects, present }) = held {
            words.push(format!(
                "{suspects} of {present} items were not mentioned any more, which is too many to believe; nothing \
                 was deleted, and they wait for a person"
            ));
        }
        words.extend(overclaimed.map(str::to_owned));
        (!words.is_empty()).then(|| words.join("; "))
    }
}
