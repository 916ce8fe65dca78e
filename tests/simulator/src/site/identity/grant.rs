//! Consents, and the first tokens made of them.

use std::collections::BTreeSet;

use super::{Challenge, OAUTH_CLIENT_ID, TokenRefusal};
use crate::clock::Millis;
use crate::site::{AccountId, Site};

/// Codes are redeemed at once by a machine; Atlassian's live for minutes.
const CODE_MS: Millis = 5 * 60_000;
/// `expires_in` of every token answer.
pub const ACCESS_TOKEN_MS: Millis = 3_600_000;

/// What somebody approved on the consent page.
#[derive(Clone, Debug)]
pub struct Consent {
    pub client_id: String,
    pub account_id: AccountId,
    pub scopes: BTreeSet<String>,
    /// The site chosen on the page.
    pub site_url: String,
}

/// A code on its way from the consent page to the app.
#[derive(Clone, Debug)]
pub struct Code {
    pub value: String,
    pub consent: Consent,
    pub redirect_uri: String,
    pub challenge: Option<Challenge>,
    pub made: Millis,
}

/// One consent and its family of refresh tokens.
#[derive(Clone, Debug)]
pub struct Grant {
    pub consent: Consent,
    pub consented: Millis,
    pub last_used: Millis,
    /// No refresh token of the family is good any more.
    pub revoked: bool,
    /// Oldest first; empty without `offline_access`.
    pub refresh_tokens: Vec<RefreshToken>,
}

#[derive(Clone, Debug)]
pub struct RefreshToken {
    pub value: String,
    /// When a later one took its place.
    pub replaced: Option<Millis>,
}

#[derive(Clone, Debug)]
pub struct AccessToken {
    pub value: String,
    pub consent: Consent,
    pub expires: Millis,
}

/// What the token endpoint hands out.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    /// Only with `offline_access`.
    pub refresh: Option<String>,
    pub scopes: BTreeSet<String>,
}

impl Site {
    /// Somebody approves: a code is made.
    pub fn approve(&mut self, consent: Consent, redirect_uri: &str, challenge: Option<Challenge>) -> String {
        let value = self.identity.secret("code");
        let made = self.clock.now();
        let redirect_uri = redirect_uri.into();
        self.identity.codes.push(Code { value: value.clone(), consent, redirect_uri, challenge, made });
        value
    }

    /// Redeems a code. It is spent by the attempt, whatever comes of it.
    pub fn exchange(
        &mut self,
        client_id: &str,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<Tokens, TokenRefusal> {
        let place = self.identity.codes.iter().position(|known| known.value == code);
        let code = self.identity.codes.remove(place.ok_or(TokenRefusal::Code)?);
        let fresh = self.clock.now() - code.made < CODE_MS;
        if !fresh || code.consent.client_id != client_id {
            return Err(TokenRefusal::Code);
        }
        if code.redirect_uri != redirect_uri {
            return Err(TokenRefusal::RedirectUri);
        }
        let kept = match (&code.challenge, verifier) {
            (Some(challenge), Some(verifier)) => challenge.is_met_by(verifier),
            (None, None) => true,
            _ => false,
        };
        if !kept {
            return Err(TokenRefusal::Verifier);
        }
        Ok(self.begin(code.consent))
    }

    /// A grant to the app of every site without pages and codes, for tests: who, for what.
    pub fn grant(&mut self, account_id: &str, scopes: &[&str]) -> Tokens {
        self.begin(Consent {
            client_id: OAUTH_CLIENT_ID.into(),
            account_id: account_id.into(),
            scopes: scopes.iter().map(|scope| scope.to_string()).collect(),
            site_url: self.url.clone(),
        })
    }

    /// A user and an app share one family of tokens: a second consent ends the first one's.
    fn begin(&mut self, consent: Consent) -> Tokens {
        let same = |grant: &&mut Grant| {
            grant.consent.client_id == consent.client_id && grant.consent.account_id == consent.account_id
        };
        for earlier in self.identity.grants.iter_mut().filter(same) {
            earlier.revoked = true;
        }
        let now = self.clock.now();
        let refresh = consent.scopes.contains("offline_access").then(|| self.identity.secret("refresh"));
        let first = refresh.iter().map(|value| RefreshToken { value: value.clone(), replaced: None });
        self.identity.grants.push(Grant {
            consent: consent.clone(),
            consented: now,
            last_used: now,
            revoked: false,
            refresh_tokens: first.collect(),
        });
        self.access(consent, refresh)
    }

    pub(super) fn access(&mut self, consent: Consent, refresh: Option<String>) -> Tokens {
        let access = self.identity.secret("access");
        let expires = self.clock.now() + ACCESS_TOKEN_MS;
        let scopes = consent.scopes.clone();
        self.identity.access_tokens.push(AccessToken { value: access.clone(), consent, expires });
        Tokens { access, refresh, scopes }
    }

    /// The user takes the app off the account: nothing of it is good any more.
    pub fn revoke_grants(&mut self, account_id: &str) {
        self.revoke_refresh_tokens(account_id);
        self.identity.access_tokens.retain(|token| token.consent.account_id != account_id);
    }

    /// Ends the families of refresh tokens; access tokens live on to their hour's end.
    pub fn revoke_refresh_tokens(&mut self, account_id: &str) {
        let of_account = |grant: &&mut Grant| grant.consent.account_id == account_id;
        for grant in self.identity.grants.iter_mut().filter(of_account) {
            grant.revoked = true;
        }
    }

    /// The hour of every access token is over.
    pub fn expire_access_tokens(&mut self) {
        let now = self.clock.now();
        for token in &mut self.identity.access_tokens {
            token.expires = token.expires.min(now);
        }
    }
}
