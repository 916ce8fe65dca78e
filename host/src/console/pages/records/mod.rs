//! `/records`: everything that was read, as a list with filters and as a tree, with a page for each item.
//!
//! For administrators: what is shown here is shown to nobody in particular, so who may read it is told and not
//! judged. Bodies are other people's words and are shown by `rendered` alone.
//!
//! Deliberately absent: searching as a person, and why one may read something (`/search`, `/why`).

mod item;
mod list;
mod places;
mod readers;
mod rendered;
mod states;
mod tree;

use axum::Router;
use axum::routing::{get, post};

use crate::console::Console;

/// Rows of a page of a list, or of a level: a few screens, and quick.
const ROWS: u32 = 50;

pub fn router() -> Router<Console> {
    Router::new()
        .route("/records", get(list::page))
        .route("/records/tree", get(tree::page))
        .route("/records/{connection}/{item}", get(item::page))
        .route("/records/{connection}/{item}/choose", post(item::choose))
        .route("/records/{connection}/{item}/unchoose", post(item::unchoose))
}
