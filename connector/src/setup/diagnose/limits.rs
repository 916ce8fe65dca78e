//! What the answers told of how much may still be asked.

use super::{Answers, Finding};
use crate::transport::Response;

const NAME: &str = "rate-limit";

/// By the answer that told of the least that is left, since requests went side by side.
pub fn finding(answers: &Answers) -> Finding {
    let told = answers.iter().filter_map(|it| it.answer.as_ref().ok());
    let policy = told.clone().find_map(policy);
    let least = told.filter(|response| left(response).is_some()).min_by_key(|response| left(response));
    let words = match (least, policy) {
        (Some(least), _) => points(least),
        (None, Some(policy)) => format!("requests are charged against a quota ({policy})"),
        (None, None) => {
            "no answer told of a quota, as is usual with API tokens; bursts may still be slowed down"
                .to_owned()
        }
    };
    let near = least.and_then(|response| response.header("x-ratelimit-nearlimit"));
    if near == Some("true") {
        let remedy =
            "nothing, or fewer connections that share this app: what does not fit is read in the next hour";
        return Finding::notice(NAME, words, remedy);
    }
    Finding::good(NAME, words)
}

fn points(response: &Response) -> String {
    format!(
        "{} of {} points are left until {}",
        response.header("x-ratelimit-remaining").unwrap_or("some"),
        response.header("x-ratelimit-limit").unwrap_or("an unknown number of"),
        response.header("x-ratelimit-reset").unwrap_or("the hour ends"),
    )
}

fn left(response: &Response) -> Option<u64> {
    response.header("x-ratelimit-remaining")?.trim().parse().ok()
}

/// The quota's own header, under either of its names.
fn policy(response: &Response) -> Option<&str> {
    response.header("ratelimit-policy").or_else(|| response.header("beta-ratelimit-policy"))
}
