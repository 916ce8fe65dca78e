//! Signing in and out.

use super::Chrome;
use crate::acme::small;
use crate::console::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_signs_in_with_a_token_and_out_again() {
    let desk = Desk::synced(small()).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.goes("/connections").await;
    chrome.arrives("/sign-in").await;
    chrome.inspect("signing in").await;
    chrome.screenshot("sign-in").await;

    chrome.expects("status of 403");
    chrome.fills("Administrator's token", "weir_guessed").await;
    chrome.clicks("Sign in").await;
    chrome.sees("This is no token of an administrator, or it was revoked.").await;
    let described = "return document.getElementById(document.querySelector('[aria-invalid=true]')
        .getAttribute('aria-describedby').split(' ')[0]).innerText;";
    let fault = chrome.run(described, Vec::new()).await;
    assert_eq!(fault, "This is no token of an administrator, or it was revoked.", "heard at its field");
    chrome.inspect("signing in, with a fault").await;

    chrome.signs_in(&desk).await;
    chrome.arrives("/connections").await;
    chrome.sees("acme").await;
    chrome.inspect("the connections").await;

    chrome.clicks("Sign out").await;
    chrome.arrives("/sign-in").await;
    chrome.goes("/connections").await;
    chrome.arrives("/sign-in").await;
    chrome.close().await;
    desk.stop().await;
}
