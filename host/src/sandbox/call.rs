//! One call: a fresh instance, a deadline, and what came of it.

use std::fs::File;
use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;
use wasmtime::Store;
use wasmtime_wasi::p2::DynOutputStream;

use super::connector::{Connector, words};
use super::egress::Egress;
use super::engine::Seat;
use super::excess::{self, Measured};
use super::journal::Journal;
use super::limits::{self, Times};
use super::outside::Way;
use super::sink::Sink;
use super::state::{Allowance, State};
use crate::abi::Calls;
use crate::gate::Gate;
use crate::model::{
    Account, Amount, Change, Choice, Connection, Description, Fault, Finding, Issue, Lineage, Page,
    Partition, Plan, Position,
};

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The connector answered with an error of the contract. The refusals are the gate's, if
    /// it turned requests of this call away or got no answer to them.
    #[error("{fault}{}", also(.refusals))]
    Fault { fault: Fault, refusals: Vec<String> },
    #[error(
        "the connector used more than {} MB of memory in `{call}` and was stopped; report it to its author",
        limits::MEMORY_BYTES_MAX >> 20
    )]
    OutOfMemory { call: &'static str },
    /// Its calls side by side, together.
    #[error(
        "the connector's calls used more than {} MB of memory together, and `{call}` was stopped; report it to its author",
        limits::MEMORY_OF_ONE_BYTES_MAX >> 20
    )]
    OutOfMemoryTogether { call: &'static str },
    #[error(
        "the connector computed for more than {max:?} in `{call}` and was stopped; report it to its author"
    )]
    OutOfTime { call: &'static str, max: Duration },
    #[error("`{call}` took more than {max:?}, most of it waiting for the source; try again later")]
    TooSlow { call: &'static str, max: Duration },
    /// Of a plan; nobody has agreed to that.
    #[error(
        "the connector asks for {origin}, which lies outside the bounds that it names in its description; nothing was \
         kept: report it to its author"
    )]
    Overreached { origin: String },
    /// The answer has more in it than any source needs.
    #[error(
        "the connector answered `{call}` with {what}; nothing of it was kept: report it to the connector's author"
    )]
    Excessive { call: &'static str, what: String },
    #[error("the connector crashed in `{call}` ({reason}); report it to its author{}", also(.refusals))]
    Crashed { call: &'static str, reason: String, refusals: Vec<String> },
}

fn also(refusals: &[String]) -> String {
    match refusals {
        [] => String::new(),
        some => format!(" ({})", some.join("; ")),
    }
}

impl CallError {
    /// Whether a page was refused for a cursor or checkpoint that is too long.
    #[must_use]
    pub fn is_of_position(&self) -> bool {
        matches!(self, Self::Excessive { what, .. } if what.contains(excess::POSITION))
    }
}

impl Connector {
    /// # Errors
    ///
    /// When the component does not fit the contract or crashes.
    pub async fn describe(&self) -> Result<Description, CallError> {
        self.describe_in(Way::nowhere()).await
    }

    /// The same with clocks, chance and a way out of the caller's own, to see whether it uses them.
    ///
    /// # Errors
    ///
    /// As [`Connector::describe`].
    pub async fn describe_in(&self, way: Way) -> Result<Description, CallError> {
        let mut cell = Cell::new(self, way, "describe").await?;
        let answer = within(cell.times, cell.calls.describe(&mut cell.store)).await;
        measured("describe", cell.settle(answer.map(|answer| answer.map(Ok))).0)
    }

    /// Checks and tidies settings. The inner error lists what is wrong with them.
    ///
    /// # Errors
    ///
    /// When the connector crashes, and [`CallError::Overreached`] for a plan beyond its own bounds.
    pub async fn configure(
        &self,
        settings: &str,
        login: &str,
    ) -> Result<Result<Plan, Vec<Issue>>, CallError> {
        self.configure_in(Way::nowhere(), settings, login).await
    }

    /// The same with clocks, chance and a way out of the caller's own, to see whether it uses them.
    ///
    /// # Errors
    ///
    /// As [`Connector::configure`].
    pub async fn configure_in(
        &self,
        way: Way,
        settings: &str,
        login: &str,
    ) -> Result<Result<Plan, Vec<Issue>>, CallError> {
        let mut cell = Cell::new(self, way, "configure").await?;
        let settings = settings.to_owned();
        let answer = within(cell.times, cell.calls.configure(&mut cell.store, &settings, login)).await;
        let plan = match cell.settle(answer.map(|answer| answer.map(Ok))).0? {
            Ok(plan) => Ok(measured("configure", Ok(plan))?),
            Err(issues) => Err(issues),
        };
        let beyond = plan.as_ref().ok().and_then(|plan| self.description().beyond(&plan.origins));
        match beyond {
            Some(origin) => Err(CallError::Overreached { origin: origin.url.clone() }),
            None => Ok(plan),
        }
    }

    /// Proves that the credential the gate injects works.
    ///
    /// # Errors
    ///
    /// [`CallError::Fault`] with what the source said; the rest as for any call.
    pub async fn authenticate(
        &self,
        way: impl Into<Way>,
        settings: &str,
        login: &str,
    ) -> Result<Account, CallError> {
        let mut cell = Cell::new(self, way.into(), "authenticate").await?;
        let settings = settings.to_owned();
        let answer = within(cell.times, cell.calls.authenticate(&mut cell.store, &settings, login)).await;
        measured("authenticate", cell.settle(answer).0)
    }

    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn choices(
        &self,
        gate: &Gate,
        connection: &Connection,
        pointer: &str,
        typed: &str,
    ) -> Result<Vec<Choice>, CallError> {
        let mut cell = Cell::new(self, gate.into(), "choices").await?;
        let answer =
            within(cell.times, cell.calls.choices(&mut cell.store, connection, pointer, typed)).await;
        measured("choices", cell.settle(answer).0)
    }

    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn list_partitions(
        &self,
        way: impl Into<Way>,
        connection: &Connection,
        dataset: &str,
    ) -> (Result<Vec<Partition>, CallError>, Journal) {
        let mut cell = match Cell::new(self, way.into(), "list-partitions").await {
            Ok(cell) => cell,
            Err(error) => return (Err(error), Journal::default()),
        };
        let answer =
            within(cell.times, cell.calls.list_partitions(&mut cell.store, connection, dataset)).await;
        let (answer, journal) = cell.settle(answer);
        (measured("list-partitions", answer), journal)
    }

    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn read_page(
        &self,
        way: impl Into<Way>,
        connection: &Connection,
        partition: &Partition,
        position: &Position,
        limit: u32,
    ) -> (Result<Page, CallError>, Journal) {
        let mut cell = match Cell::new(self, way.into(), "read-page").await {
            Ok(cell) => cell,
            Err(error) => return (Err(error), Journal::default()),
        };
        let read = cell.calls.read_page(&mut cell.store, connection, partition, position, limit);
        let answer = within(cell.times, read).await;
        let (answer, journal) = cell.settle(answer);
        (measured("read-page", answer), journal)
    }

    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn read_items(
        &self,
        way: impl Into<Way>,
        connection: &Connection,
        ids: &[String],
    ) -> (Result<Vec<Change>, CallError>, Journal) {
        let mut cell = match Cell::new(self, way.into(), "read-items").await {
            Ok(cell) => cell,
            Err(error) => return (Err(error), Journal::default()),
        };
        let answer = within(cell.times, cell.calls.read_items(&mut cell.store, connection, ids)).await;
        let (answer, journal) = cell.settle(answer);
        (measured("read-items", answer), journal)
    }

    /// About how much there is to read, and what it costs.
    ///
    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn estimate(
        &self,
        way: impl Into<Way>,
        connection: &Connection,
    ) -> Result<Vec<Amount>, CallError> {
        let mut cell = Cell::new(self, way.into(), "estimate").await?;
        let answer = within(cell.times, cell.calls.estimate(&mut cell.store, connection)).await;
        cell.settle(answer).0
    }

    /// What a careful administrator would find.
    ///
    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn diagnose(&self, gate: &Gate, connection: &Connection) -> Result<Vec<Finding>, CallError> {
        let mut cell = Cell::new(self, gate.into(), "diagnose").await?;
        let answer = within(cell.times, cell.calls.diagnose(&mut cell.store, connection)).await;
        cell.settle(answer).0
    }

    /// Whether the settings still ask for these items; `way` lets no request out. An answer of
    /// another length than the question is none.
    ///
    /// # Errors
    ///
    /// As [`Connector::authenticate`].
    pub async fn in_scope(
        &self,
        way: impl Into<Way>,
        connection: &Connection,
        items: &[Lineage],
    ) -> Result<Vec<bool>, CallError> {
        let mut cell = Cell::new(self, way.into(), "in-scope").await?;
        let answer = within(cell.times, cell.calls.in_scope(&mut cell.store, connection, items)).await;
        let answer = cell.settle(answer).0?;
        if answer.len() == items.len() {
            return Ok(answer);
        }
        let message = format!("asked about {} items and was told of {}", items.len(), answer.len());
        Err(CallError::Fault { fault: Fault::Unexpected(message), refusals: Vec::new() })
    }

    /// Fetches the bytes of a file, at most `bytes_max` of them, and the media type that the
    /// source gave. They count only if the call succeeds, so nothing is returned otherwise.
    ///
    /// # Errors
    ///
    /// As [`Connector::authenticate`]; more bytes than allowed are `Fault::Forbidden`.
    pub async fn download(
        &self,
        gate: &Gate,
        connection: &Connection,
        link: &str,
        bytes_max: usize,
    ) -> Result<(Vec<u8>, Option<String>), CallError> {
        self.download_in(downloading(gate, bytes_max), connection, link, bytes_max).await
    }

    /// The same by a way whose answers may be as large.
    ///
    /// # Errors
    ///
    /// As [`Connector::download`].
    pub async fn download_in(
        &self,
        way: Way,
        connection: &Connection,
        link: &str,
        bytes_max: usize,
    ) -> Result<(Vec<u8>, Option<String>), CallError> {
        let sink = Sink::new(bytes_max);
        match self.pour(way, connection, link, &sink).await? {
            Poured::Whole { media_type } => Ok((sink.into_bytes(), media_type)),
            Poured::TooLarge => {
                let fault =
                    Fault::Forbidden(format!("the file is larger than the limit of {bytes_max} bytes"));
                Err(CallError::Fault { fault, refusals: Vec::new() })
            }
        }
    }

    /// The same into a file, so that the memory does not grow with what is fetched. The file
    /// counts only if the answer is [`Poured::Whole`].
    ///
    /// # Errors
    ///
    /// As [`Connector::authenticate`]; a file that cannot be written is `Fault::Unavailable`.
    pub async fn download_into(
        &self,
        gate: &Gate,
        connection: &Connection,
        link: &str,
        file: File,
        bytes_max: usize,
    ) -> Result<Poured, CallError> {
        let sink = Sink::into_file(file, bytes_max);
        let answer = self.pour(downloading(gate, bytes_max), connection, link, &sink).await;
        if let Some(error) = sink.broken() {
            let fault = Fault::Unavailable(format!("the file could not be kept: {error}"));
            return Err(CallError::Fault { fault, refusals: Vec::new() });
        }
        answer
    }

    async fn pour(
        &self,
        way: Way,
        connection: &Connection,
        link: &str,
        sink: &Sink,
    ) -> Result<Poured, CallError> {
        let mut cell = Cell::new(self, way, "download").await?;
        let stream: DynOutputStream = Box::new(sink.clone());
        let answer = within(cell.times, cell.calls.download(&mut cell.store, connection, link, stream)).await;
        match cell.settle(answer).0 {
            // Whether the connector noticed that the stream was closed does not matter.
            Ok(_) | Err(CallError::Fault { .. }) if sink.is_full() => Ok(Poured::TooLarge),
            answer => answer.map(|(media_type, _said)| Poured::Whole { media_type }),
        }
    }
}

/// One byte more than allowed comes in, so that the sink can tell that there were more.
fn downloading(gate: &Gate, bytes_max: usize) -> Way {
    Way::downloading(gate, (bytes_max as u64).saturating_add(1))
}

/// What came of a download that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poured {
    /// All of the file, and the media type that the source gave.
    Whole { media_type: Option<String> },
    /// There were more bytes than agreed.
    TooLarge,
}

/// A store and an instance in it, for one call.
struct Cell {
    store: Store<State>,
    calls: Calls,
    call: &'static str,
    times: Times,
    // Dropped after the instance, whose place in the pool it stands for.
    _seat: Seat,
}

/// What a bounded call brought: nothing in time, a trap, or the connector's answer.
type Bounded<T> = Result<wasmtime::Result<Result<T, Fault>>, tokio::time::error::Elapsed>;

impl Cell {
    async fn new(connector: &Connector, way: Way, call: &'static str) -> Result<Self, CallError> {
        let (engine, lane) = (&connector.engine, &connector.lane);
        let (times, seat) = (engine.times(), engine.seat(lane).await);
        let state = State::new(Egress::new(way), Allowance::new(engine, lane));
        let mut store = Store::new(connector.engine.wasmtime(), state);
        store.limiter(|state| &mut state.allowance);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(Allowance::tick);
        store.set_hostcall_fuel(limits::LIFTED_BYTES_MAX);
        // A component's start function runs here, and may be as hostile as any other.
        let made = within(times, connector.calls.instantiate(&mut store)).await;
        match made {
            Ok(Ok(calls)) => Ok(Self { store, calls, call, times, _seat: seat }),
            Err(_) => Err(CallError::TooSlow { call, max: times.call_max }),
            Ok(Err(_)) if store.data().allowance.time_refused => {
                Err(CallError::OutOfTime { call, max: times.computing_max })
            }
            Ok(Err(_)) if store.data().allowance.memory_refused => Err(CallError::OutOfMemory { call }),
            Ok(Err(_)) if store.data().allowance.share_refused => {
                Err(CallError::OutOfMemoryTogether { call })
            }
            Ok(Err(error)) => Err(CallError::Crashed { call, reason: words(&error), refusals: Vec::new() }),
        }
    }

    fn settle<T>(self, answer: Bounded<T>) -> (Result<T, CallError>, Journal) {
        let state = self.store.into_data();
        let (call, refusals) = (self.call, state.refusals());
        let result = match answer {
            Err(_) => Err(CallError::TooSlow { call, max: self.times.call_max }),
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(fault))) => Err(CallError::Fault { fault, refusals }),
            Ok(Err(_)) if state.allowance.time_refused => {
                Err(CallError::OutOfTime { call, max: self.times.computing_max })
            }
            Ok(Err(_)) if state.allowance.memory_refused => Err(CallError::OutOfMemory { call }),
            Ok(Err(_)) if state.allowance.share_refused => Err(CallError::OutOfMemoryTogether { call }),
            Ok(Err(trap)) => Err(CallError::Crashed { call, reason: reason(&trap), refusals }),
        };
        (settled(result, state.unsigned(), call), state.journal)
    }
}

/// An answer of any size that makes sense.
fn measured<T: Measured>(call: &'static str, answer: Result<T, CallError>) -> Result<T, CallError> {
    let answer = answer?;
    match answer.excess() {
        Some(what) => Err(CallError::Excessive { call, what }),
        None => Ok(answer),
    }
}

/// A call that lacked its credential has seen only a part of what it asked for, so that nothing
/// it made of that may be kept. `diagnose` is there to tell of such things and keeps its answer.
fn settled<T>(result: Result<T, CallError>, unsigned: Option<Fault>, call: &str) -> Result<T, CallError> {
    match (result, unsigned) {
        (Ok(answer), Some(_)) if call == "diagnose" => Ok(answer),
        (_, Some(fault)) => Err(CallError::Fault { fault, refusals: Vec::new() }),
        (result, None) => result,
    }
}

/// The root of a trap's chain: the backtrace of somebody else's component helps nobody here.
fn reason(trap: &wasmtime::Error) -> String {
    trap.root_cause().to_string().replace('\n', " ")
}

async fn within<T>(times: Times, call: impl Future<Output = T>) -> Result<T, tokio::time::error::Elapsed> {
    timeout(times.call_max, call).await
}

#[cfg(test)]
mod tests {
    use super::{CallError, Fault, settled};

    #[test]
    fn what_a_connector_made_of_a_missing_credential_is_not_kept() {
        let unsigned = || Some(Fault::Unauthenticated("sign in again".to_owned()));
        let lost = Err(CallError::Fault {
            fault: Fault::Unauthenticated("sign in again".to_owned()),
            refusals: vec![],
        });
        let own = || Err(CallError::OutOfMemory { call: "read-page" });
        assert_eq!(settled(Ok(1), unsigned(), "read-page"), lost);
        assert_eq!(settled(own(), unsigned(), "read-page"), lost);
        assert_eq!(settled(Ok(1), unsigned(), "diagnose"), Ok(1), "it tells of such things itself");
        assert_eq!(settled(own(), unsigned(), "diagnose"), lost);
        assert_eq!(settled(Ok(1), None, "read-page"), Ok(1));
        assert_eq!(settled::<u8>(own(), None, "read-page"), own());
    }
}
