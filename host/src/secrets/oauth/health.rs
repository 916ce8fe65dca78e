//! How long a grant still lasts if nobody does anything. Pure.

use serde::Serialize;

use crate::model::Timestamp;

/// A refresh token that is not used for so long ends (Atlassian, "OAuth 2.0 (3LO) apps").
const IDLE_DAYS_MAX: u64 = 90;

/// From this day on without a renewal the end is told. Syncs that run never come here.
const IDLE_DAYS_TOLD: u64 = 75;

/// A refresh token ends so long after the first consent, however often it was renewed (Atlassian's
/// announcement of rotating refresh tokens, 2022).
const CONSENT_DAYS_MAX: u64 = 365;

/// From this day on the end is told: five weeks outlast a holiday.
const CONSENT_DAYS_TOLD: u64 = 330;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// What can be said of a grant without asking anybody. Other sources than Atlassian's may be more
/// generous; then the warning is early, and signing in again does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum GrantHealth {
    Good,
    /// It ends at `ends` unless a sync runs before: it has not been used for long.
    IdleEndsSoon {
        ends: Timestamp,
    },
    /// It ends at `ends`, a year after the consent, whatever happens before.
    ConsentEndsSoon {
        ends: Timestamp,
    },
    /// It ended at `ended`, as far as the times tell.
    Ended {
        ended: Timestamp,
    },
}

/// Judges a grant by when a person approved it and when its tokens were last renewed.
#[must_use]
pub fn grant_health(now: Timestamp, first_consent: Timestamp, last_refresh: Timestamp) -> GrantHealth {
    let after = |since: Timestamp, days: u64| since.saturating_add(days * DAY_MS);
    let consent_ends = after(first_consent, CONSENT_DAYS_MAX);
    let idle_ends = after(last_refresh, IDLE_DAYS_MAX);
    if now >= consent_ends.min(idle_ends) {
        return GrantHealth::Ended { ended: consent_ends.min(idle_ends) };
    }
    if now >= after(first_consent, CONSENT_DAYS_TOLD) {
        return GrantHealth::ConsentEndsSoon { ends: consent_ends };
    }
    if now >= after(last_refresh, IDLE_DAYS_TOLD) {
        return GrantHealth::IdleEndsSoon { ends: idle_ends };
    }
    GrantHealth::Good
}

impl GrantHealth {
    /// What to tell a user of this connection; nothing when all is well.
    #[must_use]
    pub fn words(self, connection: &str) -> Option<String> {
        let words = self.message(connection).zip(self.remedy(connection));
        words.map(|(message, remedy)| format!("{message}; {remedy}"))
    }

    /// What is the matter; nothing when all is well.
    #[must_use]
    pub fn message(self, connection: &str) -> Option<String> {
        Some(match self {
            Self::Good => return None,
            Self::IdleEndsSoon { ends } => format!(
                "the sign-in of {connection} ends on {} because nothing has used it for long",
                day(ends)
            ),
            Self::ConsentEndsSoon { ends } => {
                format!("the sign-in of {connection} ends on {}, a year after it was approved", day(ends))
            }
            Self::Ended { ended } => format!("the sign-in of {connection} ended on {}", day(ended)),
        })
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self, connection: &str) -> Option<String> {
        Some(match self {
            Self::Good => return None,
            Self::IdleEndsSoon { .. } => {
                format!("`weir sync {connection}` keeps it, or sign in again: weir login {connection}")
            }
            Self::ConsentEndsSoon { .. } => format!("sign in again before that: weir login {connection}"),
            Self::Ended { .. } => format!("sign in again: weir login {connection}"),
        })
    }
}

/// `2026-03-02`, in UTC.
pub(super) fn day(at: Timestamp) -> String {
    let time = i64::try_from(at).ok().and_then(chrono::DateTime::from_timestamp_millis);
    time.map_or_else(|| "a day far away".to_owned(), |time| time.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, GrantHealth, grant_health};

    #[test]
    fn the_two_ends_are_told_ahead() {
        use GrantHealth::{ConsentEndsSoon, Ended, Good, IdleEndsSoon};
        // The day it is, and the day of the last renewal; consent was on day 0.
        let table = [
            (0, 0, Good),
            (74, 0, Good),
            (75, 0, IdleEndsSoon { ends: 90 * DAY_MS }),
            (89, 0, IdleEndsSoon { ends: 90 * DAY_MS }),
            (90, 0, Ended { ended: 90 * DAY_MS }),
            (329, 329, Good),
            (330, 330, ConsentEndsSoon { ends: 365 * DAY_MS }),
            (364, 364, ConsentEndsSoon { ends: 365 * DAY_MS }),
            (365, 365, Ended { ended: 365 * DAY_MS }),
            (350, 270, ConsentEndsSoon { ends: 365 * DAY_MS }),
            // The clock was set back: nothing is claimed.
            (0, 10, Good),
        ];
        for (now, last, expected) in table {
            assert_eq!(grant_health(now * DAY_MS, 0, last * DAY_MS), expected, "day {now}, renewed {last}");
        }
        assert_eq!(grant_health(u64::MAX - 1, u64::MAX - 2, u64::MAX - 2), Good);
    }

    #[test]
    fn the_words_name_the_day_and_the_way_out() {
        let words: Vec<String> = [(0, 0), (80, 0), (340, 340), (400, 340)]
            .into_iter()
            .filter_map(|(now, last)| grant_health(now * DAY_MS, 0, last * DAY_MS).words("acme"))
            .collect();
        insta::assert_snapshot!(words.join("\n"), @"
        the sign-in of acme ends on 1970-04-01 because nothing has used it for long; `weir sync acme` keeps it, or sign in again: weir login acme
        the sign-in of acme ends on 1971-01-01, a year after it was approved; sign in again before that: weir login acme
        the sign-in of acme ended on 1971-01-01; sign in again: weir login acme
        ");
    }
}
