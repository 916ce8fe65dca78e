//! A connection's card: how it stands, when it is read, what is in it, and what to do.

use maud::{Markup, html};

use super::super::{address, form, words};
use super::progress;
use crate::console::Viewer;
use crate::console::standing::Standing;
use crate::host::Turn;
use crate::model::{ConnectionId, Timestamp};
use crate::schedule::{State, When, Why};
use crate::store::{Outcome, Run};

/// Where a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    OfMany,
    /// On the connection's own page, with more of what goes on.
    Alone,
}

/// The element that holds a card's content.
pub fn id(connection: ConnectionId) -> String {
    format!("card-{connection}")
}

pub fn content(viewer: &Viewer, standing: &Standing, backlog: u64, now: Timestamp, sort: Sort) -> Markup {
    let Standing { turn, overview, connector, seen, .. } = standing;
    let name = turn.name.as_str();
    let state = turn.state.as_str();
    html! {
        div.head {
            @if sort == Sort::OfMany { h2 { a href=(address::connection(name, "")) { (name) } } }
            @else { h2 { "How it stands" } }
            span.badge data-state=(state) { (state_words(state)) }
        }
        p.soft { (connector) " · " (overview.connection.account) }
        (summons(name, state))
        div.progress id=(progress::id(turn.connection)) {
            (progress::fragment(seen.as_ref(), backlog, sort))
        }
        (times(standing, now))
        (counts(standing))
        (concerns(standing))
        (actions(viewer, standing))
    }
}

/// `needs-sign-in` is a name for programs.
pub fn state_words(state: &str) -> String {
    state.replace('-', " ")
}

/// What a person has to do before anything is read.
fn summons(name: &str, state: &str) -> Markup {
    html! {
        @if state == State::NeedsSignIn.as_str() {
            p.trouble { "The source does not take the sign-in any more; nothing is read before somebody signs in again." }
            p { a.button.primary href=(address::connection(name, "/sign-in")) { "Sign in again" } }
        }
        @if state == "setting-up" {
            p { a.button.primary href=(address::connection(name, "/configure")) { "Go on setting up" } }
        }
    }
}

fn times(standing: &Standing, now: Timestamp) -> Markup {
    let last = standing.overview.last_run.as_ref();
    html! {
        dl.facts {
            dt { "Last run" }
            dd { @match last { Some(run) => (last_run(run, &standing.turn, now)), None => "none yet" } }
            dt { "Next run" }
            dd { (next_run(&standing.turn, now)) }
        }
    }
}

fn last_run(run: &Run, turn: &Turn, now: Timestamp) -> Markup {
    let path = address::connection(&turn.name, &format!("/runs/{}", run.id));
    let outcome = match run.outcome {
        Some(outcome) => outcome.as_str(),
        None if turn.state == State::Syncing => "going on",
        None => "cut off",
    };
    let is_bad = run.outcome != Some(Outcome::Complete);
    html! {
        a href=(path) { (words::ago(run.started, now)) } ", " (outcome)
        @if let Some(message) = run.message.as_ref().filter(|_| is_bad) { br; span.soft { (message) } }
    }
}

fn next_run(turn: &Turn, now: Timestamp) -> Markup {
    html! {
        @if let Some(mode) = turn.wanted { "asked for (" (mode_words(mode.as_str())) "), in a moment" }
        @else if turn.state == State::Syncing { "after this one" }
        @else {
            @match turn.when {
                When::Now => "due",
                When::At(at) => (words::ago(at, now)),
                When::Never(Why::NeedsSignIn) => "none before somebody signs in again",
                When::Never(Why::Paused) => "none while it is paused",
                When::Never(_) => "when somebody asks for it",
            }
        }
    }
}

/// What a run sets out to read, for people.
pub fn mode_words(mode: &str) -> &str {
    match mode {
        "since" => "what changed",
        "inventory" => "a look at everything",
        _ => "everything anew",
    }
}

fn counts(standing: &Standing) -> Markup {
    let counts = standing.counts();
    html! {
        @if counts.is_empty() { p.soft { "Nothing was read yet." } }
        @else {
            ul.counts {
                @for (_, title, items) in counts { li { strong { (words::number(items)) } " " (title) } }
            }
        }
    }
}

/// What somebody should look at.
fn concerns(standing: &Standing) -> Markup {
    let name = standing.turn.name.as_str();
    let people = standing.overview.without_email;
    let show = if people == 1 { "shows" } else { "show" };
    let (failures, undecided) = (standing.overview.failures, standing.undecided);
    html! {
        @if people + failures + undecided > 0 {
            ul.concerns {
                @if undecided > 0 {
                    li { a href=(address::connection(name, "/deletions")) {
                        (words::count(undecided, "deletion")) @if undecided == 1 { " waits" } @else { " wait" } " for your word"
                    } }
                }
                @if failures > 0 {
                    li { a href=(address::connection(name, "/failures")) { (words::count(failures, "item")) " could not be read" } }
                }
                @if people > 0 {
                    li { a href=(address::query("/people", [("connection", Some(name))])) {
                        (if people == 1 { "1 person".to_owned() } else { format!("{} people", words::number(people)) })
                        " " (show) " no e-mail"
                    } }
                }
            }
        }
    }
}

fn actions(viewer: &Viewer, standing: &Standing) -> Markup {
    let Turn { name, state, schedule, wanted, .. } = &standing.turn;
    let at = |rest: &str| address::connection(name, rest);
    let ready = state.as_str() != "setting-up";
    html! {
        div.row.actions {
            @if *state == State::Syncing { (form::button(viewer, &at("/cancel"), "Stop this run", "", None)) }
            @else if ready && wanted.is_none() && *state != State::NeedsSignIn {
                (sync(viewer, name, "since", "Sync now", "primary"))
            }
            a.button href=(at("/configure")) { "Edit" span.unseen { " " (name) } }
            details.menu {
                summary.button { "More" span.unseen { " for " (name) } }
                div {
                    @if ready {
                        (sync(viewer, name, "everything", "Full sync", "quiet"))
                        (sync(viewer, name, "inventory", "Look at everything", "quiet"))
                        @if schedule.paused { (form::button(viewer, &at("/resume"), "Resume", "quiet", None)) }
                        @else { (form::button(viewer, &at("/pause"), "Pause", "quiet", None)) }
                        a.button.quiet href=(at("/sign-in")) { "Sign in again" }
                    }
                    a.button.quiet.danger href=(at("/remove")) { "Remove" }
                }
            }
        }
    }
}

/// A button that asks for a run.
fn sync(viewer: &Viewer, name: &str, mode: &str, label: &str, class: &str) -> Markup {
    let fields = html! {
        input type="hidden" name="mode" value=(mode);
        button type="submit" class=(class) { (label) span.unseen { " of " (name) } }
    };
    form::form(viewer, &address::connection(name, "/sync"), fields)
}
