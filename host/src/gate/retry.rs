//! Whether to send again, and after how long. Pure.
//!
//! Every method that passes the gate reads: GET and HEAD by definition, POST because the
//! contract admits it for searches alone. So all are repeated alike.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::HeaderMap;

use super::Failure;
use super::limits::{
    BACKOFF_FIRST, BACKOFF_MAX, CONNECT_RETRIES_MAX, JITTER, RETRIES_MAX, SERVER_ERROR_RETRIES_MAX,
    SILENCE_RETRIES_MAX,
};
use super::signs;

/// How an attempt ended.
#[derive(Clone, Copy)]
pub(super) enum Outcome<'a> {
    Answered(StatusCode, &'a HeaderMap),
    Failed(&'a Failure),
}

/// What the decision is made of.
pub(super) struct Attempt<'a> {
    pub outcome: Outcome<'a>,
    /// Retries already made for this request.
    pub retries: u32,
    /// Spent waiting for this request so far, and how much may be.
    pub waited: Duration,
    pub wait_max: Duration,
    pub now: SystemTime,
    /// Chance: evenly from 0 to 1.
    pub unit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Retry { after: Duration },
    GiveUp,
}

impl Attempt<'_> {
    pub fn decide(&self) -> Decision {
        if self.retries >= self.retries_max() {
            return Decision::GiveUp;
        }
        let after = match self.asked_for() {
            // The server's word is a minimum, so that it is only stretched.
            Some(asked) => stretched(asked, self.unit),
            None => self.backoff(),
        };
        match self.waited.checked_add(after) {
            Some(total) if total <= self.wait_max => Decision::Retry { after },
            _ => Decision::GiveUp,
        }
    }

    fn retries_max(&self) -> u32 {
        match self.outcome {
            Outcome::Answered(status, _) => match status.as_u16() {
                429 | 502 | 503 | 504 => RETRIES_MAX,
                500 => SERVER_ERROR_RETRIES_MAX,
                _ => 0,
            },
            Outcome::Failed(failure) => match failure {
                Failure::Name(_) | Failure::Connect(_) | Failure::Broken(_) => CONNECT_RETRIES_MAX,
                Failure::Silent => SILENCE_RETRIES_MAX,
                Failure::Address { .. } | Failure::Tls(_) | Failure::Unready(_) => 0,
            },
        }
    }

    /// The wait the server asked for. None if it did not, or for no wait at all.
    fn asked_for(&self) -> Option<Duration> {
        let Outcome::Answered(status, headers) = self.outcome else { return None };
        signs::asked_for(status, headers, self.now)
    }

    fn backoff(&self) -> Duration {
        let doubled = BACKOFF_FIRST.saturating_mul(2_u32.saturating_pow(self.retries)).min(BACKOFF_MAX);
        doubled.mul_f64((JITTER.1 - JITTER.0).mul_add(self.unit, JITTER.0))
    }
}

/// A wait that may only become longer, up to the jitter's end. `unit` is evenly from 0 to 1.
pub(super) fn stretched(wait: Duration, unit: f64) -> Duration {
    wait.mul_f64(JITTER.1.mul_add(unit, 1.0 - unit))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::{Attempt, Decision, Outcome};
    use crate::gate::{AddressKind, Failure};

    /// 2026-03-26T15:59:50Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_540_790)
    }

    fn decided(outcome: Outcome<'_>, retries: u32, waited: u64, unit: f64) -> Option<f64> {
        let waited = Duration::from_secs(waited);
        let attempt =
            Attempt { outcome, retries, waited, wait_max: Duration::from_secs(60), now: now(), unit };
        match attempt.decide() {
            Decision::Retry { after } => Some(after.as_secs_f64()),
            Decision::GiveUp => None,
        }
    }

    fn answered(status: u16, headers: &[(&'static str, &'static str)], retries: u32) -> Option<f64> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        decided(Outcome::Answered(StatusCode::from_u16(status).unwrap(), &headers), retries, 0, 0.0)
    }

    #[test]
    fn statuses_and_how_often_they_are_tried_again() {
        let table = [(429, 4), (502, 4), (503, 4), (504, 4), (500, 1)];
        for (status, times) in table {
            for retries in 0..6 {
                assert_eq!(
                    answered(status, &[], retries).is_some(),
                    retries < times,
                    "{status} after {retries}"
                );
            }
        }
        for status in [200, 204, 301, 302, 304, 400, 401, 403, 404, 408, 409, 410, 501, 505] {
            assert_eq!(answered(status, &[("retry-after", "1")], 0), None, "{status}");
        }
    }

    #[test]
    fn failures_and_how_often_they_are_tried_again() {
        let text = String::new;
        let address = Failure::Address { address: [127, 0, 0, 1].into(), kind: AddressKind::Loopback };
        for (failure, times) in [
            (Failure::Name(text()), 2),
            (Failure::Connect(text()), 2),
            (Failure::Broken(text()), 2),
            (Failure::Silent, 1),
            (Failure::Tls(text()), 0),
            (Failure::Unready(text()), 0),
            (address, 0),
        ] {
            for retries in 0..4 {
                let again = decided(Outcome::Failed(&failure), retries, 0, 0.5).is_some();
                assert_eq!(again, retries < times, "{failure} after {retries}");
            }
        }
    }

    #[test]
    fn without_a_word_from_the_server_waits_double_within_the_jitter() {
        let wait = |retries, unit| {
            decided(Outcome::Answered(StatusCode::BAD_GATEWAY, &HeaderMap::new()), retries, 0, unit).unwrap()
        };
        for (retries, least, most) in [(0, 1.4, 2.6), (1, 2.8, 5.2), (2, 5.6, 10.4), (3, 11.2, 20.8)] {
            assert!((wait(retries, 0.0) - least).abs() < 1e-6, "{retries}");
            assert!((wait(retries, 1.0) - most).abs() < 1e-6, "{retries}");
        }
    }

    #[test]
    fn the_server_s_word_is_a_minimum() {
        let reset = "x-ratelimit-reset";
        let table: [(&[(&str, &str)], f64); 11] = [
            (&[("retry-after", "7")], 7.0),
            (&[("retry-after", " 7 ")], 7.0),
            (&[("retry-after", "Thu, 26 Mar 2026 16:00:00 GMT")], 10.0),
            (&[(reset, "2026-03-26T16:00:00Z")], 10.0),
            (&[(reset, "2026-03-26T16:00Z")], 10.0),
            (&[(reset, "2026-03-26T18:00:00+02:00")], 10.0),
            (&[("retry-after", "7"), (reset, "2026-03-26T16:00:00Z")], 7.0),
            // Nothing usable was said: the backoff's first wait, at its least.
            (&[("retry-after", "0")], 1.4),
            (&[("retry-after", "soon")], 1.4),
            (&[("retry-after", "-5")], 1.4),
            (&[(reset, "2026-03-26T15:00:00Z")], 1.4),
        ];
        for (headers, expected) in table {
            let wait = answered(429, headers, 0).unwrap();
            assert!((wait - expected).abs() < 1e-6, "{headers:?}: {wait}");
        }
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static("10"))]);
        let stretched =
            decided(Outcome::Answered(StatusCode::TOO_MANY_REQUESTS, &headers), 0, 0, 1.0).unwrap();
        assert!((stretched - 13.0).abs() < 1e-6);
    }

    #[test]
    fn waits_beyond_the_ceiling_are_the_connector_s_to_report() {
        for too_long in ["61", "3600", "99999999999999999999999", "18446744073709551615"] {
            assert_eq!(answered(429, &[("retry-after", too_long)], 0), None, "{too_long}");
        }
        assert_eq!(answered(429, &[("x-ratelimit-reset", "2026-03-26T17:00:00Z")], 0), None);
        assert_eq!(answered(429, &[("x-ratelimit-reset", "9999-12-31T23:59:59Z")], 0), None);
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static("20"))]);
        let outcome = Outcome::Answered(StatusCode::TOO_MANY_REQUESTS, &headers);
        assert!(decided(outcome, 1, 40, 0.0).is_some());
        assert!(decided(outcome, 1, 41, 0.0).is_none());
    }
}
