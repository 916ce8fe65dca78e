//! Where records are: their addresses here, and the way to them from the top.

use maud::{Markup, html};

use crate::console::pages::address;
use crate::host::Crumb;

/// The page of an item, or something below it: `item("acme", "page:1", "/index")`.
pub fn item(connection: &str, id: &str, rest: &str) -> String {
    format!("/records/{}/{}{rest}", address::segment(connection), address::segment(id))
}

/// The tree's level below an item, or at the top of a connection.
pub fn level(connection: &str, below: Option<&str>, cursor: Option<&str>) -> String {
    address::query("/records/tree", [("connection", Some(connection)), ("below", below), ("cursor", cursor)])
}

/// An item as a link to its page.
pub fn link(connection: &str, crumb: &Crumb) -> Markup {
    html! {
        a href=(item(connection, &crumb.id, "")) { (crumb.title) }
        @if !crumb.present { " " span.badge data-state="notice" { "not read" } }
    }
}

/// From the connection down to the last of these.
pub fn way(connection: &str, above: &[Crumb]) -> Markup {
    html! {
        nav.way aria-label="Place" {
            ol {
                li { a href=(level(connection, None, None)) { (connection) } }
                @for crumb in above { li { (link(connection, crumb)) } }
            }
        }
    }
}
