//! The people of a connection, and who is linked to whom.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body, Paged, Paging, pair};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::roster::{self, Plan};
use crate::store::{LinkLine, Matching, PeopleFilter, PeopleQuery, PersonLine};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(people))
        .routes(routes!(links))
        .routes(routes!(link, unlink))
        .routes(routes!(import))
}

/// One user of the source.
#[derive(Debug, Serialize, ToSchema)]
struct PersonOut {
    /// The account's id at the source.
    id: String,
    /// Left out for one of whom the source told nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Left out where the source hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// member, guest or closed; left out for one of whom the source told nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<String>,
    /// Whether an access of some item names this user.
    named: bool,
    /// email, linked; or why nobody is matched: hidden, shared, taken, closed, unknown
    matching: String,
    /// The e-mails that are linked to this user.
    links: Vec<String>,
}

impl From<PersonLine> for PersonOut {
    fn from(person: PersonLine) -> Self {
        let PersonLine { id, name, email, standing, named, matching, links } = person;
        let name = Some(name).filter(|name| !name.is_empty());
        Self { id, name, email, standing, named, matching: word(matching).to_owned(), links }
    }
}

fn word(matching: Matching) -> &'static str {
    match matching {
        Matching::Email => "email",
        Matching::Linked => "linked",
        Matching::Hidden => "hidden",
        Matching::Shared => "shared",
        Matching::Taken => "taken",
        Matching::Closed => "closed",
        Matching::Unknown => "unknown",
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleAsked {
    /// to-link, matched, hidden, shared, guests, closed or all, which is meant if it is left out.
    #[param(value_type = Option<String>)]
    filter: Option<PeopleFilter>,
    /// Part of a name, an e-mail or an id.
    q: Option<String>,
    /// `next` of the page before; left out for the first.
    cursor: Option<String>,
    /// Rows at most, up to 500; 50 if left out.
    #[param(maximum = 500, minimum = 1)]
    limit: Option<u32>,
}

/// The users of a source by name, and whether a person is matched to each.
#[utoipa::path(get, path = "/connections/{name}/people", tag = "people", params(("name" = String, Path), PeopleAsked),
    responses((status = 200, body = Paged<PersonOut>), (status = "default", body = Problem)))]
async fn people(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(asked): Asked<PeopleAsked>,
) -> Result<Json<Paged<PersonOut>>, Trouble> {
    let paging = Paging { cursor: asked.cursor, limit: asked.limit };
    let limit = paging.limit();
    let query = PeopleQuery {
        filter: asked.filter.unwrap_or(PeopleFilter::All),
        words: asked.q.unwrap_or_default(),
        after: paging.cursor.as_deref().and_then(pair::read),
        limit,
    };
    let found = console
        .with_host(move |host| Ok(host.store().people(host.store().connection(&name)?.id, &query)?))
        .await?;
    let page = Paged::of(found, limit, |person| pair::write(&person.name, &person.id));
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(Json(Paged { items, next: page.next }))
}

/// A person whom an administrator linked.
#[derive(Debug, Serialize, ToSchema)]
struct LinkOut {
    email: String,
    /// The account's id at the source.
    account: String,
    /// Left out when the source has no such account any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl From<LinkLine> for LinkOut {
    fn from(link: LinkLine) -> Self {
        Self { email: link.email, account: link.user_id, name: link.user_name }
    }
}

/// The links of a connection by e-mail: pages of JSON, or all of them as CSV to whoever accepts `text/csv`.
#[utoipa::path(get, path = "/connections/{name}/links", tag = "people", params(("name" = String, Path), Paging),
    responses((status = 200, content((Paged<LinkOut> = "application/json"), (String = "text/csv"))),
        (status = "default", body = Problem)))]
async fn links(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(paging): Asked<Paging>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepts.split(',').any(|one| one.trim().starts_with("text/csv")) {
        return Ok(csv(console.roster(name).await?));
    }
    let limit = paging.limit();
    let list = move |host: &crate::host::Host| {
        let connection = host.store().connection(&name)?.id;
        Ok(host.store().link_lines(connection, false, paging.cursor.as_deref(), limit)?)
    };
    let page = Paged::of(console.with_host(list).await?, limit, |link: &LinkLine| link.email.clone());
    let items: Vec<LinkOut> = page.items.into_iter().map(Into::into).collect();
    Ok(Json(Paged { items, next: page.next }).into_response())
}

/// A roster as a file.
fn csv(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}

#[derive(Debug, Deserialize, ToSchema)]
struct LinkIn {
    /// The account's id at the source.
    account: String,
}

/// Say which of a source's users a person is; takes the place of an older link of this e-mail.
#[utoipa::path(put, path = "/connections/{name}/links/{email}", tag = "people",
    params(("name" = String, Path), ("email" = String, Path)), request_body = LinkIn,
    responses((status = 204), (status = "default", body = Problem)))]
async fn link(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((name, email)): Path<(String, String)>,
    Body(LinkIn { account }): Body<LinkIn>,
) -> Result<StatusCode, Trouble> {
    console.link_person(&viewer, name, email, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a link back.
#[utoipa::path(delete, path = "/connections/{name}/links/{email}", tag = "people",
    params(("name" = String, Path), ("email" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = "default", body = Problem)))]
async fn unlink(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((name, email)): Path<(String, String)>,
) -> Result<StatusCode, Trouble> {
    match console.unlink_person(&viewer, name, email).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Trouble::NotFound),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportAsked {
    /// Say what would happen, and do nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What a roster did, or would do.
#[derive(Debug, Serialize, ToSchema)]
struct ImportOut {
    /// How many people it links.
    links: usize,
    /// How many lines do nothing because something is wrong with them.
    faults: usize,
    lines: Vec<ImportLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportLine {
    /// The line in the file; the first is 1.
    line: u64,
    email: String,
    account: String,
    /// links, replaces, already-linked, shown-by-account, unknown-account, bad-email, repeated, contradicted
    step: String,
}

impl From<Plan> for ImportOut {
    fn from(plan: Plan) -> Self {
        let (links, faults) = (plan.links().len(), plan.faults());
        let line = |planned: roster::Planned| ImportLine {
            line: planned.line.number,
            email: planned.line.email,
            account: planned.line.account,
            step: planned.step.as_str().to_owned(),
        };
        Self { links, faults, lines: plan.0.into_iter().map(line).collect() }
    }
}

/// Link all people of a list with the columns `email` and `account`, at once. Lines with a fault do nothing.
#[utoipa::path(post, path = "/connections/{name}/links/import", tag = "people",
    params(("name" = String, Path), ImportAsked), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportOut), (status = "default", body = Problem)))]
async fn import(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Asked(ImportAsked { dry_run }): Asked<ImportAsked>,
    body: Bytes,
) -> Result<Json<ImportOut>, Trouble> {
    let text = String::from_utf8(body.to_vec())
        .map_err(|_| Trouble::Bad("the list is not UTF-8; save it as CSV in UTF-8".to_owned()))?;
    let plan = match dry_run {
        true => console.plan_roster(name, text).await?,
        false => console.apply_roster(&viewer, name, text).await?,
    };
    Ok(Json(plan.into()))
}
