//! Whether to renew a grant, and why one that was refused has ended. Pure.

use std::time::SystemTime;

use super::client::Client;
use super::grant::Grant;
use super::health::{GrantHealth, day, grant_health};
use crate::model::{Grant as Flow, Timestamp};
use crate::secrets::Credential;

/// How long a rotated refresh token may be sent again (Atlassian, "Rotating refresh tokens").
const LEEWAY_MS: u64 = 10 * 60 * 1_000;

/// What to do with a grant that was just read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Use,
    /// The 401 has to stand: the token was renewed for one already.
    Leave,
    /// `forced` if only a 401 asks for it.
    Renew {
        forced: bool,
    },
    /// Nothing but another sign-in helps, for this reason.
    Stop(String),
}

/// Renewed by the stored expiry, never by a status alone: gateways answer an ended token with 403
/// or 404. A 401 renews a token once, and what it brought is not renewed for another 401.
///
/// `refused` is the credential that a source answered with 401, if that is why somebody asks.
pub(super) fn next(client: &Client, grant: &Grant, refused: Option<&Credential>, now: SystemTime) -> Next {
    if let Some(words) = &grant.ended {
        return Next::Stop(words.clone());
    }
    let kept = Credential::bearer(&grant.access).ok();
    let is_kept = refused.is_some_and(|used| kept.is_some_and(|kept| kept.value() == used.value()));
    let renewable = grant.refresh.is_some() || client.flow == Flow::ClientCredentials;
    match (grant.is_fresh(now), is_kept) {
        (true, false) => Next::Use,
        (true, true) if grant.forced || !renewable => Next::Leave,
        (fresh, _) if renewable => Next::Renew { forced: fresh },
        _ => Next::Stop("its token has ended, and the source gave none to renew it with".to_owned()),
    }
}

/// The likeliest reason for a refresh token that the server does not know, by the times kept.
pub(super) fn why_ended(grant: &Grant, now: Timestamp) -> String {
    match (grant_health(now, grant.first_consent, grant.last_refresh), grant.renewing_since) {
        (GrantHealth::Ended { ended }, _) => format!(
            "it had to be used within 90 days and approved anew after a year, and so ended on {}",
            day(ended)
        ),
        (_, Some(since)) if now.saturating_sub(since) > LEEWAY_MS => format!(
            "a renewal that began {} minutes ago was cut off before its answer could be kept, and its refresh token \
             may be sent again only for ten minutes: after that the source ends the whole sign-in",
            now.saturating_sub(since) / 60_000
        ),
        _ => "it was revoked, or the same person has approved the same app elsewhere, or another copy of this data \
              folder has used it; a refresh token that is used twice ends the whole sign-in"
            .to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::super::answer::Tokens;
    use super::super::tests::client;
    use super::{Client, Credential, Flow, Grant, Next, next};
    use crate::secrets::Secret;

    fn grant(refresh: Option<&str>) -> Grant {
        let lives = Some(Duration::from_secs(3_600));
        let tokens =
            Tokens { access: Secret::new("kept"), refresh: refresh.map(Secret::new), lives, scope: None };
        Grant::new(tokens, &[], SystemTime::UNIX_EPOCH)
    }

    fn decided(grant: &Grant, refused: Option<&str>, minutes: u64) -> Next {
        let used = refused.map(|token| Credential::bearer(&Secret::new(token)).unwrap());
        next(&client(), grant, used.as_ref(), SystemTime::UNIX_EPOCH + Duration::from_secs(minutes * 60))
    }

    #[test]
    fn the_expiry_decides_and_a_401_only_once() {
        let (plain, forced) = (grant(Some("r")), Grant { forced: true, ..grant(Some("r")) });
        let table = [
            (&plain, None, 0, Next::Use),
            (&plain, None, 54, Next::Use),
            (&plain, None, 55, Next::Renew { forced: false }),
            (&plain, Some("kept"), 0, Next::Renew { forced: true }),
            (&plain, Some("kept"), 60, Next::Renew { forced: false }),
            (&plain, Some("older"), 0, Next::Use),
            (&plain, Some("older"), 60, Next::Renew { forced: false }),
            (&forced, Some("kept"), 0, Next::Leave),
            (&forced, Some("kept"), 60, Next::Renew { forced: false }),
            (&forced, None, 60, Next::Renew { forced: false }),
        ];
        for (grant, refused, minutes, expected) in table {
            assert_eq!(decided(grant, refused, minutes), expected, "{refused:?} after {minutes} minutes");
        }
    }

    #[test]
    fn what_cannot_be_renewed_is_used_to_its_end_and_then_stops() {
        assert_eq!(decided(&grant(None), None, 59 - 5), Next::Use);
        assert_eq!(decided(&grant(None), Some("kept"), 0), Next::Leave);
        assert!(matches!(decided(&grant(None), None, 60), Next::Stop(_)));
        let ended = Grant { ended: Some("revoked".into()), ..grant(Some("r")) };
        assert_eq!(decided(&ended, None, 0), Next::Stop("revoked".into()));
        let alone = Client { flow: Flow::ClientCredentials, ..client() };
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(3_600);
        assert_eq!(next(&alone, &grant(None), None, at), Next::Renew { forced: false });
    }
}
