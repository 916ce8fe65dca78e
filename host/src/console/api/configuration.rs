//! How a connection is configured: its settings, its sign-in, its schedule.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, rfc3339};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::host::Drawn;
use crate::model::{self, Connection};
use crate::schedule::Every;
use crate::secrets::Secret;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(set_settings))
        .routes(routes!(sign_in))
        .routes(routes!(set_schedule))
}

/// A place that requests go to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgreedOrigin {
    url: String,
    /// Whether the credential is added there.
    credential: bool,
    /// Whether POST is let through beside GET and HEAD.
    post: bool,
    purpose: String,
}

impl From<&model::Origin> for AgreedOrigin {
    fn from(origin: &model::Origin) -> Self {
        let model::Origin { url, credential, post, purpose } = origin.clone();
        Self { url, credential, post, purpose }
    }
}

/// A connection as it is configured. Its secret is never told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Configured {
    name: String,
    connector: String,
    settings: Value,
    login: String,
    username: Option<String>,
    /// Who signed in where, in words.
    account: String,
    /// Those that were agreed to.
    origins: Vec<AgreedOrigin>,
    /// Servers that stand in for origins, each `ORIGIN=URL`.
    routes: Vec<String>,
    created: String,
    /// Nothing reads it before that is finished.
    setting_up: bool,
    schedule: ReadingSchedule,
}

/// How a connection is read.
#[derive(Debug, Serialize, ToSchema)]
struct ReadingSchedule {
    /// Only when somebody asks for it.
    manual: bool,
    every_minutes: u32,
    paused: bool,
}

impl Configured {
    pub async fn of(console: &Console, connection: Connection) -> Result<Self, Trouble> {
        let name = connection.name.clone();
        let schedule = console.with_host(move |host| Ok(host.turn(&name)?.schedule)).await?;
        Ok(Self {
            settings: serde_json::from_str(&connection.settings).unwrap_or(Value::Null),
            origins: connection.origins.iter().map(Into::into).collect(),
            routes: connection.routes.iter().map(|route| format!("{}={}", route.from, route.to)).collect(),
            created: rfc3339(connection.created),
            setting_up: schedule.setting_up,
            schedule: ReadingSchedule {
                manual: schedule.manual,
                every_minutes: schedule.every.as_minutes(),
                paused: schedule.paused,
            },
            name: connection.name,
            connector: connection.connector,
            login: connection.login,
            username: connection.username,
            account: connection.account,
        })
    }
}

/// A connection as it is configured: settings, account, the origins agreed to. Never its secret.
#[utoipa::path(get, path = "/connections/{name}", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Configured), (status = "default", body = Problem)))]
async fn show(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Configured>, Trouble> {
    let connection = console.connection(&name).await?;
    Ok(Json(Configured::of(&console, connection).await?))
}

/// Settings that change.
#[derive(Debug, Deserialize, ToSchema)]
struct SettingsChange {
    /// A JSON Merge Patch (RFC 7396): what is named is set, null takes it back, the rest stays.
    settings: Value,
    /// The URLs of all origins, if requests would go further than was agreed to.
    origins: Option<Vec<String>>,
}

/// What came of changed settings.
#[derive(Debug, Serialize, ToSchema)]
struct SettingsChanged {
    connection: Configured,
    /// What the sign-in was not granted and the settings need: sign in again.
    scopes_lacking: Vec<String>,
}

/// RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

fn require_agreed(drawn: &Drawn, agreed: Option<Vec<String>>) -> Result<(), Trouble> {
    let urls = |origins: &[model::Origin]| origins.iter().map(|origin| origin.url.clone()).collect();
    let (mut asked, mut agreed): (Vec<String>, _) = (urls(&drawn.plan.origins), agreed.unwrap_or_default());
    asked.sort();
    agreed.sort();
    if !drawn.origins_differ || asked == agreed { Ok(()) } else { Err(Trouble::NotAgreed(asked)) }
}

/// Change settings; what was read stays. The next sync removes what they leave out, and reads what they add.
#[utoipa::path(patch, path = "/connections/{name}/settings", tag = "connections",
    params(("name" = String, Path)), request_body = SettingsChange,
    responses((status = 200, body = SettingsChanged), (status = 409, body = Problem), (status = "default", body = Problem)))]
async fn set_settings(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(change): Body<SettingsChange>,
) -> Result<Json<SettingsChanged>, Trouble> {
    let before = console.connection(&name).await?;
    let mut settings: Value = serde_json::from_str(&before.settings).unwrap_or(Value::Null);
    merge(&mut settings, &change.settings);
    let drawn = console.host().draw_settings(&name, &settings.to_string()).await?;
    require_agreed(&drawn, change.origins)?;
    let scopes_lacking = drawn.scopes_lacking.clone();
    let connection = console.keep_settings(&viewer, name, drawn).await?;
    let connection = Configured::of(&console, connection).await?;
    Ok(Json(SettingsChanged { connection, scopes_lacking }))
}

#[derive(Deserialize, ToSchema)]
struct NewSecret {
    secret: String,
    /// The one before, if left out.
    username: Option<String>,
}

/// Sign in again with another secret; what was read stays. Logins by OAuth 2.0 sign in again in the console.
#[utoipa::path(post, path = "/connections/{name}/sign-in", tag = "connections", params(("name" = String, Path)),
    request_body = NewSecret, responses((status = 200, body = Configured), (status = "default", body = Problem)))]
async fn sign_in(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(new): Body<NewSecret>,
) -> Result<Json<Configured>, Trouble> {
    let connection = console.sign_in(&viewer, name, new.username, Secret::new(new.secret.trim())).await?;
    Ok(Json(Configured::of(&console, connection).await?))
}

/// How a connection is to be read; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSchedule {
    /// Only when somebody asks for it.
    manual: Option<bool>,
    /// Minutes from one sync to the next, from 5 to 44640.
    every_minutes: Option<u32>,
}

/// Say how a connection is read.
#[utoipa::path(put, path = "/connections/{name}/schedule", tag = "connections", params(("name" = String, Path)),
    request_body = NewSchedule, responses((status = 204), (status = "default", body = Problem)))]
async fn set_schedule(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(NewSchedule { manual, every_minutes }): Body<NewSchedule>,
) -> Result<StatusCode, Trouble> {
    let every = every_minutes.map(Every::minutes).transpose();
    let every = every.map_err(|fault| Trouble::Bad(fault.to_string()))?;
    console.set_schedule(&viewer, name, manual, every).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn a_patch_sets_and_takes_back_and_leaves_the_rest() {
        let mut settings = json!({ "site": "a", "spaces": ["A"], "modified": { "after": "x", "days": 3 } });
        merge(&mut settings, &json!({ "spaces": null, "labels": ["b"], "modified": { "days": null } }));
        assert_eq!(settings, json!({ "site": "a", "labels": ["b"], "modified": { "after": "x" } }));
        merge(&mut settings, &json!([1]));
        assert_eq!(settings, json!([1]));
    }
}
