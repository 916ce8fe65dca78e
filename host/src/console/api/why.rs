//! Why something may be read, and why something is not found.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Asked;
use super::search::{Anchor, eyes};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Person};
use crate::console::{Console, Eyes, Trouble};
use crate::host::{self, WhyAnswer, reason, unsearched};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(why)).routes(routes!(why_not))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct About {
    /// The item's id, as `page:98765`, or the address of its page.
    item: String,
    /// Whom it is about: an e-mail. Somebody else's is for administrators, and noted in the audit trail.
    #[serde(rename = "as")]
    #[param(rename = "as")]
    as_whom: Option<String>,
    /// The connection's name, where several have such an item.
    connection: Option<String>,
}

/// Why a person may read an item, or may not.
#[derive(Debug, Serialize, ToSchema)]
struct Why {
    connection: String,
    id: String,
    title: String,
    url: String,
    readable: bool,
    /// Who the person is at the source.
    who: String,
    /// Why no search finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_searched: Option<String>,
    /// The root first.
    levels: Vec<Level>,
}

/// One item on the way from the root to the item in question.
#[derive(Debug, Serialize, ToSchema)]
struct Level {
    /// Empty, like the title, for what the person may not know.
    id: String,
    title: String,
    /// Whom it lets in.
    words: String,
    readable: bool,
    /// Why it refuses, at the level that is enough to refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

fn told(answer: WhyAnswer, eyes: &Eyes) -> Why {
    let refusal = answer.explanation.refusal;
    let level = |(place, step): (usize, &crate::access::Step)| Level {
        id: step.id.clone(),
        title: step.title.clone(),
        words: if eyes.lent { answer.level(step) } else { answer.own_level(step) },
        readable: step.readable,
        refusal: refusal.filter(|it| it.level == place).map(|it| reason(it.reason).to_owned()),
    };
    Why {
        levels: answer.explanation.steps.iter().enumerate().rev().map(level).collect(),
        readable: answer.explanation.readable,
        who: answer.who(),
        not_searched: answer.left_out.map(|left_out| unsearched(left_out, &answer.connection)),
        connection: answer.connection,
        id: answer.id,
        title: answer.title,
        url: answer.url,
    }
}

/// Why somebody may read an item. What a person may not read is answered like what is not there, except to
/// administrators who ask about somebody.
#[utoipa::path(get, path = "/why", tag = "search", params(About),
    responses((status = 200, body = Why), (status = "default", body = Problem)))]
async fn why(
    State(console): State<Console>,
    Person(viewer): Person,
    Asked(About { item, as_whom, connection }): Asked<About>,
) -> Result<Json<Why>, Trouble> {
    let eyes = eyes(&console, &viewer, as_whom.as_deref()).await?;
    let answer = console.why(&eyes, item, connection).await?;
    Ok(Json(told(answer, &eyes)))
}

/// At which step something was left out.
#[derive(Debug, Serialize, ToSchema)]
struct WhyNot {
    /// The item; left out if it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Anchor>,
    /// Listing, filter, access, conversion, index; at most one of them stops.
    steps: Vec<Step>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Step {
    name: String,
    /// passed, stopped, not-reached
    state: String,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// Why somebody does not find an item: the step at which it was left out. `as` has to be given.
#[utoipa::path(get, path = "/why-not", tag = "search", params(About),
    responses((status = 200, body = WhyNot), (status = "default", body = Problem)))]
async fn why_not(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Asked(About { item, as_whom, connection }): Asked<About>,
) -> Result<Json<WhyNot>, Trouble> {
    let person = as_whom.unwrap_or_default();
    let answer = console.why_not(&viewer, &item, &person, connection.as_deref()).await?;
    let step = |step: host::Step| Step {
        name: step.name.to_owned(),
        state: step.state.as_str().to_owned(),
        words: step.words,
        remedy: step.remedy,
    };
    let known = |host::Known { id, kind, title, url, .. }| Anchor { id, kind, title, url };
    Ok(Json(WhyNot { item: answer.item.map(known), steps: answer.steps.into_iter().map(step).collect() }))
}
