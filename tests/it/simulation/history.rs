//! One history: a site, a host, and some rounds of changes and syncs, all from a seed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL};
use fastrand::Rng;
use tempfile::TempDir;
use tokio::sync::Notify;
use weir::gate::{Doors, Gate, GatePlan};
use weir::model::{Basic, ConnectionId, Description, Origin, Scheme};
use weir::secrets::{Credential, Fixed, Secret};
use weir::store::{Mode, NewConnection, Store, Trigger};
use weir::sync::{Claims, Job, Policy, Report, Stop, SyncError, run};

use super::checks::shown::Shown;
use super::checks::{faithful, kept, repeated};
use super::clockwork::Dice;
use super::native::{Mischief, Native};
use super::scene::CRAWLER;
use super::states::{Since, newest_word};
use super::trouble::{self, LIST_LAG_MS};
use super::values;
use super::watch::{Read, Told, Watch};
use super::wire::Wire;
use super::world::World;
use crate::acme::{NAME, SITE};

/// Rounds of a history before all goes quiet.
pub const ROUNDS_MAX: usize = 6;

/// What the promise is, for a site of any size.
const IDLE_REQUESTS_MAX: u32 = 10;

/// After so long a host asks again about whatever it could not read, and no list is behind.
pub const PATIENCE_MS: i64 = 8 * 24 * 3_600_000;

/// A run that takes more steps goes in circles.
const STEPS_MAX: u32 = 20_000;

/// A history that held.
pub struct Story {
    /// How much was shown to somebody by the moments of two reads of one run.
    pub races: usize,
    pub words: String,
    pub syncs: usize,
    pub crashes: usize,
    pub requests: u64,
    pub steps: u64,
}

/// A history in which something did not hold, and what.
#[derive(Debug)]
pub struct Failed {
    pub seed: u64,
    pub rounds: usize,
    pub what: Vec<String>,
    pub words: String,
}

pub struct History {
    seed: u64,
    rng: Rng,
    world: World,
    skew_ms: i64,
    mischief: Mischief,
    description: Description,
    store: Store,
    connection: ConnectionId,
    shown: Arc<Mutex<Shown>>,
    since: Since,
    /// The contents when the sync before this one began.
    before: usize,
    /// What the last run had kept when its host was lost.
    interrupted: Option<Vec<Read>>,
    story: Story,
    folder: TempDir,
}

enum Ended {
    Crashed,
    Reported(Box<Result<Report, SyncError>>),
}

impl History {
    pub fn tell(seed: u64) -> Result<Story, Failed> {
        Self::tell_rounds(seed, ROUNDS_MAX, Mischief::None)
    }

    /// The history cut off after so many rounds; its end is quiet all the same.
    pub fn tell_rounds(seed: u64, rounds_max: usize, mischief: Mischief) -> Result<Story, Failed> {
        let mut history = Self::begin(seed, mischief);
        let rounds = history.rng.usize(1..=ROUNDS_MAX).min(rounds_max);
        let what = history.go_on(rounds);
        let words = history.world.tale();
        match what {
            Ok(()) => {
                let races = history.world.states(|states| states.races.len());
                Ok(Story { words, races, requests: history.world.all_requests(), ..history.story })
            }
            Err(what) => Err(Failed { seed, rounds, what, words }),
        }
    }

    fn begin(seed: u64, mischief: Mischief) -> Self {
        let mut rng = Rng::with_seed(seed);
        let world = World::new(rng.fork());
        let folder = tempfile::Builder::new().prefix("weir").tempdir_in(memory()).unwrap();
        let store = Store::open(folder.path()).unwrap();
        let connection = connect(&store);
        let skew_ms = trouble::skew_ms(&mut rng);
        world.tell(format!("seed {seed}, the host's clock {skew_ms} ms ahead"));
        let story = Story { races: 0, words: String::new(), syncs: 0, crashes: 0, requests: 0, steps: 0 };
        let shown = Arc::new(Mutex::new(Shown::new()));
        History {
            seed,
            rng,
            world,
            skew_ms,
            mischief,
            description: values::description(),
            store,
            connection,
            shown,
            since: Since { contents: 0, people: 0 },
            before: 0,
            interrupted: None,
            story,
            folder,
        }
    }

    fn go_on(&mut self, rounds: usize) -> Result<(), Vec<String>> {
        for round in 0..rounds {
            self.round(round)?;
        }
        self.quiet()
    }

    fn round(&mut self, round: usize) -> Result<(), Vec<String>> {
        for _ in 0..self.rng.usize(..5) {
            self.world.happen();
        }
        self.world.time.pass([1_000, 60_000, 3_600_000][self.rng.usize(..3)]);
        let mode = match self.rng.u8(..6) {
            _ if round == 0 => Mode::Since,
            0 => Mode::Everything,
            1 | 2 => Mode::Inventory,
            _ => Mode::Since,
        };
        let (knobs, plot) = (trouble::knobs(&mut self.rng), trouble::plot(&mut self.rng));
        let crash_at = self.rng.bool().then(|| self.rng.u32(1..90));
        self.world.tell(format!("  a sync of {mode:?}, lost at step {crash_at:?}; {knobs:?}; {plot:?}"));
        let calm = plot.deeds.is_empty() && knobs.list_lag_ms == 0 && knobs.index_lag_ms == 0;
        self.world.begin(plot, knobs);
        let complete = self.sync(mode, crash_at)?;
        self.world.calm();
        // What could not be read is asked about again when its time has come, and is as it was until then.
        let failed = !self.store.failures(self.connection, None, 1).unwrap().is_empty();
        if complete && calm && thorough(mode) && !failed {
            self.faithful("after a complete sync")?;
        }
        Ok(())
    }

    /// All goes well again, and time passes: the next sync that looks at everything brings it all.
    fn quiet(&mut self) -> Result<(), Vec<String>> {
        self.world.calm();
        self.world.time.pass(PATIENCE_MS);
        self.world.tell("  quiet".into());
        if !self.sync(Mode::Inventory, None)? {
            return Err(vec!["the last sync was not complete".into()]);
        }
        self.faithful("in the end")?;
        self.idle()?;
        self.prompt()
    }

    /// A sync when nothing happened costs the same handful of requests whatever the site's size.
    fn idle(&mut self) -> Result<(), Vec<String>> {
        self.world.tell("  nothing happens".into());
        self.world.calm();
        self.sync(Mode::Since, None)?;
        let requests = self.world.requests();
        if requests > IDLE_REQUESTS_MAX {
            Err(vec![format!("an idle sync made {requests} requests")])
        } else {
            Ok(())
        }
    }

    /// An edit is there after one plain sync.
    fn prompt(&mut self) -> Result<(), Vec<String>> {
        let Some((id, word)) = self.world.edit() else { return Ok(()) };
        self.world.calm();
        if !self.sync(Mode::Since, None)? {
            return Err(vec!["the sync after an edit was not complete".into()]);
        }
        let item = self.store.items_with_id(Some(self.connection), &id).unwrap().pop();
        let kept = item.and_then(|item| newest_word(&item.body?.value));
        if kept == Some(word) {
            return self.faithful("after an edit");
        }
        Err(vec![format!("{id} was edited with word {word}, and after a sync it is kept with {kept:?}")])
    }

    fn faithful(&self, when: &str) -> Result<(), Vec<String>> {
        let wrong = self.world.site.read(|site| faithful::differences(&self.store, self.connection, site));
        let wrong: Vec<String> = wrong.into_iter().map(|line| format!("{when}: {line}")).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// One sync, with all that must hold during and after it; whether it was complete.
    fn sync(&mut self, mode: Mode, crash_at: Option<u32>) -> Result<bool, Vec<String>> {
        let began =
            self.world.states(|states| (states.at(self.world.time.now() - LIST_LAG_MS), states.now()));
        let present = kept::present(&self.store, self.connection);
        let watch = Watch::new(
            self.world.clone(),
            self.store.clone(),
            self.connection,
            self.since,
            Arc::clone(&self.shown),
            crash_at,
        );
        let ended = self.run(mode, &watch);
        self.story.syncs += 1;
        let complete = match ended {
            Ended::Crashed => {
                self.world.tell(format!("    the host is lost after {} requests", self.world.requests()));
                self.story.crashes += 1;
                self.reopen();
                false
            }
            Ended::Reported(ended) => {
                let report = (*ended).map_err(|error| vec![format!("the sync failed: {error}")])?;
                let told = report.run.message.clone().unwrap_or_default();
                let requests = self.world.requests();
                self.world.tell(format!("    {:?} after {requests} requests {told}", report.run.outcome));
                report.is_complete()
            }
        };
        let told = watch.tell();
        self.story.steps += u64::from(told.steps);
        self.hold(&told, &present, complete)?;
        if complete && thorough(mode) {
            self.since = Since { contents: began.0.contents, people: began.0.people };
        }
        self.before = began.0.contents;
        self.interrupted = (!complete && crash_at.is_some()).then_some(told.kept);
        Ok(complete)
    }

    fn hold(
        &mut self,
        told: &Told,
        present: &std::collections::BTreeSet<String>,
        complete: bool,
    ) -> Result<(), Vec<String>> {
        let mut wrong: Vec<String> = told.lies.clone();
        if told.steps > STEPS_MAX {
            wrong.push(format!("the sync took {} steps", told.steps));
        }
        let after = kept::present(&self.store, self.connection);
        wrong.extend(self.world.states(|states| kept::taken(present, &after, states, self.before)));
        if let Some(kept) = self.interrupted.take().filter(|_| complete) {
            wrong.extend(repeated::too_often(&kept, &told.fetched, &told.anew));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn run(&mut self, mode: Mode, watch: &Watch) -> Ended {
        let clock = self.world.time.of_host(self.skew_ms);
        let chance = Arc::new(Dice(Mutex::new(self.rng.fork())));
        let doors =
            Doors { transport: Arc::new(Wire(self.world.clone())), clock: Arc::clone(&clock), chance };
        let connection = self.store.connection(NAME).unwrap();
        let source = Native {
            gate: Gate::new(plan(), doors).unwrap(),
            connection,
            clock: Arc::clone(&clock),
            watch: watch.clone(),
            mischief: self.mischief,
            rng: Arc::new(Mutex::new(self.rng.fork())),
        };
        let job = Job {
            store: self.store.clone(),
            connection: self.connection,
            description: self.description.clone(),
            mode,
            source,
            clock,
            progress: Arc::new(watch.clone()),
            committed: Arc::new(Notify::new()),
            claims: Claims::default(),
            trigger: Trigger::Hand,
            policy: Policy::default(),
            stop: Stop::never(),
        };
        // A runtime of its own: what a lost host had begun ends with it.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = watch.lost() => Ended::Crashed,
                ended = run(job) => Ended::Reported(Box::new(ended)),
            }
        })
    }

    /// The next process opens the same folder.
    fn reopen(&mut self) {
        self.store = Store::open(self.folder.path()).unwrap();
        *self.shown.lock().unwrap() = Shown::reopened(&self.store, self.connection);
        self.world.tell(format!("    the folder of seed {} is opened again", self.seed));
    }
}

/// Whether a sync of this mode looks at everything, whatever was read before.
fn thorough(mode: Mode) -> bool {
    mode != Mode::Since
}

fn connect(store: &Store) -> ConnectionId {
    let new = NewConnection {
        name: NAME.to_owned(),
        connector: "confluence".to_owned(),
        settings: format!(r#"{{"site":"{SITE}"}}"#),
        session: format!(r#"{{"accountId":"{CRAWLER}","site":"{SITE}","login":"api-token"}}"#),
        login: "api-token".to_owned(),
        username: Some(CRAWLER_EMAIL.to_owned()),
        account: "Crawler at acme".to_owned(),
        origins: vec![origin()],
        routes: Vec::new(),
        setting_up: false,
    };
    store.add_connection(&new, 1).unwrap().id
}

fn origin() -> Origin {
    Origin { url: SITE.to_owned(), credential: true, post: false, purpose: "read".to_owned() }
}

fn plan() -> GatePlan {
    let scheme = Scheme::Basic(Basic { username: "E-mail".to_owned(), password: "API token".to_owned() });
    let credential = Credential::new(&scheme, Some(CRAWLER_EMAIL), Some(&Secret::new(API_TOKEN))).unwrap();
    GatePlan { origins: vec![origin()], credential: credential.map(Fixed::source), ..GatePlan::default() }
}

/// A folder in memory, where waiting for the disk costs nothing; the usual one elsewhere.
pub fn memory() -> PathBuf {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() { shared.to_path_buf() } else { std::env::temp_dir() }
}
