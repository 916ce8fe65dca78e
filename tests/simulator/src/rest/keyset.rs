//! v2's pages of results: keyset cursors in base64 JSON, `next` in the body
//! and in the `Link` header, both relative to the site and blind to the gateway.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::Answer;
use super::errors;
use super::exchange::Exchange;
use super::listing::{Listing, Place, SortKey};
use crate::site::Id;

/// `-modified-date`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// `id`, `created-date`, `modified-date`, `title` …
    pub field: String,
    pub descending: bool,
}

impl Order {
    /// The `sort` parameter, if its field is among those the route knows.
    pub fn parse(cx: &Exchange<'_>, fields: &[&str]) -> Result<Order, Answer> {
        let text = cx.query.get("sort").unwrap_or("id");
        let (field, descending) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
        if cx.query.get("sort").is_some() && !fields.contains(&field) {
            return Err(errors::v2_bad_parameter("sort", "SortOrder"));
        }
        Ok(Order { field: field.into(), descending })
    }

    pub fn cache_key(&self, cx: &Exchange<'_>, dataset: &str) -> String {
        format!("{} {dataset} {} {}", cx.caller.account_id, self.field, self.descending)
    }
}

/// Walks `listing` from the request's cursor, turns places into rows until the
/// limit, and answers with them. `row` says `None` to what a filter leaves out.
pub fn page(
    cx: &Exchange<'_>,
    order: &Order,
    listing: &Listing,
    limit_default: usize,
    row: impl Fn(Id) -> Option<Value>,
) -> Result<Answer, Answer> {
    let limit = cx.rows_max(cx.query.v2_limit(limit_default)?);
    let last = match cx.query.get("cursor") {
        Some(cursor) => Some(decode(cx, order, cursor)?),
        None => None,
    };
    let mut rows: Vec<Value> = Vec::with_capacity(limit.min(listing.places.len()));
    let mut reached: Option<&Place> = None;
    let mut more = false;
    for place in listing.after(last.as_ref()) {
        let Some(made) = row(place.1) else { continue };
        if rows.len() == limit {
            more = true;
            break;
        }
        rows.push(made);
        reached = Some(place);
    }
    let next = reached.filter(|_| more).map(|place| next_link(cx, order, place));
    Ok(envelope(cx, rows, next))
}

/// `results` and `_links`, and the same links in the header.
pub fn envelope(cx: &Exchange<'_>, rows: Vec<Value>, next: Option<String>) -> Answer {
    let base = cx.base();
    let header = match &next {
        Some(next) => format!("<{next}>; rel=\"next\", <{base}>; rel=\"base\""),
        None => format!("<{base}>; rel=\"base\""),
    };
    let mut links = json!({ "base": base });
    if let Some(next) = next {
        links["next"] = json!(next);
    }
    let count = rows.len();
    Answer::json(json!({ "results": rows, "_links": links })).with("link", header).holding(count)
}

/// The cursor stands first, as real sites may put it, and the rest of the query after it.
fn next_link(cx: &Exchange<'_>, order: &Order, place: &Place) -> String {
    let cursor = encode(order, place);
    let rest = cx.query.without(&["cursor"]);
    let rest = if rest.is_empty() { rest } else { format!("&{rest}") };
    format!("{}?cursor={}{rest}", cx.path, super::query::encode(&cursor))
}

fn encode(order: &Order, place: &Place) -> String {
    let (key, id) = place;
    let keyset = json!({ "id": id.to_string(), "contentOrder": content_order(order), "contentOrderValue": key.to_json() });
    STANDARD.encode(keyset.to_string())
}

fn decode(cx: &Exchange<'_>, order: &Order, cursor: &str) -> Result<Place, Answer> {
    let read = || {
        let keyset: Value = serde_json::from_slice(&STANDARD.decode(cursor).ok()?).ok()?;
        let same_order = keyset["contentOrder"].as_str()? == content_order(order);
        let id = keyset["id"].as_str()?.parse().ok()?;
        let key = SortKey::from_json(&keyset["contentOrderValue"])?;
        same_order.then_some((key, id))
    };
    if cx.refuse_cursor {
        return Err(errors::v2_bad_cursor());
    }
    read().ok_or_else(errors::v2_bad_cursor)
}

fn content_order(order: &Order) -> String {
    format!("{}{}", if order.descending { "-" } else { "" }, order.field)
}
