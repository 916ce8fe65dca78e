//! How connections are read by themselves: what is said of it, what is shown, and who is left out.

use std::time::Duration;

use confluence_simulator::{Fault, Knobs, What, When as Faulty};
use weir::gate::Clock;
use weir::schedule::{State, When};
use weir::store::Outcome;

use crate::acme::{Acme, NAME, draft, small};
use crate::command::{User, serve, snapshots};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn refuses() -> Knobs {
    let what = What::Status { code: 401, retry_after_seconds: None };
    Knobs { faults: vec![Fault { path: String::new(), when: Faulty::Always, what }], ..Knobs::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_were_missed_are_caught_up_once() {
    let acme = Acme::new(small()).await;
    let when = || acme.host.turn(NAME).unwrap().when;
    assert_eq!(when(), When::Now, "what was never read is due");
    acme.sync().await;
    assert!(matches!(when(), When::At(_)));
    acme.clock.sleep(2 * HOUR).await;
    assert_eq!(when(), When::Now);
    acme.sync().await;
    assert!(matches!(when(), When::At(_)));
    acme.clock.sleep(100 * HOUR).await;
    assert_eq!(when(), When::Now);
    acme.sync().await;
    assert!(matches!(when(), When::At(_)), "one run for a hundred hours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_needs_a_new_sign_in_waits_for_it() {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    acme.site.set_knobs(refuses());
    assert!(acme.try_sync().await.report.stopped.is_some());
    acme.site.set_knobs(Knobs::default());
    acme.clock.sleep(100 * HOUR).await;
    let turn = acme.host.turn(NAME).unwrap();
    assert_eq!(turn.state, State::NeedsSignIn);
    assert!(matches!(turn.when, When::Never(_)));
    acme.host
        .sign_in(NAME, None, &weir::secrets::Secret::new(confluence_simulator::API_TOKEN))
        .await
        .unwrap();
    let turn = acme.host.turn(NAME).unwrap();
    assert_eq!((turn.state, turn.when), (State::Active, When::Now));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_being_set_up_is_read_by_nobody() {
    let (site, user) = (serve(small()).await, User::new());
    let host = crate::consent::host(&user.data(), Duration::ZERO);
    let added = host.add_connection(weir::host::Draft { setting_up: true, ..draft(&site) }).await.unwrap();
    site.ledger().clear();
    let told = [&["sync", NAME][..], &["sync"], &["schedule"]].map(|command| user.runs(command).to_string());
    insta::assert_snapshot!(told.join("\n"), @"
    exit 1
    --- stderr
    error: failed to sync acme
      because `acme` is still being set up, and not read before: finish that in the console (`weir serve` says where), or remove it with `weir connection remove acme` and add it with `weir connection add`
    exit 0
    --- stderr
    acme is still being set up, and left out
    exit 0
    --- stdout
    connection  mode       every  state       next run  last run
    acme        scheduled  1h     setting-up  none      none
    ");
    assert!(user.runs(&["status"]).ok().stdout.contains("state    setting-up: nothing is read before"));
    assert_eq!(site.ledger().entries().len(), 0, "nothing was asked for it");
    host.finish_setup(NAME).unwrap();
    assert_eq!(host.turn(NAME).unwrap().when, When::Now);
    user.runs(&["connection", "remove", NAME]).ok();
    assert!(!host.store().is_setting_up(added.connection.id).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_cannot_begin_is_listed_and_counted() {
    let acme = Acme::new(small()).await;
    std::fs::remove_file(acme.folder.path().join("key")).unwrap();
    assert!(acme.watched_sync(std::sync::Arc::new(weir::sync::Silent)).await.is_err());
    let turn = acme.host.turn(NAME).unwrap();
    assert_eq!((turn.state, turn.schedule.failures), (State::NeedsSignIn, 1));
    let run = acme.host.store().runs(turn.connection, 9).unwrap().remove(0);
    assert_eq!(run.outcome, Some(Outcome::Failed));
    assert!(run.message.unwrap().contains("does not open with this key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_schedule_is_shown() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let mut said = Vec::new();
    let mut says = |arguments: &[&str]| {
        said.push(format!("$ weir {}\n{}", arguments.join(" "), user.runs(arguments)));
    };
    says(&["runs"]);
    says(&["schedule"]);
    says(&["schedule", "set", "acme", "--every", "90m"]);
    says(&["schedule", "set", "acme", "--every", "3m"]);
    says(&["schedule", "set", "acme"]);
    says(&["pause", "acme"]);
    says(&["schedule", "acme", "--json"]);
    says(&["resume", "acme"]);
    says(&["schedule", "set", "acme", "--manual"]);
    says(&["pause", "acne"]);
    snapshots(|| {
        insta::assert_snapshot!(said.join("\n"), @r#"
    $ weir runs
    exit 0
    --- stderr
    no runs yet; start one with `weir sync`
    $ weir schedule
    exit 0
    --- stdout
    connection  mode       every  state   next run  last run
    acme        scheduled  1h     active  due       none
    --- stderr
    nothing serves this data folder: what is due is read while `weir serve` runs
    $ weir schedule set acme --every 90m
    exit 0
    --- stdout
    connection  mode       every  state   next run  last run
    acme        scheduled  90m    active  due       none
    --- stderr
    nothing serves this data folder: what is due is read while `weir serve` runs
    $ weir schedule set acme --every 3m
    exit 2
    --- stderr
    error: invalid value '3m' for '--every <INTERVAL>': an interval lasts from 5 minutes to 31 days

    For more information, try '--help'.
    $ weir schedule set acme
    exit 1
    --- stderr
    error: say what to change: --every INTERVAL, --manual or --scheduled
    $ weir pause acme
    exit 0
    --- stderr
    acme is not read on schedule any more, until `weir resume acme`; a run under way goes on unless it is canceled: weir cancel acme
    $ weir schedule acme --json
    exit 0
    --- stdout
    {"connection":"acme","every_minutes":90,"failures":0,"last":null,"mode":"scheduled","needs_sign_in":false,"next":null,"paused":true,"state":"paused"}
    $ weir resume acme
    exit 0
    --- stderr
    acme: active, due
    $ weir schedule set acme --manual
    exit 0
    --- stdout
    connection  mode    every  state   next run  last run
    acme        manual  90m    manual  none      none
    $ weir pause acne
    exit 1
    --- stderr
    error: there is no connection named `acne`; there are: acme
    "#)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn each_run_is_told_in_numbers() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    site.set_knobs(refuses());
    user.runs(&["sync"]);
    let state =
        |said: String| said.lines().find(|line| line.trim().starts_with("state")).unwrap().trim().to_owned();
    let mut told = vec![state(user.runs(&["status"]).ok().stdout)];
    site.set_knobs(Knobs::default());
    user.runs(&["login", "acme"]).ok();
    told.push(state(user.runs(&["status"]).ok().stdout));
    told.push(user.runs(&["runs", "acme"]).ok().stdout);
    let records = user.runs(&["runs", "--limit", "1", "--json"]).ok().json();
    let names =
        |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    told.push(format!(
        "{}\n{}\n{}",
        names(&records[0]),
        names(&records[0]["run"]),
        names(&records[0]["run"]["counts"])
    ));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r" +\d+\.\d+ m?s\b", " TIME");
    settings.add_filter(r" +\d+ \(\d+ retried\) +\d+ +\d+", " SOME");
    settings.add_filter(r"127\.0\.0\.1:\d+", "LOOPBACK");
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN");
    settings.bind(|| insta::assert_snapshot!(told.join("\n"), @r#"
    state    needs-sign-in: nothing is read before `weir login acme`
    state    active, next run WHEN
    connection  run  started               took  by    mode   outcome   added  changed  moved  readers  archived  binned  restored  deleted  left out  skipped  failed        requests  points  kB  message
    acme          2  WHEN TIME  hand  since  failed        0        0      0        0         0       0         0        0         0        0       0 SOME  asked acme.atlassian.net for /wiki/api/v2/spaces and got 401: a page titled "401"
    acme          1  WHEN TIME  hand  since  complete     10        0      0        0         0       0         0        0         0        0       0 SOME

    connection milliseconds run
    connection counts finished id message mode outcome started trigger
    access_changed added archived binned by_kind bytes changed deleted failed left_out moved points requests restored retries skipped unchanged
    "#));
}
