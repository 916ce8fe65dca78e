//! Signing in with the company's account: OpenID Connect's code flow, with PKCE, state and nonce.
//!
//! `begin` leads a browser to the provider, `finish` hears what it brings back and says which person that is.
//! `http` is the way there, `pending` remembers who was sent, `claims` judges what was said.
//!
//! Invariants: what a browser brings back counts once, soon, and in that browser only. A person is whom a signed
//! token of the configured provider names, made for this client, for this sign-in, and not expired.
//!
//! Deliberately absent: sessions (`who::session`), and the tokens of the provider, which are dropped at once.

mod claims;
mod fault;
mod http;
mod pending;

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use tokio::sync::Mutex;
use url::Url;

pub use fault::OidcFault;

use self::http::Http;
use self::pending::{Pending, Sent};
use crate::model::Timestamp;
use crate::secrets::Secret;

/// Keys and addresses of the provider are read again after this long: a day, as providers advise.
const PROVIDER_MS_MAX: u64 = 24 * 60 * 60 * 1_000;

/// What signs tokens: never a key that the client shares, since then whoever has the secret could write them.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How people sign in with the company's account.
#[derive(Debug, Clone)]
pub struct OidcOptions {
    /// As the provider names itself: `https://accounts.google.com`.
    pub issuer: IssuerUrl,
    pub client_id: String,
    /// None for a client without one; PKCE stands in for it.
    pub secret: Option<Secret>,
    /// Only e-mails that end so, in lower case and without the `@`; all, if there are none.
    pub domains: Vec<String>,
    /// Take e-mails of which the provider does not say that they are verified.
    pub trust_email: bool,
}

impl OidcOptions {
    /// The issuer of these words.
    ///
    /// # Errors
    ///
    /// When it is no URL, or others could listen on the way there.
    pub fn issuer(text: &str) -> Result<IssuerUrl, OidcFault> {
        let bad = |detail: &str| OidcFault::Issuer { issuer: text.to_owned(), detail: detail.to_owned() };
        let issuer = IssuerUrl::new(text.to_owned()).map_err(|error| bad(&error.to_string()))?;
        let local = match issuer.url().host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        match issuer.url().scheme() {
            "https" => Ok(issuer),
            "http" if local => Ok(issuer),
            _ => Err(bad("it begins with https://")),
        }
    }
}

/// The provider, as far as it is known, and who was sent there.
pub struct Oidc {
    options: OidcOptions,
    http: Http,
    pending: Pending,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: CoreProviderMetadata,
    read: Timestamp,
}

/// Where a browser goes, and what it has to bring back: the value of a cookie.
pub struct Leave {
    pub to: Url,
    pub cookie: String,
}

/// Somebody who came back.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrived {
    /// In lower case.
    pub email: String,
    /// Where that one wanted to go.
    pub to: String,
}

/// What the provider's page sends along.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Brought {
    pub state: Option<String>,
    pub code: Option<String>,
    /// The provider, by its own name (RFC 9207).
    pub iss: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Oidc {
    #[must_use]
    pub fn new(options: OidcOptions) -> Self {
        Self { options, http: Http::default(), pending: Pending::default(), known: Mutex::default() }
    }

    /// Sends a browser to the provider. `redirect` is where it comes back to, `to` where it goes then; `browser` is
    /// a value that nobody guesses.
    ///
    /// # Errors
    ///
    /// When the provider cannot be read.
    pub async fn begin(
        &self,
        redirect: &Url,
        to: String,
        browser: String,
        now: Timestamp,
    ) -> Result<Leave, OidcFault> {
        let client = self.client(&self.provider(now).await?.metadata, redirect)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let asking = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let asking = asking.add_scope(Scope::new("email".to_owned()));
        let (url, state, nonce) = asking.set_pkce_challenge(challenge).url();
        let sent = Sent { nonce, verifier: verifier.into_secret(), to };
        self.pending.keep(state.secret(), &browser, sent, now);
        Ok(Leave { to: url, cookie: browser })
    }

    /// Says who came back. Whatever was brought is good for nothing afterwards.
    ///
    /// # Errors
    ///
    /// When anything of it is not as it has to be.
    pub async fn finish(
        &self,
        redirect: &Url,
        brought: Brought,
        browser: Option<&str>,
        now: Timestamp,
    ) -> Result<Arrived, OidcFault> {
        let sent = brought.state.as_deref().zip(browser);
        let sent = sent.and_then(|(state, browser)| self.pending.take(state, browser, now));
        let Sent { nonce, verifier, to } = sent.ok_or(OidcFault::Stale)?;
        if let Some(error) = brought.error {
            return Err(OidcFault::refused(&error, brought.error_description.as_deref()));
        }
        if brought.iss.is_some_and(|iss| iss != self.options.issuer.as_str()) {
            return Err(OidcFault::Untrusted("it was brought from another provider".to_owned()));
        }
        let code = AuthorizationCode::new(brought.code.ok_or(OidcFault::Stale)?);
        let token = self.exchange(redirect, code, verifier, now).await?;
        let claims = match self.verify(&token, &nonce, &self.provider(now).await?.metadata, now) {
            Err(Unverified::UnknownKey) => {
                // The provider has new keys since it was read.
                let fresh = self.read(now).await?;
                self.verify(&token, &nonce, &fresh.metadata, now)
            }
            judged => judged,
        };
        let claims = claims.map_err(|refused| OidcFault::Untrusted(refused.to_string()))?;
        let email = claims.email().map(|email| email.as_str());
        let email = claims::person(email, claims.email_verified(), &self.options)?;
        Ok(Arrived { email, to })
    }

    /// Trades the code for the token that says who it is.
    async fn exchange(
        &self,
        redirect: &Url,
        code: AuthorizationCode,
        verifier: String,
        now: Timestamp,
    ) -> Result<CoreIdToken, OidcFault> {
        let provider = self.provider(now).await?;
        let client = self.client(&provider.metadata, redirect)?;
        let failed = |detail: String| OidcFault::Exchange { detail, redirect: redirect.to_string() };
        let asking = client.exchange_code(code).map_err(|error| failed(error.to_string()))?;
        let asking = asking.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = asking.request_async(&self.http).await;
        let answer = answer.map_err(|error| failed(fault::words(&error)))?;
        let missing = || OidcFault::Untrusted("it gave no ID token".to_owned());
        answer.id_token().cloned().ok_or_else(missing)
    }

    fn verify(
        &self,
        token: &CoreIdToken,
        nonce: &Nonce,
        provider: &CoreProviderMetadata,
        now: Timestamp,
    ) -> Result<openidconnect::core::CoreIdTokenClaims, Unverified> {
        let now = i64::try_from(now).ok().and_then(chrono::DateTime::from_timestamp_millis);
        let now = now.unwrap_or_default();
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.options.client_id.clone()),
            provider.issuer().clone(),
            provider.jwks().clone(),
        );
        let verifier = verifier.set_allowed_algs(SIGNATURES).set_time_fn(move || now);
        match token.claims(&verifier, nonce) {
            Ok(claims) => Ok(claims.clone()),
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => Err(Unverified::UnknownKey),
            Err(error) => Err(Unverified::Other(fault::words(&error))),
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata, redirect: &Url) -> Result<Client, OidcFault> {
        let id = ClientId::new(self.options.client_id.clone());
        let secret = self.options.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let redirect = RedirectUrl::new(redirect.to_string());
        let redirect = redirect.map_err(|error| OidcFault::Untrusted(error.to_string()))?;
        Ok(CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect))
    }

    /// What is known of the provider, read when it is first needed.
    async fn provider(&self, now: Timestamp) -> Result<Known, OidcFault> {
        let known = self.known.lock().await.clone();
        match known.filter(|known| now.saturating_sub(known.read) < PROVIDER_MS_MAX) {
            Some(known) => Ok(known),
            None => self.read(now).await,
        }
    }

    /// Asks the provider for its addresses and keys; one at a time does.
    async fn read(&self, now: Timestamp) -> Result<Known, OidcFault> {
        let mut known = self.known.lock().await;
        let issuer = self.options.issuer.clone();
        let read = CoreProviderMetadata::discover_async(issuer.clone(), &self.http).await;
        let unread = |error| OidcFault::Unread { issuer: issuer.to_string(), detail: fault::words(&error) };
        let fresh = Known { metadata: read.map_err(unread)?, read: now };
        *known = Some(fresh.clone());
        Ok(fresh)
    }
}

/// Why a token is not believed.
enum Unverified {
    UnknownKey,
    Other(String),
}

impl std::fmt::Display for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKey => f.write_str("it is signed with a key that the provider does not have"),
            Self::Other(words) => f.write_str(words),
        }
    }
}
