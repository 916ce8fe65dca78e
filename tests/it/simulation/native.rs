//! The connector without a sandbox, as a source: its requests go through a real gate.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted};
use confluence::model as from;
use confluence::transport::{Level, Log, Response, Transport, TransportError, TransportErrorKind};
use confluence::{filter, reading, setup};
use fastrand::Rng;
use http_body_util::BodyExt;
use url::Url;
use weir::gate::{BodyFault, CallBudget, Clock, Failure, Gate, Refusal};
use weir::model::{Access, Change, Connection, Lineage, Page, Partition, Position, timestamp};
use weir::sandbox::{CallError, Journal};
use weir::store::Traffic;
use weir::sync::{Answer, Source};

use super::values;
use super::watch::Watch;

/// Polls of one request; it waits for nothing but a clock that is moved at once.
const POLLS_MAX: u32 = 10_000;

/// What a connector that lies would do, to show that each lie is caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    None,
    /// It keeps restrictions to itself.
    Opens,
    /// It says that a thing is gone which it was asked about or has just told of.
    Deletes,
    /// It tells what there was, and nothing that changed.
    Forgets,
    /// It tells old words for new ones.
    Misquotes,
}

impl Mischief {
    fn done_to(self, changes: Vec<Change>) -> Vec<Change> {
        let mut changes: Vec<Change> =
            changes.into_iter().filter_map(|change| self.done_to_one(change)).collect();
        if self == Mischief::Deletes {
            let page = |change: &Change| match change {
                Change::Upsert(item) if item.kind == "page" => Some(item.id.clone()),
                _ => None,
            };
            let victim = changes.iter().find_map(page);
            changes.extend(victim.map(Change::Delete));
        }
        changes
    }

    fn done_to_one(self, change: Change) -> Option<Change> {
        match (self, change) {
            (Mischief::Opens, Change::Upsert(mut item)) => {
                if let Access::Narrowed(_) = item.access {
                    item.access = Access::Inherited;
                }
                Some(Change::Upsert(item))
            }
            (Mischief::Opens, Change::Seen(mut summary)) => {
                if let Some(Access::Narrowed(_)) = summary.access {
                    summary.access = Some(Access::Inherited);
                }
                Some(Change::Seen(summary))
            }
            (Mischief::Forgets, Change::Upsert(item)) if item.kind == "page" && item.version != "1" => None,
            (Mischief::Misquotes, Change::Upsert(mut item)) => {
                if let Some(body) = &mut item.body {
                    body.value = "Told of nothing then.".to_owned();
                }
                Some(Change::Upsert(item))
            }
            (_, change) => Some(change),
        }
    }
}

pub struct Native {
    pub gate: Gate,
    pub connection: Connection,
    pub clock: Arc<dyn Clock>,
    pub watch: Watch,
    pub mischief: Mischief,
    /// How long each call is put off, so that partitions overtake each other.
    pub rng: Arc<Mutex<Rng>>,
}

impl Native {
    /// One call of the connector: nothing of it is left afterwards.
    fn call<T>(
        &self,
        work: impl FnOnce(&Site<'_, Wire<'_>>, &Wanted, &str) -> Result<T, confluence::error::Error>,
    ) -> Answer<T> {
        let wire = Wire { gate: &self.gate, budget: CallBudget::default() };
        let connection = from::Connection {
            settings: self.connection.settings.clone(),
            session: self.connection.session.clone(),
        };
        let wanted = || {
            let now = timestamp(self.clock.now());
            Ok(Wanted { filter: Filter::read(&connection.settings)?, now })
        };
        let answer = wanted().and_then(|wanted| {
            let opened = setup::open(&connection)?;
            let site = Site::new(opened.site, &wire, &Silence);
            work(&site, &wanted, &opened.account)
        });
        let fault = |error| CallError::Fault { fault: values::fault(error), refusals: Vec::new() };
        (answer.map_err(fault), Journal::default())
    }

    /// Other tasks go first, as many times as the seed has it. A host that is lost goes no further.
    async fn turn(&self) {
        let many = self.rng.lock().unwrap().u8(..3);
        for _ in 0..many {
            tokio::task::yield_now().await;
        }
        self.watch.passes().await;
    }
}

impl Source for Native {
    async fn partitions(&self, dataset: &str) -> Answer<Vec<Partition>> {
        self.turn().await;
        let listed = self.call(|site, wanted, _| reading::list_partitions(site, wanted, dataset));
        self.turn().await;
        (listed.0.map(|all| all.into_iter().map(values::partition).collect()), listed.1)
    }

    async fn page(&self, partition: &Partition, position: &Position, limit: u32) -> Answer<Page> {
        self.turn().await;
        let (asked, at) = (values::partition_back(partition), values::position_back(position));
        let page = self.call(|site, wanted, _| reading::read_page(site, wanted, &asked, &at, limit));
        let page = (page.0.map(values::page), page.1);
        let page = (page.0.map(|page| Page { changes: self.mischief.done_to(page.changes), ..page }), page.1);
        self.watch.fetched(partition, position, page.0.as_ref().ok());
        self.turn().await;
        page
    }

    async fn items(&self, ids: &[String]) -> Answer<Vec<Change>> {
        self.turn().await;
        let items = self.call(|site, wanted, account| reading::read_items(site, wanted, account, ids));
        let items = (items.0.map(|all| all.into_iter().map(values::change).collect::<Vec<_>>()), items.1);
        let items = (items.0.map(|all| self.mischief.done_to(all)), items.1);
        self.watch.answered(ids, items.0.as_deref().unwrap_or_default());
        self.turn().await;
        items
    }

    async fn in_scope(&self, items: &[Lineage]) -> Result<Vec<bool>, CallError> {
        self.turn().await;
        let (answers, _) = self.call(|_, wanted, _| {
            let filter = wanted.frozen();
            Ok(items.iter().map(|it| filter::in_scope(&filter, &values::lineage_back(it))).collect())
        });
        answers
    }

    fn turned_away(&self) -> u64 {
        let endpoints = self.gate.ledger().traffic().by_endpoint;
        endpoints.values().filter_map(|endpoint| endpoint.by_status.get(&401)).sum()
    }

    fn traffic(&self) -> Traffic {
        let traffic = self.gate.ledger().traffic();
        Traffic { requests: traffic.requests, bytes: traffic.bytes, retries: traffic.retries, points: 0 }
    }
}

struct Silence;

impl Log for Silence {
    fn write(&self, _: Level, _: &str, _: &[(&str, &str)]) {}
}

struct Wire<'a> {
    gate: &'a Gate,
    budget: CallBudget,
}

impl Transport for Wire<'_> {
    type Pending = Result<Response, TransportError>;

    fn send(&self, url: &Url) -> Self::Pending {
        to_its_end(async {
            let request = http::Request::get(url.as_str()).header("accept", "application/json, */*;q=0.1");
            let request = request.body(Bytes::new()).map_err(|error| refused(&error.to_string()))?;
            let answer = self.gate.send(request, &self.budget).await.map_err(|refusal| failed(&refusal))?;
            let (head, body) = answer.into_parts();
            let body = body.collect().await.map_err(|fault| broken(&fault))?.to_bytes();
            let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
            let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
            Ok(Response { status: head.status.as_u16(), headers: headers.collect(), body: body.to_vec() })
        })
    }

    fn wait(&self, pending: Self::Pending) -> Result<Response, TransportError> {
        pending
    }
}

/// Runs what waits for nothing; the runtime's patience with one task does not count here.
fn to_its_end<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(tokio::task::unconstrained(work));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..POLLS_MAX {
        if let Poll::Ready(answer) = work.as_mut().poll(&mut context) {
            return answer;
        }
    }
    panic!("a request waits for something that does not come");
}

fn refused(words: &str) -> TransportError {
    TransportError { kind: TransportErrorKind::Denied, message: words.to_owned() }
}

fn failed(refusal: &Refusal) -> TransportError {
    let kind = match refusal {
        Refusal::Failed { failure: Failure::Silent, .. } => TransportErrorKind::TimedOut,
        Refusal::TooLarge { .. } => TransportErrorKind::TooLarge,
        refusal if refusal.is_policy() => TransportErrorKind::Denied,
        _ => TransportErrorKind::Unreachable,
    };
    TransportError { kind, message: refusal.to_string() }
}

fn broken(fault: &BodyFault) -> TransportError {
    let kind = match fault {
        BodyFault::TooLarge { .. } => TransportErrorKind::TooLarge,
        BodyFault::Silent => TransportErrorKind::TimedOut,
        BodyFault::Broken(_) => TransportErrorKind::Unreachable,
    };
    TransportError { kind, message: "the answer broke off".to_owned() }
}
