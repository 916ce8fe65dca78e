//! Gives the gate a token that is good, renewing the grant when it is time.
//!
//! The order of a renewal is the whole point: wait for the turn; read what is kept now, which
//! another process may have renewed; write down that a renewal begins, which also proves that the
//! store and the key work; ask; make the new tokens durable; only then use them. A process may die
//! between any two of these. The next renewal sends the old refresh token again, which Atlassian
//! allows for ten minutes; later reuse ends the whole sign-in, and the note of when the renewal
//! began is what explains it then.

use std::fmt;
use std::sync::{Arc, Mutex as Slot, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, HeaderName};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::answer::Tokens;
use super::client::Client;
use super::fault::TokenFault;
use super::grant::Grant;
use super::lock::GrantLock;
use super::renewal::{Next, next, why_ended};
use super::server::Server;
use crate::gate::{BoxFuture, Doors};
use crate::model::{Grant as Flow, Route, timestamp};
use crate::secrets::{Credential, Credentials, Lack};

/// After a server was busy or down, it is left alone for so long unless it asked for longer.
const LEFT_ALONE_MIN: Duration = Duration::from_secs(30);

/// Where a client and its grant are kept, sealed. Calls block.
pub trait Safe: Send + Sync {
    /// # Errors
    /// If they are missing, do not open, or the store cannot be read.
    fn open(&self) -> Result<(Client, Grant), SafeFault>;

    /// Durable when it returns.
    ///
    /// # Errors
    /// If it was not kept.
    fn keep(&self, grant: &Grant) -> Result<(), SafeFault>;
}

/// What failed, in words without a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SafeFault(pub String);

/// The source of credentials for one connection's gate. A clone is the same.
#[derive(Clone)]
pub struct Keeper(Arc<Inner>);

struct Inner {
    /// What the user calls the connection.
    connection: String,
    safe: Arc<dyn Safe>,
    lock: GrantLock,
    routes: Vec<Route>,
    doors: Doors,
    /// Held through a renewal, so that everybody else in this process waits for its outcome.
    state: Arc<Mutex<State>>,
    latest: Slot<Option<Arc<Credential>>>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    stands: Option<Stands>,
}

/// The grant that was last read or renewed, and the header made of it.
struct Held {
    grant: Grant,
    credential: Arc<Credential>,
}

/// A refusal of the token server that is not asked for again: until a time, or until somebody
/// has signed in anew.
struct Stands {
    lack: Lack,
    of: (Client, Grant),
    until: Option<SystemTime>,
}

impl Keeper {
    pub fn new(
        connection: &str,
        safe: Arc<dyn Safe>,
        lock: GrantLock,
        routes: &[Route],
        doors: Doors,
    ) -> Self {
        Self(Arc::new(Inner {
            connection: connection.to_owned(),
            safe,
            lock,
            routes: routes.to_vec(),
            doors,
            state: Arc::default(),
            latest: Slot::default(),
        }))
    }

    /// In a task of its own: a call that is given up must not take a renewal with it between the
    /// answer and the store.
    async fn renew(
        &self,
        state: OwnedMutexGuard<State>,
        refused: Option<Credential>,
    ) -> Result<Option<Arc<Credential>>, Lack> {
        let inner = Arc::clone(&self.0);
        let renewed = tokio::spawn(async move { inner.renew(state, refused.as_ref()).await }).await;
        renewed
            .unwrap_or_else(|_| Err(Lack::Host("a renewal of the token was lost; run it again".to_owned())))
    }
}

impl Credentials for Keeper {
    fn header(&self) -> &HeaderName {
        &AUTHORIZATION
    }

    fn current(&self) -> BoxFuture<'_, Result<Arc<Credential>, Lack>> {
        Box::pin(async move {
            let state = Arc::clone(&self.0.state).lock_owned().await;
            if let Some(credential) = state.usable(self.0.doors.clock.now()) {
                return Ok(credential);
            }
            let none = || Lack::Host("a renewal brought no token; report this".to_owned());
            self.renew(state, None).await?.ok_or_else(none)
        })
    }

    fn latest(&self) -> Option<Arc<Credential>> {
        self.0.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_renewable(&self) -> bool {
        true
    }

    fn refused(&self, used: &Credential) -> BoxFuture<'_, Result<Option<Arc<Credential>>, Lack>> {
        let used = used.clone();
        Box::pin(async move {
            let state = Arc::clone(&self.0.state).lock_owned().await;
            self.renew(state, Some(used)).await
        })
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keeper({})", self.0.connection)
    }
}

impl State {
    /// The token in memory, if it needs no renewal, or if its renewal was put off and it still lives.
    fn usable(&self, now: SystemTime) -> Option<Arc<Credential>> {
        let held = self.held.as_ref()?;
        let put_off =
            self.stands.as_ref().is_some_and(|stands| stands.until.is_some_and(|until| now < until));
        let usable = held.grant.is_fresh(now) || (put_off && held.grant.is_alive(now));
        usable.then(|| Arc::clone(&held.credential))
    }
}

impl Inner {
    async fn renew(
        &self,
        mut state: OwnedMutexGuard<State>,
        refused: Option<&Credential>,
    ) -> Result<Option<Arc<Credential>>, Lack> {
        let turn = self.lock.hold().await;
        let _turn = turn.map_err(|error| self.own(&format!("its lock could not be taken: {error}")))?;
        let (client, grant) = self.open().await?;
        let now = self.doors.clock.now();
        match next(&client, &grant, refused, now) {
            Next::Use => self.hold(&mut state, grant).map(Some),
            Next::Leave => Ok(None),
            Next::Stop(words) => Err(Lack::SignIn(self.again(&words))),
            Next::Renew { forced } => {
                state.refuse_again(&client, &grant, now)?;
                let begun = self.begin(&grant, now).await?;
                match self.ask(&client, &begun).await {
                    Ok(tokens) => {
                        let renewed = begun.renewed(tokens, forced, self.doors.clock.now());
                        self.keep(&renewed).await?;
                        self.hold(&mut state, renewed).map(Some)
                    }
                    Err(fault) => {
                        let kept = self.settle(&begun, &fault).await?;
                        self.failed(&mut state, client, kept, &fault, forced).map(Some)
                    }
                }
            }
        }
    }

    /// Writes down that a renewal begins. One that was cut off before keeps its earlier time.
    async fn begin(&self, grant: &Grant, now: SystemTime) -> Result<Grant, Lack> {
        let since = grant.renewing_since.unwrap_or_else(|| timestamp(now));
        let begun = Grant { renewing_since: Some(since), ..grant.clone() };
        self.keep(&begun).await?;
        Ok(begun)
    }

    async fn ask(&self, client: &Client, grant: &Grant) -> Result<Tokens, TokenFault> {
        let server = Server::new(client, &self.routes, self.doors.clone())
            .map_err(|fault| TokenFault::Address(format!("{} ({fault})", client.token_url)))?;
        match (&client.flow, &grant.refresh) {
            (Flow::ClientCredentials, _) => {
                let scopes: Vec<String> = grant.scope.split_whitespace().map(str::to_owned).collect();
                server.client_credentials(client, &scopes).await
            }
            (Flow::AuthorizationCode(_), Some(refresh)) => server.refresh(client, refresh).await,
            // `next` stops before.
            (Flow::AuthorizationCode(_), None) => {
                Err(TokenFault::NoRefreshToken { place: client.token_url.clone() })
            }
        }
    }

    /// Keeps what a refusal says of the grant: that it has ended, or that nothing was used up.
    async fn settle(&self, begun: &Grant, fault: &TokenFault) -> Result<Grant, Lack> {
        let ended = match fault {
            TokenFault::Grant(_) => {
                Some(format!("{fault}; {}", why_ended(begun, timestamp(self.doors.clock.now()))))
            }
            _ => None,
        };
        if ended.is_none() && fault.may_have_worked() {
            return Ok(begun.clone());
        }
        let kept = Grant { renewing_since: None, ended, ..begun.clone() };
        self.keep(&kept).await?;
        Ok(kept)
    }

    /// What a failed renewal comes to: the token at hand while it lives, if the server may answer
    /// later; otherwise the lack, which stands.
    fn failed(
        &self,
        state: &mut State,
        client: Client,
        grant: Grant,
        fault: &TokenFault,
        forced: bool,
    ) -> Result<Arc<Credential>, Lack> {
        let now = self.doors.clock.now();
        let passing = fault.is_passing();
        let lack = match (&grant.ended, passing) {
            (Some(words), _) => Lack::SignIn(self.again(words)),
            (None, true) => {
                let words = format!("the token of {} could not be renewed: {fault}", self.connection);
                Lack::Later { words, wait: fault.wait() }
            }
            (None, false) => Lack::SignIn(self.again(&fault.to_string())),
        };
        let until = passing.then(|| now + fault.wait().unwrap_or_default().max(LEFT_ALONE_MIN));
        state.stands = Some(Stands { lack: lack.clone(), of: (client, grant.clone()), until });
        if passing && !forced && grant.is_alive(now) {
            let stands = state.stands.take();
            let held = self.hold(state, grant);
            state.stands = stands;
            return held;
        }
        Err(lack)
    }

    fn hold(&self, state: &mut State, grant: Grant) -> Result<Arc<Credential>, Lack> {
        let made = Credential::bearer(&grant.access);
        let credential = Arc::new(made.map_err(|fault| Lack::SignIn(self.again(&fault.to_string())))?);
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&credential));
        state.held = Some(Held { grant, credential: Arc::clone(&credential) });
        state.stands = None;
        Ok(credential)
    }

    async fn open(&self) -> Result<(Client, Grant), Lack> {
        let safe = Arc::clone(&self.safe);
        let opened = tokio::task::spawn_blocking(move || safe.open()).await;
        let opened = opened.map_err(|error| self.own(&error.to_string()))?;
        opened.map_err(|fault| self.own(&format!("it could not be read: {fault}")))
    }

    async fn keep(&self, grant: &Grant) -> Result<(), Lack> {
        let (safe, grant) = (Arc::clone(&self.safe), grant.clone());
        let kept = tokio::task::spawn_blocking(move || safe.keep(&grant)).await;
        let kept = kept.map_err(|error| self.own(&error.to_string()))?;
        kept.map_err(|fault| {
            self.own(&format!("it could not be written, and is not used before it is: {fault}"))
        })
    }

    fn own(&self, words: &str) -> Lack {
        Lack::Host(format!("the sign-in kept for {} cannot be used: {words}", self.connection))
    }

    fn again(&self, words: &str) -> String {
        format!(
            "the sign-in of {0} does not work any more; sign in again: weir login {0} ({words})",
            self.connection
        )
    }
}

impl State {
    /// Asks nobody what was answered already, of this very grant and client.
    fn refuse_again(&self, client: &Client, grant: &Grant, now: SystemTime) -> Result<(), Lack> {
        match &self.stands {
            Some(stands) if stands.until.is_none_or(|until| now < until) => {
                let same = stands.of.0 == *client && stands.of.1.access == grant.access;
                if same { Err(stands.lack.clone()) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }
}
