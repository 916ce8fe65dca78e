//! v1 `content/search`: CQL over what the index holds, with restrictions and
//! labels on request. The index lags; archived content is not in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::cql::{self, Found};
use super::exchange::Exchange;
use super::listing::{Place, SortKey};
use super::search_index::{content, matching};
use super::{errors, query, search_rows};
use crate::site::Id;

/// `content/search`
pub fn contents(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let limit = cx.query.v1_integer("limit", 25)?;
    let start = cx.query.v1_integer("start", 0)?;
    let expand = cx.query.all("expand");
    let hits = hits(cx, &expand, limit, false)?;
    let rows = hits.found.iter().map(|found| search_rows::row(cx, *found, &expand)).collect();
    Ok(envelope(cx, &hits, start, rows))
}

/// `search`: the same index with rows of another shape, which alone can look
/// into archived spaces. It does not stumble over integers: it answers nothing.
pub fn site(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let integer = |name: &str, default: usize| match cx.query.get(name).unwrap_or_default().trim() {
        "" => Ok(default),
        text => text.parse().map_err(|_| Answer::of(404, Content::Empty)),
    };
    let (limit, start) = (integer("limit", 25)?, integer("start", 0)?);
    let all = cx.query.all("expand");
    let expand: Vec<&str> = all.iter().filter_map(|part| part.strip_prefix("content.")).collect();
    let archived_spaces = cx.query.get("includeArchivedSpaces") == Some("true");
    let hits = hits(cx, &expand, limit, archived_spaces)?;
    let rows = hits.found.iter().map(|found| search_rows::site_row(cx, *found, &expand)).collect();
    Ok(envelope(cx, &hits, start, rows))
}

/// One page of what a query found.
struct Hits<'a> {
    found: Vec<Found<'a>>,
    limit: usize,
    total: usize,
    next: Option<String>,
}

fn hits<'a>(
    cx: &Exchange<'a>,
    expand: &[&str],
    limit: usize,
    archived_spaces: bool,
) -> Result<Hits<'a>, Answer> {
    let text = cx.query.get("cql").unwrap_or_default();
    let query = cql::parse(text).map_err(|refusal| errors::v1(400, &refusal.0))?;
    let limit = limit.min(limit_max(expand));
    let listing = matching(cx, text, &query, archived_spaces);
    let last = match cx.query.get("cursor") {
        Some(cursor) => Some(decode(cursor).filter(|_| !cx.refuse_cursor).ok_or_else(bad_cursor)?),
        None => None,
    };
    let rest = listing.after(last.as_ref());
    let shown = rest.get(..cx.rows_max(limit).min(limit).min(rest.len())).unwrap_or_default();
    let found: Vec<Found<'a>> = shown.iter().filter_map(|place| content(cx.site, place.1)).collect();
    if expand.iter().any(|part| part.starts_with("ancestors.restrictions")) {
        refuse_unseen_ancestors(cx, &found)?;
    }
    let more = shown.len() < rest.len();
    let next = shown.last().filter(|_| more).map(|place| next_link(cx, limit, place));
    Ok(Hits { found, limit, total: listing.places.len(), next })
}

fn envelope(cx: &Exchange<'_>, hits: &Hits<'_>, start: usize, rows: Vec<Value>) -> Answer {
    let size = rows.len();
    let mut links = json!({
        "base": cx.base(), "context": "/wiki",
        "self": format!("{}{}?{}", cx.site.url, cx.path, cx.query.without(&[])),
    });
    if let Some(next) = &hits.next {
        links["next"] = json!(next);
    }
    Answer::json(json!({
        "results": rows, "start": start, "limit": hits.limit, "size": size,
        // An estimate on the real site; here a little too high, so that nobody counts on it.
        "totalSize": hits.total + hits.total / 60,
        "cqlQuery": cx.query.get("cql"), "searchDuration": 17, "_links": links,
    }))
    .holding(size)
}

/// The more is asked of each row, the fewer rows.
fn limit_max(expand: &[&str]) -> usize {
    let heavy = |part: &&str| part.starts_with("body.export_view") || part.starts_with("body.styled_view");
    match expand {
        [] => 1000,
        parts if parts.iter().any(heavy) => 25,
        parts if parts.iter().any(|part| part.starts_with("body")) => 50,
        _ => 200,
    }
}

/// One unreadable ancestor takes the whole page of results with it.
fn refuse_unseen_ancestors(cx: &Exchange<'_>, found: &[Found<'_>]) -> Result<(), Answer> {
    let unseen = |id: &Id| !cx.sight.sees_branch(*id) || cx.knobs.unseen_ancestors.contains(id);
    let mut above = found.iter().flat_map(|found| found.ancestors(cx.site));
    above.find(unseen).map_or(Ok(()), |id| Err(errors::v1_unseen_ancestor(id)))
}

/// `_f_<limit>_sa_<sort values>`: relative to `/wiki`, with a `start` that means nothing.
fn next_link(cx: &Exchange<'_>, limit: usize, place: &Place) -> String {
    let (key, id) = place;
    let values = json!([key.to_json(), id.to_string()]).to_string();
    let cursor = format!("_f_{}_sa_{}", STANDARD.encode(limit.to_string()), STANDARD.encode(values));
    let path = cx.path.strip_prefix("/wiki").unwrap_or(cx.path);
    let rest = cx.query.without(&["cursor", "limit", "start", "next"]);
    format!("{path}?next=true&cursor={}&limit={limit}&start={limit}&{rest}", query::encode(&cursor))
}

fn decode(cursor: &str) -> Option<Place> {
    let (_, values) = cursor.split_once("_sa_")?;
    let values: Value = serde_json::from_slice(&STANDARD.decode(values).ok()?).ok()?;
    let id = values.get(1)?.as_str()?.parse().ok()?;
    Some((SortKey::from_json(values.get(0)?)?, id))
}

fn bad_cursor() -> Answer {
    errors::v1(
        400,
        "com.atlassian.confluence.api.service.exceptions.BadRequestException: The cursor is not valid",
    )
}
