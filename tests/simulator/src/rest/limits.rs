//! Points by the UTC hour and bursts by the endpoint, with the headers that tell of them.

use std::collections::HashMap;

use super::answer::{Answer, Objects};
use super::errors;
use crate::clock::{Millis, iso};
use crate::faults::{Burst, Knobs, Quota};

const HOUR: Millis = 3_600_000;

/// 1, and 1 for each content, and 2 for each user, group or permission.
pub fn cost(objects: Objects) -> u64 {
    1 + objects.content + 2 * objects.identities
}

/// What was used up so far.
#[derive(Debug, Default)]
pub struct Meter {
    hour: i64,
    points: u64,
    /// Tokens left and when they were counted, by endpoint.
    buckets: HashMap<&'static str, (f64, Millis)>,
}

impl Meter {
    /// Refuses a request that finds the hour's points or the second's tokens spent.
    pub fn admit(&mut self, knobs: &Knobs, endpoint: &'static str, now: Millis) -> Result<(), Answer> {
        if let Some(quota) = &knobs.metered {
            self.enter_hour(now);
            if self.points >= quota.points {
                return Err(self.quota_spent(quota, now));
            }
        }
        match &knobs.burst {
            Some(burst) if !self.take(burst, endpoint, now) => Err(burst_spent(burst)),
            _ => Ok(()),
        }
    }

    /// Charges an answer and writes on it what is left.
    pub fn charge(&mut self, knobs: &Knobs, answer: Answer, now: Millis) -> Answer {
        let Some(quota) = &knobs.metered else {
            return answer;
        };
        self.enter_hour(now);
        self.points += cost(answer.objects);
        self.headers(quota, answer, now)
    }

    fn enter_hour(&mut self, now: Millis) {
        let hour = now.div_euclid(HOUR);
        if hour != self.hour {
            self.hour = hour;
            self.points = 0;
        }
    }

    fn take(&mut self, burst: &Burst, endpoint: &'static str, now: Millis) -> bool {
        let full = burst.size as f64;
        let (tokens, counted) = self.buckets.entry(endpoint).or_insert((full, now));
        let passed = (now - *counted).max(0) as f64 / 1000.0;
        *tokens = (*tokens + passed * burst.per_second as f64).min(full);
        *counted = now;
        let some_left = *tokens >= 1.0;
        if some_left {
            *tokens -= 1.0;
        }
        some_left
    }

    fn quota_spent(&self, quota: &Quota, now: Millis) -> Answer {
        let answer = errors::gateway(429, "Rate limit exceeded")
            .with("retry-after", seconds_left(now).to_string())
            .with("ratelimit-reason", quota.reason.clone());
        self.headers(quota, answer, now)
    }

    fn headers(&self, quota: &Quota, answer: Answer, now: Millis) -> Answer {
        let left = quota.points.saturating_sub(self.points);
        let near = left * 5 < quota.points;
        let seconds = seconds_left(now);
        let reset = iso((now.div_euclid(HOUR) + 1) * HOUR);
        // What is left is told only when most of it is gone.
        let left_field = if near { format!("r={left};") } else { String::new() };
        let policy = format!("\"global-app-quota\";q={};w=3600", quota.points);
        let state = format!("\"global-app-quota\";{left_field}t={seconds}");
        let (policy_name, state_name) = match quota.beta_names {
            true => ("beta-ratelimit-policy", "beta-ratelimit"),
            false => ("ratelimit-policy", "ratelimit"),
        };
        let answer = answer
            .with(policy_name, policy)
            .with(state_name, state)
            .with("x-ratelimit-limit", quota.points.to_string())
            .with("x-ratelimit-remaining", left.to_string())
            .with("x-ratelimit-reset", reset.replace(".000Z", "Z"));
        if near { answer.with("x-ratelimit-nearlimit", "true") } else { answer }
    }
}

/// The gateway's own refusal: no `Retry-After`, and a reset without seconds.
pub fn gateway_refusal(now: Millis) -> Answer {
    let reset = iso((now.div_euclid(60_000) + 1) * 60_000);
    errors::gateway(429, "Too many requests")
        .with("x-failure-category", "FAILURE_CLIENT_RATE_LIMITED")
        .with("x-ratelimit-limit", "360000")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", format!("{}Z", reset.get(..16).unwrap_or_default()))
}

fn burst_spent(burst: &Burst) -> Answer {
    let seconds = if burst.per_second == 0 { 60 } else { 1 };
    errors::gateway(429, "Rate limit exceeded")
        .with("retry-after", seconds.to_string())
        .with("ratelimit-reason", "confluence-burst-based")
}

fn seconds_left(now: Millis) -> i64 {
    (HOUR - now.rem_euclid(HOUR) + 999).div_euclid(1000)
}
