//! The way by OAuth 2.0: somebody approves in another window, or does not.

use confluence_simulator::CRAWLER_EMAIL;
use weir::schedule::State;

use super::Form;
use crate::acme::{ANA, NAME, small};
use crate::consent::{DENIES, allows, decides};
use crate::console::{Browser, Desk};

/// Fills in the form for OAuth, to where somebody is to approve.
async fn to_approve(desk: &Desk, browser: &Browser<'_>) -> String {
    let callback = format!("{}oauth/callback", desk.url);
    desk.site.change(|site| site.add_callback(&callback));
    let answer = Form::of(desk, "oauth").agreed(browser).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let draft = answer.header("location").split_once("draft=").unwrap().1.to_owned();
    let waiting = browser.get(answer.header("location")).await;
    assert!(
        waiting.text.contains("Open the consent window") && waiting.text.contains("read:space:confluence")
    );
    draft
}

/// Opens the consent page and decides there. Returns where the browser comes back to.
async fn consents(browser: &Browser<'_>, draft: &str, decision: &str) -> String {
    let begun = browser.get(&format!("/oauth/begin?draft={draft}")).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let url = begun.header("location").to_owned();
    let decision = decision.to_owned();
    let back = tokio::task::spawn_blocking(move || decides(&url, &decision)).await.unwrap();
    back.strip_prefix(browser.desk.url.as_str().trim_end_matches('/')).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_set_up_by_oauth() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let draft = to_approve(&desk, &browser).await;
    let back = consents(&browser, &draft, &allows(CRAWLER_EMAIL)).await;
    let waiting = format!("/oauth/consent?draft={draft}");

    let wrong = browser.get("/oauth/callback?code=made-up&state=made-up").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("answers another sign-in"), "{}", wrong.text);
    // Somebody who lures another administrator to the address of this approval signs nobody in.
    let other = desk.signed_in().await;
    assert!(other.get(&back).await.text.contains("answers another sign-in"));
    assert_eq!(other.get(&waiting).await.status, 400);
    assert!(desk.host.store().connections().unwrap().is_empty());

    let done = browser.get(&back).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(
        done.text.contains("You may close this window") && done.text.contains("Crawler"),
        "{}",
        done.text
    );
    assert_eq!(browser.get(&back).await.status, 400, "a code is good once");
    let seen = browser.get(&waiting).await;
    assert!(seen.text.contains("Authenticated") && seen.text.contains("Reauthenticate"), "{}", seen.text);
    assert!(!seen.text.contains("data-poll"), "there is nothing to wait for any more");
    assert!(seen.text.contains("/connections/acme/configure"));
    assert_eq!(desk.host.turn(NAME).unwrap().state, State::SettingUp);

    // Reauthenticating as somebody else is asked about.
    let back = consents(&browser, &draft, &allows(ANA)).await;
    assert_eq!(browser.get(&back).await.status, 409);
    let asked = browser.get(&waiting).await;
    assert!(asked.text.contains("Go on with the other account"), "{}", asked.text);
    assert!(desk.host.store().connection(NAME).unwrap().account.starts_with("Crawler"));
    let meant = browser.sends("/oauth/other-account", &[("draft", &draft)]).await;
    assert_eq!(meant.status, 303, "{}", meant.text);
    assert!(desk.host.store().connection(NAME).unwrap().account.starts_with("Ana"));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_fails_is_told_and_tried_again() {
    let desk = Desk::empty(small()).await;
    let browser = desk.signed_in().await;
    let draft = to_approve(&desk, &browser).await;
    let waiting = format!("/oauth/consent?draft={draft}");
    let denied = consents(&browser, &draft, DENIES).await;
    assert!(browser.get(&denied).await.text.contains("was not approved"));
    let page = browser.get(&waiting).await;
    assert!(page.text.contains("was not approved") && page.text.contains("Try again"), "{}", page.text);

    // A code that ended: the site's clock goes on.
    let late = consents(&browser, &draft, &allows(CRAWLER_EMAIL)).await;
    desk.site.read(|site| site.clock.advance(60 * 60 * 1_000));
    let page = browser.get(&late).await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.text.contains("the code"), "{}", page.text);
    let again = consents(&browser, &draft, &allows(CRAWLER_EMAIL)).await;
    assert_eq!(browser.get(&again).await.status, 200);
    desk.stop().await;
}
