//! What connectors say of themselves, for those who make a form of it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::console::error::Problem;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble};
use crate::host::BUILT_IN;
use crate::installed::Installed;
use crate::model::{Bound, Connection, Description, Grant, Login, Scheme};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A connector that is built in or installed. Another one is installed by `weir connector add` on the machine that
/// serves, and not over HTTP: which code runs there is decided by whoever may run commands there.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectorLine {
    name: String,
    title: String,
    version: String,
    /// Of the bytes that run, which are those that were agreed to.
    sha256: String,
    /// The version of `weir:connector` that it speaks.
    contract: String,
    /// A path or an address; `built in`.
    from: String,
    /// The fingerprint of the key by which its signature was checked.
    signed_by: Option<String>,
    /// The fingerprint of the key that every later version has to be signed by.
    key: Option<String>,
    /// The outermost that settings can ask for; null if the contract it speaks has no word for that.
    bounds: Option<Vec<ConnectorBound>>,
    /// The connections that go by it.
    connections: Vec<String>,
    /// Digests of former versions that are kept, the latest first.
    former: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConnectorBound {
    /// `https://*.example.com` for every name under it, `https://*` for any address.
    url: String,
    /// Whether the credential is added.
    credential: bool,
    /// Whether POST is let through beside GET and HEAD.
    post: bool,
    purpose: String,
}

impl ConnectorLine {
    fn of(installed: Installed, connections: Vec<Connection>) -> Self {
        let Installed { name, key, current, former } = installed;
        let bound =
            |Bound { url, credential, post, purpose }| ConnectorBound { url, credential, post, purpose };
        Self {
            name,
            title: current.description.title,
            version: current.description.version,
            sha256: current.sha256,
            contract: current.contract,
            from: current.from,
            signed_by: current.signed_by,
            key: key.map(|key| key.fingerprint),
            bounds: current.description.bounds.map(|bounds| bounds.into_iter().map(bound).collect()),
            connections: connections.into_iter().map(|connection| connection.name).collect(),
            former: former.into_iter().map(|version| version.sha256).collect(),
        }
    }
}

/// What a connector asks for and offers.
#[derive(Debug, Serialize, ToSchema)]
struct Connector {
    name: String,
    title: String,
    version: String,
    documentation: Option<String>,
    /// A JSON Schema (2020-12). `x-identity` marks what says which source it is, `x-choices` what the source offers
    /// values for, `x-group` and `x-order` where it stands in a form.
    settings_schema: Value,
    logins: Vec<ConnectorLogin>,
    kinds: Vec<ConnectorKind>,
}

/// A way to sign in. A label is null for what it does not take.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectorLogin {
    name: String,
    title: String,
    help: String,
    /// anonymous, basic, token, authorization-code (approved by a person, in the console), client-credentials
    scheme: String,
    username: Option<String>,
    secret: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConnectorKind {
    name: String,
    title: String,
    family: String,
    /// Whether searches can find it at all.
    searched: bool,
    /// Whether people may read its items who may not read what holds them.
    widens: bool,
}

impl From<&Login> for ConnectorLogin {
    fn from(login: &Login) -> Self {
        let (scheme, username, secret) = match &login.scheme {
            Scheme::Anonymous => ("anonymous", None, None),
            Scheme::Basic(basic) => ("basic", Some(basic.username.as_str()), Some(basic.password.as_str())),
            Scheme::Token(token) => ("token", None, Some(token.label.as_str())),
            Scheme::Oauth2(oauth) if oauth.grant == Grant::ClientCredentials => {
                ("client-credentials", Some("Client ID"), Some("Client secret"))
            }
            Scheme::Oauth2(_) => ("authorization-code", Some("Client ID"), Some("Client secret")),
        };
        Self {
            name: login.name.clone(),
            title: login.title.clone(),
            help: login.help.clone(),
            scheme: scheme.to_owned(),
            username: username.map(str::to_owned),
            secret: secret.map(str::to_owned),
        }
    }
}

impl Connector {
    fn of(name: String, description: &Description) -> Self {
        let kind = |kind: &crate::model::Kind| ConnectorKind {
            name: kind.name.clone(),
            title: kind.title.clone(),
            family: kind.family.clone(),
            searched: kind.searched,
            widens: kind.widens,
        };
        Self {
            name,
            title: description.title.clone(),
            version: description.version.clone(),
            documentation: description.documentation.clone(),
            settings_schema: serde_json::from_str(&description.settings_schema).unwrap_or(Value::Null),
            logins: description.logins.iter().map(Into::into).collect(),
            kinds: description.kinds.iter().map(kind).collect(),
        }
    }
}

/// The connectors that are built in or installed.
#[utoipa::path(get, path = "/connectors", tag = "connectors",
    responses((status = 200, body = Vec<ConnectorLine>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _administrator: Administrator,
) -> Result<Json<Vec<ConnectorLine>>, Trouble> {
    let current = console.host().built_in().await?;
    let built_in = Installed { name: BUILT_IN.to_owned(), key: None, current, former: Vec::new() };
    let lines = console.with_host(move |host| {
        let all = std::iter::once(built_in).chain(host.store().installed()?);
        let line = |one: Installed| {
            let connections = host.connections_of(&one.name)?;
            Ok(ConnectorLine::of(one, connections))
        };
        all.map(line).collect()
    });
    Ok(Json(lines.await?))
}

/// What a connector says of itself.
#[utoipa::path(get, path = "/connectors/{name}", tag = "connectors", params(("name" = String, Path)),
    responses((status = 200, body = Connector), (status = "default", body = Problem)))]
async fn one(
    State(console): State<Console>,
    _administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Json<Connector>, Trouble> {
    let connector = console.host().connector(&name).await?;
    Ok(Json(Connector::of(name, connector.description())))
}
