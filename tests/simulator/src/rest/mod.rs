//! The site's REST face: from a request as values to an answer as values.
//!
//! [`answer`] holds the gates in the order a real site has them: which host
//! was meant, who is calling, is there such a route, may it be called now.
//! Behind them each resource is a file. No handler reads the clock, waits, or
//! keeps anything; sockets are [`crate::server`]'s.
//!
//! Absent on purpose: every write, and callers without an account.

mod answer;
mod attachments;
mod audit;
mod blog_posts;
mod comments;
mod cql;
mod credentials;
mod download;
mod errors;
mod exchange;
mod groups;
mod hierarchy;
mod keyset;
mod limits;
mod listing;
mod nodes;
pub(crate) mod oauth;
mod of_one;
mod pages;
mod query;
mod restrictions;
mod roles;
mod routes;
mod rows;
mod scopes;
mod search;
mod search_index;
mod search_rows;
mod sight;
mod space_permissions;
mod spaces;
mod user;
mod users;
mod v1_page;

use std::sync::{Mutex, PoisonError};

use serde_json::json;

pub(crate) use answer::{Answer, Content};
pub(crate) use limits::{Meter, cost, gateway_refusal};
pub(crate) use listing::Listings;

use credentials::Api;
use exchange::Exchange;
use query::Query;
use sight::Sight;

use crate::clock::Millis;
use crate::faults::Knobs;
use crate::site::Site;

/// A request as it came, whichever host it was meant for.
pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub authorization: Option<&'a str>,
    pub body: &'a [u8],
    /// A fault wants a good cursor refused.
    pub refuse_cursor: bool,
}

/// The world behind the REST face.
pub(crate) struct World<'a> {
    pub site: &'a Site,
    pub knobs: &'a Knobs,
    pub listings: &'a Listings,
    pub meter: &'a Mutex<Meter>,
    pub now: Millis,
}

/// The endpoint's template (empty where there is none) and the answer.
pub(crate) fn answer(world: &World<'_>, request: &Request<'_>) -> (&'static str, Answer) {
    let site = world.site;
    if request.path == "/_edge/tenant_info" {
        return ("/_edge/tenant_info", Answer::json(json!({ "cloudId": site.cloud_id })));
    }
    if let Some(answer) = oauth::look(site, request) {
        return answer;
    }
    if is_media(request.path) {
        let query = Query::parse(request.query);
        let answer = download::media(site, request.path, &query, request.authorization.is_some(), world.now);
        return ("/file/{id}/binary", answer);
    }
    let (path, through_gateway) = match gateway_path(request.path) {
        None => (request.path, false),
        Some((cloud_id, path)) if cloud_id == site.cloud_id => (path, true),
        Some(_) => return ("", errors::gateway(404, "No site with this cloud id")),
    };
    let route = routes::find(path);
    let template = route.as_ref().map_or("", |route| route.template);
    let result = beyond_hosts(world, request, path, through_gateway, route);
    (template, result.unwrap_or_else(|refusal| refusal))
}

/// Whether a path leads to one of v2's lists of contents, or to a part of the tree.
pub(crate) fn is_list(path: &str) -> bool {
    let path = gateway_path(path).map_or(path, |(_, path)| path);
    let Some(rest) = path.strip_prefix("/wiki/api/v2/") else { return false };
    let lists = ["pages", "blogposts", "footer-comments", "inline-comments", "attachments"];
    lists.contains(&rest) || ["/direct-children", "/descendants"].iter().any(|part| rest.ends_with(part))
}

/// Whether a path belongs to the media host, which wants no `Authorization`.
pub(crate) fn is_media(path: &str) -> bool {
    path.starts_with("/file/")
}

/// Credentials come before routes: a stranger learns nothing of either.
fn beyond_hosts(
    world: &World<'_>,
    request: &Request<'_>,
    path: &str,
    through_gateway: bool,
    route: Option<routes::Route>,
) -> Result<Answer, Answer> {
    let site = world.site;
    let api = match path {
        _ if path.starts_with("/wiki/api/v2/") => Api::V2,
        _ if path.starts_with("/wiki/rest/") => Api::V1,
        _ if path.starts_with("/wiki/download/") => return Err(download::servlet(&site.url)),
        _ => return Err(errors::html_not_found()),
    };
    let caller = credentials::caller(site, api, through_gateway, request.authorization)?;
    if caller.scopes.as_ref().is_some_and(|granted| !scopes::open(path, granted)) {
        return Err(errors::missing_scope());
    }
    let caller = caller.user;
    let route = route.ok_or_else(|| match api {
        Api::V1 => errors::v1_unknown_route(&site.url, path),
        Api::V2 => errors::html_not_found(),
    })?;
    if request.method != route.method {
        return Err(errors::wrong_method(request.method));
    }
    let meter = || world.meter.lock().unwrap_or_else(PoisonError::into_inner);
    meter().admit(world.knobs, route.template, world.now)?;
    let sight = world.listings.sight(&caller.account_id, || Sight::of(site, world.knobs, &caller.account_id));
    let exchange = Exchange {
        site,
        knobs: world.knobs,
        listings: world.listings,
        caller,
        sight,
        path,
        query: Query::parse(request.query),
        body: request.body,
        refuse_cursor: request.refuse_cursor,
        now: world.now,
    };
    let answer = (route.run)(&exchange).unwrap_or_else(|refusal| refusal);
    Ok(meter().charge(world.knobs, answer, world.now))
}

/// `/ex/confluence/{cloudId}/wiki/…`, taken apart.
fn gateway_path(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/ex/confluence/")?;
    let end = rest.find('/').unwrap_or(rest.len());
    Some(rest.split_at(end))
}
