//! Searching as a person.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, rfc3339};
use crate::console::error::Problem;
use crate::console::who::Person;
use crate::console::{Console, Eyes, Trouble, Viewer};
use crate::host::{self, HostError, SearchHit};
use crate::index::Query;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Hits of an answer, unless somebody asks for fewer or more.
const HITS_DEFAULT: usize = 20;
/// Each hit is judged again by its own rows, and looked through for a snippet.
const HITS_MAX: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchFor {
    /// In the query language: words, `"a phrase"`, `-without`, `begin*`, `title:`, `kind:page,blogpost`, `space:ENG`,
    /// `label:`, `author:`, `connection:`, `updated:>2026-01-31`.
    q: String,
    /// Whose eyes: an e-mail. For administrators; it is noted in the audit trail.
    #[serde(rename = "as")]
    #[param(rename = "as")]
    as_whom: Option<String>,
    /// Hits at most, up to 100; 20 if left out.
    #[param(maximum = 100, minimum = 1)]
    limit: Option<usize>,
    /// `next` of the page before; left out for the first.
    cursor: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct Results {
    /// How many items match that the person may read and that are searched.
    total: usize,
    /// Whether the query was too long, and only its beginning was looked for.
    cut: bool,
    items: Vec<Hit>,
    /// The cursor of the next page; left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// One item that matches.
#[derive(Debug, Serialize, ToSchema)]
struct Hit {
    connection: String,
    id: String,
    kind: String,
    title: String,
    url: String,
    /// When it was changed last, in RFC 3339.
    updated: Option<String>,
    properties: Vec<Property>,
    /// What it hangs on, as a comment hangs on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    hangs_on: Option<Anchor>,
    /// Words around the matches, in pieces.
    snippet: Vec<Fragment>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Property {
    name: String,
    value: String,
}

/// As much of an item as leads to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Anchor {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Fragment {
    text: String,
    matched: bool,
}

impl From<SearchHit> for Hit {
    fn from(hit: SearchHit) -> Self {
        let anchor = |host::Anchor { id, kind, title, url }| Anchor { id, kind, title, url };
        let fragments = hit.snippet.fragments.into_iter();
        Self {
            connection: hit.connection,
            id: hit.id,
            kind: hit.kind,
            title: hit.title,
            url: hit.url,
            updated: hit.updated.map(rfc3339),
            properties: hit.properties.into_iter().map(|(name, value)| Property { name, value }).collect(),
            hangs_on: hit.hangs_on.map(anchor),
            snippet: fragments.map(|one| Fragment { text: one.text, matched: one.matched }).collect(),
        }
    }
}

/// Whose eyes: somebody's, or the request is refused.
pub(super) async fn eyes(console: &Console, viewer: &Viewer, named: Option<&str>) -> Result<Eyes, Trouble> {
    let nobody = "this token is nobody's: take one with an e-mail, or name somebody with `as`";
    console.eyes(viewer, named).await?.ok_or_else(|| Trouble::Bad(nobody.to_owned()))
}

/// The best items that match and that the person may read, best first.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchFor),
    responses((status = 200, body = Results), (status = "default", body = Problem)))]
async fn search(
    State(console): State<Console>,
    Person(viewer): Person,
    Asked(SearchFor { q, as_whom, limit, cursor }): Asked<SearchFor>,
) -> Result<Json<Results>, Trouble> {
    let query = Query::parse(&q).map_err(HostError::from)?;
    let limit = limit.unwrap_or(HITS_DEFAULT).clamp(1, HITS_MAX);
    let from = cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let eyes = eyes(&console, &viewer, as_whom.as_deref()).await?;
    let found = console.with_host(move |host| host.find(&query, &eyes.email, from, limit)).await?;
    Ok(Json(Results {
        total: found.total,
        cut: found.cut,
        next: found.next.map(|next| next.to_string()),
        items: found.hits.into_iter().map(Into::into).collect(),
    }))
}
