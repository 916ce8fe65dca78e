//! Who looks on while a sync goes: counts its steps, loses the host at one of them, and holds
//! what is shown against what the site has been.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use weir::model::{Change, ConnectionId, Page, Partition, Position};
use weir::store::Store;
use weir::sync::{Event, Progress};

use super::checks::shown::Shown;
use super::states::Since;
use super::world::World;

#[derive(Clone)]
pub struct Watch(Arc<Inner>);

struct Inner {
    world: World,
    store: Store,
    connection: ConnectionId,
    since: Since,
    crashed: Notify,
    shown: Arc<Mutex<Shown>>,
    seen: Mutex<Seen>,
}

/// A page that a partition delivered, named by where it was read.
pub type Read = (String, String);

#[derive(Default)]
struct Seen {
    /// The host is lost at this step.
    crash_at: Option<u32>,
    steps: u32,
    crashed: bool,
    /// Whether all words are looked at each time.
    all: bool,
    /// The items of pages that were fetched and are not yet kept.
    waiting: BTreeMap<String, VecDeque<(String, BTreeSet<String>)>>,
    /// Items of which other words may be kept than were looked at.
    stale: BTreeSet<String>,
    fetched: Vec<Read>,
    kept: Vec<Read>,
    /// Partitions that had to begin anew.
    anew: BTreeSet<String>,
    lies: Vec<String>,
}

/// What a watch has to tell when it is over.
pub struct Told {
    pub steps: u32,
    pub fetched: Vec<Read>,
    pub kept: Vec<Read>,
    pub anew: BTreeSet<String>,
    pub lies: Vec<String>,
}

impl Watch {
    pub fn new(
        world: World,
        store: Store,
        connection: ConnectionId,
        since: Since,
        shown: Arc<Mutex<Shown>>,
        crash_at: Option<u32>,
    ) -> Self {
        let seen = Mutex::new(Seen { crash_at, ..Seen::default() });
        Self(Arc::new(Inner { world, store, connection, since, crashed: Notify::new(), shown, seen }))
    }

    /// The same where the pages are not seen on their way: all words are looked at each time.
    pub fn of_all(
        world: World,
        store: Store,
        connection: ConnectionId,
        since: Since,
        shown: Arc<Mutex<Shown>>,
        crash_at: Option<u32>,
    ) -> Self {
        let seen = Mutex::new(Seen { crash_at, all: true, ..Seen::default() });
        Self(Arc::new(Inner { world, store, connection, since, crashed: Notify::new(), shown, seen }))
    }

    /// Until the host is lost.
    pub async fn lost(&self) {
        self.0.crashed.notified().await;
    }

    /// A step of the run. What it has kept by now is looked at; a lost host goes no further.
    pub async fn passes(&self) {
        if self.step() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the host is lost.
    fn step(&self) -> bool {
        let crashed = {
            let mut seen = self.0.seen.lock().unwrap();
            seen.steps += 1;
            if seen.crash_at.is_some_and(|at| seen.steps >= at) && !seen.crashed {
                seen.crashed = true;
                self.0.crashed.notify_one();
            }
            seen.crashed
        };
        self.look();
        crashed
    }

    fn look(&self) {
        let Inner { world, store, connection, since, shown, seen, .. } = &*self.0;
        let mut seen = seen.lock().unwrap();
        let mut shown = shown.lock().unwrap();
        let stale = if seen.all { shown.known(store, *connection) } else { std::mem::take(&mut seen.stale) };
        let lies = world.states(|states| shown.look(store, *connection, states, *since, &stale));
        seen.lies.extend(lies);
    }

    pub fn fetched(&self, partition: &Partition, position: &Position, page: Option<&Page>) {
        let mut seen = self.0.seen.lock().unwrap();
        let Some(page) = page else {
            return;
        };
        let at = place(position);
        if *position == Position::Everything
            && seen.fetched.iter().any(|(id, read)| *id == partition.id && *read == at)
        {
            seen.anew.insert(partition.id.clone());
        }
        seen.fetched.push((partition.id.clone(), at.clone()));
        seen.waiting.entry(partition.id.clone()).or_default().push_back((at, ids(&page.changes)));
    }

    pub fn answered(&self, _asked: &[String], changes: &[Change]) {
        self.0.seen.lock().unwrap().stale.extend(ids(changes));
    }

    pub fn tell(&self) -> Told {
        self.look();
        let mut seen = self.0.seen.lock().unwrap();
        let seen = std::mem::take(&mut *seen);
        Told { steps: seen.steps, fetched: seen.fetched, kept: seen.kept, anew: seen.anew, lies: seen.lies }
    }
}

impl Progress for Watch {
    fn notice(&self, event: Event<'_>) {
        match event {
            Event::Page { partition, .. } => {
                {
                    let mut seen = self.0.seen.lock().unwrap();
                    if let Some((at, ids)) = seen.waiting.get_mut(&partition.id).and_then(VecDeque::pop_front)
                    {
                        seen.kept.push((partition.id.clone(), at));
                        seen.stale.extend(ids);
                    }
                }
                self.step();
            }
            Event::Trouble { dataset, partition, words } => {
                self.0.world.tell(format!("    trouble in {dataset}/{partition}: {words}"));
            }
            _ => {}
        }
    }
}

fn place(position: &Position) -> String {
    match position {
        Position::Everything => "everything".to_owned(),
        Position::Inventory => "inventory".to_owned(),
        Position::Since(checkpoint) => format!("since {checkpoint}"),
        Position::After(cursor) => format!("after {cursor}"),
    }
}

/// The items that these changes tell of.
fn ids(changes: &[Change]) -> BTreeSet<String> {
    let id = |change: &Change| match change {
        Change::Upsert(item) => Some(item.id.clone()),
        Change::Delete(id) | Change::Binned(id) => Some(id.clone()),
        Change::Seen(summary) => Some(summary.id.clone()),
        _ => None,
    };
    changes.iter().filter_map(id).collect()
}
