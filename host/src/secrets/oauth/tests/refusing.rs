//! What the server refuses, and what a 401 does: asked once, told in words, never in a loop.

use std::time::Duration;

use http::Response;

use super::{HOUR, MINUTE, World, access_token, client, token};
use crate::gate::Failure;
use crate::secrets::oauth::Client;
use crate::secrets::{Credential, Credentials as _, Lack, Secret};

fn bearer(token: &str) -> Credential {
    Credential::bearer(&Secret::new(token)).unwrap()
}

async fn refused(keeper: &super::Keeper, used: &str) -> Result<Option<String>, Lack> {
    let another = keeper.refused(&bearer(used)).await?;
    Ok(another
        .map(|credential| credential.value().to_str().unwrap().trim_start_matches("Bearer ").to_owned()))
}

#[tokio::test]
async fn a_401_renews_a_token_once_and_what_it_brought_not_again() {
    let world = World::new();
    let keeper = world.keeper();
    assert_eq!(token(&keeper).await.unwrap(), access_token(0));
    assert_eq!(refused(&keeper, &access_token(0)).await.unwrap(), Some(access_token(1)));
    // Another request that was under way with the old one gets the new one, at no cost.
    assert_eq!(refused(&keeper, &access_token(0)).await.unwrap(), Some(access_token(1)));
    assert_eq!(refused(&keeper, &access_token(1)).await.unwrap(), None);
    assert_eq!(refused(&world.keeper(), &access_token(1)).await.unwrap(), None, "nor in another process");
    assert_eq!(world.asked(), 1);

    world.time.pass(HOUR);
    assert_eq!(token(&keeper).await.unwrap(), access_token(2));
    assert_eq!(refused(&keeper, &access_token(2)).await.unwrap(), Some(access_token(3)));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn a_busy_server_is_left_alone_and_a_living_token_goes_on() {
    let world = World::new();
    let keeper = world.keeper();
    world.time.pass(HOUR - 4 * MINUTE);
    world.answers(false, 503, "");
    (0..4).for_each(|_| world.answers(false, 503, ""));
    assert_eq!(token(&keeper).await.unwrap(), access_token(0));
    let attempts = world.asked();
    assert_eq!(token(&keeper).await.unwrap(), access_token(0));
    assert_eq!(world.asked(), 0, "it was asked {attempts} times and is left alone now");
    assert!(refused(&keeper, &access_token(0)).await.is_err(), "a token that was refused does not go on");

    world.auth.scripted.lock().unwrap().clear();
    world.time.pass(MINUTE);
    assert_eq!(token(&keeper).await.unwrap(), access_token(1));
}

#[tokio::test]
async fn without_a_living_token_the_run_waits_as_long_as_it_is_asked() {
    let world = World::new();
    world.time.pass(2 * HOUR);
    let busy = Response::builder().status(429).header("retry-after", "120").body("").unwrap();
    world.auth.scripted.lock().unwrap().push_back((false, Ok(busy)));
    let keeper = world.keeper();
    let lack = token(&keeper).await.unwrap_err();
    insta::assert_snapshot!(lack, @"the token of acme could not be renewed: https://auth.example answered 429; it is busy or down, try again later");
    assert!(matches!(lack, Lack::Later { wait: Some(wait), .. } if wait == Duration::from_secs(120)));
    world.log();
    world.time.pass(MINUTE);
    assert_eq!(token(&keeper).await.unwrap_err(), lack);
    assert_eq!(world.asked(), 0);
    world.time.pass(2 * MINUTE);
    assert_eq!(token(&keeper).await.unwrap(), access_token(1));
}

#[tokio::test]
async fn an_answer_that_was_lost_on_the_way_is_asked_for_again_with_the_same_token() {
    let world = World::new();
    world.time.pass(2 * HOUR);
    world.auth.scripted.lock().unwrap().push_back((true, Err(Failure::Broken("reset".into()))));
    assert_eq!(token(&world.keeper()).await.unwrap(), access_token(2));
    assert_eq!(world.asked(), 2);
}

#[tokio::test]
async fn a_wrong_client_secret_is_asked_once_until_somebody_gives_another() {
    let world = World::new();
    world.time.pass(2 * HOUR);
    world.answers(false, 401, r#"{"error":"access_denied","error_description":"Unauthorized"}"#);
    let keeper = world.keeper();
    let lack = token(&keeper).await.unwrap_err();
    insta::assert_snapshot!(lack, @"the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.example answered 401 access_denied (Unauthorized): the client id or the client secret is wrong; copy both again from the app's settings)");
    for _ in 0..5 {
        assert_eq!(token(&keeper).await.unwrap_err(), lack);
    }
    assert_eq!(world.asked(), 1);
    world.memory.kept.lock().unwrap().0 = Client { secret: Secret::new("another-secret"), ..client() };
    assert_eq!(token(&keeper).await.unwrap(), access_token(1));
}

#[tokio::test]
async fn a_grant_that_was_revoked_ends_the_runs_until_somebody_signs_in() {
    let world = World::new();
    world.time.pass(2 * HOUR);
    world.answers(
        false,
        403,
        r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#,
    );
    let keeper = world.keeper();
    let lack = token(&keeper).await.unwrap_err();
    insta::assert_snapshot!(lack, @"the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.example answered 403 invalid_grant (Unknown or invalid refresh token.): the code or the refresh token is unknown, was used before, or has ended; it was revoked, or the same person has approved the same app elsewhere, or another copy of this data folder has used it; a refresh token that is used twice ends the whole sign-in)");
    assert_eq!(token(&world.keeper()).await.unwrap_err(), lack);
    assert_eq!(world.asked(), 1);
}

#[tokio::test]
async fn one_that_lay_idle_for_a_quarter_is_told_so() {
    let world = World::new();
    world.time.pass(Duration::from_secs(91 * 24 * 3_600));
    world.auth.family.lock().unwrap().revoked = true;
    insta::assert_snapshot!(token(&world.keeper()).await.unwrap_err(), @"the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.example answered 403 unauthorized_client (refresh_token is invalid): the code or the refresh token is unknown, was used before, or has ended; it had to be used within 90 days and approved anew after a year, and so ended on 2026-06-24)");
}

#[tokio::test]
async fn a_token_address_inside_the_network_is_not_asked() {
    for url in ["https://169.254.169.254/token", "http://auth.example/token", "https://127.0.0.1/token"] {
        let world = World::of(Client { token_url: url.into(), ..client() }, None);
        world.time.pass(2 * HOUR);
        let lack = token(&world.keeper()).await.unwrap_err();
        assert!(matches!(lack, Lack::SignIn(_)), "{url}: {lack}");
        assert_eq!(world.asked(), 0, "{url}");
    }
}

#[tokio::test]
async fn no_secret_is_in_anything_that_is_said_or_printed() {
    let echoes = [
        (403, r#"{"error":"invalid_grant","error_description":"refresh-0-0123456789 client-secret"}"#),
        (401, r#"{"error":"client-secret","error_description":"refresh-0-0123456789"}"#),
        (400, "refresh-0-0123456789 client-secret"),
        (200, r#"{"access_token":"access-9-0123456789\u0000"}"#),
        (200, r#"{"access_token":{"a":"refresh-0-0123456789"}}"#),
        (503, "client-secret"),
    ];
    for (status, body) in echoes {
        let world = World::new();
        world.time.pass(2 * HOUR);
        (0..5).for_each(|_| world.answers(false, status, body));
        let keeper = world.keeper();
        let lack = token(&keeper).await.unwrap_err();
        let said = format!("{lack} {lack:?} {:?} {keeper:?} {:?}", lack.fault(), world.kept());
        let said = format!("{said} {:?} {:?}", client(), world.kept().ended);
        for secret in ["client-secret", "refresh-0", "access-0", "access-9"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}
