//! What a run reads, removes and leaves alone after settings changed.

use super::{Scene, Scope, pages};
use crate::model::Change;
use crate::store::testing::{new_connection, page};
use crate::store::{ActivityFilter, Commit, KeptActivity, Mode, Outcome};
use crate::sync::Held;

#[tokio::test]
async fn narrowing_removes_at_once_however_large_the_share() {
    let scene = Scene::new();
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, read OPS, log from 0");
    assert_eq!(scene.present(), 402);

    scene.change(|world| world.chosen = vec!["ENG"]);
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "log from 1, judged 201", "nothing is read, and the source is not asked");
    assert!(report.is_complete(), "{report:?}");
    let counts = &report.run.counts;
    assert_eq!((counts.left_out, counts.deleted, scene.present()), (201, 0, 201));
}

#[tokio::test]
async fn narrowing_to_a_page_reads_its_space_again_and_leaves_out_the_rest() {
    let scene = Scene::new();
    scene.change(|world| {
        let below = ("page:7a".to_owned(), Some("page:7".to_owned()));
        world.spaces.get_mut("ENG").unwrap().push(below);
        world.chosen = vec!["ENG"];
    });
    scene.sync(Mode::Since).await;
    scene.change(|world| {
        world.below = Some("page:7");
        world.spaces.get_mut("ENG").unwrap().push(("page:7b".into(), Some("page:7".into())));
    });
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, log from 1, judged 199");
    assert_eq!((report.run.counts.left_out, scene.present()), (199, 4));
    // What the settings still ask for is gone only on the source's word.
    scene.change(|world| world.spaces.get_mut("ENG").unwrap().retain(|(id, _)| id != "page:7b"));
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, log from 1, judged 1, asked about 1");
    assert_eq!((report.run.counts.left_out, report.run.counts.deleted, scene.present()), (0, 1, 3));
}

#[tokio::test]
async fn widening_reads_only_what_is_new() {
    let scene = Scene::new();
    scene.change(|world| world.chosen = vec!["ENG"]);
    scene.sync(Mode::Since).await;
    // What changed meanwhile in a space that the new settings do not touch waits for the next run.
    scene.change(|world| {
        world.chosen = vec!["ENG", "OPS"];
        world.spaces.get_mut("ENG").unwrap().clear();
        world.audit.push("a2");
    });
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read OPS, log from 1");
    assert!(report.is_complete() && scene.present() == 402, "{report:?}");
    let (report, asked) = scene.sync(Mode::Since).await;
    assert!(asked.starts_with("read ENG, read OPS, log from 2"), "{asked}");
    assert_eq!(report.held, Some(Held { suspects: 200, present: 402 }));
}

#[tokio::test]
async fn another_token_or_everything_or_a_read_cut_short_is_read_again() {
    let scene = Scene::new();
    scene.change(|world| world.forbidden = vec!["OPS"]);
    let (report, _) = scene.sync(Mode::Since).await;
    assert_eq!(report.run.outcome, Some(Outcome::Incomplete));
    scene.change(|world| {
        world.spaces.insert("NEW", pages(400..410));
        world.chosen.push("NEW");
        world.forbidden.clear();
    });
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read NEW, read OPS, log from 1", "OPS was never read");
    scene.change(|world| world.below = Some("page:201"));
    assert!(scene.sync(Mode::Since).await.1.starts_with("read ENG, read NEW, read OPS"));
    scene.change(|world| world.chosen = vec!["NEW"]);
    assert!(scene.sync(Mode::Everything).await.1.starts_with("read NEW, log from 0"));
}

#[tokio::test]
async fn a_partition_that_can_never_be_read_does_not_keep_the_others_from_being_read_again() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    scene.change(|world| {
        world.chosen.push("NEW");
        world.forbidden = vec!["NEW"];
    });
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!((report.run.outcome, asked.as_str()), (Some(Outcome::Incomplete), "log from 1"));
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, read OPS, log from 1");
}

#[tokio::test]
async fn a_run_that_was_cut_off_after_a_change_is_followed_by_one_that_reads_everything() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    scene.change(|world| world.chosen = vec!["ENG"]);
    let connection = scene.store.connection(super::NAME).unwrap().id;
    scene.store.begin_run(connection, Mode::Since, 2).unwrap();
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, log from 1, judged 201");
}

#[tokio::test]
async fn where_the_connector_cannot_say_everything_stays_suspected() {
    for scope in [Scope::Broken, Scope::Short] {
        let scene = Scene::new();
        scene.sync(Mode::Since).await;
        scene.change(|world| {
            world.chosen = vec!["ENG"];
            world.scope = scope;
        });
        let (report, asked) = scene.sync(Mode::Since).await;
        assert_eq!(asked, "log from 1, judged 201");
        assert_eq!(report.held, Some(Held { suspects: 201, present: 402 }), "too many to believe");
        assert_eq!((report.run.counts.left_out, scene.present()), (0, 402));
    }
}

#[tokio::test]
async fn a_lie_reaches_nothing_that_a_read_still_mentions_and_no_other_connection() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    let other = scene.store.add_connection(&new_connection("beta"), 1).unwrap().id;
    let run = scene.store.begin_run(other, Mode::Everything, 2).unwrap();
    let changes = [Change::Upsert(Box::new(page("page:1", "space:ENG")))];
    let kinds = ["page".to_owned()];
    let commit = Commit { connection: other, run, page: None, changes: &changes, kinds: &kinds };
    scene.store.apply(&commit).unwrap();
    scene.change(|world| {
        world.scope = Scope::Nothing;
        world.spaces.get_mut("ENG").unwrap().remove(1);
    });
    let (report, asked) = scene.sync(Mode::Everything).await;
    assert_eq!(asked, "read ENG, read OPS, log from 0, judged 1");
    assert_eq!((report.run.counts.left_out, scene.present()), (1, 401));
    assert_eq!(scene.store.items_with_id(None, "page:1").unwrap()[0].connection, other);
}

#[tokio::test]
async fn audit_records_are_kept_once_and_read_on_from_where_they_ended() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    scene.script.0.lock().unwrap().audit.push("a2");
    assert!(scene.sync(Mode::Since).await.1.ends_with("log from 1"));
    assert!(scene.sync(Mode::Everything).await.1.ends_with("log from 0"));
    let mut ids = Vec::new();
    let each = |kept: KeptActivity| {
        ids.push(kept.activity.id);
        true
    };
    scene.store.each_activity(&ActivityFilter::default(), each).unwrap();
    assert_eq!(ids, ["a2", "a1"]);
}
