//! Searching as two people, and asking why something is not found.

use serde_json::json;

use super::Chrome;
use crate::acme::{ANA, BEN, page, page_id, small};
use crate::console::Desk;

impl Chrome {
    /// Is signed in as somebody who is no administrator, as after signing in at the company's.
    async fn is_signed_in_as(&self, desk: &Desk, email: &str) {
        let secret = desk.session(email);
        let cookie = json!({ "name": "weir_session", "value": secret, "url": desk.url.as_str() });
        self.cdp("Network.setCookie", cookie).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_search_and_each_finds_what_that_one_may_read() {
    let desk = Desk::synced(small()).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.is_signed_in_as(&desk, ANA).await;
    chrome.goes("/search").await;
    chrome.inspect("searching, before anything is typed").await;
    // Nothing is sent: results come as somebody types, and the word need not be finished.
    chrome.fills("Search for", "flam").await;
    chrome.sees("8 results").await;
    chrome.sees("Palette").await;
    chrome.inspect("searching, with results").await;
    chrome.screenshot("search").await;
    chrome.clicks("Blog posts").await;
    chrome.sees("1 result").await;
    chrome.clicks("Blog posts").await;
    chrome.sees("8 results").await;
    let hanging = chrome.texts(".below h3").await;
    assert!(hanging.iter().any(|title| title == "Re: Parental leave"), "{hanging:?}");
    chrome.fills("Search for", "?!").await;
    chrome.sees("type at least one letter or digit").await;
    chrome.inspect("searching, with a fault").await;
    chrome.fills("Search for", "palette").await;
    chrome.sees("1 result").await;
    chrome.clicks("Why do I see this?").await;
    chrome.sees("Why you see this").await;
    chrome.sees("a member of the group designers").await;
    chrome.inspect("why").await;
    chrome.screenshot("why").await;

    chrome.is_signed_in_as(&desk, BEN).await;
    chrome.goes("/search").await;
    chrome.fills("Search for", "flam").await;
    chrome.sees("7 results").await;
    assert!(!chrome.words().await.contains("Palette"));
    chrome.fills("Search for", "palette").await;
    chrome.sees("Nothing that may be read here matches.").await;
    chrome.inspect("searching, with no results").await;
    chrome.close().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_looks_as_somebody_else_and_asks_why_not() {
    let site = small();
    let palette = page(&site, "Palette");
    let desk = Desk::synced(site).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.clicks("Search").await;
    chrome.sees("Your token is nobody’s").await;
    chrome.inspect("searching as nobody").await;
    chrome.fills("E-mail of the person", BEN).await;
    chrome.clicks("Look").await;
    chrome.sees("You are looking as ben@acme.example").await;
    chrome.fills("Search for", "flamingo").await;
    chrome.sees("7 results").await;
    chrome.inspect("looking as somebody else").await;
    chrome.screenshot("looking-as").await;
    chrome.clicks("Why is something not found?").await;
    chrome.inspect("asking why not").await;
    chrome.fills("What", &page_id(palette)).await;
    chrome.fills("E-mail of the person who does not find it", BEN).await;
    chrome.clicks("Find out").await;
    chrome.sees("it stopped at Access").await;
    let steps = chrome.texts(".stages h2").await;
    assert_eq!(steps.len(), 5);
    chrome.inspect("why not").await;
    chrome.screenshot("why-not").await;
    chrome.fills("E-mail of the person who does not find it", ANA).await;
    chrome.clicks("Find out").await;
    chrome.sees("ana@acme.example finds it.").await;
    chrome.clicks("Look for it as ana@acme.example").await;
    chrome.sees("1 result").await;
    let looks = desk.host.store().acts(None, 50).unwrap();
    let looked: Vec<_> =
        looks.iter().filter(|act| act.act == "looked-as").map(|act| act.about.as_str()).collect();
    assert_eq!(looked, [ANA, BEN], "once each, the newest first");
    chrome.close().await;
    desk.stop().await;
}
