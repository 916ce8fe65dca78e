//! Items that claimed readers whom their kind may not have, counted over a run and told once, at its end.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How often items of each kind claimed so in one run.
#[derive(Debug, Default)]
pub struct Claims(Mutex<BTreeMap<String, u64>>);

impl Claims {
    pub(super) fn count(&self, overclaimed: &BTreeMap<String, u32>) {
        if overclaimed.is_empty() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, items) in overclaimed {
            let sum = all.entry(kind.clone()).or_default();
            *sum = sum.saturating_add(u64::from(*items));
        }
    }

    /// All of them in one sentence; None if there were none.
    pub(super) fn words(&self) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds: Vec<String> = all.iter().map(|(kind, times)| format!("`{kind}` ({times})")).collect();
        (!kinds.is_empty()).then(|| {
            format!(
                "items of {} claimed readers who may not read what holds them, which the connector says those kinds \
                 never have; they are shown to nobody: report it to the connector's author",
                kinds.join(", ")
            )
        })
    }
}
