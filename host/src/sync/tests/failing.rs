//! Items that cannot be read: they keep nothing else from being read, and are asked about again.

use super::{Scene, pages};
use crate::model::Fault;
use crate::store::{FailedItem, Mode};

fn failures(scene: &Scene) -> Vec<FailedItem> {
    let connection = scene.store.connection(super::NAME).unwrap().id;
    scene.store.failures(connection, None, 100).unwrap()
}

#[tokio::test]
async fn an_item_that_could_not_be_read_is_asked_about_again_with_growing_patience() {
    let scene = Scene::new();
    scene.world().unread = vec!["page:7".into()];
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, read OPS, log from 0", "this run has tried it");
    assert!(report.is_complete() && report.run.counts.failed == 1, "one bad item holds nothing up");
    // From now on its space is not read, so that only the patience asks.
    scene.world().forbidden = vec!["ENG"];
    scene.world().mute = true;
    for wait in [300, 3_600, 21_600] {
        scene.later(wait - 1);
        assert_eq!(scene.sync(Mode::Since).await.1, "read OPS, log from 1");
        scene.later(1);
        assert_eq!(scene.sync(Mode::Since).await.1, "read OPS, log from 1, asked about 1");
    }
    let [failed] = &failures(&scene)[..] else { panic!("not one") };
    assert_eq!((failed.attempts, failed.since, failed.reason.as_str()), (4, 60_000, "500"));
    scene.world().mute = false;
    let connection = scene.store.connection(super::NAME).unwrap().id;
    scene.store.retry_failures(connection, &["page:7".into()]).unwrap();
    // Once it is read, its space is asked about too: it says who may read it.
    assert_eq!(scene.sync(Mode::Since).await.1, "read OPS, log from 1, asked about 1, asked about 1");
    assert_eq!((failures(&scene), scene.present()), (vec![], 402));
}

#[tokio::test]
async fn one_bad_item_keeps_no_other_from_being_read() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    {
        let mut world = scene.world();
        world.spaces.insert("OPS", pages(200..340));
        world.breaks = vec!["page:350".into()];
    }
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(scene.present(), 402 - 59);
    let calls = asked.split(", ").filter(|line| line.starts_with("asked about")).count();
    assert!(calls <= 13, "a call fails in halves: {asked}");
    let [failed] = &failures(&scene)[..] else { panic!("not one") };
    assert_eq!((failed.id.as_str(), failed.title.as_deref()), ("page:350", Some("About page:350")));
    assert_eq!(failed.reason, "no such form");
    assert!(report.run.message.unwrap().contains("the source could not say of 1"));
}

#[tokio::test]
async fn a_source_that_fails_whatever_is_asked_is_let_alone() {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    scene.world().spaces.insert("OPS", pages(200..340));
    for (down, calls) in [
        (Fault::Unexpected("broken".into()), 9),
        (Fault::Throttled { message: "slow down".into(), wait: Some(3_600_000) }, 1),
        (Fault::Unauthenticated("who are you?".into()), 1),
    ] {
        scene.world().down = Some(down);
        let (report, asked) = scene.sync(Mode::Since).await;
        let made = asked.split(", ").filter(|line| line.starts_with("asked about")).count();
        assert_eq!(made, calls, "{asked}");
        assert!(report.run.message.unwrap().contains("failed to ask about"));
        assert_eq!((scene.present(), failures(&scene).len()), (402, 2), "two were asked about alone");
        let connection = scene.store.connection(super::NAME).unwrap().id;
        scene.store.retry_failures(connection, &[]).unwrap();
    }
}
