//! The law about what a call may use.

use crate::check::facts::Facts;
use crate::check::finding::{Finding, Verdict};
use crate::check::reading::Reads;
use crate::check::trial::CALL_REQUESTS_MAX;
use crate::check::turn::Turn;
use crate::sandbox::CallError;
use crate::sandbox::limits::LOG_ENTRIES_MAX;

pub fn limits(facts: &Facts) -> Verdict {
    let mut turns: Vec<&Turn> = vec![&facts.signed];
    turns.extend(facts.everything.iter().flat_map(Reads::turns));
    if let Some(rest) = &facts.rest {
        turns.extend(
            rest.inventory.turns().chain(rest.since.turns()).chain(&rest.items).chain(&rest.downloads),
        );
        turns.extend(rest.scope.iter().chain([&rest.unknown, &rest.estimate]));
    }
    Verdict::of(turns.into_iter().filter_map(beyond).collect())
}

fn beyond(turn: &Turn) -> Option<Finding> {
    let (what, expected, came) = match &turn.outcome {
        // A position that is too long is a law of its own.
        Err(error) if !matches!(error, CallError::Fault { .. }) && !error.is_of_position() => {
            ("a call was cut off", "an answer within the sandbox's limits".to_owned(), error.to_string())
        }
        _ if turn.journal.dropped > 0 => {
            let logged = turn.journal.dropped + turn.journal.entries.len() as u64;
            ("a call logs too much", format!("at most {LOG_ENTRIES_MAX} events"), format!("{logged} events"))
        }
        _ if turn.asked.len() > CALL_REQUESTS_MAX => {
            let came = format!("more than {CALL_REQUESTS_MAX} requests");
            ("a call sends too much", format!("at most {CALL_REQUESTS_MAX} requests"), came)
        }
        _ => return None,
    };
    Some(Finding {
        what: what.to_owned(),
        place: turn.call.to_string(),
        expected,
        came,
        ..Finding::default()
    })
}
