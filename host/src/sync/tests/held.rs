//! What is too much to be believed: it waits for a person, and is shown as before.

use super::{Scene, pages};
use crate::model::Fault;
use crate::store::{DeletionRule, Mode, Outcome};
use crate::sync::{Approved, Held, approve};

impl Scene {
    fn id(&self) -> i64 {
        self.store.connection(super::NAME).unwrap().id
    }

    /// How many items wait, and how many of them were rejected.
    fn waiting(&self) -> (usize, usize) {
        let waiting = self.store.waiting(self.id()).unwrap();
        (waiting.len(), waiting.iter().filter(|one| one.rejected).count())
    }

    async fn approve(&self) -> Approved {
        approve(self.job(Mode::Since)).await.unwrap()
    }

    /// The pages of OPS that there are from now on.
    fn leaves(&self, left: std::ops::Range<u32>) {
        self.world().spaces.insert("OPS", pages(left));
    }

    fn log(&self) -> String {
        std::mem::take(&mut self.world().log).join(", ")
    }
}

/// Two spaces of 200 pages each were read; then 100 of one are gone. There were 402 items.
async fn half_of_ops_is_gone() -> Scene {
    let scene = Scene::new();
    scene.sync(Mode::Since).await;
    scene.leaves(200..300);
    scene
}

#[tokio::test]
async fn too_many_suspects_wait_and_are_deleted_when_a_person_approves() {
    let scene = half_of_ops_is_gone().await;
    for _ in 0..2 {
        let (report, asked) = scene.sync(Mode::Since).await;
        assert_eq!(report.held, Some(Held { suspects: 100, present: 402 }));
        assert_eq!(asked, "read ENG, read OPS, log from 1, judged 100", "nobody was asked about them");
        assert_eq!((report.run.outcome, scene.present()), (Some(Outcome::Incomplete), 402));
        assert_eq!(scene.waiting(), (100, 0));
    }
    let approved = scene.approve().await;
    assert_eq!((approved.waited, approved.run.counts.deleted, approved.present), (100, 100, 0));
    assert_eq!((scene.log().as_str(), scene.present(), scene.waiting()), ("asked about 100", 302, (0, 0)));
    assert!(scene.sync(Mode::Since).await.0.is_complete());
    assert_eq!(scene.approve().await.waited, 0, "nothing waits");
}

#[tokio::test]
async fn an_approval_deletes_only_what_the_source_says_is_gone() {
    let scene = half_of_ops_is_gone().await;
    scene.leaves(200..340);
    scene.world().unlisted = pages(300..340).into_iter().map(|(id, _)| id).collect();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.waiting(), (100, 0));
    scene.world().breaks = vec!["page:399".into()];
    let approved = scene.approve().await;
    assert_eq!((approved.run.counts.deleted, approved.present), (59, 40));
    assert_eq!(approved.unanswered.len(), 1);
    assert_eq!((approved.run.outcome, scene.present()), (Some(Outcome::Incomplete), 343));
    scene.log();
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, read OPS, log from 1, judged 41", "all of them are asked about later");
    assert!(report.is_complete());
}

#[tokio::test]
async fn a_source_that_will_not_be_asked_leaves_everything_waiting() {
    let scene = half_of_ops_is_gone().await;
    scene.sync(Mode::Since).await;
    scene.world().down = Some(Fault::Unauthenticated("who are you?".into()));
    let approved = scene.approve().await;
    assert!(approved.stopped.is_some() && approved.run.outcome == Some(Outcome::Failed));
    assert_eq!((scene.present(), scene.waiting()), (402, (100, 0)));
}

#[tokio::test]
async fn what_was_rejected_is_quiet_until_more_is_missing() {
    let scene = half_of_ops_is_gone().await;
    scene.sync(Mode::Since).await;
    scene.store.reject_deletions(scene.id()).unwrap();
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!((asked.as_str(), report.is_complete()), ("read ENG, read OPS, log from 1, judged 100", true));

    scene.leaves(200..290);
    let (report, asked) = scene.sync(Mode::Since).await;
    assert!(asked.ends_with("judged 110, asked about 10"), "{asked}");
    assert!(report.is_complete() && scene.present() == 392, "few more are asked about as ever");

    scene.leaves(200..205);
    let (report, _) = scene.sync(Mode::Since).await;
    assert_eq!(report.held, Some(Held { suspects: 85, present: 392 }), "many more are held");
    assert_eq!(scene.waiting(), (185, 100));

    scene.leaves(200..400);
    scene.sync(Mode::Since).await;
    assert_eq!((scene.present(), scene.waiting()), (402, (0, 0)), "what shows up again waits no longer");
    scene.leaves(200..300);
    assert!(scene.sync(Mode::Since).await.0.held.is_some(), "missed anew, it is held anew");
    assert_eq!(scene.waiting(), (100, 0));
}

#[tokio::test]
async fn a_person_may_set_how_much_is_believed() {
    let scene = half_of_ops_is_gone().await;
    scene.store.set_deletion_rule(scene.id(), DeletionRule { share: 30, at_least: 0 }).unwrap();
    assert!(scene.sync(Mode::Since).await.0.is_complete());
    assert_eq!(scene.present(), 302);
    scene.store.set_deletion_rule(scene.id(), DeletionRule { share: 0, at_least: 0 }).unwrap();
    scene.leaves(201..300);
    let (report, _) = scene.sync(Mode::Since).await;
    assert_eq!(report.held, Some(Held { suspects: 1, present: 302 }));
}

#[tokio::test]
async fn what_a_read_could_not_read_is_no_suspect_and_a_read_with_an_error_makes_none() {
    let scene = half_of_ops_is_gone().await;
    scene.leaves(200..400);
    scene.world().unread = vec!["page:200".into()];
    let (report, asked) = scene.sync(Mode::Since).await;
    assert_eq!((report.run.counts.failed, asked.as_str()), (1, "read ENG, read OPS, log from 1"));
    scene.leaves(200..390);
    scene.world().forbidden = vec!["OPS"];
    let (_, asked) = scene.sync(Mode::Since).await;
    assert_eq!(asked, "read ENG, log from 1");
    assert_eq!(scene.present(), 402);
}

#[tokio::test]
async fn what_is_said_while_the_credential_is_turned_away_deletes_nothing() {
    let scene = half_of_ops_is_gone().await;
    scene.leaves(200..390);
    scene.world().turned_away.1 = 1;
    let (report, asked) = scene.sync(Mode::Since).await;
    assert!(asked.ends_with("asked about 10, asked about 10, asked about 10"), "{asked}");
    let message = report.run.message.unwrap();
    assert!(message.contains("turned the credential away"), "{message}");
    assert_eq!(scene.present(), 402);
    scene.world().turned_away.1 = 0;
    assert!(scene.sync(Mode::Since).await.0.is_complete());
    assert_eq!(scene.present(), 392);
}
