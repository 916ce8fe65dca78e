//! What an answer costs an app, in Atlassian's points: 1 for the request, 1 more for each page, space, comment,
//! attachment and their like in it, and 2 for each user, group or permission.
//!
//! People's tokens are charged nothing and told of no quota; counting for them all the same shows what an app would
//! pay. Atlassian does not publish what each route returns in its sense; where that is not known, the larger number is
//! taken, since whoever counts too little is refused.

use crate::transport::Response;
use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use url::Url;

/// The points of one answer of the site. Answers other than 200 cost the request alone; one that was refused for a
/// limit costs nothing.
pub fn of(url: &Url, response: &Response) -> u64 {
    if response.status == 429 {
        return 0;
    }
    let path: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    let api = path.iter().position(|part| *part == "wiki").and_then(|wiki| path.get(wiki + 1..));
    let objects = match api {
        Some(["api", "v2", route @ ..]) if response.status == 200 => v2(route, &response.body),
        Some(["rest", "api", route @ ..]) if response.status == 200 => v1(route, &response.body),
        _ => 0,
    };
    objects.saturating_add(1)
}

fn v2(route: &[&str], body: &[u8]) -> u64 {
    match route {
        ["spaces", _, "permissions" | "role-assignments"] | ["space-roles", ..] | ["users-bulk"] => {
            2 * objects(body)
        }
        ["space-role-mode"] => 0,
        _ => objects(body),
    }
}

fn v1(route: &[&str], body: &[u8]) -> u64 {
    match route {
        ["user" | "group", ..] | ["search", "user"] => 2 * objects(body),
        ["content", _, "restriction", ..] => 2 * readers(body),
        ["space", _] => 1 + 2 * permissions(body),
        ["audit", ..] => 0,
        _ => objects(body),
    }
}

/// Rows of a listing; an answer that is none is one object by itself.
fn objects(body: &[u8]) -> u64 {
    let listing: Result<Listing, _> = serde_json::from_slice(body);
    listing.ok().and_then(|listing| listing.results).map_or(1, |rows| rows.0)
}

/// Users and groups of a page's restrictions, of all operations or of one. The operations are no objects.
fn readers(body: &[u8]) -> u64 {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let of = |operation: &Value| -> u64 {
        let named = |kind| count(operation.pointer(&format!("/restrictions/{kind}/results")));
        named("user") + named("group")
    };
    let operations = told.get("results").and_then(Value::as_array);
    operations.map_or_else(|| of(&told), |operations| operations.iter().map(of).sum())
}

/// Rows that were expanded in a single space.
fn permissions(body: &[u8]) -> u64 {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    count(told.get("permissions"))
}

fn count(rows: Option<&Value>) -> u64 {
    rows.and_then(Value::as_array).map_or(0, |rows| rows.len() as u64)
}

#[derive(Deserialize)]
struct Listing {
    results: Option<Rows>,
}

/// How many there are. They are passed over, not kept: a listing with bodies has megabytes.
struct Rows(u64);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Rows, D::Error> {
        from.deserialize_seq(Counting)
    }
}

struct Counting;

impl<'de> Visitor<'de> for Counting {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows, A::Error> {
        let mut count = 0;
        while rows.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Rows(count))
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::transport::Response;
    use url::Url;

    fn points(status: u16, path: &str, body: &str) -> Option<u64> {
        let url = Url::parse(&format!("https://acme.atlassian.net{path}")).ok()?;
        Some(of(&url, &Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }))
    }

    #[test]
    fn an_answer_costs_what_it_holds() {
        let two = r#"{"results":[{"id":"1"},{"id":"2","results":[1,2,3]}],"_links":{}}"#;
        let restriction = r#"{"restrictions":{"user":{"results":[1]},"group":{"results":[1,2]}}}"#;
        let both = format!(r#"{{"results":[{restriction},{{"restrictions":{{"user":{{"results":[]}}}}}}]}}"#);
        let space = r#"{"key":"ENG","permissions":[{"id":1},{"id":2},{"id":3}]}"#;
        let table = [
            (200, "/wiki/api/v2/pages?limit=250", two, 3),
            (200, "/wiki/api/v2/pages/7", r#"{"id":"7"}"#, 2),
            (200, "/wiki/api/v2/spaces", two, 3),
            (200, "/wiki/api/v2/footer-comments", r#"{"results":[]}"#, 1),
            (200, "/wiki/api/v2/spaces/7/permissions", two, 5),
            (200, "/wiki/api/v2/spaces/7/role-assignments", two, 5),
            (200, "/wiki/api/v2/space-roles", two, 5),
            (200, "/wiki/api/v2/space-role-mode", r#"{"mode":"ROLES"}"#, 1),
            (200, "/wiki/rest/api/group", two, 5),
            (200, "/wiki/rest/api/group/7/membersByGroupId", two, 5),
            (200, "/wiki/rest/api/search/user", two, 5),
            (200, "/wiki/rest/api/user/current", r#"{"accountId":"a"}"#, 3),
            (200, "/wiki/rest/api/content/search", two, 3),
            (200, "/wiki/rest/api/search", two, 3),
            (200, "/wiki/rest/api/content/7/restriction", &both, 7),
            (200, "/wiki/rest/api/content/7/restriction/byOperation/read", restriction, 7),
            (200, "/wiki/rest/api/space/ENG?expand=permissions", space, 8),
            (200, "/wiki/rest/api/audit", two, 1),
            // Through the gateway it is the same.
            (200, "/ex/confluence/0b7e/wiki/api/v2/pages", two, 3),
            (200, "/_edge/tenant_info", r#"{"cloudId":"0b7e"}"#, 1),
            (404, "/wiki/api/v2/pages/7", two, 1),
            (429, "/wiki/api/v2/pages/7", two, 0),
            (200, "/wiki/api/v2/pages", "<html>", 2),
        ];
        for (status, path, body, expected) in table {
            assert_eq!(points(status, path, body), Some(expected), "{path}");
        }
    }
}
