//! What the host does about a call that failed: a pure decision.

use std::time::Duration;

use crate::model::Fault;
use crate::sandbox::CallError;

/// The gate has already retried the requests; calls are repeated a few times more, because a
/// source that was down for a minute should not cost a whole partition.
const ATTEMPTS_MAX: u32 = 3;

/// The first wait between attempts; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// A source that asks to be left alone for longer is not waited for: the partition is left
/// where it is and the next run resumes it.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Make the same call again after this time.
    Again(Duration),
    /// Read the partition from the start: its position is of no more use.
    Restart,
    /// Leave this partition as it is and go on with others.
    Skip,
    /// Stop the run: nothing else can succeed before a person acts.
    Stop,
}

/// `attempt` is how many times this call has failed, from 1.
pub fn step(error: &CallError, attempt: u32) -> Step {
    let again = |wait: Option<u64>| {
        let wait = wait.map_or(FIRST_WAIT * 2u32.saturating_pow(attempt.min(8) - 1), Duration::from_millis);
        if attempt >= ATTEMPTS_MAX || wait > WAIT_MAX { Step::Skip } else { Step::Again(wait) }
    };
    match error {
        CallError::Fault { fault, .. } => match fault {
            Fault::InvalidSettings(_) | Fault::Unauthenticated(_) => Step::Stop,
            Fault::Forbidden(_) | Fault::NotFound(_) | Fault::Unexpected(_) => Step::Skip,
            Fault::Throttled { wait, .. } => again(*wait),
            Fault::Unavailable(_) => again(None),
            Fault::StalePosition(_) if attempt < ATTEMPTS_MAX => Step::Restart,
            Fault::StalePosition(_) => Step::Skip,
        },
        CallError::TooSlow { .. } => again(None),
        CallError::Overreached { .. } => Step::Stop,
        CallError::OutOfMemory { .. }
        | CallError::OutOfMemoryTogether { .. }
        | CallError::OutOfTime { .. }
        | CallError::Excessive { .. }
        | CallError::Crashed { .. } => Step::Skip,
    }
}

/// Whether the connector failed by itself, or used up the longest that a call may take, rather than being told
/// something by its source. A run does not go on for ever with one that does.
pub fn is_own_fault(error: &CallError) -> bool {
    !matches!(error, CallError::Fault { .. } | CallError::Overreached { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(fault: Fault) -> CallError {
        CallError::Fault { fault, refusals: Vec::new() }
    }

    #[test]
    fn each_error_is_an_instruction() {
        let text = || "words".to_owned();
        let throttled = |wait| fault(Fault::Throttled { message: text(), wait });
        let seconds = |n| Step::Again(Duration::from_secs(n));
        let table = [
            (fault(Fault::InvalidSettings(vec![])), 1, Step::Stop),
            (fault(Fault::Unauthenticated(text())), 1, Step::Stop),
            (fault(Fault::Forbidden(text())), 1, Step::Skip),
            (fault(Fault::NotFound(text())), 1, Step::Skip),
            (fault(Fault::Unexpected(text())), 1, Step::Skip),
            (fault(Fault::Unavailable(text())), 1, seconds(5)),
            (fault(Fault::Unavailable(text())), 2, seconds(10)),
            (fault(Fault::Unavailable(text())), 3, Step::Skip),
            (throttled(Some(1_500)), 1, Step::Again(Duration::from_millis(1_500))),
            (throttled(Some(3_600_000)), 1, Step::Skip),
            (throttled(None), 2, seconds(10)),
            (fault(Fault::StalePosition(text())), 1, Step::Restart),
            (fault(Fault::StalePosition(text())), 3, Step::Skip),
            (CallError::OutOfMemory { call: "read-page" }, 1, Step::Skip),
            (CallError::TooSlow { call: "read-page", max: FIRST_WAIT }, 1, seconds(5)),
        ];
        for (error, attempt, expected) in table {
            assert_eq!(step(&error, attempt), expected, "{error} (attempt {attempt})");
        }
    }
}
