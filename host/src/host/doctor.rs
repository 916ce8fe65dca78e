//! Gathering what `doctor` judges.

use super::{Host, HostError};
use crate::doctor::{self, bad, good};
use crate::model::{Connection, Fault, Finding};
use crate::sandbox::{CallError, Connector};

impl Host {
    /// Looks a connection over: its settings, its secret, what the source lets the account see,
    /// whom it can match, and what the last run left. The worst comes first.
    ///
    /// # Errors
    ///
    /// When there is no such connection or the store cannot be read; everything else is a finding.
    pub async fn doctor(&self, name: &str) -> Result<Vec<Finding>, HostError> {
        let status = self.store.status()?;
        let Some(status) = status.connections.into_iter().find(|it| it.connection.name == name) else {
            // The store knows best how to say that there is none.
            self.store.connection(name)?;
            return Ok(Vec::new());
        };
        let hidden = self.store.hidden(status.connection.id)?;
        let mut findings = self.of_source(&status.connection).await;
        let has_content = self.store.has_content(status.connection.id)?;
        findings.extend(doctor::of_store(&status, &hidden, has_content));
        Ok(doctor::sorted(findings))
    }

    /// What needs the connector: nothing of it is an error of the doctor's.
    async fn of_source(&self, connection: &Connection) -> Vec<Finding> {
        let name = &connection.name;
        let connector = match self.connector(&connection.connector).await {
            Ok(connector) => connector,
            Err(error) => {
                let remedy =
                    "bring the component file back to where it was, or remove the connection".to_owned();
                return vec![bad("connector", error.to_string(), remedy)];
            }
        };
        let mut findings = settings(&connector, connection).await;
        let gate = match self.gate_of(connection, &connector) {
            Ok(gate) => gate,
            Err(error) => {
                let remedy = format!("run `weir login {name}`");
                findings.push(bad("secret", error.to_string(), remedy));
                return findings;
            }
        };
        match connector.diagnose(&gate, connection).await {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(bad("sign-in", error.to_string(), remedy(name, &error))),
        }
        findings
    }
}

/// Whether the settings that were kept are still good for the connector as it is today, and
/// whether it still asks for no more than was agreed to.
async fn settings(connector: &Connector, connection: &Connection) -> Vec<Finding> {
    let name = &connection.name;
    match connector.configure(&connection.settings, &connection.login).await {
        Ok(Ok(plan)) => {
            let asked = plan.origins.iter().filter(|origin| !connection.origins.contains(origin));
            let new: Vec<&str> = asked.map(|origin| origin.url.as_str()).collect();
            if new.is_empty() {
                return vec![good(
                    "settings",
                    format!("the settings of {name} are as its connector wants them"),
                )];
            }
            let message =
                format!("the connector now asks for origins that were never agreed to: {}", new.join(", "));
            vec![bad(
                "settings",
                message,
                format!("look at them and agree with `weir connection set {name}`"),
            )]
        }
        Ok(Err(issues)) => issues
            .into_iter()
            .map(|issue| {
                let message = format!("the setting {} is refused: {}", issue.pointer, issue.message);
                bad("settings", message, format!("correct it with `weir connection set {name}`"))
            })
            .collect(),
        Err(error) => {
            vec![bad("settings", error.to_string(), "report it to the connector's author".to_owned())]
        }
    }
}

fn remedy(name: &str, error: &CallError) -> String {
    match error {
        CallError::Fault { fault: Fault::Unauthenticated(_), .. } => format!("run `weir login {name}`"),
        CallError::Fault { fault: Fault::InvalidSettings(_), .. } => {
            format!("correct the settings with `weir connection set {name}`")
        }
        CallError::Fault { fault: Fault::Forbidden(_), .. } => {
            "give the account what it lacks, or sign in with another".to_owned()
        }
        CallError::Fault { .. } | CallError::TooSlow { .. } => "try again later".to_owned(),
        _ => "report it to the connector's author".to_owned(),
    }
}
