//! Some histories through the real thing: the component in its sandbox, the whole host, the index and
//! the search. Fewer, since each costs as much as twenty of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, ItemRef};
use fastrand::Rng;
use tempfile::TempDir;
use weir::gate::Doors;
use weir::host::{Draft, Host, SyncOptions};
use weir::model::ConnectionId;
use weir::secrets::Secret;
use weir::store::Mode;

use super::checks::faithful;
use super::checks::shown::Shown;
use super::clockwork::Dice;
use super::history::{PATIENCE_MS, memory};
use super::scene::{self, PEOPLE};
use super::states::{Since, newest_word};
use super::trouble::{self, LIST_LAG_MS};
use super::watch::Watch;
use super::wire::Wire;
use super::world::World;
use crate::acme::{NAME, SITE, engine};

const HISTORIES: u64 = 40;
const ROUNDS_MAX: usize = 4;
/// All bodies have this word.
const EVERYWHERE: &str = "told";
const HITS_MAX: usize = 1_000;

struct Boxed {
    rng: Rng,
    world: World,
    skew_ms: i64,
    host: Option<Host>,
    connection: ConnectionId,
    shown: Arc<Mutex<Shown>>,
    since: Since,
    folder: TempDir,
}

#[test]
fn some_histories_through_the_whole_host() {
    let only = super::number("WEIR_SEED");
    for seed in (1..=HISTORIES).filter(|seed| only.is_none_or(|only| only == *seed)) {
        let mut history = Boxed::begin(seed);
        let told = history.tell();
        assert!(
            told.is_ok(),
            "WEIR_SEED={seed}:\n{}\n{}",
            history.world.tale(),
            told.unwrap_err().join("\n")
        );
    }
}

impl Boxed {
    fn begin(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let world = World::new(rng.fork());
        let folder = tempfile::Builder::new().prefix("weir").tempdir_in(memory()).unwrap();
        let skew_ms = trouble::skew_ms(&mut rng);
        world.tell(format!("seed {seed}, the host's clock {skew_ms} ms ahead"));
        let mut boxed = Boxed {
            rng,
            world,
            skew_ms,
            host: None,
            connection: 0,
            shown: Arc::default(),
            since: Since { contents: 0, people: 0 },
            folder,
        };
        boxed.open();
        let draft = Draft {
            connector: "confluence".to_owned(),
            name: NAME.to_owned(),
            settings: format!(r#"{{"site":"{SITE}"}}"#),
            login: Some("api-token".to_owned()),
            username: Some(CRAWLER_EMAIL.to_owned()),
            secret: Secret::new(API_TOKEN),
            routes: Vec::new(),
            setting_up: false,
        };
        one_thread().block_on(boxed.host().add_connection(draft)).unwrap();
        boxed.connection = boxed.host().store().connection(NAME).unwrap().id;
        boxed
    }

    fn host(&self) -> &Host {
        self.host.as_ref().unwrap()
    }

    /// The folder as the next process opens it.
    fn open(&mut self) {
        drop(self.host.take());
        let doors = Doors {
            transport: Arc::new(Wire(self.world.clone())),
            clock: self.world.time.of_host(self.skew_ms),
            chance: Arc::new(Dice(Mutex::new(self.rng.fork()))),
        };
        self.host = Some(Host::with_doors(self.folder.path(), doors).unwrap().with_engine(engine()));
        *self.shown.lock().unwrap() = Shown::reopened(self.host().store(), self.connection);
    }

    fn tell(&mut self) -> Result<(), Vec<String>> {
        for _ in 0..self.rng.usize(1..=ROUNDS_MAX) {
            for _ in 0..self.rng.usize(..5) {
                self.world.happen();
            }
            self.world.time.pass([1_000, 60_000, 3_600_000][self.rng.usize(..3)]);
            let mode = [Mode::Since, Mode::Since, Mode::Inventory, Mode::Everything][self.rng.usize(..4)];
            let (knobs, plot) = (trouble::knobs(&mut self.rng), trouble::plot(&mut self.rng));
            let crash_at = (self.rng.u8(..3) == 0).then(|| self.rng.u32(1..25));
            self.world.tell(format!("  a sync of {mode:?}, lost at step {crash_at:?}; {knobs:?}; {plot:?}"));
            self.world.begin(plot, knobs);
            self.sync(mode, crash_at)?;
            self.world.calm();
            self.search()?;
        }
        self.world.time.pass(PATIENCE_MS);
        self.world.tell("  quiet".into());
        if !self.sync(Mode::Inventory, None)? {
            return Err(vec!["the last sync was not complete".into()]);
        }
        let store = self.host().store();
        let wrong = self.world.site.read(|site| faithful::differences(store, self.connection, site));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.search()
    }

    fn sync(&mut self, mode: Mode, crash_at: Option<u32>) -> Result<bool, Vec<String>> {
        let lagging = self.world.states(|states| states.at(self.world.time.now() - LIST_LAG_MS));
        let watch = Watch::of_all(
            self.world.clone(),
            self.host().store().clone(),
            self.connection,
            self.since,
            Arc::clone(&self.shown),
            crash_at,
        );
        let ended = one_thread().block_on(async {
            tokio::select! {
                biased;
                () = watch.lost() => None,
                ended = self.host().sync(NAME, SyncOptions::by_hand(mode), Arc::new(watch.clone())) => Some(ended.unwrap()),
            }
        });
        let lies = watch.tell().lies;
        if !lies.is_empty() {
            return Err(lies);
        }
        let Some(synced) = ended else {
            self.world.tell("    the host is lost".into());
            self.open();
            return Ok(false);
        };
        self.world.tell(format!("    {:?} {:?}", synced.report.run.outcome, synced.report.run.message));
        let complete = synced.report.is_complete();
        if complete && mode != Mode::Since {
            self.since = Since { contents: lagging.contents, people: lagging.people };
        }
        Ok(complete)
    }

    /// What each person finds is what the store shows the person, and was theirs to read when it was written.
    fn search(&self) -> Result<(), Vec<String>> {
        let (host, mut wrong) = (self.host(), Vec::new());
        for person in PEOPLE {
            let email = scene::email(person);
            let mut listed: BTreeMap<String, Option<u64>> = BTreeMap::new();
            let each = |line: weir::store::ItemLine| listed.insert(line.id, None).is_none();
            host.each_item(NAME, None, Some(&email), each).unwrap();
            for (id, word) in &mut listed {
                let body = host.item(id, Some(NAME)).unwrap().body;
                *word = body.and_then(|body| newest_word(&body.value));
            }
            let told: BTreeSet<&String> =
                listed.iter().filter(|(_, word)| word.is_some()).map(|(id, _)| id).collect();
            let hits = host.search(EVERYWHERE, &email, HITS_MAX).unwrap().hits;
            let found: BTreeSet<&String> = hits.iter().map(|hit| &hit.id).collect();
            if found != told {
                wrong.push(format!(
                    "{person} finds {:?} too much and {:?} too little",
                    found.difference(&told).collect::<Vec<_>>(),
                    told.difference(&found).collect::<Vec<_>>()
                ));
            }
            for (id, word) in listed.iter().filter_map(|(id, word)| Some((id, (*word)?))) {
                wrong.extend(self.word(person, id, word));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// A person finds an item by its newest word, and no other item; and could read it once that was written.
    fn word(&self, person: &str, id: &str, word: u64) -> Option<String> {
        let hits = self.host().search(&format!("zw{word}z"), &scene::email(person), HITS_MAX).unwrap().hits;
        let found: Vec<&str> = hits.iter().map(|hit| hit.id.as_str()).collect();
        if !found.contains(&id) {
            return Some(format!("{person} finds {found:?} by the word {word} of {id}"));
        }
        let item: ItemRef = id.parse().unwrap();
        let allowed = self.world.states(|states| {
            let contents = self.since.contents.max(states.written(word));
            states.let_in(person, item, Since { contents, people: self.since.people })
        });
        allowed
            .is_none()
            .then(|| format!("{person} finds {id} by the word {word}, which was never {person}'s to read"))
    }
}

fn one_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
