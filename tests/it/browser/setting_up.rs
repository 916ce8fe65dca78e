//! Setting a connection up, by token and by OAuth.

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET};
use fantoccini::Locator;
use fantoccini::key::Key;

use super::Chrome;
use crate::acme::{GATEWAY, MEDIA, NAME, SITE, small};
use crate::consent::AUTH;
use crate::console::Desk;
use crate::serve::until;

impl Chrome {
    /// The site is simulated, and said to stand in for these.
    async fn routes(&self, desk: &Desk, origins: &[&str]) {
        let routes: Vec<String> = origins.iter().map(|from| format!("{from}={}", desk.site.url())).collect();
        self.clicks("Advanced").await;
        self.fills("Stand-in servers (one a line)", &routes.join("\n")).await;
    }

    /// Goes over to the window that was opened last.
    async fn goes_over(&self) {
        let two = async || self.client.windows().await.ok().filter(|windows| windows.len() == 2);
        let windows = self.until("a second window", two).await;
        let here = self.client.window().await.unwrap();
        let other = windows.into_iter().find(|window| *window != here).unwrap();
        self.client.switch_to_window(other).await.unwrap();
    }

    /// Decides on the source's consent page, sees where that ends, and comes back.
    async fn decides(&self, decision: &str, sees: &str) {
        self.goes_over().await;
        let account = self.find("select[name=account]").await;
        account.select_by_value(CRAWLER_EMAIL).await.unwrap();
        self.client
            .find(Locator::Css(&format!("button[value={decision}]")))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        self.sees(sees).await;
    }

    async fn closes_window(&self) {
        self.client.close_window().await.unwrap();
        let first = self.client.windows().await.unwrap().remove(0);
        self.client.switch_to_window(first).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_set_up_by_token() {
    let desk = Desk::empty(small()).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.goes("/connectors").await;
    chrome.sees("weir connector add FILE").await;
    chrome.clicks("What it demands").await;
    chrome.sees("https://*.atlassian.net (reads, with the credential)").await;
    chrome.inspect("the connectors").await;
    chrome.goes("/connections/new").await;
    chrome.sees("New connection").await;
    chrome.inspect("a new connection").await;
    chrome.screenshot("set-up-authenticate").await;
    chrome.expects("status of 422");
    chrome.fills("Name", NAME).await;
    chrome.fills("Site", &format!("{SITE}/")).await;
    chrome.fills_in(".field:has(> #secret)", "API token", API_TOKEN).await;
    chrome.routes(&desk, &[SITE, GATEWAY, MEDIA]).await;
    chrome.clicks("Continue").await;
    chrome.sees("Look at this again").await;
    chrome.sees("The site must not end with a slash").await;
    chrome.inspect("a new connection with faults").await;
    chrome.fills("Site", SITE).await;
    chrome.fills("E-mail of the Atlassian account", CRAWLER_EMAIL).await;
    chrome.clicks("Continue").await;
    chrome.sees("Where requests will go").await;
    chrome.inspect("origins to agree to").await;
    chrome.clicks("I agree to all of them").await;
    chrome.clicks("Sign in and continue").await;
    chrome.arrives("/connections/acme/configure").await;
    chrome.sees("Signed in as Crawler").await;

    // The picker asks the source; what is chosen can be taken away again.
    chrome.fills_in(".field:has(#set-spaces)", "Spaces", "de").await;
    chrome.sees("1 to choose from.").await;
    chrome.clicks_in(".offers", "Design DESIGN").await;
    chrome.types("op").await;
    chrome.types(&char::from(Key::Enter).to_string()).await;
    chrome.sees("Open added.").await;
    chrome.clicks("Remove Design").await;
    assert_eq!(chrome.value("Spaces, one a line").await, "OPEN");
    chrome.clicks("Smart Links").await;
    chrome.inspect("configuring records").await;
    chrome.screenshot("set-up-configure").await;
    chrome.clicks("Save and continue").await;
    chrome.sees("Configured and ready to sync").await;
    chrome.sees("requests, less than a minute").await;
    chrome.inspect("ready to sync").await;
    chrome.screenshot("set-up-ready").await;
    chrome.clicks("Start now").await;
    chrome.arrives("/connections").await;
    let store = desk.host.store();
    until("its first run", || {
        store.status().unwrap().connections[0].last_run.as_ref().is_some_and(|run| run.outcome.is_some())
    })
    .await;
    chrome.goes("/connections/acme/configure").await;
    chrome.sees("Edit: acme").await;
    chrome.inspect("editing a connection").await;
    chrome.close().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_set_up_by_oauth() {
    let desk = Desk::empty(small()).await;
    let callback = format!("{}oauth/callback", desk.url);
    desk.site.change(|site| site.add_callback(&callback));
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.goes("/connections/new").await;
    chrome.fills("Name", NAME).await;
    chrome.fills("Site", SITE).await;
    chrome.clicks("OAuth 2.0").await;
    chrome.sees("Redirect URL").await;
    assert_eq!((chrome.value("Redirect URL").await, chrome.value("Name").await), (callback, NAME.to_owned()));
    chrome.fills("Client ID", OAUTH_CLIENT_ID).await;
    chrome.fills("Client secret", OAUTH_CLIENT_SECRET).await;
    chrome.routes(&desk, &[GATEWAY, MEDIA, AUTH]).await;
    chrome.expects("status of 422");
    chrome.clicks("Continue").await;
    chrome.clicks("I agree to all of them").await;
    chrome.clicks("Continue to authorize").await;
    chrome.sees("Open the consent window").await;
    chrome.inspect("authorizing").await;
    chrome.screenshot("set-up-authorize").await;

    // The page that waits notices by itself, both times.
    chrome.expects("status of 400");
    chrome.expects("favicon");
    chrome.clicks("Open the consent window").await;
    chrome.decides("deny", "was not approved").await;
    chrome.closes_window().await;
    chrome.sees("The sign-in was not approved").await;
    chrome.inspect("authorizing that was denied").await;
    chrome.clicks("Try again").await;
    chrome.decides("allow", "You may close this window").await;
    chrome.inspect("the end of the consent window").await;
    chrome.closes_window().await;
    chrome.sees("Reauthenticate").await;
    chrome.inspect("authorized").await;
    chrome.screenshot("set-up-authorized").await;
    chrome.clicks("Continue").await;
    chrome.arrives("/connections/acme/configure").await;
    chrome.clicks("Save and continue").await;
    chrome.clicks("Later").await;
    chrome.arrives("/connections").await;
    assert!(desk.host.turn(NAME).unwrap().schedule.paused);
    chrome.goes("/connections/acme/sign-in").await;
    chrome.sees("Sign in again").await;
    chrome.inspect("signing in again").await;
    chrome.close().await;
    desk.stop().await;
}
