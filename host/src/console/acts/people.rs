//! Who is who: people linked by hand, one by one or by a roster.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::host::HostError;
use crate::roster::{self, Plan};

impl Console {
    /// Links a person to a user of the source.
    ///
    /// # Errors
    ///
    /// When it is no e-mail, or the source told of no such user.
    pub async fn link_person(
        &self,
        viewer: &Viewer,
        connection: String,
        email: String,
        account: String,
    ) -> Result<(), Trouble> {
        let deed = Deed::of("person-linked", &connection).about(format!("{email} is {account}"));
        let link = move |host: &crate::host::Host| {
            let connection = host.store().connection(&connection)?.id;
            Ok(host.store().link_person(connection, &email, &account)?)
        };
        self.act_blocking(viewer, deed, link).await
    }

    /// Takes a link back; false if there was none.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn unlink_person(
        &self,
        viewer: &Viewer,
        connection: String,
        email: String,
    ) -> Result<bool, Trouble> {
        let deed = Deed::of("person-unlinked", &connection).about(email.clone());
        let unlink = move |host: &crate::host::Host| {
            let connection = host.store().connection(&connection)?.id;
            Ok(host.store().unlink_person(connection, &email)?)
        };
        self.act_blocking(viewer, deed, unlink).await
    }

    /// The links of a connection as a roster.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn roster(&self, connection: String) -> Result<String, Trouble> {
        let links = move |host: &crate::host::Host| {
            let connection = host.store().connection(&connection)?.id;
            Ok(host.store().links(connection)?)
        };
        let links = self.with_host(links).await?;
        Ok(roster::write(links.iter().map(|(email, account)| (email.as_str(), account.as_str()))))
    }

    /// Says what a roster would do, and does nothing.
    ///
    /// # Errors
    ///
    /// When it is no roster, or there is no such connection.
    pub async fn plan_roster(&self, connection: String, text: String) -> Result<Plan, Trouble> {
        let lines = roster::read(&text).map_err(|fault| Trouble::Bad(fault.to_string()))?;
        let known = move |host: &crate::host::Host| {
            let connection = host.store().connection(&connection)?.id;
            Ok(host.store().known_people(connection)?)
        };
        let known = self.with_host(known).await?;
        Ok(roster::plan(lines, &known))
    }

    /// Does what a roster says, as far as it can be done, all at once; the plan says what that was.
    ///
    /// # Errors
    ///
    /// As [`Console::plan_roster`]; nothing is linked if a user vanished meanwhile.
    pub async fn apply_roster(
        &self,
        viewer: &Viewer,
        connection: String,
        text: String,
    ) -> Result<Plan, Trouble> {
        let plan = self.plan_roster(connection.clone(), text).await?;
        let links = plan.links();
        if links.is_empty() {
            return Ok(plan);
        }
        let deed = Deed::of("people-imported", &connection).about(format!("{} links", links.len()));
        let link = move |host: &crate::host::Host| -> Result<(), HostError> {
            let connection = host.store().connection(&connection)?.id;
            Ok(host.store().link_people(connection, &links)?)
        };
        self.act_blocking(viewer, deed, link).await?;
        Ok(plan)
    }
}
