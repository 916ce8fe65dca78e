//! What an answer says of limits, in the words of Atlassian and of those who follow the drafts of
//! RFC "RateLimit header fields". Pure.
//!
//! Names are compared without regard to case, and each may have `Beta-` before it. An answer that says
//! nothing is the usual one: tokens of people are told of no quota.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime};
use http::StatusCode;
use http::header::{HeaderMap, RETRY_AFTER};

use super::limits::NEAR_SHARE;
use super::points::{HOUR, hour_of, next_hour};

/// Between the source's clock and ours.
const SKEW: Duration = Duration::from_secs(120);

/// Of one answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Signs {
    /// Why it refuses, if it does for a limit's sake: a 429.
    pub refusal: Option<Kind>,
    /// How long the origin asks all to leave it alone: of a 429, or of a 503 with `Retry-After`.
    pub rest: Option<Duration>,
    /// Whether little of the quota is left; none if it does not say.
    pub near: Option<bool>,
    /// What the quota of this hour is.
    pub quota: Option<Quota>,
    /// The origin did what it was asked, or said why it cannot; it is not in trouble.
    pub good: bool,
}

/// What was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Too many requests in a moment: fewer at once will do.
    Burst,
    /// All that may be had before a reset: nothing will do.
    Quota,
}

/// Points of one hour of UTC, shared by all who use the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// Which hour, since 1970: an answer may arrive when the next one has begun.
    pub hour: u64,
    pub limit: u64,
    /// Told by some only when most of it is gone.
    pub remaining: Option<u64>,
}

impl Signs {
    pub fn read(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Self {
        let quota = quota(headers, now);
        let refusal = (status == StatusCode::TOO_MANY_REQUESTS).then(|| kind(headers, quota, now));
        Self {
            refusal,
            rest: rest(status, headers, refusal, now),
            near: near(headers, quota),
            quota,
            good: refusal.is_none() && !status.is_server_error(),
        }
    }
}

/// How long the server wants to wait whoever asked for this. None if it does not say, or says no wait.
///
/// The time of a reset counts for a 429 only, since sites with a quota put it on every answer; and for one that is
/// not about a burst, since it is the quota's.
pub(super) fn asked_for(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let after = text(headers, RETRY_AFTER.as_str()).and_then(|text| retry_after(&text, now));
    let reset = || {
        let burst = reason(headers).is_some_and(|reason| reason.contains("burst"));
        let counts = status == StatusCode::TOO_MANY_REQUESTS && !burst;
        match reset(headers, now).filter(|_| counts)? {
            Reset::At(time) | Reset::In(time) => Some(until(time, now)),
        }
    };
    after.or_else(reset).filter(|asked| !asked.is_zero())
}

fn rest(status: StatusCode, headers: &HeaderMap, refusal: Option<Kind>, now: SystemTime) -> Option<Duration> {
    match (status, refusal) {
        (StatusCode::SERVICE_UNAVAILABLE, _) | (_, Some(Kind::Burst)) => asked_for(status, headers, now),
        // A quota that says nothing is full again when the hour begins; one that names a time that is over is
        // full already.
        (_, Some(Kind::Quota)) => {
            let silent = text(headers, RETRY_AFTER.as_str()).is_none() && reset(headers, now).is_none();
            let hour = || silent.then(|| until(next_hour(now), now));
            asked_for(status, headers, now).or_else(hour)
        }
        _ => None,
    }
}

fn kind(headers: &HeaderMap, quota: Option<Quota>, now: SystemTime) -> Kind {
    let said = reason(headers).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let spent = || {
        let none_left = quota.is_some_and(|quota| quota.remaining == Some(0));
        none_left && (reset(headers, now).is_none() || full_again(headers, now).is_some())
    };
    match () {
        () if says(&["burst"]) => Kind::Burst,
        () if says(&["quota", "global", "tenant", "points"]) || spent() => Kind::Quota,
        () => Kind::Burst,
    }
}

fn near(headers: &HeaderMap, quota: Option<Quota>) -> Option<bool> {
    let told = text(headers, "x-ratelimit-nearlimit").map(|text| text.eq_ignore_ascii_case("true"));
    told.or_else(|| {
        let Quota { limit, remaining, .. } = quota?;
        // What is left is told once it is little; silence means there is more.
        Some(remaining.is_some_and(|left| left.saturating_mul(NEAR_SHARE) < limit))
    })
}

/// The quota of the hour of which least is left, of all those that are told.
fn quota(headers: &HeaderMap, now: SystemTime) -> Option<Quota> {
    let full_again = full_again(headers, now);
    let hour = full_again.map_or(hour_of(now), |time| hour_of(time).saturating_sub(1));
    let left = list(headers, "ratelimit");
    let policies = list(headers, "ratelimit-policy").into_iter().filter(|policy| policy.of_an_hour());
    let told = policies.filter_map(|policy| {
        let remaining =
            left.iter().find(|state| state.name == policy.name).and_then(|state| state.number("r"));
        Some(Quota { hour, limit: policy.number("q")?, remaining })
    });
    let number = |name| text(headers, name).and_then(|text| text.parse().ok());
    // Other limits wear these names too: those of a minute, of the gateway's own.
    let plain = full_again.and_then(|_| {
        Some(Quota { hour, limit: number("x-ratelimit-limit")?, remaining: number("x-ratelimit-remaining") })
    });
    let all = told.chain(plain);
    all.filter(|quota| quota.limit > 0).min_by_key(|quota| (quota.remaining.unwrap_or(u64::MAX), quota.limit))
}

/// When the quota of an hour is full again, if that is what the headers tell: a whole hour, no further off than the
/// next one.
fn full_again(headers: &HeaderMap, now: SystemTime) -> Option<SystemTime> {
    let apart = |one: SystemTime, other: SystemTime| {
        one.duration_since(other).or_else(|_| other.duration_since(one)).unwrap_or_default()
    };
    // Rounded, because some tell it in seconds from now, by a clock of their own.
    let hour = |time: SystemTime| {
        SystemTime::UNIX_EPOCH + HOUR * u32::try_from(hour_of(time + HOUR / 2)).unwrap_or(0)
    };
    let near = |time: &SystemTime| apart(*time, now) <= HOUR + SKEW;
    match reset(headers, now)? {
        Reset::At(time) => Some(time).filter(|time| *time == hour(*time)).filter(near),
        Reset::In(time) => Some(hour(time)).filter(|hour| apart(*hour, time) <= SKEW).filter(near),
    }
}

/// When a limit is lifted, as it was told.
enum Reset {
    At(SystemTime),
    In(SystemTime),
}

fn reset(headers: &HeaderMap, now: SystemTime) -> Option<Reset> {
    let told = text(headers, "x-ratelimit-reset").and_then(|text| iso_8601(&text)).map(Reset::At);
    told.or_else(|| {
        let seconds = list(headers, "ratelimit").iter().filter_map(|state| state.number("t")).max()?;
        now.checked_add(Duration::from_secs(seconds.min(u64::from(u32::MAX)))).map(Reset::In)
    })
}

fn reason(headers: &HeaderMap) -> Option<String> {
    text(headers, "ratelimit-reason").map(|text| text.to_ascii_lowercase())
}

/// `"global-app-quota";q=65000;w=3600`: one of a list (RFC 8941).
struct Entry {
    name: String,
    parameters: Vec<(String, String)>,
}

impl Entry {
    fn number(&self, name: &str) -> Option<u64> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
        value.parse().ok()
    }

    fn of_an_hour(&self) -> bool {
        self.number("w").is_none_or(|seconds| seconds == HOUR.as_secs())
    }
}

fn list(headers: &HeaderMap, name: &str) -> Vec<Entry> {
    let entry = |text: &str| {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().trim_matches('"').to_owned();
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        Entry { name, parameters: parameters.collect() }
    };
    text(headers, name).map(|text| text.split(',').map(entry).collect()).unwrap_or_default()
}

/// All lines of a header as one; of the name with `beta-` before it if there is none without.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let of = |name: &str| {
        let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let lines: Vec<&str> = lines.map(str::trim).collect();
        (!lines.is_empty()).then(|| lines.join(","))
    };
    of(name).or_else(|| of(&format!("beta-{name}")))
}

/// RFC 9110 10.2.3: seconds, or a date. The two obsolete forms of a date are not read.
fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are as good as for ever; 136 years can still be stretched.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX).min(u64::from(u32::MAX))));
    }
    DateTime::parse_from_rfc2822(text).ok().map(|time| until(time.into(), now))
}

/// `2026-03-26T16:00:00Z`, and without seconds as Atlassian was seen to write it.
fn iso_8601(text: &str) -> Option<SystemTime> {
    let whole = DateTime::parse_from_rfc3339(text).ok().map(SystemTime::from);
    whole.or_else(|| {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ").ok().map(|time| time.and_utc().into())
    })
}

fn until(time: SystemTime, now: SystemTime) -> Duration {
    time.duration_since(now).unwrap_or_default().min(Duration::from_secs(u64::from(u32::MAX)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::Signs;

    /// 2026-03-26T15:59:30Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_540_770)
    }

    fn read(status: u16, headers: &str) -> String {
        let lines = headers.split(" | ").filter_map(|line| line.split_once(": "));
        let pair = |(name, value): (&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let headers: HeaderMap = lines.map(pair).collect();
        let Signs { refusal, rest, near, quota, good } =
            Signs::read(StatusCode::from_u16(status).unwrap(), &headers, now());
        let told = [
            Some(if good { "good" } else { "bad" }.to_owned()),
            refusal.map(|kind| format!("{kind:?}")),
            rest.map(|rest| format!("rest {rest:?}")),
            near.map(|near| if near { "near" } else { "not near" }.to_owned()),
            quota.map(|it| format!("{:?} of {} in {}", it.remaining, it.limit, it.hour)),
        ];
        told.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_answers_say_of_limits() {
        let table = [
            // An ordinary answer to a person's token says nothing.
            (200, ""),
            (404, ""),
            (502, ""),
            // A quota, with most of it left: `r` is missing. Then with little left.
            (
                200,
                "RateLimit-Policy: \"global-app-quota\";q=65000;w=3600 | RateLimit: \"global-app-quota\";t=30",
            ),
            (200, "Beta-RateLimit-Policy: \"a\";q=65000;w=3600 | Beta-RateLimit: \"a\";r=900;t=30"),
            (
                200,
                "RATELIMIT-POLICY: \"a\";q=50;w=1, \"b\"; q=1000; w=3600 | ratelimit: \"b\"; r=500; t=30, \"a\";r=0;t=1",
            ),
            (
                200,
                "RateLimit-Policy: \"app\";q=65000;w=3600, \"tenant\";q=100000;w=3600 | RateLimit: \"tenant\";r=5;t=30",
            ),
            (
                200,
                "X-RateLimit-Limit: 1000 | X-RateLimit-Remaining: 199 | X-RateLimit-Reset: 2026-03-26T16:00Z",
            ),
            (
                200,
                "X-RateLimit-Limit: 1000 | X-RateLimit-Remaining: 201 | X-RateLimit-Reset: 2026-03-26T16:00:00Z",
            ),
            (200, "X-RateLimit-NearLimit: true"),
            // Limits that are not of the hour are no quota.
            (
                200,
                "X-RateLimit-Limit: 100 | X-RateLimit-Remaining: 1 | X-RateLimit-Reset: 2026-03-26T15:45:00Z",
            ),
            (200, "X-RateLimit-Limit: 100 | X-RateLimit-Remaining: 1"),
            // Told which: the quota's reset is not the burst's.
            (429, "RateLimit-Reason: confluence-burst-based | Retry-After: 1"),
            (429, "RateLimit-Reason: jira-burst-based | X-RateLimit-Reset: 2026-03-26T16:00:00Z"),
            (429, "RateLimit-Reason: confluence-quota-tenant-based | Retry-After: 25"),
            (429, "Beta-RateLimit-Reason: conf-global-based"),
            (429, "RateLimit-Reason: conf-points-based | X-RateLimit-Reset: 2026-03-26T16:00:00Z"),
            // Not told which.
            (429, ""),
            (429, "Retry-After: 7"),
            (429, "X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T16:00Z"),
            (429, "X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T15:50Z"),
            (429, "Retry-After: 0"),
            (429, "Retry-After: 99999999999999999999"),
            // A time that is over, and one that is nobody's hour although it is near one.
            (429, "RateLimit-Reason: conf-global-based | X-RateLimit-Reset: 2026-03-26T15:00:00Z"),
            (429, "X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T16:01Z"),
            // In trouble, with and without a word.
            (503, "Retry-After: 12"),
            (503, "X-RateLimit-Reset: 2026-03-26T16:00:00Z"),
            (502, "Retry-After: 12"),
        ];
        let told: Vec<String> = table
            .iter()
            .map(|(status, headers)| {
                format!("{}\n    {}", format!("{status} {headers}").trim_end(), read(*status, headers))
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        200
            good
        404
            good
        502
            bad
        200 RateLimit-Policy: "global-app-quota";q=65000;w=3600 | RateLimit: "global-app-quota";t=30
            good, not near, None of 65000 in 492927
        200 Beta-RateLimit-Policy: "a";q=65000;w=3600 | Beta-RateLimit: "a";r=900;t=30
            good, near, Some(900) of 65000 in 492927
        200 RATELIMIT-POLICY: "a";q=50;w=1, "b"; q=1000; w=3600 | ratelimit: "b"; r=500; t=30, "a";r=0;t=1
            good, not near, Some(500) of 1000 in 492927
        200 RateLimit-Policy: "app";q=65000;w=3600, "tenant";q=100000;w=3600 | RateLimit: "tenant";r=5;t=30
            good, near, Some(5) of 100000 in 492927
        200 X-RateLimit-Limit: 1000 | X-RateLimit-Remaining: 199 | X-RateLimit-Reset: 2026-03-26T16:00Z
            good, near, Some(199) of 1000 in 492927
        200 X-RateLimit-Limit: 1000 | X-RateLimit-Remaining: 201 | X-RateLimit-Reset: 2026-03-26T16:00:00Z
            good, not near, Some(201) of 1000 in 492927
        200 X-RateLimit-NearLimit: true
            good, near
        200 X-RateLimit-Limit: 100 | X-RateLimit-Remaining: 1 | X-RateLimit-Reset: 2026-03-26T15:45:00Z
            good
        200 X-RateLimit-Limit: 100 | X-RateLimit-Remaining: 1
            good
        429 RateLimit-Reason: confluence-burst-based | Retry-After: 1
            bad, Burst, rest 1s
        429 RateLimit-Reason: jira-burst-based | X-RateLimit-Reset: 2026-03-26T16:00:00Z
            bad, Burst
        429 RateLimit-Reason: confluence-quota-tenant-based | Retry-After: 25
            bad, Quota, rest 25s
        429 Beta-RateLimit-Reason: conf-global-based
            bad, Quota, rest 30s
        429 RateLimit-Reason: conf-points-based | X-RateLimit-Reset: 2026-03-26T16:00:00Z
            bad, Quota, rest 30s
        429
            bad, Burst
        429 Retry-After: 7
            bad, Burst, rest 7s
        429 X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T16:00Z
            bad, Quota, rest 30s, near, Some(0) of 9 in 492927
        429 X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T15:50Z
            bad, Burst
        429 Retry-After: 0
            bad, Burst
        429 Retry-After: 99999999999999999999
            bad, Burst, rest 4294967295s
        429 RateLimit-Reason: conf-global-based | X-RateLimit-Reset: 2026-03-26T15:00:00Z
            bad, Quota
        429 X-RateLimit-Limit: 9 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2026-03-26T16:01Z
            bad, Burst, rest 90s
        503 Retry-After: 12
            bad, rest 12s
        503 X-RateLimit-Reset: 2026-03-26T16:00:00Z
            bad
        502 Retry-After: 12
            bad
        "#);
    }
}
