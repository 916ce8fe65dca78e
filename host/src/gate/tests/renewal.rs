//! Credentials that change, and what the gate does about a 401.

use std::sync::{Arc, Mutex};

use http::header::{AUTHORIZATION, HeaderName};
use http::{Response, StatusCode};
use http_body_util::BodyExt as _;

use super::{MEDIA, SITE, Script, call, doors, get, plan, status};
use crate::gate::{BoxFuture, Gate, GatePlan, Refusal};
use crate::secrets::{Credential, Credentials, Lack, Secret};

/// Gives what it is told to give, and another token after each 401 while it has some.
#[derive(Debug, Default)]
struct Told {
    today: Mutex<Option<Result<&'static str, Lack>>>,
    next: Mutex<Vec<Result<&'static str, Lack>>>,
    refused: Mutex<Vec<String>>,
}

fn bearer(token: &str) -> Arc<Credential> {
    Arc::new(Credential::bearer(&Secret::new(token)).unwrap())
}

impl Credentials for Told {
    fn header(&self) -> &HeaderName {
        &AUTHORIZATION
    }

    fn current(&self) -> BoxFuture<'_, Result<Arc<Credential>, Lack>> {
        let today = self.today.lock().unwrap().clone().unwrap();
        Box::pin(std::future::ready(today.map(bearer)))
    }

    fn latest(&self) -> Option<Arc<Credential>> {
        self.today.lock().unwrap().clone()?.ok().map(bearer)
    }

    fn is_renewable(&self) -> bool {
        true
    }

    fn refused(&self, used: &Credential) -> BoxFuture<'_, Result<Option<Arc<Credential>>, Lack>> {
        self.refused.lock().unwrap().push(used.value().to_str().unwrap().to_owned());
        let next = self.next.lock().unwrap().pop();
        Box::pin(std::future::ready(next.transpose().map(|token| token.map(bearer))))
    }
}

fn gate(transport: &Arc<Script>, told: &Arc<Told>) -> Gate {
    let plan = GatePlan { credential: Some(Arc::clone(told) as _), ..plan() };
    Gate::new(plan, doors(Arc::clone(transport) as _)).unwrap()
}

fn told(today: Result<&'static str, Lack>, next: Vec<Result<&'static str, Lack>>) -> Arc<Told> {
    Arc::new(Told { today: Mutex::new(Some(today)), next: Mutex::new(next), refused: Mutex::default() })
}

fn sent(transport: &Script) -> Vec<String> {
    let value =
        |headers: http::HeaderMap| headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    transport.sent().into_iter().map(|sent| value(sent.headers).unwrap_or_default()).collect()
}

#[tokio::test]
async fn each_send_asks_for_today_s_credential() {
    let (transport, told) = (Script::of([]), told(Ok("monday-token"), vec![]));
    let gate = gate(&transport, &told);
    gate.send(get(SITE), &call()).await.unwrap();
    *told.today.lock().unwrap() = Some(Ok("tuesday-token"));
    gate.send(get(SITE), &call()).await.unwrap();
    gate.send(get(MEDIA), &call()).await.unwrap();
    assert_eq!(sent(&transport), ["Bearer monday-token", "Bearer tuesday-token", ""]);
    assert!(transport.sent()[0].headers[AUTHORIZATION].is_sensitive());
}

#[tokio::test]
async fn without_a_credential_nothing_goes_out_where_one_was_agreed() {
    let lack = Lack::SignIn("sign in again".into());
    let (transport, told) = (Script::of([]), told(Err(lack.clone()), vec![]));
    let gate = gate(&transport, &told);
    let refusal = gate.send(get(SITE), &call()).await.unwrap_err();
    assert_eq!(refusal, Refusal::Credential(lack));
    assert!(transport.sent().is_empty());
    assert_eq!(gate.ledger().traffic().refused, 1);
    // An origin that never gets it is not concerned.
    gate.send(get(MEDIA), &call()).await.unwrap();
}

#[tokio::test]
async fn a_401_is_tried_once_more_with_a_newer_token_and_then_stands() {
    let (transport, told) =
        (Script::of([status(401), status(200)]), told(Ok("old-token"), vec![Ok("new-token")]));
    let answer = gate(&transport, &told).send(get(SITE), &call()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(sent(&transport), ["Bearer old-token", "Bearer new-token"]);

    let (transport, told) =
        (Script::of([status(401), status(401)]), self::told(Ok("old-token"), vec![Ok("new-token")]));
    let answer = gate(&transport, &told).send(get(SITE), &call()).await.unwrap();
    assert_eq!((answer.status(), sent(&transport).len()), (StatusCode::UNAUTHORIZED, 2));
    assert_eq!(*told.refused.lock().unwrap(), ["Bearer old-token"]);
}

#[tokio::test]
async fn a_401_that_no_token_can_mend_comes_back_whole() {
    let scope = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;
    let missing = Response::builder().status(401).body(scope).unwrap();
    let (transport, told) = (Script::of([Ok(missing)]), told(Ok("old-token"), vec![Ok("new-token")]));
    let answer = gate(&transport, &told).send(get(SITE), &call()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), scope);
    assert!(told.refused.lock().unwrap().is_empty(), "a missing scope renews nothing");

    // 403 and 404 say nothing about a token.
    for code in [403, 404] {
        let (transport, told) =
            (Script::of([status(code)]), self::told(Ok("old-token"), vec![Ok("new-token")]));
        gate(&transport, &told).send(get(SITE), &call()).await.unwrap();
        assert!(told.refused.lock().unwrap().is_empty(), "{code}");
    }
}

#[tokio::test]
async fn a_renewal_that_fails_after_a_401_says_so() {
    let lack = Lack::SignIn("sign in again".into());
    let (transport, told) = (Script::of([status(401)]), told(Ok("old-token"), vec![Err(lack.clone())]));
    let refusal = gate(&transport, &told).send(get(SITE), &call()).await.unwrap_err();
    assert_eq!(refusal, Refusal::Credential(lack));
}

#[tokio::test]
async fn neither_the_old_nor_the_new_token_comes_back_in_a_header() {
    let echo = |status: u16| {
        let answer = Response::builder().status(status);
        Ok(answer.header("x-old", "old-token").header("x-new", "new-token").body("").unwrap())
    };
    let (transport, told) =
        (Script::of([echo(401), echo(200)]), told(Ok("old-token"), vec![Ok("new-token")]));
    let answer = gate(&transport, &told).send(get(SITE), &call()).await.unwrap();
    assert!(answer.headers().is_empty(), "{:?}", answer.headers());
}
