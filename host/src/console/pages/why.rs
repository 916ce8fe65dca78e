//! Why somebody may read something, level by level: for the person about what that one may read, for
//! administrators about anybody.

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;

use super::address;
use super::layout::{self, Nav};
use super::shown::{Page, looking_as};
use crate::console::who::{Person, Said};
use crate::console::{Console, Eyes, Trouble};
use crate::host::{WhyAnswer, reason, unsearched};

pub fn router() -> Router<Console> {
    Router::new().route("/why", get(page))
}

#[derive(Deserialize)]
struct AskedWhy {
    #[serde(default)]
    item: String,
    connection: Option<String>,
    #[serde(rename = "as")]
    as_whom: Option<String>,
}

async fn page(
    State(console): State<Console>,
    Person(viewer): Person,
    Query(AskedWhy { item, connection, as_whom }): Query<AskedWhy>,
    said: Said,
) -> Page {
    let eyes = console.eyes(&viewer, as_whom.as_deref()).await?;
    let nobody = "your token is nobody's: say about whom, with `as`";
    let eyes = eyes.ok_or_else(|| Trouble::Bad(nobody.to_owned()))?;
    let answer = console.why(&eyes, item, connection).await?;
    let content = html! {
        @if let Some(person) = eyes.lent() { (looking_as(person, "/search")) }
        h1 { "Why " (subject(&eyes, &answer)) }
        p {
            strong { @match address::source(&answer.url) {
                Some(url) => { a href=(url) rel="noopener" { (answer.title) } }
                None => { (answer.title) }
            } }
            " " span.badge { (answer.id) }
        }
        @if eyes.lent { p { "Who that is: " (answer.who()) "." } }
        ol.stages { @for place in (0..answer.explanation.steps.len()).rev() { (level(&eyes, &answer, place)) } }
        @if let Some(left_out) = answer.left_out {
            @if eyes.lent { p.note { "No search finds it: " (unsearched(left_out, &answer.connection)) "." } }
            @else { p.note { "No search finds it: an administrator chose what is searched." } }
        }
        @if eyes.lent { p { a href=(why_not(&eyes, &answer)) { "Why is it not found?" } } }
    };
    Ok(layout::page(&viewer, Nav::Search, "Why", &said, content))
}

fn subject(eyes: &Eyes, answer: &WhyAnswer) -> Markup {
    let may = answer.explanation.readable;
    html! {
        @if !eyes.lent { "you see this" }
        @else { (eyes.email) " " @if may { "may read this" } @else { "may not read this" } }
    }
}

/// The root first: that is the way a reader has to come.
fn level(eyes: &Eyes, answer: &WhyAnswer, place: usize) -> Markup {
    let Some(step) = answer.explanation.steps.get(place) else { return html! {} };
    let refuses = answer.explanation.refusal.filter(|refusal| refusal.level == place);
    let title = if step.title.is_empty() { "Something above it" } else { &step.title };
    html! {
        li data-state=(if step.readable { "passed" } else { "stopped" }) {
            h2 { (title) span.badge { @if step.readable { "let in" } @else { "shut out" } } }
            p { "For " (if eyes.lent { answer.level(step) } else { answer.own_level(step) }) "." }
            @if let Some(refusal) = refuses { p.fault { (reason(refusal.reason)) } }
        }
    }
}

fn why_not(eyes: &Eyes, answer: &WhyAnswer) -> String {
    let pairs = [("item", &answer.id), ("connection", &answer.connection), ("as", &eyes.email)];
    address::query("/why-not", pairs.map(|(name, value)| (name, Some(value.as_str()))))
}
