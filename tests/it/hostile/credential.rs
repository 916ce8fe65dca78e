//! Learning the secret, and telling it.

use http::Response;

use super::{Cage, SECRET, body};

/// What was sent, as a page for debugging repeats it: in each way in which servers quote.
fn repeated(key: &str) -> String {
    format!(
        r#"{{"headers":{{"x-test-key":"{key}"}},"link":"https://agreed.example/?k={key}","again":"c3dvcmRmaXNo"}}"#
    )
}

/// A server that repeats the request: in its headers, and in its body.
async fn echoing() -> Cage {
    Cage::answering(|asked| {
        let key = asked.headers.get("x-test-key").map_or("none", |key| key.to_str().unwrap()).to_owned();
        let answer =
            Response::builder().header("x-debug", format!("you sent {key}")).header("x-test-key", &key);
        answer.header("x-other", "fine").body(body(repeated(&key))).unwrap()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_repeats_the_secret_does_not_tell_it_to_the_connector() {
    let cage = echoing().await;
    let heard = cage.told_to("listens https://agreed.example/").await;
    assert!(!heard.contains(SECRET), "{heard}");
    insta::assert_snapshot!(heard, @r#"x-other: fine | {"headers":{"x-test-key":"*********"},"link":"https://agreed.example/?k=*********","again":"************"}"#);
    assert_eq!(cage.outside.sent.lock().unwrap()[0].headers["x-test-key"], SECRET, "it was sent");
}

/// What it read may go wherever it may go: that is what was agreed. The secret is not among it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_carried_from_one_agreed_origin_to_another_has_no_secret_in_it() {
    let cage = echoing().await;
    let said = cage.told_to("carries-on https://agreed.example/ https://beside.example/").await;
    assert_eq!(said, "status 200");
    let there = cage.outside.sent.lock().unwrap()[1].clone();
    assert_eq!(there.url.host_str(), Some("beside.example"));
    assert!(there.url.as_str().contains("xdebug") || there.url.as_str().contains("headers"), "{}", there.url);
    assert!(!there.headers.contains_key("x-test-key"), "the credential is of another origin");
    let told = format!("{} {:?}", there.url, there.headers);
    assert!(!told.contains(SECRET) && !told.contains("c3dvcmRmaXNo"), "{told}");
    // Elsewhere it cannot carry anything.
    let said = cage.told_to("carries-on https://agreed.example/ https://evil.example/").await;
    assert!(said.contains("not among the origins agreed"), "{said}");
    assert_eq!(cage.departures(), 3);
}
