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
use crate::host::{BUILT_IN, Host};
use crate::model::{Description, Grant, Login, Scheme};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A connector that is built in; others are component files.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectorLine {
    name: String,
    title: String,
    version: String,
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

/// The connectors that are built in.
#[utoipa::path(get, path = "/connectors", tag = "connectors",
    responses((status = 200, body = Vec<ConnectorLine>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _administrator: Administrator,
) -> Result<Json<Vec<ConnectorLine>>, Trouble> {
    let connector = console.host().connector(BUILT_IN).await?;
    let Description { title, version, .. } = connector.description().clone();
    Ok(Json(vec![ConnectorLine { name: BUILT_IN.to_owned(), title, version }]))
}

/// What a connector says of itself: a built-in one, or the path of a component file on the machine that serves.
#[utoipa::path(get, path = "/connectors/{name}", tag = "connectors", params(("name" = String, Path)),
    responses((status = 200, body = Connector), (status = "default", body = Problem)))]
async fn one(
    State(console): State<Console>,
    _administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Json<Connector>, Trouble> {
    let name = Host::whole_name(&name)?;
    let connector = console.host().connector(&name).await?;
    Ok(Json(Connector::of(name, connector.description())))
}
