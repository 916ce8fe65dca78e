//! Rotating refresh tokens, as Atlassian announced them in January 2022: each use makes a new one, the old one
//! is good for ten minutes more, its use after that ends the family, 90 idle days and 365 days in all end it too.

use super::{RefreshToken, Tokens};
use crate::clock::Millis;
use crate::site::Site;

const LEEWAY_MS: Millis = 10 * 60_000;
const DAY_MS: Millis = 86_400_000;
const IDLE_MS: Millis = 90 * DAY_MS;
const ABSOLUTE_MS: Millis = 365 * DAY_MS;

/// Why no tokens were handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// Unknown, spent or stale.
    Code,
    RedirectUri,
    Verifier,
    /// No such refresh token, or one that was replaced too long ago.
    Replaced,
    /// The family has ended.
    Ended,
}

impl Site {
    /// New tokens for a refresh token.
    pub fn refresh(&mut self, client_id: &str, shown: &str) -> Result<Tokens, TokenRefusal> {
        let now = self.clock.now();
        let known = self.identity.grants.iter().position(|grant| {
            grant.consent.client_id == client_id
                && grant.refresh_tokens.iter().any(|token| token.value == shown)
        });
        let next = self.identity.secret("refresh");
        let grant = known.and_then(|place| self.identity.grants.get_mut(place));
        let grant = grant.ok_or(TokenRefusal::Replaced)?;
        if grant.revoked || now - grant.last_used >= IDLE_MS || now - grant.consented >= ABSOLUTE_MS {
            return Err(TokenRefusal::Ended);
        }
        let token = grant.refresh_tokens.iter_mut().find(|token| token.value == shown);
        let token = token.ok_or(TokenRefusal::Replaced)?;
        if token.replaced.is_some_and(|at| now - at > LEEWAY_MS) {
            grant.revoked = true;
            return Err(TokenRefusal::Replaced);
        }
        token.replaced.get_or_insert(now);
        grant.last_used = now;
        grant.refresh_tokens.push(RefreshToken { value: next.clone(), replaced: None });
        let consent = grant.consent.clone();
        Ok(self.access(consent, Some(next)))
    }
}
