//! What an answer of the site means, as a row or as an error of the contract. Pure.
//!
//! The case decides what the host does, see `error` in `wit/types.wit`; the words are for people.

use crate::bindings::weir::connector::types::{Error, Throttle};
use serde_json::Value;

pub fn meaning(path: &str, status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<Value, Error> {
    let asked = format!("the site answered {status} to GET {path}");
    match status {
        401 => return Err(Error::Unauthenticated(asked)),
        403 => return Err(Error::Forbidden(asked)),
        429 => {
            let seconds = retry_after.and_then(|seconds| seconds.parse::<u64>().ok());
            let wait = seconds.map(|seconds| seconds.saturating_mul(1_000));
            return Err(Error::Throttled(Throttle { message: asked, wait }));
        }
        500.. => return Err(Error::Unavailable(asked)),
        _ => {}
    }
    let row: Option<Value> = serde_json::from_slice(body).ok();
    match (status, row) {
        (200, Some(row @ Value::Object(_))) => Ok(row),
        (200, _) => Err(Error::Unexpected(format!("{asked} with something that is not JSON"))),
        // Only a 404 that names what it denies says that this is gone; any other may come from a proxy on the way.
        (404, Some(row)) if row.get("missing").and_then(Value::as_str) == Some(path) => {
            Err(Error::NotFound(asked))
        }
        _ => Err(Error::Unexpected(asked)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(status: u16, body: &str) -> Error {
        meaning("/notes/n9", status, Some("30"), body.as_bytes()).unwrap_err()
    }

    #[test]
    fn each_answer_has_the_case_that_tells_the_host_what_to_do() {
        assert!(matches!(case(401, ""), Error::Unauthenticated(_)));
        assert!(matches!(case(403, ""), Error::Forbidden(_)));
        assert!(matches!(case(429, ""), Error::Throttled(Throttle { wait: Some(30_000), .. })));
        assert!(matches!(case(503, ""), Error::Unavailable(_)));
        assert!(matches!(case(200, "<html>"), Error::Unexpected(_)));
    }

    #[test]
    fn only_a_404_that_names_the_note_says_that_it_is_gone() {
        assert!(matches!(case(404, r#"{"missing":"/notes/n9"}"#), Error::NotFound(_)));
        assert!(matches!(case(404, "<html>not here"), Error::Unexpected(_)));
    }
}
