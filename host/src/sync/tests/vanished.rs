//! What becomes of items whose partition is not listed any more.

use super::{Scene, Scope, pages};
use crate::store::testing::forget_partition;
use crate::store::{Mode, Outcome};

/// The spaces ENG and OPS, the latter of 30 pages; then OPS is not listed any more, although the
/// settings are as they were, and the source cannot say what became of single items.
async fn without_ops() -> Scene {
    let scene = Scene::new();
    scene.change(|world| {
        world.spaces.insert("OPS", pages(200..230));
        world.scope = Scope::Broken;
    });
    scene.sync(Mode::Since).await;
    let mut world = scene.script.0.lock().unwrap();
    world.chosen = vec!["ENG"];
    world.mute = true;
    drop(world);
    scene
}

#[tokio::test]
async fn items_that_nobody_could_tell_of_are_asked_about_again_with_patience() {
    let scene = without_ops().await;
    for wait in [301, 3_601] {
        let (report, asked) = scene.sync(Mode::Since).await;
        assert_eq!(asked, "read ENG, log from 1, judged 31, asked about 31");
        assert_eq!((report.run.outcome, scene.present()), (Some(Outcome::Incomplete), 232));
        let message = report.run.message.unwrap();
        assert!(
            message.starts_with("content/OPS: of 31 items that were not mentioned any more"),
            "{message}"
        );
        let (report, asked) = scene.sync(Mode::Since).await;
        assert_eq!((asked.as_str(), report.is_complete()), ("read ENG, log from 1, judged 31", true));
        scene.later(wait);
    }
    {
        let mut world = scene.world();
        world.mute = false;
        world.spaces.remove("OPS");
    }
    let (report, _) = scene.sync(Mode::Since).await;
    assert!(report.is_complete() && scene.present() == 201, "{report:?}");
    assert_eq!(scene.sync(Mode::Since).await.1, "read ENG, log from 1", "OPS is forgotten");
}

#[tokio::test]
async fn items_that_are_there_after_all_neither_cost_nor_hold_every_run() {
    let scene = without_ops().await;
    {
        let mut world = scene.world();
        world.mute = false;
        world.spaces.insert("OPS", pages(200..230));
    }
    for wait in [3_601, 21_601, 86_401] {
        let (report, asked) = scene.sync(Mode::Since).await;
        assert_eq!(asked, "read ENG, log from 1, judged 31, asked about 31");
        assert!(report.is_complete() && scene.present() == 232, "{report:?}");
        scene.later(wait - 2);
        assert_eq!(scene.sync(Mode::Since).await.1, "read ENG, log from 1, judged 31");
        scene.later(2);
    }
    scene.world().spaces.remove("OPS");
    scene.sync(Mode::Since).await;
    assert_eq!(scene.present(), 201, "and when they are gone, that is found out");
}

#[tokio::test]
async fn what_belongs_to_no_partition_is_asked_about_once_all_of_them_were_read() {
    let scene = without_ops().await;
    let connection = scene.store.connection(super::NAME).unwrap().id;
    forget_partition(&scene.store, "OPS");
    assert_eq!(scene.store.strays(connection, 2).unwrap().len(), 31);
    scene.script.0.lock().unwrap().forbidden = vec!["ENG"];
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "log from 1, judged 31", "ENG was not read, and might have told of them");
    scene.script.0.lock().unwrap().forbidden.clear();
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, log from 1, judged 31, asked about 31");
    assert!(report.run.message.unwrap().starts_with("items of no partition: of 31 items"));
    {
        let mut world = scene.world();
        world.mute = false;
        world.spaces.remove("OPS");
    }
    scene.later(301);
    let (report, _) = scene.sync(Mode::Since).await;
    assert!(report.is_complete() && scene.present() == 201, "{report:?}");
}
