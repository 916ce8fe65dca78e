//! What is kept of a sign-in by OAuth 2.0: how long it lasts, and whether it was granted enough.

use super::{bad, good, notice};
use crate::model::Finding;
use crate::secrets::oauth::GrantHealth;

const ENDS: &str = "sign-in-ends";
const GRANTED: &str = "granted";

/// `works` tells whether the source has just let the connection in: a sign-in that it refuses is
/// told with the refusal, which knows more than the times.
pub fn ends(connection: &str, health: GrantHealth, works: bool) -> Option<Finding> {
    let message = health.message(connection);
    let Some((message, remedy)) = message.zip(health.remedy(connection)) else {
        return works.then(|| good(ENDS, "nobody has to approve again soon".to_owned()));
    };
    match health {
        GrantHealth::Ended { .. } => works.then(|| bad(ENDS, message, remedy)),
        _ => Some(notice(ENDS, message, remedy)),
    }
}

/// `lacking` are the scopes that the settings need and the grant does not name.
pub fn granted(connection: &str, lacking: &[String]) -> Option<Finding> {
    let message = format!("the settings need what the sign-in was not granted: {}", lacking.join(", "));
    let remedy = format!("add them to the app, then run `weir login {connection}` and approve them");
    (!lacking.is_empty()).then(|| bad(GRANTED, message, remedy))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Verdict;

    #[test]
    fn an_end_that_the_source_has_told_is_not_told_again() {
        let verdict = |health, works| ends("acme", health, works).map(|it| it.verdict);
        assert_eq!(verdict(GrantHealth::Good, true), Some(Verdict::Good));
        assert_eq!(verdict(GrantHealth::Good, false), None);
        assert_eq!(verdict(GrantHealth::Ended { ended: 1 }, true), Some(Verdict::Bad));
        assert_eq!(verdict(GrantHealth::Ended { ended: 1 }, false), None);
        let soon = GrantHealth::ConsentEndsSoon { ends: 1 };
        assert_eq!(
            (verdict(soon, true), verdict(soon, false)),
            (Some(Verdict::Notice), Some(Verdict::Notice))
        );
    }

    #[test]
    fn what_is_lacking_is_named_with_the_command_that_mends_it() {
        assert_eq!(granted("acme", &[]), None);
        let found = granted("acme", &["read:a".to_owned(), "read:b".to_owned()]).unwrap();
        assert_eq!(found.message, "the settings need what the sign-in was not granted: read:a, read:b");
        assert!(found.remedy.unwrap().contains("`weir login acme`"));
    }
}
