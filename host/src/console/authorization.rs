//! A sign-in by OAuth 2.0 that somebody approves in another window, from the form that asked for it to the answer.
//!
//! It is kept in memory (`shelf`): what is worth keeping is kept by `host` once it is granted.

use std::sync::Arc;

use url::Url;

use super::{Console, Trouble, Viewer};
use crate::host::{Begun, Draft, Granted, HostError};
use crate::model::{OAuth2, Route};
use crate::secrets::oauth::{CallbackFault, Client, Code};

/// Where browsers come back to from a consent page, below the console's URL.
const CALLBACK: &str = "oauth/callback";

/// What is approved, and how far that has come.
pub struct Authorization {
    pub purpose: Purpose,
    pub login: OAuth2,
    pub client: Client,
    pub scopes: Vec<String>,
    pub routes: Vec<Route>,
    pub stage: Stage,
    /// The consent window that was opened last; the answers of earlier ones are refused.
    begun: Option<Begun>,
}

/// What a sign-in is for.
#[derive(Debug, Clone)]
pub enum Purpose {
    New(Box<Draft>),
    /// Of the connection that is called so.
    Again(String),
}

impl Purpose {
    #[must_use]
    pub fn connection(&self) -> &str {
        match self {
            Self::New(draft) => &draft.name,
            Self::Again(name) => name,
        }
    }
}

/// How far an authorization has come.
#[derive(Clone)]
pub enum Stage {
    /// For somebody who approves.
    Waiting,
    /// Why nothing was kept, in words.
    Failed(String),
    /// Another account approved than the connection reads as.
    OtherAccount {
        was: String,
        is: String,
        granted: Box<Granted>,
    },
    Done(SignedIn),
}

/// What came of an authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub connection: String,
    /// Who, in words.
    pub account: String,
    /// Scopes that were asked for and not granted.
    pub missing: Vec<String>,
}

/// What a callback answers.
pub(super) struct Answered {
    pub id: String,
    pub begun: Begun,
    pub code: Code,
    pub purpose: Purpose,
}

impl Authorization {
    #[must_use]
    pub fn new(
        purpose: Purpose,
        login: OAuth2,
        client: Client,
        scopes: Vec<String>,
        routes: Vec<Route>,
    ) -> Self {
        Self { purpose, login, client, scopes, routes, stage: Stage::Waiting, begun: None }
    }
}

impl Console {
    /// What has to be registered with an app, to the letter.
    #[must_use]
    pub fn callback(&self) -> String {
        self.options().url.join(CALLBACK).map_or_else(|_| CALLBACK.to_owned(), Into::into)
    }

    /// Opens a consent window: the address to send the browser to. Whatever was begun before is worth nothing then.
    ///
    /// # Errors
    ///
    /// As [`Console::authorization`]; when the login's addresses cannot be used.
    pub fn open_consent(&self, viewer: &Viewer, id: &str) -> Result<Url, Trouble> {
        let opened: Result<Url, HostError> = self.authorization(viewer, id, |authorization| {
            let client = authorization.client.clone();
            let begun = self.host().begin(
                &authorization.login,
                client,
                &authorization.scopes,
                &authorization.routes,
            )?;
            let url = begun.url.clone().ok_or(HostError::NotReady("the consent page's address"));
            authorization.stage = Stage::Waiting;
            authorization.begun = Some(begun);
            url
        })?;
        Ok(opened?)
    }

    /// Looks at an authorization of this browser.
    ///
    /// # Errors
    ///
    /// [`Trouble::Bad`] for one of another browser, or of more than an hour ago.
    pub fn authorization<R>(
        &self,
        viewer: &Viewer,
        id: &str,
        look: impl FnOnce(&mut Authorization) -> R,
    ) -> Result<R, Trouble> {
        let found = self.authorizations().with(viewer, id, self.host().now()?, look);
        let words = "this sign-in was begun in another browser, or more than an hour ago: begin it again";
        found.ok_or_else(|| Trouble::Bad(words.to_owned()))
    }

    /// Finds what a browser that comes back from a consent page answers. Only what this very browser began is
    /// looked at: whoever is made to open the address of somebody else's approval signs nobody in.
    ///
    /// # Errors
    ///
    /// [`Trouble::Bad`] with what to do.
    pub(super) fn answered(&self, viewer: &Viewer, query: &str) -> Result<Answered, Trouble> {
        let now = self.host().now()?;
        let found = self.authorizations().find(viewer, now, |id, authorization| {
            let consent =
                authorization.begun.as_ref().and_then(|begun| begun.consent.as_ref().map(Arc::clone))?;
            match consent.code(query) {
                Ok(code) => {
                    let (begun, purpose) = (authorization.begun.take()?, authorization.purpose.clone());
                    Some(Ok(Answered { id: id.to_owned(), begun, code, purpose }))
                }
                Err(CallbackFault::State) => None,
                Err(fault) => {
                    if fault.is_final() {
                        authorization.begun = None;
                        authorization.stage = Stage::Failed(fault.to_string());
                    }
                    Some(Err(fault))
                }
            }
        });
        let answered = found.unwrap_or(Err(CallbackFault::State));
        answered.map_err(|fault| Trouble::Bad(fault.to_string()))
    }

    pub(super) fn set_stage(&self, viewer: &Viewer, id: &str, stage: Stage) -> Result<(), Trouble> {
        let now = self.host().now()?;
        self.authorizations().with(viewer, id, now, |authorization| {
            if let Stage::Done(done) = &stage {
                // It exists now: whoever approves once more signs it in again.
                authorization.purpose = Purpose::Again(done.connection.clone());
            }
            authorization.stage = stage;
        });
        Ok(())
    }
}
