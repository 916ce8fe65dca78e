//! What a source granted: tokens, and the times by which they end.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::answer::Tokens;
use crate::model::{Timestamp, timestamp};
use crate::secrets::Secret;

/// A token is renewed this long before it ends, so that no request is under way with one that
/// ends meanwhile: a request may wait for its turn and be repeated for some minutes.
const RENEWED_BEFORE_MAX: Duration = Duration::from_secs(300);

/// Of a token that lives shorter than usual, the last part in which it is renewed: a quarter.
const RENEWED_BEFORE_PART: u32 = 4;

/// The scope by which a refresh token is asked for (OpenID Connect Core 1.0, 11).
const OFFLINE: &str = "offline_access";

/// How far a clock may be set back before the times kept here are no more believed.
const CLOCK_SLACK_MS: u64 = 60_000;

/// Kept sealed as a whole, so that a refresh token and its access token change in one write.
/// Its `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub access: Secret,
    pub refresh: Option<Secret>,
    /// When the access token was given out, by this machine's clock.
    pub issued: Timestamp,
    /// When it ends; none if the server did not say.
    pub expires: Option<Timestamp>,
    /// When a person approved. Renewing does not move it.
    pub first_consent: Timestamp,
    /// When the tokens were given out last.
    pub last_refresh: Timestamp,
    /// What was granted: names with blanks between. What was asked for, if the server does not say.
    pub scope: String,
    /// The access token came by a renewal that a 401 asked for. Another 401 asks for none.
    pub forced: bool,
    /// A renewal was begun at this time and its answer was not kept (yet).
    pub renewing_since: Option<Timestamp>,
    /// Why the grant has ended for good, in words.
    pub ended: Option<String>,
    /// The user who approved, as the connector names it.
    pub user: Option<String>,
}

/// As it is sealed. The names are those of the file format: add, never change.
#[derive(Serialize, Deserialize)]
struct Sealed {
    access: Zeroizing<String>,
    refresh: Option<Zeroizing<String>>,
    issued: Timestamp,
    expires: Option<Timestamp>,
    first_consent: Timestamp,
    last_refresh: Timestamp,
    scope: String,
    forced: bool,
    renewing_since: Option<Timestamp>,
    ended: Option<String>,
    user: Option<String>,
}

impl Grant {
    /// What a person's approval (or a client's own asking) brought.
    #[must_use]
    pub fn new(tokens: Tokens, asked: &[String], now: SystemTime) -> Self {
        let at = timestamp(now);
        Self {
            expires: ends(&tokens, at),
            access: tokens.access,
            refresh: tokens.refresh,
            issued: at,
            first_consent: at,
            last_refresh: at,
            scope: tokens.scope.unwrap_or_else(|| asked.join(" ")),
            forced: false,
            renewing_since: None,
            ended: None,
            user: None,
        }
    }

    /// The same grant with the tokens of a renewal. A server that does not rotate sends no
    /// refresh token, and the old one stays (RFC 6749 6).
    #[must_use]
    pub fn renewed(self, tokens: Tokens, forced: bool, now: SystemTime) -> Self {
        let at = timestamp(now);
        Self {
            expires: ends(&tokens, at),
            access: tokens.access,
            refresh: tokens.refresh.or(self.refresh),
            issued: at,
            last_refresh: at,
            scope: tokens.scope.unwrap_or(self.scope),
            forced,
            renewing_since: None,
            ended: None,
            ..self
        }
    }

    /// Whether the access token is to be used without asking for another.
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        let now = timestamp(now);
        let Some(expires) = self.expires else { return true };
        let life = Duration::from_millis(expires.saturating_sub(self.issued));
        let before = (life / RENEWED_BEFORE_PART).min(RENEWED_BEFORE_MAX).as_millis();
        let before = u64::try_from(before).unwrap_or(u64::MAX);
        now < expires.saturating_sub(before) && now.saturating_add(CLOCK_SLACK_MS) >= self.issued
    }

    /// Whether the access token has not ended yet, although it may be time to renew it.
    pub fn is_alive(&self, now: SystemTime) -> bool {
        self.expires.is_none_or(|expires| timestamp(now) < expires)
    }

    /// What was asked for and not granted. A server that grants more takes nothing away, and one
    /// that gave a refresh token granted `offline_access` whether or not it says so.
    pub fn missing_scopes(&self, asked: &[String]) -> Vec<String> {
        let offline = self.refresh.as_ref().map(|_| OFFLINE);
        let granted: Vec<&str> = self.scope.split_whitespace().chain(offline).collect();
        asked.iter().filter(|scope| !granted.contains(&scope.as_str())).cloned().collect()
    }

    /// One text to be sealed. None if it cannot be written down, which no value here causes.
    pub fn to_text(&self) -> Option<Secret> {
        let plain = |secret: &Secret| Zeroizing::new(secret.expose().to_owned());
        let sealed = Sealed {
            access: plain(&self.access),
            refresh: self.refresh.as_ref().map(plain),
            issued: self.issued,
            expires: self.expires,
            first_consent: self.first_consent,
            last_refresh: self.last_refresh,
            scope: self.scope.clone(),
            forced: self.forced,
            renewing_since: self.renewing_since,
            ended: self.ended.clone(),
            user: self.user.clone(),
        };
        serde_json::to_string(&sealed).ok().map(Secret::new)
    }

    /// None if this is no text of [`Grant::to_text`].
    pub fn from_text(text: &Secret) -> Option<Self> {
        let sealed: Sealed = serde_json::from_str(text.expose()).ok()?;
        let secret = |text: Zeroizing<String>| Secret::new(text.as_str());
        Some(Self {
            access: secret(sealed.access),
            refresh: sealed.refresh.map(secret),
            issued: sealed.issued,
            expires: sealed.expires,
            first_consent: sealed.first_consent,
            last_refresh: sealed.last_refresh,
            scope: sealed.scope,
            forced: sealed.forced,
            renewing_since: sealed.renewing_since,
            ended: sealed.ended,
            user: sealed.user,
        })
    }
}

fn ends(tokens: &Tokens, at: Timestamp) -> Option<Timestamp> {
    let life = tokens.lives?;
    Some(at.saturating_add(u64::try_from(life.as_millis()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Grant, Tokens};
    use crate::secrets::Secret;

    fn tokens(lives: Option<u64>, refresh: Option<&str>) -> Tokens {
        Tokens {
            access: Secret::new("access"),
            refresh: refresh.map(Secret::new),
            lives: lives.map(Duration::from_secs),
            scope: None,
        }
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
    }

    fn grant(lives: Option<u64>) -> Grant {
        Grant::new(tokens(lives, Some("one")), &["read:a".into(), "read:b".into()], at(0))
    }

    #[test]
    fn a_token_is_renewed_some_minutes_before_it_ends() {
        let hour = grant(Some(3_600));
        let table = [
            (0, true, true),
            (3_299, true, true),
            (3_300, false, true),
            (3_599, false, true),
            (3_600, false, false),
        ];
        for (seconds, fresh, alive) in table {
            assert_eq!((hour.is_fresh(at(seconds)), hour.is_alive(at(seconds))), (fresh, alive), "{seconds}");
        }
        let minute = grant(Some(60));
        assert!(minute.is_fresh(at(44)) && !minute.is_fresh(at(45)));
        assert!(grant(None).is_fresh(at(1_000_000_000)));
        assert!(!grant(Some(0)).is_fresh(at(0)));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_token_live_longer() {
        let hour = grant(Some(3_600));
        assert!(hour.is_fresh(at(0) - Duration::from_secs(60)));
        assert!(!hour.is_fresh(at(0) - Duration::from_secs(61)));
    }

    #[test]
    fn renewing_keeps_what_the_server_does_not_say_again() {
        let same = grant(Some(3_600)).renewed(tokens(Some(60), None), false, at(100));
        assert_eq!((same.refresh.as_ref().unwrap().expose(), same.scope.as_str()), ("one", "read:a read:b"));
        assert_eq!((same.first_consent, same.last_refresh), (1_000_000_000, 1_000_100_000));
        let rotated = same.renewed(tokens(Some(60), Some("two")), true, at(200));
        assert_eq!(rotated.refresh.as_ref().unwrap().expose(), "two");
        assert!(rotated.forced);
    }

    #[test]
    fn what_was_not_granted_is_named() {
        let asked = ["read:a", "read:c", "offline_access"].map(String::from);
        assert_eq!(grant(None).missing_scopes(&asked), ["read:c"], "a refresh token was given");
        let fleeting = Grant { refresh: None, ..grant(None) };
        assert_eq!(fleeting.missing_scopes(&asked), ["read:c", "offline_access"]);
        assert!(grant(None).missing_scopes(&[]).is_empty());
    }

    #[test]
    fn it_is_written_down_and_read_again_and_never_printed() {
        let grant = Grant { ended: Some("why".into()), user: Some("u".into()), ..grant(Some(60)) };
        assert_eq!(Grant::from_text(&grant.to_text().unwrap()).unwrap(), grant);
        assert!(Grant::from_text(&Secret::new("{}")).is_none());
        let printed = format!("{grant:?}");
        assert!(!printed.contains("\"one\"") && !printed.contains("\"access\""), "{printed}");
    }
}
