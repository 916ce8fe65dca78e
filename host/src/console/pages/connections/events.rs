//! Server-sent events that keep an open page up to date: each is named by the element that it fills.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;

use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use maud::html;
use serde::Deserialize;

use super::super::shown::Oops;
use super::card::{self, Sort};
use super::{progress, runs};
use crate::console::acts::Approval;
use crate::console::ticks::Ticks;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Host, HostError, Turn};
use crate::live::{Doing, Seen};
use crate::model::{ConnectionId, Timestamp};

/// The events of a page with these connections.
pub fn names(connections: &[ConnectionId]) -> String {
    let of = |connection: &ConnectionId| {
        format!("{} {} {}", card::id(*connection), progress::id(*connection), runs::latest_id(*connection))
    };
    let mut names: Vec<String> = connections.iter().map(of).collect();
    names.push("said".to_owned());
    names.join(" ")
}

/// What the page shows that follows.
#[derive(Deserialize)]
pub struct Shown {
    /// It says that the source is being asked about deletions.
    #[serde(default)]
    asking: bool,
}

pub async fn of_all(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
) -> Result<Response, Oops> {
    Ok(answer(Watching::begin(console, viewer, None)?))
}

pub async fn of_one(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Query(Shown { asking }): Query<Shown>,
) -> Result<Response, Oops> {
    let connection = console.with_host(move |host| Ok(host.store().connection(&name)?.id)).await?;
    let watching = Watching::begin(console, viewer, Some(connection))?;
    Ok(answer(Watching { asking, ..watching }))
}

fn answer(watching: Watching) -> Response {
    let events = stream::unfold(watching, |mut watching| async move {
        loop {
            if let Some(event) = watching.ready.pop_front() {
                return Some((Ok::<_, Infallible>(event), watching));
            }
            if !watching.ticks.next().await || watching.look().await.is_err() {
                return None;
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// One page that is open.
struct Watching {
    console: Console,
    viewer: Viewer,
    ticks: Ticks,
    /// None for all.
    only: Option<ConnectionId>,
    /// The page waits for the end of an approval, which may have come before it was open.
    asking: bool,
    /// How each stood when it was last looked at; None before the first look.
    before: Option<BTreeMap<ConnectionId, Mark>>,
    ready: VecDeque<Event>,
}

/// What of a connection makes its card another one when it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    turn: Turn,
    doing: Option<Doing>,
    undecided: u64,
}

/// A connection at one look.
struct Looked {
    mark: Mark,
    seen: Option<Seen>,
}

impl Watching {
    fn begin(console: Console, viewer: Viewer, only: Option<ConnectionId>) -> Result<Self, Trouble> {
        let ticks = Ticks::begin(&console)?;
        Ok(Self { console, viewer, ticks, only, asking: false, before: None, ready: VecDeque::new() })
    }

    /// Looks at everything, and readies events for what is no longer as it was.
    async fn look(&mut self) -> Result<(), Trouble> {
        let only = self.only;
        let (now, backlog, all) = self.console.with_host(move |host| look(host, only)).await?;
        let marks: BTreeMap<_, _> =
            all.iter().map(|one| (one.mark.turn.connection, one.mark.clone())).collect();
        let before = self.before.replace(marks);
        let others =
            |before: &BTreeMap<_, _>| !before.keys().eq(all.iter().map(|one| &one.mark.turn.connection));
        if before.as_ref().is_some_and(others) || self.approval_ended() {
            self.ready.push_back(Event::default().event("reload").data("all"));
            return Ok(());
        }
        for one in all {
            let connection = one.mark.turn.connection;
            match before.as_ref().and_then(|before| before.get(&connection)) {
                Some(before) if *before != one.mark => self.changed(before, &one.mark, backlog, now).await?,
                // A page that was just made may have missed what began meanwhile.
                _ => self.goes_on(connection, one.seen.as_ref(), backlog),
            }
        }
        Ok(())
    }

    /// Whether the approval that the page waits for has ended.
    fn approval_ended(&mut self) -> bool {
        let goes_on = |only| self.console.approvals().of(only) == Some(Approval::GoesOn);
        let asking = self.only.is_some_and(goes_on);
        std::mem::replace(&mut self.asking, asking) && !asking
    }

    fn goes_on(&mut self, connection: ConnectionId, seen: Option<&Seen>, backlog: u64) {
        if seen.is_some() {
            let shown = progress::fragment(seen, backlog, self.sort());
            self.push(&progress::id(connection), shown);
        }
    }

    /// The whole card, the latest runs, and a word aloud when something began or ended.
    async fn changed(
        &mut self,
        before: &Mark,
        mark: &Mark,
        backlog: u64,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let name = mark.turn.name.as_str();
        let standing = self.console.standing(name).await?;
        let connection = mark.turn.connection;
        self.push(&card::id(connection), card::content(&self.viewer, &standing, backlog, now, self.sort()));
        if self.only.is_some() {
            let latest = runs::latest(&self.console, name, now).await?;
            self.push(&runs::latest_id(connection), latest);
        }
        let outcome = standing.overview.last_run.as_ref().and_then(|run| run.outcome);
        let said = match (before.doing, mark.doing) {
            (None, Some(_)) => Some(format!("{name}: a run has begun.")),
            (Some(_), None) => Some(format!(
                "{name}: the run has ended, {}.",
                outcome.map_or("cut off", |outcome| outcome.as_str())
            )),
            _ => None,
        };
        if let Some(said) = said {
            self.push("said", html! { (said) });
        }
        Ok(())
    }

    fn sort(&self) -> Sort {
        if self.only.is_some() { Sort::Alone } else { Sort::OfMany }
    }

    fn push(&mut self, element: &str, content: maud::Markup) {
        // A carriage return cannot stand in an event; in HTML it is a line break like others.
        let content = content.into_string().replace('\r', "\n");
        self.ready.push_back(Event::default().event(element).data(content));
    }
}

fn look(host: &Host, only: Option<ConnectionId>) -> Result<(Timestamp, u64, Vec<Looked>), HostError> {
    let turns = host.turns()?.into_iter();
    let watched = turns.filter(|turn| only.is_none_or(|only| turn.connection == only));
    let one = |turn: Turn| {
        let seen = host.live().seen(turn.connection);
        let undecided = host.store().undecided(turn.connection)?;
        let doing = seen.as_ref().map(|seen| seen.told.doing);
        Ok(Looked { mark: Mark { turn, doing, undecided }, seen })
    };
    let all = watched.map(one).collect::<Result<Vec<_>, HostError>>()?;
    Ok((host.now()?, host.store().outbox_len_after(0)?, all))
}
