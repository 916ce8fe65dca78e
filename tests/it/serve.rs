//! `weir serve` and who else wants the data folder meanwhile: processes, as their users run them. When a
//! connection is due is told in the store, so that nobody waits for an hour.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use confluence_simulator::{CRAWLER_EMAIL, Knobs, Running};
use weir::host::{Doing, Host};
use weir::store::{Mode, Outcome, Run, Store, Trigger};

use crate::acme::{ANA, GATEWAY, MEDIA, NAME, SITE, small};
use crate::command::{Said, User, serve, stable};

/// Long enough for a busy machine; a test that comes here has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Milliseconds before each answer, so that a run can be met while it goes on.
const SLOWLY: u64 = 400;

/// Until something is so in another process, which cannot wake us.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} never came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The newest first.
fn runs(user: &User) -> Vec<Run> {
    let store = Store::open(&user.data()).unwrap();
    let connection = store.connection(NAME).unwrap().id;
    store.runs(connection, 99).unwrap()
}

fn outcomes(user: &User) -> Vec<Option<Outcome>> {
    runs(user).into_iter().map(|run| run.outcome).collect()
}

async fn until_under_way(user: &User, run: usize) {
    until(
        "a run",
        || matches!(&runs(user)[..], [last, ..] if last.outcome.is_none() && runs(user).len() == run),
    )
    .await;
}

async fn until_complete(user: &User, run: usize) {
    until("its end", || outcomes(user).len() == run && outcomes(user)[0] == Some(Outcome::Complete)).await;
}

fn ends(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    Said { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Sends SIGTERM, and waits for the end.
fn terminated(child: Child) -> Said {
    let kill = format!("kill -TERM {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    ends(child)
}

fn slow(site: &Running) {
    site.set_knobs(Knobs { latency_ms: SLOWLY, page_rows_max: Some(2), ..Knobs::default() });
}

/// The connection's last run is as long ago as that.
fn last_run_ago(user: &User, ago: Duration) {
    let file = rusqlite::Connection::open(user.data().join("weir.db")).unwrap();
    file.busy_timeout(PATIENCE).unwrap();
    let ms = i64::try_from(ago.as_millis()).unwrap();
    file.execute("UPDATE runs SET started = started - ?1, finished = finished - ?1", [ms]).unwrap();
}

fn adds_beta(user: &User, url: &str) {
    let (set, routes) = (format!("site={SITE}"), [SITE, GATEWAY, MEDIA].map(|from| format!("{from}={url}")));
    let add =
        ["connection", "add", "confluence", "--name", "beta", "--set", &set, "--username", CRAWLER_EMAIL];
    let routes = routes.iter().flat_map(|route| ["--route", route]).collect::<Vec<_>>();
    user.runs(&[&add as &[&str], &routes].concat()).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_read_and_a_sync_by_hand_joins_it() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    slow(&site);
    let serving = user.starts(&["serve"]);
    until_under_way(&user, 1).await;

    let joined = user.runs(&["sync", NAME]).ok();
    assert!(joined.stderr.contains("following its run 1"), "{joined}");
    assert!(joined.stderr.contains(&format!("process {} (`weir serve`", serving.id())), "{joined}");
    assert!(joined.stdout.starts_with("acme: read ") && joined.stdout.contains("new, 0 changed"), "{joined}");
    let found = user.runs(&["search", "flamingo", "--as", ANA]).ok();
    assert!(found.stdout.contains("Parental leave"), "what was followed to its end is found: {found}");
    site.set_knobs(Knobs::default());

    let more = user.runs(&["sync", NAME, "--everything", "--json"]).ok();
    assert!(more.stderr.contains("following its run 2"), "{more}");
    assert_eq!(more.json()[0]["run"]["mode"], "everything");

    last_run_ago(&user, Duration::from_secs(10 * 60 * 60));
    until_complete(&user, 3).await;
    let told: Vec<_> = runs(&user).iter().map(|run| (run.id, run.trigger, run.mode)).collect();
    assert_eq!(
        told,
        [
            (3, Trigger::Schedule, Mode::Since),
            (2, Trigger::Hand, Mode::Everything),
            (1, Trigger::Schedule, Mode::Since)
        ],
        "ten hours were missed, and are caught up once"
    );
    let said = terminated(serving).ok();
    let lines = said.stderr.lines().filter_map(|line| Some(line.split_once("acme: ")?.1));
    // What stands before the time that it took.
    let told: Vec<&str> = lines.map(|line| line.split(" in ").next().unwrap_or_default()).collect();
    let expected = [
        "begins, it is due",
        "complete",
        "looked into 1 file: 1 with words, 0 waiting, 0 without",
        "begins (everything), it was asked for",
        "complete",
        "begins, it is due",
        "complete",
    ];
    assert_eq!(told, expected, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_second_is_told_who_was_first() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let host = Host::open(&user.data(), None).unwrap();
    let serving = user.starts(&["serve"]);
    until("serving", || host.holder().unwrap().is_some_and(|holder| holder.doing == Doing::Serve)).await;
    let pid = serving.id().to_string();
    let refused = [user.runs(&["serve"]), user.runs(&["connection", "remove", NAME])];
    for said in refused {
        let said = stable(&user, said).replace(&pid, "PID");
        let since = said.find(", since ").unwrap();
        let said = format!("{}{}", &said[..since], &said[since + ", since 2026-01-01 00:00".len()..]);
        assert_eq!(
            said,
            "exit 1\n--- stderr\nerror: the data folder HOME/data is in use by process PID (`weir serve`); wait \
             until it has ended, or stop it first"
        );
    }
    // Whoever only looks something up is not concerned.
    for command in [&["search", "flamingo", "--as", ANA] as &[&str], &["status"], &["runs"], &["schedule"]] {
        user.runs(command).ok();
    }
    terminated(serving).ok();
    user.runs(&["connection", "remove", NAME]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_waits_for_a_sync_of_something_else_and_joins_one_of_its_own() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    adds_beta(&user, &site.url());
    slow(&site);
    let first = user.starts(&["sync", NAME]);
    until_under_way(&user, 1).await;
    let refused = user.runs(&["sync", "beta", "--no-wait"]);
    assert!(refused.code == 1 && refused.stderr.contains("is in use by process"), "{refused}");
    let joining = user.starts(&["sync", NAME, "--no-wait"]);
    let waiting = user.starts(&["sync", "beta", "--no-files"]);
    let joined = ends(joining).ok();
    assert!(
        joined.stderr.contains("(`weir sync acme`") && joined.stderr.contains("following its run 1"),
        "{joined}"
    );
    ends(first).ok();
    let waited = ends(waiting).ok();
    assert!(waited.stderr.contains("waiting for it to end before beta is read"), "{waited}");
    assert!(waited.stdout.starts_with("beta: read "), "{waited}");
    assert_eq!(outcomes(&user), [Some(Outcome::Complete)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_canceled_from_elsewhere_and_keeps_what_it_has() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    slow(&site);
    assert_eq!(user.runs(&["cancel", NAME]).ok().stderr, "no run of acme is under way\n");
    let syncing = user.starts(&["sync"]);
    until("a page", || runs(&user).first().is_some_and(|run| run.counts.added > 0)).await;
    let said = user.runs(&["cancel", NAME]).ok();
    assert!(said.stderr.starts_with("run 1 of acme was asked to stop"), "{said}");
    let canceled = ends(syncing);
    assert_eq!(canceled.code, 3, "{canceled}");
    assert!(canceled.stderr.contains("canceled: what was read of acme is kept"), "{canceled}");
    let kept = runs(&user).remove(0);
    assert!(kept.outcome == Some(Outcome::Canceled) && kept.counts.added > 0, "{kept:?}");
    site.set_knobs(Knobs::default());
    user.runs(&["sync"]).ok();
    let all = runs(&user);
    assert_eq!(all[0].outcome, Some(Outcome::Complete));
    assert_eq!(all[0].counts.added + kept.counts.added, 10, "what it had was not new again");
}

#[tokio::test(flavor = "multi_thread")]
async fn serving_ends_when_it_is_told_to_and_the_next_one_goes_on() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    slow(&site);
    let serving = user.starts(&["serve"]);
    until("a page", || runs(&user).first().is_some_and(|run| run.counts.added > 0)).await;
    let said = terminated(serving).ok();
    assert!(said.stderr.contains("stopping: what is under way is kept"), "{said}");
    assert!(said.stderr.contains("acme: interrupted in "), "{said}");
    assert_eq!(outcomes(&user), [Some(Outcome::Interrupted)]);

    // Killed, it leaves a run that nobody ends.
    let mut serving = user.starts(&["serve"]);
    until_under_way(&user, 2).await;
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert_eq!(outcomes(&user)[0], None);
    let schedule = user.runs(&["schedule"]).ok();
    assert!(schedule.stdout.contains("cut off") && schedule.stdout.contains("due"), "{schedule}");

    site.set_knobs(Knobs::default());
    let serving = user.starts(&["serve"]);
    until_complete(&user, 3).await;
    let interrupted = Some(Outcome::Interrupted);
    assert_eq!(outcomes(&user), [Some(Outcome::Complete), interrupted, interrupted]);
    terminated(serving).ok();
    assert_eq!(runs(&user).iter().map(|run| run.counts.added).sum::<u64>(), 10, "nothing was new twice");
}
