//! The stylesheet, the script and the icon: in the binary, and named by their content so that browsers keep them.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::console::Console;

/// One file each; what belongs to one page stands in a part of its own.
const STYLE: &str = concat!(
    include_str!("../assets/style/base.css"),
    include_str!("../assets/style/parts.css"),
    include_str!("../assets/style/connections.css"),
    include_str!("../assets/style/search.css"),
    include_str!("../assets/style/people.css"),
    include_str!("../assets/style/records.css"),
    include_str!("../assets/style/setup.css"),
);
const SCRIPT: &str = concat!(
    include_str!("../assets/script/base.js"),
    include_str!("../assets/script/live.js"),
    include_str!("../assets/script/people.js"),
    include_str!("../assets/script/records.js"),
    include_str!("../assets/script/setup.js"),
);
const ICON: &str = include_str!("../assets/icon.svg");

/// A page names the content, so what was kept is never stale.
const KEPT: &str = "public, max-age=31536000, immutable";

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| address("style.css", STYLE));
static SCRIPT_ADDRESS: LazyLock<String> = LazyLock::new(|| address("script.js", SCRIPT));

pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

pub fn script_address() -> &'static str {
    &SCRIPT_ADDRESS
}

fn address(name: &str, content: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let digits = digest.iter().take(6).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    format!("/assets/{name}?{digits}")
}

pub fn router() -> Router<Console> {
    Router::new()
        .route("/assets/style.css", get(|| file("text/css; charset=utf-8", STYLE)))
        .route("/assets/script.js", get(|| file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/assets/icon.svg", get(|| file("image/svg+xml", ICON)))
}

async fn file(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, KEPT)], content)
}
