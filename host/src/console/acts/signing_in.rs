//! Signing connections in: by an approval that comes back, or again by another secret.

use std::sync::Arc;

use super::Deed;
use super::setup::added;
use crate::console::authorization::{Answered, Purpose, SignedIn, Stage};
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Granted, HostError};
use crate::model::{Connection, OAuth2, Route};
use crate::secrets::Secret;
use crate::secrets::oauth::Client;

/// A connection that signs in again by OAuth 2.0.
pub struct Again {
    pub name: String,
    pub login: OAuth2,
    pub client: Client,
    pub scopes: Vec<String>,
    pub routes: Vec<Route>,
}

impl Console {
    /// Goes on where a browser comes back from a consent page. What comes of it is kept for the page that waits, under
    /// the authorization's name.
    ///
    /// # Errors
    ///
    /// [`Trouble::Bad`] for what answers nothing that this browser asked; otherwise what the source or the connector said.
    pub async fn approve(&self, viewer: &Viewer, query: &str) -> Result<(String, Stage), Trouble> {
        let Answered { id, begun, code, purpose } = self.answered(viewer, query)?;
        let came = match self.host().grant(begun, Some(code)).await {
            Ok(granted) => self.keep_granted(viewer, purpose, granted, false).await,
            Err(error) => Err(error.into()),
        };
        let stage = came.unwrap_or_else(|trouble| Stage::Failed(trouble.to_string()));
        self.set_stage(viewer, &id, stage.clone())?;
        Ok((id, stage))
    }

    /// Goes on although another account approved.
    ///
    /// # Errors
    ///
    /// [`Trouble::NotFound`] if nobody is asked about that; otherwise as [`Console::approve`].
    pub async fn approve_other(&self, viewer: &Viewer, id: &str) -> Result<Stage, Trouble> {
        let held = self.authorization(viewer, id, |authorization| match &authorization.stage {
            Stage::OtherAccount { granted, .. } => Some((authorization.purpose.clone(), granted.clone())),
            _ => None,
        })?;
        let (purpose, granted) = held.ok_or(Trouble::NotFound)?;
        let stage = self.keep_granted(viewer, purpose, *granted, true).await?;
        self.set_stage(viewer, id, stage.clone())?;
        Ok(stage)
    }

    async fn keep_granted(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        granted: Granted,
        other: bool,
    ) -> Result<Stage, Trouble> {
        let (host, missing) = (Arc::clone(self.host()), granted.missing_scopes());
        let kept = match purpose {
            Purpose::New(draft) => {
                let deed = added(&draft, draft.login.as_deref().unwrap_or_default());
                let added =
                    self.act(viewer, deed, async move { host.add_granted(*draft, granted).await }).await?;
                added.connection
            }
            Purpose::Again(name) => {
                let (deed, again) = (Deed::of("connection-signed-in", &name), granted.clone());
                let done = async move { host.sign_in_granted(&name, again, other).await };
                match self.act(viewer, deed, done).await {
                    Err(Trouble::Host(HostError::OtherAccount { was, is, .. })) => {
                        return Ok(Stage::OtherAccount { was, is, granted: Box::new(granted) });
                    }
                    done => done?,
                }
            }
        };
        Ok(Stage::Done(SignedIn { connection: kept.name, account: kept.account, missing }))
    }

    /// Signs in again with another secret.
    ///
    /// # Errors
    ///
    /// As [`crate::host::Host::sign_in`].
    pub async fn sign_in(
        &self,
        viewer: &Viewer,
        name: String,
        username: Option<String>,
        secret: Secret,
    ) -> Result<Connection, Trouble> {
        let host = Arc::clone(self.host());
        let deed = Deed::of("connection-signed-in", &name);
        self.act(viewer, deed, async move { host.sign_in(&name, username.as_deref(), &secret).await }).await
    }

    /// Signs in again as the app itself.
    ///
    /// # Errors
    ///
    /// As [`crate::host::Host::sign_in_granted`].
    pub async fn sign_in_client(&self, viewer: &Viewer, again: Again) -> Result<Connection, Trouble> {
        let Again { name, login, client, scopes, routes } = again;
        let (host, deed) = (Arc::clone(self.host()), Deed::of("connection-signed-in", &name));
        self.act(viewer, deed, async move {
            let granted = host.grant(host.begin(&login, client, &scopes, &routes)?, None).await?;
            // An app has no account of a person that could be another one's.
            host.sign_in_granted(&name, granted, true).await
        })
        .await
    }
}
