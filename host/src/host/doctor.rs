//! Gathering what `doctor` judges.

use super::settings::beyond;
use super::{Host, HostError};
use crate::doctor::{self, bad, good};
use crate::model::{Connection, Fault, Finding, Plan, Verdict};
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
        let hidden = self.store.hidden(status.connection.id, doctor::NAMED_MAX)?;
        let failed = self.store.failures(status.connection.id, None, doctor::NAMED_MAX)?;
        let mut findings = self.of_source(&status.connection).await;
        let has_content = self.store.has_content(status.connection.id)?;
        findings.extend(doctor::of_store(&status, &hidden, has_content, &failed));
        Ok(doctor::sorted(findings))
    }

    /// What needs the connector: nothing of it is an error of the doctor's.
    async fn of_source(&self, connection: &Connection) -> Vec<Finding> {
        let name = &connection.name;
        let connector = match self.connector(&connection.connector).await {
            Ok(connector) => connector,
            Err(error) => return vec![of_connector(&error)],
        };
        let (mut findings, plan) = settings(&connector, connection).await;
        // The built-in one is what this host is, so there is nothing to tell of it.
        findings.extend(self.installed(&connection.connector).ok().map(|found| doctor::installed(&found)));
        // A grant that does not open would only be noticed by the first request.
        let opens = self.grant_health(connection).and_then(|_| self.gate_of(connection, &connector));
        let gate = match opens {
            Ok(gate) => gate,
            Err(error) => {
                let remedy = format!("run `weir login {name}`");
                findings.push(bad("secret", error.to_string(), remedy));
                return findings;
            }
        };
        let works = match connector.diagnose(&gate, connection).await {
            Ok(found) => {
                findings.extend(found.into_iter().map(|finding| doctor::with_commands(name, finding)));
                true
            }
            Err(error) => {
                findings.push(bad(place(&error), error.to_string(), remedy(name, &error)));
                false
            }
        };
        findings.extend(self.of_grant(connection, plan.as_ref(), works, &findings));
        findings
    }

    /// What only the host knows of a sign-in by OAuth 2.0. Asked after the source, since that may
    /// have renewed it.
    fn of_grant(
        &self,
        connection: &Connection,
        plan: Option<&Plan>,
        works: bool,
        found: &[Finding],
    ) -> Vec<Finding> {
        let name = &connection.name;
        // A grant that does not open is what the source's finding says.
        let Ok(Some(health)) = self.grant_health(connection) else { return Vec::new() };
        let needed = plan.map(|plan| plan.scopes.as_slice()).unwrap_or_default();
        let lacking = self.lacking_scopes(connection, needed).unwrap_or_default();
        // A connector that names them says what each is for.
        let is_told = found.iter().any(|finding| {
            finding.verdict != Verdict::Good && lacking.iter().all(|scope| finding.message.contains(scope))
        });
        let granted = if is_told { None } else { doctor::granted(name, &lacking) };
        granted.into_iter().chain(doctor::ends(name, health, works)).collect()
    }
}

/// Whether the settings that were kept are still good for the connector as it is today, and
/// whether it still asks for no more than was agreed to.
async fn settings(connector: &Connector, connection: &Connection) -> (Vec<Finding>, Option<Plan>) {
    let name = &connection.name;
    match connector.configure(&connection.settings, &connection.login).await {
        Ok(Ok(plan)) => (vec![origins(connection, &plan)], Some(plan)),
        Ok(Err(issues)) => {
            let findings = issues.into_iter().map(|issue| {
                let message = format!("the setting {} is refused: {}", issue.pointer, issue.message);
                bad(
                    "settings",
                    message,
                    format!("correct it with `weir connection set {name} --set KEY=VALUE`"),
                )
            });
            (findings.collect(), None)
        }
        Err(error) => {
            let remedy = "report it to the connector's author".to_owned();
            (vec![bad("settings", error.to_string(), remedy)], None)
        }
    }
}

fn origins(connection: &Connection, plan: &Plan) -> Finding {
    let name = &connection.name;
    let beyond = beyond(&plan.origins, &connection.origins);
    if beyond.is_empty() {
        return good("settings", format!("the settings of {name} are as its connector wants them"));
    }
    let urls: Vec<&str> = beyond.iter().map(|origin| origin.url.as_str()).collect();
    let message =
        format!("the connector now asks for what was never agreed to: requests to {}", urls.join(", "));
    bad("settings", message, format!("look at them and agree: `weir connection set {name}`"))
}

/// A connector that cannot be run at all.
fn of_connector(error: &HostError) -> Finding {
    let mends = match error {
        HostError::Installed(fault) => fault.remedy(),
        _ => None,
    };
    bad(
        "connector",
        error.to_string(),
        mends.unwrap_or_else(|| "report it to the connector's author".to_owned()),
    )
}

/// What was looked at when the connector could tell nothing.
fn place(error: &CallError) -> &'static str {
    match error {
        CallError::Fault { fault: Fault::Unauthenticated(_) | Fault::Forbidden(_), .. } => "sign-in",
        CallError::Fault { fault: Fault::InvalidSettings(_), .. } => "settings",
        CallError::Fault { .. } | CallError::TooSlow { .. } => "source",
        _ => "connector",
    }
}

fn remedy(name: &str, error: &CallError) -> String {
    match error {
        CallError::Fault { fault: Fault::Unauthenticated(_), .. } => format!("run `weir login {name}`"),
        CallError::Fault { fault: Fault::InvalidSettings(_), .. } => {
            format!("correct the settings with `weir connection set {name} --set KEY=VALUE`")
        }
        CallError::Fault { fault: Fault::Forbidden(_), .. } => {
            "give the account what it lacks, or sign in with another".to_owned()
        }
        CallError::Fault { .. } | CallError::TooSlow { .. } => "try again later".to_owned(),
        _ => "report it to the connector's author".to_owned(),
    }
}
