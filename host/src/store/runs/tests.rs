//! Runs as they are counted, ended and forgotten.

use crate::model::{Change, Failure};
use crate::store::testing::{fixture, page, space, upsert};
use crate::store::{Mode, Outcome, SettingsSince, StoreError, Traffic, Trigger};

#[test]
fn a_run_is_counted_with_its_pages() {
    let site = fixture();
    let failure = Failure { id: "page:9".into(), url: None, reason: "500".into() };
    site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1")), Change::Failed(failure)]);
    site.answers(&[Change::Delete("page:1".into())]);
    let traffic = Traffic { requests: 3, bytes: 4_000, retries: 1, points: 7 };
    let finish =
        |now| site.store.finish_run(site.run, Outcome::Incomplete, Some("1 failed"), 2, traffic, now);
    let run = finish(9).unwrap();
    insta::assert_debug_snapshot!(run, @r#"
    Run {
        id: 1,
        connection: 1,
        mode: Everything,
        trigger: Hand,
        started: 2,
        finished: Some(
            9,
        ),
        outcome: Some(
            Incomplete,
        ),
        message: Some(
            "1 failed",
        ),
        counts: RunCounts {
            added: 2,
            changed: 0,
            moved: 0,
            access_changed: 0,
            unchanged: 0,
            deleted: 1,
            binned: 0,
            restored: 0,
            archived: 0,
            left_out: 0,
            failed: 1,
            requests: 3,
            bytes: 4000,
            retries: 1,
            points: 7,
            skipped: 2,
            by_kind: {
                "page": 1,
                "space": 1,
            },
        },
    }
    "#);
    assert_eq!(site.store.runs(site.connection, 5).unwrap(), [run]);
    assert!(matches!(finish(10), Err(StoreError::RunOver { .. })));
}

#[test]
fn settings_are_changed_until_a_run_with_them_has_ended() {
    let site = fixture();
    let begin = || site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
    let finish = |run, outcome| {
        site.store.finish_run(run, outcome, None, 0, Traffic::default(), 4).unwrap();
    };
    let since = |run| site.store.settings_since(run).unwrap();
    assert_eq!(since(site.run), SettingsSince::Same, "there was none before");
    finish(site.run, Outcome::Complete);
    let set = |settings: &str| {
        site.store.set_settings(site.connection, settings, "", "Ada", &[]).unwrap();
    };
    set(r#"{"spaces":["ENG"]}"#);
    let cut_off = begin();
    assert_eq!(since(cut_off), SettingsSince::JustChanged);
    let held_up = begin();
    assert_eq!(since(held_up), SettingsSince::ChangedEarlier);
    finish(held_up, Outcome::Incomplete);
    let last = begin();
    assert_eq!(since(last), SettingsSince::Same);
    finish(last, Outcome::Complete);
    set("{}");
    assert_eq!(since(begin()), SettingsSince::JustChanged);
}

#[test]
fn what_could_not_begin_or_broke_off_is_noted_as_failed() {
    let site = fixture();
    let note = |began, now| {
        let (mode, trigger) = (Mode::Since, Trigger::Schedule);
        site.store.note_failed_run(site.connection, mode, trigger, "no key", began, now).unwrap();
    };
    note(2, 5);
    note(6, 6);
    let runs = site.store.runs(site.connection, 5).unwrap();
    let told: Vec<_> = runs.iter().map(|run| (run.id, run.trigger, run.finished, run.outcome)).collect();
    let failed = Some(Outcome::Failed);
    assert_eq!(told, [(2, Trigger::Schedule, Some(6), failed), (1, Trigger::Hand, Some(5), failed)]);
    assert_eq!(runs[0].message.as_deref(), Some("no key"));
}

#[test]
fn only_the_latest_runs_are_remembered() {
    let site = fixture();
    site.store
        .write("test", |tx| {
            let sql = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1200)
                       INSERT INTO runs (id, connection, mode, started, outcome) SELECT n, 1, 'since', n, 'failed' FROM n";
            Ok(tx.execute(sql, [])?)
        })
        .unwrap();
    let last = site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
    site.store.finish_run(last, Outcome::Complete, None, 0, Traffic::default(), 4).unwrap();
    let runs = site.store.runs(site.connection, 9_999).unwrap();
    assert_eq!((runs.len(), runs[0].id, runs[999].id), (1_000, last, last - 999));
}

#[test]
fn a_run_that_a_crash_left_open_is_closed_with_what_it_did() {
    let site = fixture();
    site.everything(&[upsert(page("page:1", "space:1"))]);
    site.store.begin_run(site.connection, Mode::Since, 8).unwrap();
    let runs = site.store.runs(site.connection, 5).unwrap();
    let told: Vec<_> =
        runs.iter().map(|run| (run.mode, run.outcome, run.finished, run.counts.added)).collect();
    let interrupted = (Mode::Everything, Some(Outcome::Interrupted), Some(8), 1);
    assert_eq!(told, [(Mode::Since, None, None, 0), interrupted]);
}
