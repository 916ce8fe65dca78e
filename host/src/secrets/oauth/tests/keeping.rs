//! The token is always good, and the grant survives whatever happens to a process.

use std::time::Duration;

use tokio::sync::Notify;

use super::{HOUR, MINUTE, World, access_token, client, refresh_token, token};
use crate::model::Grant as Flow;
use crate::secrets::oauth::{Client, GrantLock};
use crate::secrets::{Credentials as _, Lack};

#[tokio::test]
async fn a_good_token_costs_nothing_and_a_new_one_is_durable_before_it_is_used() {
    let world = World::new();
    let keeper = world.keeper();
    assert!(keeper.latest().is_none());
    assert_eq!(token(&keeper).await.unwrap(), access_token(0));
    world.time.pass(HOUR - 6 * MINUTE);
    assert_eq!(token(&keeper).await.unwrap(), access_token(0));
    assert_eq!(world.log(), Vec::<String>::new());

    world.time.pass(MINUTE);
    assert_eq!(token(&keeper).await.unwrap(), access_token(1));
    let expected = ["kept begun", "asked https://auth.example/oauth/token", "kept access-1-0123456789"];
    assert_eq!(world.log(), expected);
    assert_eq!(world.kept().refresh.unwrap().expose(), refresh_token(1));
    assert_eq!(keeper.latest().unwrap().value(), "Bearer access-1-0123456789");
}

#[tokio::test]
async fn many_who_need_a_token_at_once_share_one_renewal() {
    let world = World::new();
    world.time.pass(HOUR);
    let (here, there) = (world.keeper(), world.keeper());
    let asking: Vec<_> = (0..40)
        .map(|number| {
            let keeper = if number % 2 == 0 { here.clone() } else { there.clone() };
            tokio::spawn(async move { token(&keeper).await })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap().unwrap(), access_token(1));
    }
    assert_eq!(world.asked(), 1);
}

#[tokio::test]
async fn a_call_that_is_given_up_takes_no_renewal_with_it() {
    let world = World::of(client(), Some(Notify::new()));
    world.time.pass(HOUR);
    let keeper = world.keeper();
    let call = tokio::spawn({
        let keeper = keeper.clone();
        async move { token(&keeper).await }
    });
    while !world.log.lock().unwrap().iter().any(|line| line.starts_with("asked")) {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    world.auth.gate.as_ref().unwrap().notify_one();
    assert_eq!(token(&keeper).await.unwrap(), access_token(1));
    assert_eq!((world.asked(), world.kept().renewing_since), (1, None));
}

#[tokio::test]
async fn a_process_that_died_before_it_kept_the_answer_is_followed_by_one_that_asks_again() {
    let world = World::new();
    world.time.pass(HOUR);
    *world.memory.works.lock().unwrap() = 1;
    let lack = token(&world.keeper()).await.unwrap_err();
    insta::assert_snapshot!(lack, @"the sign-in kept for acme cannot be used: it could not be written, and is not used before it is: the disk is full");
    assert!(matches!(lack, Lack::Host(_)));
    assert_eq!(world.kept().refresh.unwrap().expose(), refresh_token(0), "the answer is lost");

    *world.memory.works.lock().unwrap() = u32::MAX;
    world.time.pass(9 * MINUTE);
    assert_eq!(token(&world.keeper()).await.unwrap(), access_token(2));
    assert_eq!(world.kept().renewing_since, None);
}

#[tokio::test]
async fn after_ten_minutes_the_lost_answer_ends_the_sign_in_and_the_words_say_why() {
    let world = World::new();
    world.time.pass(HOUR);
    *world.memory.works.lock().unwrap() = 1;
    assert!(token(&world.keeper()).await.is_err());
    *world.memory.works.lock().unwrap() = u32::MAX;
    world.time.pass(25 * MINUTE);
    let keeper = world.keeper();
    let lack = token(&keeper).await.unwrap_err();
    insta::assert_snapshot!(lack, @"the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.example answered 403 unauthorized_client (refresh_token is invalid): the code or the refresh token is unknown, was used before, or has ended; a renewal that began 25 minutes ago was cut off before its answer could be kept, and its refresh token may be sent again only for ten minutes: after that the source ends the whole sign-in)");
    assert!(matches!(lack, Lack::SignIn(_)));

    // It is final: neither this process nor the next asks again.
    world.log();
    assert_eq!(token(&keeper).await.unwrap_err(), lack);
    assert_eq!(token(&world.keeper()).await.unwrap_err(), lack);
    assert_eq!(world.log(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_asked_while_the_store_cannot_be_written() {
    let world = World::new();
    world.time.pass(HOUR - MINUTE);
    *world.memory.works.lock().unwrap() = 0;
    let lack = token(&world.keeper()).await.unwrap_err();
    assert!(matches!(lack, Lack::Host(_)), "although the old token still lives: {lack}");
    assert_eq!(world.log(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lock_that_cannot_be_had_renews_nothing_and_one_of_the_dead_is_free() {
    let world = World::new();
    let path = world.folder.path().join("grant-1.lock");
    let held = GrantLock::at(path.clone()).hold().await.unwrap();
    let another = GrantLock::at(path.clone());
    let waiting = tokio::spawn(async move { another.hold().await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    drop(held);
    drop(waiting.await.unwrap().unwrap());

    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    world.time.pass(HOUR);
    assert!(matches!(token(&world.keeper()).await, Err(Lack::Host(_))));
    assert_eq!(world.log(), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_that_asks_for_itself_needs_no_refresh_token() {
    let world = World::of(Client { flow: Flow::ClientCredentials, ..client() }, None);
    world.time.pass(HOUR);
    assert_eq!(token(&world.keeper()).await.unwrap(), access_token(1));
    assert_eq!(world.kept().refresh, None);
    world.time.pass(HOUR);
    assert_eq!(token(&world.keeper()).await.unwrap(), access_token(2));
}

#[tokio::test]
async fn a_year_of_hours_is_one_renewal_each() {
    let world = World::new();
    let keeper = world.keeper();
    for day in 1..=50 {
        world.time.pass(Duration::from_secs(24 * 3_600));
        assert_eq!(token(&keeper).await.unwrap(), access_token(day));
    }
    assert_eq!(world.asked(), 50);
}
