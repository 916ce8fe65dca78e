//! Whole runs against a scripted source. Here is the source; `settings` tells what is read and
//! what goes after settings changed, `stopping` how a run is asked to end, `vanished` what becomes of
//! items without a partition, `held` what waits for a person, `failing` what becomes of items that
//! cannot be read.

mod failing;
mod held;
mod settings;
mod stopping;
mod vanished;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;

use super::{Answer, Claims, Job, Policy, Report, Silent, Source, Stop, run};
use crate::gate::{BoxFuture, Clock};
use crate::model::{
    Activity, Change, Dataset, Description, Failure, Fault, Item, Kind, Lineage, Next, Page, Partition,
    Position,
};
use crate::sandbox::{CallError, Journal};
use crate::store::testing::{new_connection, page, space};
use crate::store::{Mode, Store, Traffic, Trigger};

/// A clock that stands still, at these seconds.
struct Still(u64);

impl Clock for Still {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0)
    }

    fn sleep(&self, _time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

/// What the connector answers to `in-scope`.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    /// Items of the chosen spaces are wanted, and only below the chosen page, if there is one.
    Honest,
    /// Nothing is wanted, whatever is asked about.
    Nothing,
    /// It cannot say.
    Broken,
    /// It answers for fewer items than it was asked about.
    Short,
}

/// A site of spaces, and the settings under which it is read.
struct World {
    /// By space: its pages, each with the id of its parent page, if it has one.
    spaces: BTreeMap<&'static str, Vec<(String, Option<String>)>>,
    chosen: Vec<&'static str>,
    /// Only this page and what is below it.
    below: Option<&'static str>,
    scope: Scope,
    /// Records of the audit log; a checkpoint is how many were read.
    audit: Vec<&'static str>,
    /// Spaces that cannot be read just now.
    forbidden: Vec<&'static str>,
    /// Asked about single items, the source fails.
    mute: bool,
    /// Items that are there, and that no read of a space mentions.
    unlisted: Vec<String>,
    /// Items of which a read of their space says that they cannot be read.
    unread: Vec<String>,
    /// A call that asks about one of these fails as a whole.
    breaks: Vec<String>,
    /// Every call that asks about items fails so.
    down: Option<Fault>,
    /// How often the credential was turned away, and how often it is with each call.
    turned_away: (u64, u64),
    log: Vec<String>,
}

impl World {
    fn is_wanted(&self, lineage: &Lineage) -> bool {
        let ids = || [&lineage.item].into_iter().chain(&lineage.above).map(|one| one.id.as_str());
        let space = ids().find_map(|id| id.strip_prefix("space:"));
        space.is_none_or(|space| self.chosen.contains(&space))
            && self.below.is_none_or(|below| ids().any(|id| id == below))
    }

    fn items(&self, space_id: &str) -> Vec<Item> {
        let root = format!("space:{space_id}");
        let pages = self.spaces.get(space_id).into_iter().flatten();
        let parent = |parent: &Option<String>| parent.clone().unwrap_or_else(|| root.clone());
        let pages = pages.map(|(id, above)| page(id, &parent(above)));
        [space(&root)].into_iter().chain(pages.collect::<Vec<_>>()).collect()
    }

    /// The items that a read of this space delivers under the settings.
    fn delivered(&self, space_id: &str) -> Vec<Item> {
        let items = self.items(space_id);
        let outline = |item: &Item| crate::model::Outline {
            id: item.id.clone(),
            kind: item.kind.clone(),
            created: None,
            updated: None,
            properties: Vec::new(),
        };
        let above = |item: &Item| {
            let mut above = Vec::new();
            let mut next = item.parent.clone();
            while let Some(holder) = next.and_then(|id| items.iter().find(|item| item.id == id)) {
                above.push(outline(holder));
                next = holder.parent.clone();
            }
            above
        };
        let wanted = |item: &&Item| {
            item.parent.is_none() || self.is_wanted(&Lineage { item: outline(item), above: above(item) })
        };
        items.iter().filter(wanted).cloned().collect()
    }
}

#[derive(Clone)]
struct Script(Arc<Mutex<World>>);

fn said<T>(answer: Result<T, CallError>) -> Answer<T> {
    (answer, Journal::default())
}

fn fault(fault: Fault) -> CallError {
    CallError::Fault { fault, refusals: Vec::new() }
}

impl Source for Script {
    async fn partitions(&self, dataset: &str) -> Answer<Vec<Partition>> {
        let world = self.0.lock().unwrap();
        let partition = |id: &str, token: String| Partition { id: id.into(), label: id.into(), token };
        said(Ok(match dataset {
            "audit" => vec![partition("log", String::new())],
            _ => world.chosen.iter().map(|id| partition(id, format!("below {:?}", world.below))).collect(),
        }))
    }

    async fn page(&self, partition: &Partition, position: &Position, _limit: u32) -> Answer<Page> {
        let mut world = self.0.lock().unwrap();
        let whole =
            |changes, next| said(Ok(Page { changes, next: Next::Done(next), remaining: None, pause: None }));
        if partition.id == "log" {
            let from = match position {
                Position::Since(read) => read.parse().unwrap(),
                _ => 0_usize,
            };
            world.log.push(format!("log from {from}"));
            let record = |id: &&str| {
                let (actor, summary, subject) = (Some("ada".into()), "edited".into(), "ENG".into());
                Change::Activity(Activity {
                    id: (*id).into(),
                    at: 5,
                    actor,
                    summary,
                    subject,
                    detail: "{}".into(),
                })
            };
            return whole(
                world.audit[from..].iter().map(record).collect(),
                Some(world.audit.len().to_string()),
            );
        }
        if world.forbidden.contains(&partition.id.as_str()) {
            return said(Err(fault(Fault::Forbidden("not yours".into()))));
        }
        world.log.push(format!("read {}", partition.id));
        let items = world.delivered(&partition.id).into_iter();
        let told = items.filter(|item| !world.unlisted.contains(&item.id)).map(|item| {
            if world.unread.contains(&item.id) { failed(&item.id) } else { Change::Upsert(Box::new(item)) }
        });
        whole(told.collect(), None)
    }

    /// The source's own word: what is there, whatever the settings say of it.
    async fn items(&self, ids: &[String]) -> Answer<Vec<Change>> {
        let mut world = self.0.lock().unwrap();
        world.log.push(format!("asked about {}", ids.len()));
        world.turned_away.0 += world.turned_away.1;
        if let Some(down) = world.down.clone() {
            return said(Err(fault(down)));
        }
        if ids.iter().any(|id| world.breaks.contains(id)) {
            return said(Err(fault(Fault::Unexpected("no such form".into()))));
        }
        let there: Vec<Item> = world.spaces.keys().flat_map(|id| world.items(id)).collect();
        let mute = world.mute;
        let answer = |id: &String| match there.iter().find(|item| item.id == *id) {
            _ if mute => failed(id),
            Some(item) => Change::Upsert(Box::new(item.clone())),
            None => Change::Delete(id.clone()),
        };
        said(Ok(ids.iter().map(answer).collect()))
    }

    async fn in_scope(&self, items: &[Lineage]) -> Result<Vec<bool>, CallError> {
        let mut world = self.0.lock().unwrap();
        world.log.push(format!("judged {}", items.len()));
        match world.scope {
            Scope::Honest => Ok(items.iter().map(|lineage| world.is_wanted(lineage)).collect()),
            Scope::Nothing => Ok(vec![false; items.len()]),
            Scope::Broken => Err(fault(Fault::Unexpected("no idea".into()))),
            Scope::Short => Ok(vec![false; items.len() - 1]),
        }
    }

    fn turned_away(&self) -> u64 {
        self.0.lock().unwrap().turned_away.0
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

fn failed(id: &str) -> Change {
    Change::Failed(Failure { id: id.into(), url: None, reason: "500".into() })
}

/// A store with a connection to a scripted site.
struct Scene {
    store: Store,
    script: Script,
    stop: Stop,
    /// The time of the next run, in seconds.
    now: AtomicU64,
    _dir: tempfile::TempDir,
}

const NAME: &str = "acme";

fn pages(ids: std::ops::Range<u32>) -> Vec<(String, Option<String>)> {
    ids.map(|id| (format!("page:{id}"), None)).collect()
}

impl Scene {
    /// The spaces ENG and OPS, of 200 pages each.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        store.add_connection(&new_connection(NAME), 1).unwrap();
        let spaces = [("ENG", pages(0..200)), ("OPS", pages(200..400))].into();
        let script = Script(Arc::new(Mutex::new(World {
            spaces,
            chosen: vec!["ENG", "OPS"],
            below: None,
            scope: Scope::Honest,
            audit: vec!["a1"],
            forbidden: Vec::new(),
            mute: false,
            unlisted: Vec::new(),
            unread: Vec::new(),
            breaks: Vec::new(),
            down: None,
            turned_away: (0, 0),
            log: Vec::new(),
        })));
        Self { store, script, stop: Stop::never(), now: AtomicU64::new(60), _dir: dir }
    }

    /// Lets time go by.
    fn later(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.script.0.lock().unwrap()
    }

    /// Changes the site or its settings; the connection's settings say what was chosen.
    fn change(&self, change: impl FnOnce(&mut World)) {
        let mut world = self.script.0.lock().unwrap();
        change(&mut world);
        let id = self.store.connection(NAME).unwrap().id;
        let settings = format!("{:?} {:?}", world.chosen, world.below);
        self.store.set_settings(id, &settings, "", "Ada", &[]).unwrap();
    }

    fn job(&self, mode: Mode) -> Job<Script> {
        let dataset =
            |name: &str, since| Dataset { name: name.into(), title: name.into(), since, inventory: false };
        let kind = |name: &str| Kind {
            name: name.into(),
            title: name.into(),
            family: name.into(),
            searched: true,
            inherits: false,
            widens: false,
        };
        Job {
            store: self.store.clone(),
            connection: self.store.connection(NAME).unwrap().id,
            description: Description {
                name: "scripted".into(),
                title: "Scripted".into(),
                version: "1".into(),
                documentation: None,
                settings_schema: "{}".into(),
                logins: Vec::new(),
                datasets: vec![dataset("content", false), dataset("audit", true)],
                kinds: vec![kind("space"), kind("page")],
                bounds: None,
            },
            mode,
            trigger: Trigger::Hand,
            policy: Policy { due_after: Duration::ZERO, ..Policy::default() },
            source: self.script.clone(),
            clock: Arc::new(Still(self.now.load(Ordering::Relaxed))),
            progress: Arc::new(Silent),
            committed: Arc::new(Notify::new()),
            claims: Claims::default(),
            stop: self.stop.clone(),
        }
    }

    /// One run: its report, and what was asked of the source meanwhile.
    async fn sync(&self, mode: Mode) -> (Report, String) {
        let report = run(self.job(mode)).await.unwrap();
        let mut log = std::mem::take(&mut self.script.0.lock().unwrap().log);
        // Partitions are read side by side, so their order is chance.
        let reads = log.iter().take_while(|line| line.starts_with("read")).count();
        log[..reads].sort();
        (report, log.join(", "))
    }

    fn present(&self) -> u64 {
        self.store.present_count(self.store.connection(NAME).unwrap().id).unwrap()
    }
}
