//! Who may sign in, and with what: apps, consents and the tokens made of them, API tokens with scopes.
//!
//! Plays id.atlassian.com and the storage of auth.atlassian.com. Tests make grants, end and revoke them through
//! the methods of [`Site`]; the pages and token requests do the same through [`Site::approve`],
//! [`Site::exchange`] and [`Site::refresh`]. Absent on purpose: HTTP, passwords, two-step login.

mod app;
mod grant;
mod refresh;

pub use app::{ApiToken, App, Challenge};
pub use grant::{AccessToken, Code, Consent, Grant, RefreshToken, Tokens};
pub use refresh::TokenRefusal;

use super::{Site, User};
use crate::clock::Millis;

/// The app that every site knows.
pub const OAUTH_CLIENT_ID: &str = "sim0ClientId000000000000000000001";
pub const OAUTH_CLIENT_SECRET: &str = "ATOAsimulated-client-secret";
/// One of its callbacks; tests with a listener of their own add theirs with [`Site::add_callback`].
pub const OAUTH_CALLBACK: &str = "http://localhost:8791/callback";

/// An API token of every account, with all scopes: good through the gateway alone.
pub const SCOPED_TOKEN: &str = "simulated-scoped-token";

/// Another site of the same people, which holds nothing.
pub const OTHER_SITE: &str = "https://acme-labs.atlassian.net";
pub const OTHER_CLOUD_ID: &str = "9d1b7a4e-0c52-4f6b-8a55-61f0a2e7c3d4";

/// Every scope that the site knows. Granular ones are of v2 and of v1's newer alternatives, classic ones of v1.
pub const SCOPES: [&str; 30] = [
    "read:space:confluence",
    "read:page:confluence",
    "read:attachment:confluence",
    "read:comment:confluence",
    "read:folder:confluence",
    "read:whiteboard:confluence",
    "read:database:confluence",
    "read:embed:confluence",
    "read:hierarchical-content:confluence",
    "read:content.metadata:confluence",
    "read:content-details:confluence",
    "read:content.permission:confluence",
    "read:content.restriction:confluence",
    "read:space.permission:confluence",
    "read:configuration:confluence",
    "read:label:confluence",
    "read:task:confluence",
    "read:user:confluence",
    "read:group:confluence",
    "read:audit-log:confluence",
    "search:confluence",
    "readonly:content.attachment:confluence",
    "read:confluence-content.all",
    "read:confluence-content.permission",
    "read:confluence-content.summary",
    "read:confluence-user",
    "read:confluence-groups",
    "read:confluence-space.summary",
    "read:me",
    "offline_access",
];

/// What the site remembers of sign-ins. The lists are public to be read; write through [`Site`]'s methods.
#[derive(Clone, Debug)]
pub struct Identity {
    pub apps: Vec<App>,
    pub api_tokens: Vec<ApiToken>,
    pub grants: Vec<Grant>,
    pub codes: Vec<Code>,
    pub access_tokens: Vec<AccessToken>,
    /// How many secrets were made, so that each is another.
    made: u64,
}

impl Default for Identity {
    fn default() -> Self {
        let app = App {
            client_id: OAUTH_CLIENT_ID.into(),
            client_secret: OAUTH_CLIENT_SECRET.into(),
            name: "Weir".into(),
            callbacks: vec![OAUTH_CALLBACK.into()],
            scopes: SCOPES.iter().map(|scope| scope.to_string()).collect(),
        };
        let token = ApiToken {
            secret: SCOPED_TOKEN.into(),
            account_id: None,
            scopes: Some(app.scopes.clone()),
            expires: None,
        };
        Identity {
            apps: vec![app],
            api_tokens: vec![token],
            grants: Vec::new(),
            codes: Vec::new(),
            access_tokens: Vec::new(),
            made: 0,
        }
    }
}

impl Identity {
    pub fn app(&self, client_id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }

    /// Opaque, and long as the real ones are. The same in every run.
    fn secret(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("eyJhbGciOiJTSU0iLCJraWQiOiIifQ.{kind}-{:016x}.c2ltdWxhdGVk", self.made)
    }
}

impl Site {
    /// Lets the app of every site be sent back to this address too.
    pub fn add_callback(&mut self, callback: &str) {
        if let Some(app) = self.identity.apps.first_mut() {
            app.callbacks.push(callback.into());
        }
    }

    /// An API token of one account; without scopes (`None`) it is good on the site and through the gateway, with
    /// scopes through the gateway alone.
    pub fn add_api_token(
        &mut self,
        account_id: &str,
        secret: &str,
        scopes: Option<&[&str]>,
        expires: Option<Millis>,
    ) {
        self.identity.api_tokens.push(ApiToken {
            secret: secret.into(),
            account_id: Some(account_id.into()),
            scopes: scopes.map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            expires,
        });
    }

    /// The token ends now. Nothing tells of it: it just starts failing.
    pub fn expire_api_token(&mut self, secret: &str) {
        let now = self.clock.now();
        for token in self.identity.api_tokens.iter_mut().filter(|token| token.secret == secret) {
            token.expires = Some(now);
        }
    }

    /// The token that `user` shows as `secret`, unless it has ended.
    pub(crate) fn api_token(&self, user: &User, secret: &str, now: Millis) -> Option<ApiToken> {
        if user.api_token.as_deref() == Some(secret) {
            let account_id = Some(user.account_id.clone());
            return Some(ApiToken { secret: secret.into(), account_id, scopes: None, expires: None });
        }
        let of_user = |token: &&ApiToken| token.account_id.as_ref().is_none_or(|id| *id == user.account_id);
        let shown = self.identity.api_tokens.iter().filter(of_user).find(|token| token.secret == secret)?;
        shown.expires.is_none_or(|expires| now < expires).then(|| shown.clone())
    }
}
