//! What answers say of waiting and of limits: whatever they say, there is an end to it, and something is asked at last.

use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::read;
use crate::gate::limits::{REST_MAX, RETRIES_MAX, WAIT_MAX, WIDTH};
use crate::gate::pace::Pace;
use crate::gate::retry::{Attempt, Decision, Outcome};
use crate::gate::signs::{self, Signs};
use crate::model::Allowance;

/// The last moment that a date of four digits can name.
const LAST_SECONDS: u64 = 253_402_300_799;

/// More seconds than any answer is worth.
const FOR_EVER: Duration = Duration::from_secs(u32::MAX as u64);

/// `STATUS SECONDS`, the answer's status and when it came, then `name: value` a line; answers stand below each other,
/// with an empty line between.
pub fn hold(text: &str) {
    let (mut pace, mut latest) = (Pace::new(WIDTH), SystemTime::UNIX_EPOCH);
    for (retries, answer) in text.split("\n\n").enumerate() {
        let (first, rest) = answer.split_once('\n').unwrap_or((answer, ""));
        let (status, seconds) = first.split_once(' ').unwrap_or((first, "0"));
        let Some(status) = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok()) else {
            break;
        };
        let now =
            SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.parse().unwrap_or(0_u64).min(LAST_SECONDS));
        let headers = read(rest);

        let asked = signs::asked_for(status, &headers, now);
        assert!(asked.is_none_or(|wait| !wait.is_zero() && wait <= FOR_EVER), "{asked:?}");
        let retries = u32::try_from(retries).unwrap_or(u32::MAX);
        let outcome = Outcome::Answered(status, &headers);
        let waited = Duration::from_secs(u64::from(retries));
        let attempt = Attempt { outcome, retries, waited, wait_max: WAIT_MAX, now, unit: 0.5 };
        if let Decision::Retry { after } = attempt.decide() {
            assert!(retries < RETRIES_MAX && waited + after <= WAIT_MAX, "{after:?} after {waited:?}");
            assert!(!status.is_success() && !status.is_redirection(), "{status} was tried again");
            assert!(asked.is_none_or(|asked| asked <= after), "{after:?}, sooner than {asked:?}");
        }

        let signs = Signs::read(status, &headers, now);
        assert!(
            signs.rest.is_none_or(|rest| rest <= FOR_EVER) && signs.quota.is_none_or(|quota| quota.limit > 0)
        );
        pace.learn(&signs, pace.narrowings(), now);
        assert!((1..=WIDTH).contains(&pace.width()), "{} at once", pace.width());
        for spent in [None, Some(0), Some(u64::MAX)] {
            if let Some(rest) = pace.rest(spent, &Allowance::default(), now) {
                assert!(rest.left(now) <= REST_MAX && !rest.to_string().is_empty());
            }
        }
        // Clocks are put back, and answers overtake each other.
        latest = latest.max(now);
    }
    pace.tick(latest + REST_MAX);
    assert!(pace.rest(None, &Allowance::default(), latest + REST_MAX).is_none(), "left alone for ever");
}
