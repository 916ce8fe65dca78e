//! What a connector says of itself: its logins, datasets, kinds and origins.

use serde::{Deserialize, Serialize};

use super::Bound;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// A stable lower-case name: `confluence-cloud`.
    pub name: String,
    pub title: String,
    pub version: String,
    pub documentation: Option<String>,
    /// A JSON Schema (2020-12), as a JSON text.
    pub settings_schema: String,
    pub logins: Vec<Login>,
    pub datasets: Vec<Dataset>,
    pub kinds: Vec<Kind>,
    /// The outermost that any plan may ask for; none if the connector speaks a contract that has
    /// no word for it (0.1.0).
    #[serde(default)]
    pub bounds: Option<Vec<Bound>>,
}

impl Description {
    /// The first of these origins that lies outside the bounds.
    #[must_use]
    pub fn beyond<'a>(&self, origins: &'a [Origin]) -> Option<&'a Origin> {
        let bounds = self.bounds.as_ref()?;
        origins.iter().find(|origin| !bounds.iter().any(|bound| bound.covers(origin)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub name: String,
    pub title: String,
    pub family: String,
    pub searched: bool,
    /// Its items never have readers of their own.
    pub inherits: bool,
    /// Whether people may read its items who may not read what holds them.
    #[serde(default)]
    pub widens: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    pub name: String,
    pub title: String,
    /// Whether it can be read since a checkpoint.
    pub since: bool,
    pub inventory: bool,
}

/// A way to sign in, which the host carries out alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    pub name: String,
    pub title: String,
    pub help: String,
    pub scheme: Scheme,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    Anonymous,
    Basic(Basic),
    Token(Token),
    Oauth2(OAuth2),
}

/// The labels of the two values to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basic {
    pub username: String,
    pub password: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub label: String,
    pub header: String,
    pub prefix: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuth2 {
    pub grant: Grant,
    pub token_url: String,
    pub encoding: Encoding,
    pub scopes: Vec<String>,
    pub parameters: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    Form,
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// The address at which the user approves.
    AuthorizationCode(String),
    ClientCredentials,
}

/// What `configure` answers: tidied settings, and where requests will go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// A JSON text.
    pub settings: String,
    pub origins: Vec<Origin>,
    /// What an OAuth 2.0 login must be granted for these settings.
    pub scopes: Vec<String>,
}

/// A place requests may go, as the connector asks for it and the user agrees to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Scheme, host and port: `https://example.atlassian.net`. The host may begin with
    /// `*.` only if `credential` is false.
    pub url: String,
    /// Whether the credential is added to requests for this origin.
    pub credential: bool,
    /// Whether POST is let through beside GET and HEAD.
    pub post: bool,
    /// Why, in words for the user.
    pub purpose: String,
}

impl Origin {
    /// What is let through, in words: `reads and searches, with the credential`.
    #[must_use]
    pub fn manner(&self) -> String {
        let method = if self.post { "reads and searches" } else { "reads" };
        let credential = if self.credential { "with the credential" } else { "without the credential" };
        format!("{method}, {credential}")
    }
}

/// Who signed in where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Kept as the connection's session; identifiers and addresses, never a secret.
    pub session: String,
    pub label: String,
    pub user: Option<String>,
}

/// A value to choose for a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// A JSON text.
    pub value: String,
    pub title: String,
    pub hint: Option<String>,
}

/// One thing that `diagnose` looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable lower-case name: `audit-log`.
    pub name: String,
    pub verdict: Verdict,
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Good,
    /// Worth knowing; what was configured can be read.
    Notice,
    /// Something that was configured cannot be read.
    Bad,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Bad => "bad",
        }
    }
}
