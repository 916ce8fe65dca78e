//! v1's pages by offset: `start`, `limit`, `size`, and links relative to `/wiki`.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;

/// Slices `all`, turns what is left into rows, and answers with them.
/// `limit=0` is an empty page that still has a `next`.
pub fn page<T>(
    cx: &Exchange<'_>,
    all: &[T],
    limit: usize,
    row: impl Fn(&T) -> Value,
) -> Result<Answer, Answer> {
    let start = cx.query.v1_integer("start", 0)?;
    let shown = cx.rows_max(limit).min(limit);
    let rows: Vec<Value> = all.iter().skip(start).take(shown).map(row).collect();
    let size = rows.len();
    let mut body = json!({ "results": rows, "start": start, "limit": limit, "size": size });
    body["_links"] = links(cx, (start + size < all.len()).then_some((start + size, limit)));
    Ok(Answer::json(body))
}

/// `next` is relative to the context, which is `/wiki`, and does not repeat it.
pub fn links(cx: &Exchange<'_>, next: Option<(usize, usize)>) -> Value {
    let path = cx.path.strip_prefix("/wiki").unwrap_or(cx.path);
    let rest = cx.query.without(&["start", "limit", "next"]);
    let rest = if rest.is_empty() { rest } else { format!("{rest}&") };
    let query = cx.query.without(&[]);
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let mut links = json!({
        "base": cx.base(), "context": "/wiki", "self": format!("{}{}{query}", cx.site.url, cx.path),
    });
    if let Some((start, limit)) = next {
        links["next"] = json!(format!("{path}?{rest}next=true&limit={limit}&start={start}"));
    }
    links
}
