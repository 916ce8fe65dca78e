//! Adding connections: planned first, so that whoever adds one knows to what it agrees.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Body;
use super::configuration::{AgreedOrigin, Configured};
use crate::console::error::Problem;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble};
use crate::gate::parse_route;
use crate::host::{BUILT_IN, Draft, Outlined};
use crate::model::Route;
use crate::secrets::Secret;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(add)).routes(routes!(plan))
}

/// A connection to be.
#[derive(Deserialize, ToSchema)]
struct NewConnection {
    /// `confluence`, or the name of an installed one.
    #[serde(default = "built_in")]
    connector: String,
    name: String,
    /// As the connector's schema has it.
    settings: Value,
    /// The connector's first login, if none is named.
    login: Option<String>,
    /// The half of the credential that is not secret; with client credentials the client's id.
    username: Option<String>,
    secret: String,
    /// Servers that stand in for origins, each `ORIGIN=URL`.
    #[serde(default)]
    routes: Vec<String>,
    /// The URLs of all origins that the plan names: to send them is to agree to them.
    origins: Vec<String>,
    /// Leave it to be configured: nothing reads it before that is finished in the console.
    #[serde(default)]
    setting_up: bool,
}

/// What a plan is made of.
#[derive(Deserialize, ToSchema)]
struct IntendedConnection {
    /// `confluence`, or the name of an installed one.
    #[serde(default = "built_in")]
    connector: String,
    settings: Value,
    login: Option<String>,
    #[serde(default)]
    routes: Vec<String>,
}

/// What a connection would need. Nothing was kept or sent for it.
#[derive(Serialize, ToSchema)]
struct ConnectionPlan {
    login: String,
    /// The settings, tidied.
    settings: Value,
    /// All that is to be agreed to.
    origins: Vec<AgreedOrigin>,
    /// What an OAuth 2.0 login must be granted.
    scopes: Vec<String>,
}

fn built_in() -> String {
    BUILT_IN.to_owned()
}

fn routes(texts: &[String]) -> Result<Vec<Route>, Trouble> {
    let read: Result<Vec<Route>, _> = texts.iter().map(|text| parse_route(text)).collect();
    Ok(read.map_err(crate::host::HostError::from)?)
}

/// Agreement is to all of them and to nothing else, in any order.
fn require_agreed(outlined: &Outlined, agreed: &[String]) -> Result<(), Trouble> {
    let mut asked: Vec<String> = outlined.origins().into_iter().map(|origin| origin.url).collect();
    let mut agreed = agreed.to_vec();
    for urls in [&mut asked, &mut agreed] {
        urls.sort();
        urls.dedup();
    }
    if asked == agreed { Ok(()) } else { Err(Trouble::NotAgreed(asked)) }
}

/// Say where a connection's requests would go, and what they would need. Nothing is kept or sent.
#[utoipa::path(post, path = "/connections/plan", tag = "connections", request_body = IntendedConnection,
    responses((status = 200, body = ConnectionPlan), (status = "default", body = Problem)))]
async fn plan(
    State(console): State<Console>,
    _administrator: Administrator,
    Body(asked): Body<IntendedConnection>,
) -> Result<Json<ConnectionPlan>, Trouble> {
    let (settings, routes) = (asked.settings.to_string(), routes(&asked.routes)?);
    let outlined =
        console.host().outline(&asked.connector, &settings, asked.login.as_deref(), &routes).await?;
    Ok(Json(ConnectionPlan {
        settings: serde_json::from_str(&outlined.plan.settings).unwrap_or(Value::Null),
        origins: outlined.origins().iter().map(Into::into).collect(),
        login: outlined.login.name,
        scopes: outlined.plan.scopes,
    }))
}

/// Sign in and keep a connection. Logins that a person approves are set up in the console. 409 lists the origins that
/// are to be agreed to, if `origins` are not all of them.
#[utoipa::path(post, path = "/connections", tag = "connections", request_body = NewConnection,
    responses((status = 201, body = Configured), (status = 409, body = Problem), (status = "default", body = Problem)))]
async fn add(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Body(new): Body<NewConnection>,
) -> Result<(StatusCode, Json<Configured>), Trouble> {
    let name = new.name.clone();
    console.with_host(move |host| Ok(host.store().check_new_name(&name)?)).await?;
    let (settings, routes) = (new.settings.to_string(), routes(&new.routes)?);
    let outlined = console.host().outline(&new.connector, &settings, new.login.as_deref(), &routes).await?;
    require_agreed(&outlined, &new.origins)?;
    let draft = Draft {
        connector: outlined.connector.clone(),
        name: new.name,
        settings,
        login: Some(outlined.login.name.clone()),
        username: new.username,
        secret: Secret::new(new.secret.trim()),
        routes,
        setting_up: new.setting_up,
    };
    let added = console.add_connection(&viewer, draft, &outlined).await?;
    Ok((StatusCode::CREATED, Json(Configured::of(&console, added.connection).await?)))
}
