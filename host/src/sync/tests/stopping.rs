//! A run that is asked to stop.

use std::future::pending;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::{Still, said};
use crate::model::{Change, Dataset, Description, Kind, Lineage, Next, Page, Partition, Position};
use crate::sandbox::CallError;
use crate::store::testing::{new_connection, page};
use crate::store::{Mode, Outcome, Store, Traffic, Trigger};
use crate::sync::{Answer, Claims, Halt, Job, Policy, Report, Silent, Source, Stop, Stopper, run};

/// Ten pages of one item each; whoever reads the page `stop_at` asks the run to stop meanwhile.
#[derive(Clone)]
struct Long {
    stopper: Arc<Stopper>,
    stop_at: usize,
    /// The page is never answered.
    silent: bool,
    log: Arc<Mutex<Vec<String>>>,
}

impl Source for Long {
    async fn partitions(&self, _dataset: &str) -> Answer<Vec<Partition>> {
        said(Ok(vec![Partition { id: "all".into(), label: "All".into(), token: String::new() }]))
    }

    async fn page(&self, _partition: &Partition, position: &Position, _limit: u32) -> Answer<Page> {
        let at: usize = match position {
            Position::After(cursor) => cursor.parse().unwrap(),
            _ => 0,
        };
        self.log.lock().unwrap().push(at.to_string());
        if at == self.stop_at {
            self.stopper.stop(Halt::Canceled);
            if self.silent {
                pending::<()>().await;
            }
        }
        let changes = vec![Change::Upsert(Box::new(page(&format!("page:{at}"), "space:1")))];
        let next = if at == 9 { Next::Done(None) } else { Next::More((at + 1).to_string()) };
        said(Ok(Page { changes, next, remaining: None, pause: None }))
    }

    async fn items(&self, ids: &[String]) -> Answer<Vec<Change>> {
        assert_eq!(self.stop_at, usize::MAX, "a run that was asked to stop asks about nothing");
        assert_eq!(ids, ["space:1"], "the pages wait for what holds them");
        said(Ok(Vec::new()))
    }

    async fn in_scope(&self, _items: &[Lineage]) -> Result<Vec<bool>, CallError> {
        panic!("a run that was asked to stop leaves nothing out")
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

struct Scene {
    store: Store,
    _dir: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        store.add_connection(&new_connection("acme"), 1).unwrap();
        Self { store, _dir: dir }
    }

    /// One run, and which pages were asked for.
    async fn sync(&self, stop_at: usize, silent: bool, begun: bool) -> (Report, String) {
        let (stopper, stop) = Stop::door();
        if !begun {
            stopper.stop(Halt::Interrupted);
        }
        let log = Arc::default();
        let source = Long { stopper: Arc::new(stopper), stop_at, silent, log: Arc::clone(&log) };
        let dataset =
            Dataset { name: "content".into(), title: "Content".into(), since: false, inventory: false };
        let kind = Kind {
            name: "page".into(),
            title: "pages".into(),
            family: "page".into(),
            searched: true,
            inherits: false,
            widens: false,
        };
        let job = Job {
            store: self.store.clone(),
            connection: self.store.connection("acme").unwrap().id,
            description: Description {
                name: "long".into(),
                title: "Long".into(),
                version: "1".into(),
                documentation: None,
                settings_schema: "{}".into(),
                logins: Vec::new(),
                datasets: vec![dataset],
                kinds: vec![kind],
                bounds: None,
            },
            mode: Mode::Since,
            policy: Policy::default(),
            trigger: Trigger::Schedule,
            source,
            clock: Arc::new(Still(60)),
            progress: Arc::new(Silent),
            committed: Arc::new(Notify::new()),
            claims: Claims::default(),
            stop,
        };
        let report = run(job).await.unwrap();
        let log = log.lock().unwrap().join(" ");
        (report, log)
    }
}

#[tokio::test]
async fn the_page_under_way_is_kept_and_the_next_run_goes_on_behind_it() {
    let scene = Scene::new();
    let (report, asked) = scene.sync(3, false, true).await;
    assert_eq!((report.run.outcome, asked.as_str()), (Some(Outcome::Canceled), "0 1 2 3"));
    assert_eq!((report.run.counts.added, report.is_complete()), (4, false));
    assert_eq!((report.run.trigger, report.run.message), (Trigger::Schedule, None));
    let (report, asked) = scene.sync(usize::MAX, false, true).await;
    assert!(asked.starts_with("4 5 6 7 8 9"), "{asked}");
    assert_eq!((report.run.outcome, report.run.counts.added), (Some(Outcome::Complete), 6));
}

#[tokio::test]
async fn a_page_that_does_not_come_is_given_up() {
    let scene = Scene::new();
    let (report, asked) = scene.sync(2, true, true).await;
    assert_eq!((report.run.outcome, asked.as_str()), (Some(Outcome::Canceled), "0 1 2"));
    assert_eq!(report.run.counts.added, 2);
}

#[tokio::test]
async fn a_run_that_is_asked_before_it_begins_reads_nothing() {
    let (report, asked) = Scene::new().sync(0, false, false).await;
    assert_eq!((report.run.outcome, asked.as_str()), (Some(Outcome::Interrupted), ""));
}

#[test]
fn the_first_reason_stands() {
    let (stopper, stop) = Stop::door();
    assert_eq!(stop.asked(), None);
    stopper.stop(Halt::Canceled);
    stopper.stop(Halt::Interrupted);
    assert_eq!(stop.asked(), Some(Halt::Canceled));
}
