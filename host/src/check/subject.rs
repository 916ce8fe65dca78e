//! The connector under check with everything its calls take, and how they are made.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;

use super::asked::Call;
use super::source::Source;
use super::trial::{Scene, Stage, Trial};
use super::turn::{Poured, Told, Turn};
use crate::model::{Connection, Issue, Login, Plan, Scheme};
use crate::sandbox::{CallError, Connector, Journal};
use crate::tape::sha256;

/// Changes a host would like in a page: few, so that there are several pages.
const PAGE_CHANGES: u32 = 50;

/// Bytes of a file that a check downloads: it looks at what small ones come to.
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What is checked, and with what.
pub struct Subject {
    pub(super) connector: Connector,
    pub(super) login: Login,
    /// As they were given.
    pub(super) settings: String,
    pub(super) stage: Arc<Stage>,
    /// With the plan's settings; the session is learned by signing in.
    pub(super) connection: Connection,
}

/// Why a connector cannot be checked with these arguments.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    #[error("the connector has no login `{asked}`; it offers {offered}")]
    NoLogin { asked: String, offered: String },
    #[error("the settings are refused: {0}; correct them in the source file, or with --set")]
    Settings(String),
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Subject {
    /// The login of that name, or the first.
    ///
    /// # Errors
    ///
    /// [`Unfit::NoLogin`].
    pub fn login_of(connector: &Connector, asked: Option<&str>) -> Result<Login, Unfit> {
        let logins = &connector.description().logins;
        let found = logins.iter().find(|login| asked.is_none_or(|asked| asked == login.name));
        found.cloned().ok_or_else(|| Unfit::NoLogin {
            asked: asked.unwrap_or_default().to_owned(),
            offered: logins.iter().map(|login| login.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// What `configure` makes of the settings: who is to be asked, before there is anybody to ask.
    ///
    /// # Errors
    ///
    /// [`Unfit::Settings`] with each fault and where it is.
    pub async fn plan(connector: &Connector, settings: &str, login: &Login) -> Result<Plan, Unfit> {
        connector.configure(settings, &login.name).await?.map_err(|issues| Unfit::Settings(words(&issues)))
    }

    /// `now` is when the connector's clock begins.
    pub fn new(
        connector: Connector,
        login: Login,
        settings: String,
        plan: Plan,
        source: Box<dyn Source>,
        now: Duration,
    ) -> Self {
        let header = match &login.scheme {
            Scheme::Anonymous => None,
            Scheme::Token(token) => HeaderName::from_bytes(token.header.as_bytes()).ok(),
            Scheme::Basic(_) | Scheme::Oauth2(_) => Some(http::header::AUTHORIZATION),
        };
        let connection = connection(&connector, &login, plan);
        let origins = connection.origins.clone();
        let stage = Arc::new(Stage { source, now, origins, login_header: header });
        Self { connector, login, settings, stage, connection }
    }

    pub(super) fn trial(&self, scene: Scene) -> Trial {
        Trial::new(&self.stage, scene)
    }

    /// Makes a call in a trial.
    pub(super) async fn call(&self, trial: &Trial, connection: &Connection, call: Call) -> Turn {
        let _earlier = trial.take();
        let (outcome, journal) = self.outcome(trial, connection, &call).await;
        let sent = trial.take();
        Turn {
            call,
            outcome,
            journal,
            asked: sent.asked,
            missing: sent.missing.into_iter().collect(),
            strays: sent.strays.into_iter().collect(),
        }
    }

    async fn outcome(
        &self,
        trial: &Trial,
        connection: &Connection,
        call: &Call,
    ) -> (Result<Told, CallError>, Journal) {
        let (connector, way) = (&self.connector, trial.way());
        let mut journal = Journal::default();
        let outcome = match call {
            Call::Authenticate => {
                connector.authenticate(way, &connection.settings, &self.login.name).await.map(Told::Account)
            }
            Call::Partitions { dataset } => {
                let (answer, said) = connector.list_partitions(way, connection, dataset).await;
                journal = said;
                answer.map(Told::Partitions)
            }
            Call::Page { partition, position, .. } => {
                let (answer, said) =
                    connector.read_page(way, connection, partition, position, PAGE_CHANGES).await;
                journal = said;
                answer.map(Told::Page)
            }
            Call::Items { ids } => {
                let (answer, said) = connector.read_items(way, connection, ids).await;
                journal = said;
                answer.map(Told::Items)
            }
            Call::InScope { items } => connector.in_scope(way, connection, items).await.map(Told::InScope),
            Call::Estimate => connector.estimate(way, connection).await.map(Told::Amounts),
            Call::Download { link, .. } => {
                let poured = connector.download_in(way, connection, link, FILE_BYTES_MAX).await;
                poured.map(|(bytes, media_type)| {
                    Told::File(Poured { bytes: bytes.len() as u64, sha256: sha256(&bytes), media_type })
                })
            }
        };
        (outcome, journal)
    }
}

fn words(issues: &[Issue]) -> String {
    let one = |issue: &Issue| match issue.pointer.as_str() {
        "" => issue.message.clone(),
        pointer => format!("{pointer}: {}", issue.message),
    };
    issues.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A connection that nobody keeps.
fn connection(connector: &Connector, login: &Login, plan: Plan) -> Connection {
    Connection {
        id: 0,
        name: "check".to_owned(),
        connector: connector.description().name.clone(),
        settings: plan.settings,
        session: String::new(),
        login: login.name.clone(),
        username: None,
        account: String::new(),
        origins: plan.origins,
        routes: Vec::new(),
        created: 0,
    }
}
