//! A process that is killed leaves a store that opens, shows nobody anything new, and goes on.
//!
//! The real command, SIGKILL, and one data folder all the while. The moment is a number of requests at
//! the site: that is where a sync is, and it does not depend on how fast this machine is.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use confluence_simulator::{Knobs, Running, Simulator};
use fastrand::Rng;
use weir::host::Host;
use weir::store::Store;

use crate::acme::NAME;
use crate::command::User;
use crate::simulation::checks::{faithful, shown::Shown};
use crate::simulation::clockwork::Time;
use crate::simulation::states::{Since, States, Words};
use crate::simulation::{deeds, scene};

const KILLS: u32 = 100;

/// A sync of so small a site takes seconds; one that hangs is a failure of its own.
const SYNC_MAX: Duration = Duration::from_secs(60);

/// What there is to be shown, and what may be.
struct Scene {
    user: User,
    site: Running,
    time: Time,
    rng: Rng,
    words: Words,
    states: States,
    since: Since,
}

impl Scene {
    async fn new(seed: u64) -> Self {
        let (mut rng, time, mut words) = (Rng::with_seed(seed), Time::begins(), Words::default());
        let model = scene::site(&mut rng, &time, &mut words);
        let states = States::new(&model, &words);
        let knobs = Knobs { latency_ms: 2, page_rows_max: Some(6), ..Knobs::default() };
        let site = Simulator::start(model, knobs).await.unwrap();
        let user = User::new();
        user.adds(&site.url()).ok();
        Scene { user, site, time, rng, words, states, since: Since { contents: 0, people: 0 } }
    }

    fn happen(&mut self) {
        self.time.pass(self.rng.i64(1..60_000));
        let deed = self.site.change(|site| deeds::one(&mut self.rng, site, &mut self.words));
        let at = self.time.now();
        self.site.read(|site| self.states.add(at, site, &self.words, deed.people, false));
    }

    /// A deed, and a sync that is killed at its `at`th request; whether it was over before.
    fn killed(&mut self, arguments: &[&str], at: usize) -> bool {
        self.happen();
        self.site.ledger().clear();
        let mut child = self.user.starts(arguments);
        let began = Instant::now();
        loop {
            let asked = self.site.ledger().len();
            if asked >= at {
                break;
            }
            if child.try_wait().unwrap().is_some() {
                return true;
            }
            assert!(began.elapsed() < SYNC_MAX, "the sync hangs after {asked} requests");
            std::thread::sleep(Duration::from_micros(300));
        }
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        ended
    }

    /// The store opens, is whole, and shows nobody what the site did not let them read.
    fn look(&mut self) {
        let store = Store::open(&self.user.data()).unwrap();
        store.check().unwrap();
        let connection = store.connection(NAME).unwrap().id;
        let mut shown = Shown::reopened(&store, connection);
        let lies = shown.look(&store, connection, &mut self.states, self.since, &BTreeSet::new());
        assert!(lies.is_empty(), "{}", lies.join("\n"));
    }

    /// The store and the index are the site, and nothing is in them twice.
    fn is_faithful(&self) {
        let host = Host::open(&self.user.data(), None).unwrap();
        let connection = host.store().connection(NAME).unwrap().id;
        let wrong = self.site.read(|site| faithful::differences(host.store(), connection, site));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for person in scene::PEOPLE {
            let email = scene::email(person);
            let mut listed = BTreeSet::new();
            host.each_item(NAME, None, Some(&email), |line| listed.insert(line.id)).unwrap();
            let hits = host.search("told", &email, 1_000).unwrap().hits;
            let found: BTreeSet<String> = hits.iter().map(|hit| hit.id.clone()).collect();
            assert_eq!(found.len(), hits.len(), "{person} finds something twice");
            assert!(found.is_subset(&listed), "{person} finds {:?}", found.difference(&listed));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_a_hundred_times_in_a_row() {
    let mut scene = Scene::new(7).await;
    scene.user.runs(&["sync"]).ok();
    let whole = scene.site.ledger().len();
    scene.is_faithful();
    let mut ended = 0;
    for _ in 0..KILLS {
        let at = scene.rng.usize(1..whole);
        let arguments: &[&str] = if scene.rng.u8(..3) == 0 { &["sync"] } else { &["sync", "--everything"] };
        ended += u32::from(scene.killed(arguments, at));
        scene.look();
    }
    assert!(ended < KILLS / 2, "{ended} of {KILLS} syncs were over before they were killed");
    scene.user.runs(&["sync", "--everything"]).ok();
    scene.is_faithful();
}
