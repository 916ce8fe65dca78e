//! Asking a token address, with the same rules about addresses as every request of a connector.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use url::Url;
use zeroize::Zeroizing;

use super::answer::{Answer, Tokens};
use super::callback::Code;
use super::client::Client;
use super::consent::Consent;
use super::fault::TokenFault;
use super::request::Ask;
use crate::gate::{CallBudget, Clock, Doors, Gate, GatePlan, Place, PlanFault, Refusal};
use crate::model::{Grant as Flow, OAuth2, Origin, Route};
use crate::secrets::Secret;

/// An answer with two tokens, long ones, is some 10 KB.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// Waits between attempts at one renewal, together: a run stands still meanwhile, and a server
/// that wants more is asked again by the next call.
const RENEWAL_WAIT_MAX: Duration = Duration::from_secs(20);

/// For one token, attempts and waits included. All of it lies well within the ten minutes in which a
/// refresh token may be sent again.
const TOKEN_MAX: Duration = Duration::from_secs(180);

/// A token address behind a gate of its own, through which nothing else goes.
pub struct Server {
    gate: Gate,
    place: String,
    clock: Arc<dyn Clock>,
}

/// The origins that the host itself asks, for the user to agree to: where people approve, and
/// where tokens are given out. A connector's requests do not go there.
///
/// # Errors
/// If an address cannot be read.
pub fn sign_in_places(login: &OAuth2) -> Result<Vec<Origin>, TokenFault> {
    let token = place(&login.token_url)?;
    let origin = |url: String, post: bool, purpose: &str| Origin {
        url,
        credential: false,
        post,
        purpose: purpose.to_owned(),
    };
    match &login.grant {
        Flow::AuthorizationCode(url) => match place(url)? {
            same if same == token => Ok(vec![origin(token, true, "sign in, and renew the tokens")]),
            other => {
                Ok(vec![origin(other, false, "sign in"), origin(token, true, "get and renew the tokens")])
            }
        },
        Flow::ClientCredentials => Ok(vec![origin(token, true, "get the tokens")]),
    }
}

fn place(url: &str) -> Result<String, TokenFault> {
    let fault = || TokenFault::Address(url.to_owned());
    let origin = Url::parse(url).map_err(|_| fault())?.origin().ascii_serialization();
    Place::parse(&origin).map(|place| place.to_string()).map_err(|_| fault())
}

impl Server {
    /// For a client, with the routes of the user that concern it; others are left to their gate.
    ///
    /// # Errors
    /// If an address is not encrypted and no server on this machine stands in for it.
    pub fn new(client: &Client, routes: &[Route], doors: Doors) -> Result<Self, ServerFault> {
        let login = OAuth2 {
            grant: client.flow.clone(),
            token_url: client.token_url.clone(),
            encoding: client.encoding,
            scopes: Vec::new(),
            parameters: Vec::new(),
        };
        let origins = sign_in_places(&login)?;
        let routes = routes.iter().filter(|route| concerns(route, &origins)).cloned().collect();
        let clock = Arc::clone(&doors.clock);
        let gate = Gate::new(GatePlan { origins, routes, ..GatePlan::default() }, doors)?;
        Ok(Self { gate, place: place(&client.token_url)?, clock })
    }

    /// Where a browser is to be sent: the consent's address, or the server that stands in.
    ///
    /// # Errors
    /// As [`Gate::led`].
    pub fn led(&self, consent: &Consent) -> Result<Url, Refusal> {
        self.gate.led(consent.url())
    }

    /// Trades a code for tokens, in one attempt: a code is good once.
    ///
    /// # Errors
    /// [`TokenFault`]; [`TokenFault::NoRefreshToken`] if the sign-in would end within the hour.
    pub async fn exchange(
        &self,
        client: &Client,
        consent: &Consent,
        code: &Code,
    ) -> Result<Tokens, TokenFault> {
        let ask = Ask::Code { code, verifier: &consent.verifier };
        let tokens = self.ask(client, &ask, Duration::ZERO).await?;
        match (&tokens.refresh, tokens.lives) {
            (None, Some(_)) => Err(TokenFault::NoRefreshToken { place: self.place.clone() }),
            _ => Ok(tokens),
        }
    }

    /// Trades a refresh token for the next ones. An attempt whose answer was lost is repeated with
    /// the same token: servers that rotate them allow that for some minutes.
    ///
    /// # Errors
    /// [`TokenFault`].
    pub async fn refresh(&self, client: &Client, token: &Secret) -> Result<Tokens, TokenFault> {
        self.ask(client, &Ask::Refresh(token), RENEWAL_WAIT_MAX).await
    }

    /// Tokens for the client itself.
    ///
    /// # Errors
    /// [`TokenFault`].
    pub async fn client_credentials(&self, client: &Client, scopes: &[String]) -> Result<Tokens, TokenFault> {
        self.ask(client, &Ask::Client { scopes }, RENEWAL_WAIT_MAX).await
    }

    async fn ask(&self, client: &Client, ask: &Ask<'_>, wait_max: Duration) -> Result<Tokens, TokenFault> {
        let asked = tokio::time::timeout(TOKEN_MAX, self.ask_in_time(client, ask, wait_max)).await;
        asked.unwrap_or_else(|_| Err(TokenFault::Silent { place: self.place.clone(), max: TOKEN_MAX }))
    }

    async fn ask_in_time(
        &self,
        client: &Client,
        ask: &Ask<'_>,
        wait_max: Duration,
    ) -> Result<Tokens, TokenFault> {
        let request = ask.request(client).ok_or_else(|| TokenFault::Address(client.token_url.clone()))?;
        let budget = CallBudget::new(1).response_bytes_max(ANSWER_BYTES_MAX).wait_max(wait_max);
        let answer = self.gate.send(request, &budget).await.map_err(TokenFault::Unreachable)?;
        let (head, body) = answer.into_parts();
        let what = "its body is too long or broke off";
        let lost = |_| TokenFault::Answer { place: self.place.clone(), what };
        let body: Bytes = body.collect().await.map_err(lost)?.to_bytes();
        let body = Zeroizing::new(body.to_vec());
        let answer = Answer { place: &self.place, status: head.status, headers: &head.headers, body: &body };
        answer.read(&ask.secrets(client), self.clock.now())
    }
}

/// Why a token address cannot be asked at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerFault {
    #[error(transparent)]
    Address(#[from] TokenFault),
    #[error(transparent)]
    Plan(#[from] PlanFault),
}

/// Whether a route stands in for one of these origins.
pub fn concerns(route: &Route, origins: &[Origin]) -> bool {
    let Ok(from) = Place::parse(&route.from) else { return false };
    origins.iter().any(|origin| Place::parse(&origin.url).is_ok_and(|place| place == from))
}
