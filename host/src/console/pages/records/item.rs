//! The page of a record.

use axum::extract::{Form, Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{places, readers, rendered, states, tree};
use crate::console::Console;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::{Oops, Page, back};
use crate::console::pages::{address, form, words};
use crate::console::who::{Administrator, Said, Viewer};
use crate::host::{Gone, ItemRecord, Level, Looked, RecordState};
use crate::model::Timestamp;
use crate::store::{Happening, IndexMode};

/// Of what lies below an item, on its own page; the tree has the rest.
const BELOW_SHOWN: u32 = 25;

/// What a page is made of.
struct Shown<'a> {
    viewer: &'a Viewer,
    record: &'a ItemRecord,
    below: &'a Level,
    kinds: &'a states::Kinds,
    now: Timestamp,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((connection, id)): Path<(String, String)>,
    said: Said,
) -> Page {
    let (now, kinds, looked) = console
        .with_host(move |host| {
            let looked = match host.record(&connection, &id)? {
                Looked::Here(record) => {
                    let below = host.level(&connection, Some(&id), None, BELOW_SHOWN)?;
                    // Rendering takes as long as reading does, so it is done here too.
                    let body = record.body.as_ref().map(rendered::shown);
                    let words = record.item.words.as_ref().map(rendered::shown);
                    Ok((record, below, body, words))
                }
                Looked::Gone(gone) => Err(gone),
            };
            Ok((host.now()?, states::kinds(host)?, looked))
        })
        .await?;
    let (title, content) = match &looked {
        Ok((record, below, body, inside)) => {
            let shown = Shown { viewer: &viewer, record, below, kinds: &kinds, now };
            (record.item.title.as_str(), shown.page(body.as_ref(), inside.as_ref()))
        }
        Err(gone) => (gone.id.as_str(), self::gone(gone, now)),
    };
    Ok(layout::page(&viewer, Nav::Records, title, &said, content))
}

impl Shown<'_> {
    fn page(&self, body: Option<&(Markup, bool)>, inside: Option<&(Markup, bool)>) -> Markup {
        let item = &self.record.item;
        html! {
            (places::way(&item.connection_name, &self.record.above))
            div.head {
                h1 { (item.title) }
                div.row {
                    span.badge { (states::kind(self.kinds, &item.kind)) }
                    (states::badge(self.record.shown.state))
                }
            }
            (self.facts())
            div.record {
                div {
                    (self.words(body))
                    (self.file(inside))
                    (self.below())
                }
                aside aria-label="About this record" {
                    (self.readers())
                    (self.searched())
                    (self.properties())
                    (history(&self.record.history, self.now))
                }
            }
        }
    }

    fn facts(&self) -> Markup {
        let item = &self.record.item;
        let person = |id: &String| self.record.people.get(id).unwrap_or(id).clone();
        html! {
            p.soft.about {
                @if let Some(author) = &item.author { span { "By " (person(author)) } }
                @if let Some(editor) = item.editor.as_ref().filter(|editor| Some(*editor) != item.author.as_ref()) {
                    span { "edited by " (person(editor)) }
                }
                @if let Some(created) = item.created { span { "created " (words::ago(created, self.now)) } }
                @if let Some(updated) = item.updated { span { "updated " (words::ago(updated, self.now)) } }
                @if let Some(url) = address::source(&item.url) {
                    span { a href=(url) rel="noopener noreferrer" { "Open at the source" } }
                }
                span { code { (item.id) } }
            }
        }
    }

    fn words(&self, body: Option<&(Markup, bool)>) -> Markup {
        html! {
            @if let Some((words, cut)) = body {
                article.panel.rendered tabindex="0" aria-label="Words" {
                    (words)
                    @if *cut { p.note { "It is longer than is shown here; the source has all of it." } }
                }
            } @else if self.record.item.file.is_none() {
                p.panel.soft { "It has no words of its own." }
            }
        }
    }

    fn file(&self, inside: Option<&(Markup, bool)>) -> Markup {
        let Some(file) = &self.record.item.file else { return html! {} };
        let detail = self.record.file.as_ref().map(|file| file.detail.as_str()).unwrap_or_default();
        html! {
            section.panel {
                h2 { "File" }
                dl.facts {
                    dt { "Name" } dd { (file.name) }
                    dt { "Type" } dd { (file.media_type) }
                    @if let Some(size) = file.size { dt { "Size" } dd { (bytes(size)) } }
                }
                @if let Some(state) = states::file(self.record.file.as_ref().map(|file| file.state.as_str())) {
                    p { (state) " " (detail) }
                }
                @if let Some((words, cut)) = inside {
                    details.more {
                        summary { "Words taken out of it" }
                        div.rendered tabindex="0" role="region" aria-label="Words of the file" { (words) }
                        @if *cut { p.note { "They are longer than is shown here." } }
                    }
                }
            }
        }
    }

    fn below(&self) -> Markup {
        let item = &self.record.item;
        let level = places::level(&item.connection_name, Some(&item.id), None);
        html! {
            @if !self.below.lines.is_empty() {
                section.panel {
                    h2 { "Below it" }
                    ul.tree { @for (stated, below) in &self.below.lines { li { (tree::line(self.kinds, stated, *below)) } } }
                    @if self.below.next.is_some() { p { a.button href=(level) { "All of this level" } } }
                }
            }
        }
    }

    fn readers(&self) -> Markup {
        let item = &self.record.item;
        html! {
            section.panel {
                h2 { "Who may read it" }
                (readers::levels(self.record))
                form method="get" action="/why" {
                    input type="hidden" name="item" value=(item.id);
                    input type="hidden" name="connection" value=(item.connection_name);
                    div.field {
                        label for="as" { "Ask about a person" }
                        input id="as" name="as" type="email" required placeholder="ana@acme.example" autocomplete="off";
                    }
                    button type="submit" { "Why, or why not?" }
                }
            }
        }
    }

    fn searched(&self) -> Markup {
        let ItemRecord { item, shown, mode, chosen, .. } = self.record;
        let act = |rest: &str| places::item(&item.connection_name, &item.id, rest);
        html! {
            section.panel {
                h2 { "In searches" }
                p { (said_of(shown.state)) }
                @match mode {
                    IndexMode::Everything => {
                        p.soft { "Everything of this connection is searched whose kind is on. "
                            a href=(address::connection(&item.connection_name, "/configure")) { "Choose kinds, or single items" } }
                    }
                    IndexMode::Manual => {
                        @if let Some(below) = chosen {
                            p { "Chosen" @if *below { ", with all that lies below it" } "." }
                        }
                        (form::form(self.viewer, &act("/choose"), html! {
                            label.check {
                                input type="checkbox" name="with_descendants" value="true" checked[*chosen == Some(true)];
                                "with all that lies below it"
                            }
                            button type="submit" { "Index it" }
                        }))
                        @if chosen.is_some() { (form::button(self.viewer, &act("/unchoose"), "Stop indexing", "", None)) }
                    }
                }
            }
        }
    }

    fn properties(&self) -> Markup {
        let item = &self.record.item;
        html! {
            section.panel {
                h2 { "Properties" }
                dl.facts {
                    @for (name, value) in &item.properties {
                        dt { (name) }
                        dd {
                            @if name == "label" {
                                a href=(address::query("/records", [("label", Some(value.as_str()))])) { (value) }
                            } @else { (value) }
                        }
                    }
                    dt { "version" } dd { (item.version) }
                }
            }
        }
    }
}

fn said_of(state: RecordState) -> &'static str {
    match state {
        RecordState::Found => "Whoever may read it finds it.",
        RecordState::KindOff => "Nobody finds it: its kind is not searched.",
        RecordState::NotChosen => "Nobody finds it: only what was chosen is searched, and it was not.",
        RecordState::Withheld => "Nobody finds its new words yet: who may read them is not settled.",
        RecordState::Waiting => "The index has not taken it in yet; the next search does.",
        RecordState::FileWaiting => "Its file was not looked at yet.",
        RecordState::FileWithoutWords => "No words could be taken out of its file.",
    }
}

fn history(history: &[Happening], now: Timestamp) -> Markup {
    html! {
        section.panel {
            h2 { "History" }
            @if history.is_empty() { p.soft { "Nothing was noted of it: it was read before Weir kept histories." } }
            ol.history {
                @for Happening { run, at, what } in history {
                    li { (states::happened(*what)) " " span.soft { (words::ago(*at, now)) ", in run " (run) } }
                }
            }
        }
    }
}

fn gone(gone: &Gone, now: Timestamp) -> Markup {
    html! {
        (places::way(&gone.connection, &[]))
        h1 { (gone.id) }
        p.note {
            @if gone.binned { "It is in the bin of its source, and nothing of it is kept here." }
            @else if gone.history.is_empty() { "It was never read: something else only named it." }
            @else { "It is gone from its source, and nothing of it is kept here." }
        }
        (history(&gone.history, now))
    }
}

/// `512 bytes`, `3.4 MB`.
fn bytes(size: u64) -> String {
    match size {
        0..1_000 => words::count(size, "byte"),
        1_000..1_000_000 => format!("{:.1} kB", size as f64 / 1e3),
        _ => format!("{:.1} MB", size as f64 / 1e6),
    }
}

#[derive(Deserialize)]
pub struct Choosing {
    #[serde(default)]
    with_descendants: bool,
}

pub async fn choose(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((connection, id)): Path<(String, String)>,
    Form(choosing): Form<Choosing>,
) -> Result<Response, Oops> {
    console.choose(&viewer, connection.clone(), id.clone(), choosing.with_descendants).await?;
    let below = if choosing.with_descendants { ", with all that lies below it" } else { "" };
    back(&console, &places::item(&connection, &id, ""), &format!("It is searched from now on{below}."))
}

pub async fn unchoose(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((connection, id)): Path<(String, String)>,
) -> Result<Response, Oops> {
    console.unchoose(&viewer, connection.clone(), id.clone()).await?;
    back(&console, &places::item(&connection, &id, ""), "It is chosen no more.")
}
