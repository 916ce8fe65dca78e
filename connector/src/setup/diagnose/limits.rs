//! What the answers told of how much may still be asked.

use super::{Answers, Finding};
use crate::transport::Response;

const NAME: &str = "rate-limit";

/// By the answer that told of the least that is left, since requests went side by side.
pub fn finding(answers: &Answers) -> Finding {
    let told = answers.iter().filter_map(|it| it.answer.as_ref().ok());
    let Some(last) = told.filter(|response| left(response).is_some()).min_by_key(|response| left(response))
    else {
        return Finding::good(
            NAME,
            "no answer told of a quota, as is usual with API tokens; Confluence may still slow bursts down"
                .to_owned(),
        );
    };
    let words = format!(
        "{} of {} points are left until {}",
        last.header("x-ratelimit-remaining").unwrap_or("some"),
        last.header("x-ratelimit-limit").unwrap_or("an unknown number of"),
        last.header("x-ratelimit-reset").unwrap_or("the hour ends"),
    );
    if last.header("x-ratelimit-nearlimit") == Some("true") {
        let remedy =
            "nothing, or fewer connections that share this app: what does not fit is read in the next hour";
        return Finding::notice(NAME, words, remedy);
    }
    Finding::good(NAME, words)
}

fn left(response: &Response) -> Option<u64> {
    response.header("x-ratelimit-remaining")?.trim().parse().ok()
}
