//! What goes on at a connection now: once, or as it goes on.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rfc3339;
use super::runs::RunLine;
use crate::console::error::Problem;
use crate::console::ticks::Ticks;
use crate::console::who::Reader;
use crate::console::{Console, Trouble};
use crate::host::Host;
use crate::live::{DatasetTold, Doing, Seen, Stage, TroubleTold};
use crate::model::ConnectionId;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(now)).routes(routes!(events))
}

/// What goes on at a connection.
#[derive(Debug, Serialize, ToSchema)]
struct Progress {
    /// None if nothing goes on.
    run: Option<RunProgress>,
    /// Items that wait for the index, of all connections.
    backlog: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct RunProgress {
    /// sync, approval
    doing: &'static str,
    /// Of a sync: since, inventory, everything.
    mode: Option<&'static str>,
    /// RFC 3339.
    since: String,
    /// beginning, reading, confirming, files
    stage: &'static str,
    items: u64,
    /// About how many there are, where that is known.
    expected: Option<u64>,
    /// Over the last ten seconds.
    items_per_second: Option<f64>,
    /// About how many are left, once that can be told.
    seconds_left: Option<u64>,
    requests: u64,
    /// None where the source does not bound them.
    points: Option<u64>,
    datasets: Vec<DatasetProgress>,
    left_out: u64,
    /// Items that were not mentioned any more and are asked about.
    suspects: u64,
    files_done: Option<u64>,
    files_waiting: Option<u64>,
    /// The latest, the newest last.
    troubles: Vec<TroubleLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DatasetProgress {
    name: String,
    parts: u64,
    done: u64,
    /// Parts that changed settings do not touch.
    untouched: u64,
    items: u64,
    /// Labels of parts that are being read, at most 16.
    under_way: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TroubleLine {
    /// RFC 3339.
    at: String,
    part: String,
    message: String,
}

impl From<&Seen> for RunProgress {
    fn from(seen: &Seen) -> Self {
        let told = &seen.told;
        let (doing, mode) = match told.doing {
            Doing::Sync(mode) => ("sync", Some(mode.as_str())),
            Doing::Approval => ("approval", None),
        };
        Self {
            doing,
            mode,
            since: rfc3339(told.since),
            stage: match told.stage {
                Stage::Beginning => "beginning",
                Stage::Reading => "reading",
                Stage::Confirming => "confirming",
                Stage::Files => "files",
            },
            items: told.items,
            expected: seen.expected,
            items_per_second: seen.per_second,
            seconds_left: seen.left.map(|left| left.as_secs()),
            requests: seen.requests,
            points: seen.points,
            datasets: told.datasets.iter().map(DatasetProgress::from).collect(),
            left_out: told.left_out,
            suspects: told.suspects,
            files_done: told.files.map(|files| files.done),
            files_waiting: told.files.map(|files| files.waiting),
            troubles: told.troubles.iter().map(TroubleLine::from).collect(),
        }
    }
}

impl From<&DatasetTold> for DatasetProgress {
    fn from(told: &DatasetTold) -> Self {
        Self {
            name: told.name.clone(),
            parts: told.parts,
            done: told.done,
            untouched: told.untouched,
            items: told.items,
            under_way: told.under_way.iter().map(|part| part.label.clone()).collect(),
        }
    }
}

impl From<&TroubleTold> for TroubleLine {
    fn from(told: &TroubleTold) -> Self {
        Self { at: rfc3339(told.at), part: told.part.clone(), message: told.words.clone() }
    }
}

/// What goes on now.
#[utoipa::path(get, path = "/connections/{name}/progress", tag = "runs", params(("name" = String, Path)),
    responses((status = 200, body = Progress), (status = "default", body = Problem)))]
async fn now(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Progress>, Trouble> {
    let found = console.with_host(move |host| {
        let connection = host.store().connection(&name)?.id;
        look(host, connection)
    });
    Ok(Json(found.await?))
}

fn look(host: &Host, connection: ConnectionId) -> Result<Progress, crate::host::HostError> {
    let seen = host.live().seen(connection);
    let backlog = host.store().outbox_len_after(0)?;
    Ok(Progress { run: seen.as_ref().map(RunProgress::from), backlog })
}

/// The same as it goes on (server-sent events): `progress` at most twice a second while something goes on, and
/// `ended` with the latest run after it has ended. The answer ends after ten minutes; ask again.
#[utoipa::path(get, path = "/connections/{name}/events", tag = "runs", params(("name" = String, Path)),
    responses((status = 200, description = "Events with `Progress` or `RunLine` as data.", content_type = "text/event-stream",
        body = String), (status = "default", body = Problem)))]
async fn events(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    let connection = console.with_host(move |host| Ok(host.store().connection(&name)?.id)).await?;
    let ticks = Ticks::begin(&console)?;
    let following = Following { console, ticks, connection, goes_on: false, ready: VecDeque::new() };
    let events = stream::unfold(following, |mut following| async move {
        loop {
            if let Some(event) = following.ready.pop_front() {
                return Some((Ok::<_, Infallible>(event), following));
            }
            if !following.ticks.next().await || following.look().await.is_err() {
                return None;
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// A program that follows a connection.
struct Following {
    console: Console,
    ticks: Ticks,
    connection: ConnectionId,
    goes_on: bool,
    ready: VecDeque<Event>,
}

impl Following {
    async fn look(&mut self) -> Result<(), Trouble> {
        let connection = self.connection;
        let progress = self.console.with_host(move |host| look(host, connection)).await?;
        let went_on = std::mem::replace(&mut self.goes_on, progress.run.is_some());
        if self.goes_on {
            self.push("progress", &progress);
        } else if went_on {
            let runs = self.console.with_host(move |host| Ok(host.store().runs(connection, 1)?)).await?;
            self.push("ended", &runs.first().map(RunLine::from));
        }
        Ok(())
    }

    fn push(&mut self, name: &str, data: &impl Serialize) {
        let event = Event::default().event(name);
        // What is made of numbers and text is always JSON.
        self.ready.extend(event.json_data(data).ok());
    }
}
