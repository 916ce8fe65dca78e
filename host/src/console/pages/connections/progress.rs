//! What goes on at a connection, as a part of a page that is replaced while it goes on.
//!
//! It is no live region: numbers that change each second would never let a screen reader finish. The page says aloud
//! when a run begins and ends (`events`).

use maud::{Markup, html};

use super::super::words;
use super::card::Sort;
use crate::live::{DatasetTold, Doing, Seen, Stage};
use crate::model::ConnectionId;

/// Troubles shown at once, the latest.
const TROUBLES_SHOWN: usize = 5;

/// The element that holds it.
pub fn id(connection: ConnectionId) -> String {
    format!("progress-{connection}")
}

/// Empty if nothing goes on. `backlog` counts items that wait for the index, of all connections.
pub fn fragment(seen: Option<&Seen>, backlog: u64, sort: Sort) -> Markup {
    let Some(seen) = seen else { return html! {} };
    html! {
        p.doing { strong { (doing(seen)) } ", for " (words::length(seen.now.saturating_sub(seen.told.since))) }
        (bar(seen))
        p.pace { (pace(seen)) }
        @if backlog > 0 { p.soft { (words::count(backlog, "item")) " to be indexed" } }
        @if sort == Sort::Alone { (details(seen)) }
    }
}

fn doing(seen: &Seen) -> String {
    let told = &seen.told;
    match (told.doing, told.stage) {
        (Doing::Approval, _) => {
            format!("Asking the source about {}", words::count(told.suspects, "deletion"))
        }
        (Doing::Sync(_), Stage::Confirming) => {
            format!("Asking the source about {} not mentioned any more", words::count(told.suspects, "item"))
        }
        (Doing::Sync(_), Stage::Files) => "Looking into files".to_owned(),
        (Doing::Sync(mode), Stage::Beginning) => format!("Beginning to read {}", what(mode.as_str())),
        (Doing::Sync(mode), Stage::Reading) => format!("Reading {}", what(mode.as_str())),
    }
}

fn what(mode: &str) -> &str {
    match mode {
        "since" => "what changed",
        "inventory" => "where everything is, and who may read it",
        _ => "everything",
    }
}

/// How much is done of how much of what: files where those are looked into, otherwise items where it is known how
/// many there are, otherwise parts.
fn share(seen: &Seen) -> (u64, u64, &'static str) {
    let told = &seen.told;
    match (told.stage, told.files, seen.expected, told.parts()) {
        (Stage::Files, Some(files), ..) => (files.done, files.waiting, "files"),
        (Stage::Reading, _, Some(expected), _) => (told.items, expected, "items"),
        (_, _, _, (done, all)) => (done, all, "parts"),
    }
}

fn bar(seen: &Seen) -> Markup {
    let (done, all, of) = share(seen);
    html! {
        @if all > 0 {
            progress max=(all) value=(done) aria-label=(format!("{of} done")) {
                (words::number(done)) " of " (words::number(all))
            }
            p.soft { (words::number(done)) " of " @if of == "items" { "about " } (words::number(all)) " " (of) }
        } @else {
            progress aria-label="just begun" {}
        }
    }
}

fn pace(seen: &Seen) -> String {
    let mut said = Vec::new();
    if share(seen).2 != "items" {
        said.push(format!("{} read", words::count(seen.told.items, "item")));
    }
    if let Some(rate) = seen.per_second.filter(|_| seen.told.stage == Stage::Reading) {
        said.push(format!("{} a second", rate_words(rate)));
    }
    if let Some(left) = seen.left {
        let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        said.push(format!("about {} left", words::length(left)));
    }
    said.push(words::count(seen.requests, "request"));
    if let Some(points) = seen.points {
        said.push(words::count(points, "point"));
    }
    said.join(" · ")
}

/// `0`, `0.4`, `7`, `1,250`: a rate below ten with a digit more.
fn rate_words(rate: f64) -> String {
    let tenths = (rate * 10.0).round();
    if tenths > 0.0 && tenths < 100.0 && tenths % 10.0 != 0.0 {
        return format!("{:.1}", tenths / 10.0);
    }
    // Nothing is read that fast; what is cut off is nothing.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = rate.round().max(0.0) as u64;
    words::number(whole)
}

/// Each dataset, what of it is being read, and what went wrong lately.
fn details(seen: &Seen) -> Markup {
    let told = &seen.told;
    html! {
        @if !told.datasets.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="What is being read" {
                table {
                    thead { tr {
                        th scope="col" { "What" } th.number scope="col" { "Parts" } th.number scope="col" { "Items" }
                        th scope="col" { "Being read" }
                    } }
                    tbody { @for dataset in &told.datasets { (row(dataset)) } }
                }
            }
        }
        @if told.left_out > 0 { p { (words::count(told.left_out, "item")) " removed that the settings leave out" } }
        @if !told.troubles.is_empty() {
            h3 { "What did not work at once" }
            ul {
                @for trouble in told.troubles.iter().rev().take(TROUBLES_SHOWN) {
                    li { (trouble.part) ": " (trouble.words) }
                }
            }
        }
    }
}

fn row(dataset: &DatasetTold) -> Markup {
    let labels: Vec<&str> = dataset.under_way.iter().map(|part| part.label.as_str()).collect();
    html! {
        tr {
            th scope="row" { (dataset.name) }
            td.number { (words::number(dataset.done)) " of " (words::number(dataset.parts)) }
            td.number { (words::number(dataset.items)) }
            td {
                (labels.join(", "))
                @if dataset.untouched > 0 {
                    span.soft { (words::count(dataset.untouched, "part")) " left alone: the changed settings do not touch them" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rate_words;

    #[test]
    fn a_rate_is_as_exact_as_it_is_worth() {
        let rates = [0.0, 0.04, 0.44, 3.0, 9.96, 10.4, 1_250.2];
        assert_eq!(rates.map(rate_words), ["0", "0", "0.4", "3", "10", "10", "1,250"]);
    }
}
