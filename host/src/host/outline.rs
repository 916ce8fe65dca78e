//! What a connection to be would need, before anybody gives a secret for it.

use super::connect::login;
use super::{Host, HostError};
use crate::gate::Governors;
use crate::model::{Login, Origin, Plan, Route, Scheme};
use crate::secrets::oauth::sign_in_places;

/// A connection to be: its settings are good, nothing is kept or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlined {
    /// Its name.
    pub connector: String,
    pub login: Login,
    pub plan: Plan,
    /// Where the host itself signs in; a connector's requests do not go there.
    pub own: Vec<Origin>,
}

impl Outlined {
    /// All that is to be agreed to.
    #[must_use]
    pub fn origins(&self) -> Vec<Origin> {
        [self.plan.origins.as_slice(), self.own.as_slice()].concat()
    }
}

impl Host {
    /// Checks what somebody says of a connection to be, and says where its requests would go.
    ///
    /// # Errors
    ///
    /// [`HostError::Settings`] with each fault and where it is; when the connector, its login or a route cannot be used.
    pub async fn outline(
        &self,
        connector: &str,
        settings: &str,
        asked: Option<&str>,
        routes: &[Route],
    ) -> Result<Outlined, HostError> {
        let name = connector.to_owned();
        let connector = self.connector(&name).await?;
        let login = login(&connector, asked)?.clone();
        let plan = connector.configure(settings, &login.name).await?.map_err(HostError::Settings)?;
        let own = match &login.scheme {
            Scheme::Oauth2(oauth) => {
                self.check_routes(oauth, &plan.origins, routes)?;
                sign_in_places(oauth)?
            }
            _ => {
                self.gate(&plan.origins, routes, None, Governors::default())?;
                Vec::new()
            }
        };
        Ok(Outlined { connector: name, login, plan, own })
    }
}
