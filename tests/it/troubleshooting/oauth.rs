//! Signing in by OAuth 2.0.

use confluence_simulator::{CRAWLER_EMAIL, OTHER_SITE};

use super::failed;
use crate::acme::small;
use crate::command::serve;
use crate::consent::{DENIES, HOUR, add_arguments, allows, approved, developer, get};

/// The browser shows the mismatch, and Weir never hears of it: what it said before is what helps.
pub async fn a_callback_that_is_not_registered() -> String {
    let site = serve(small()).await;
    let arguments = add_arguments(&site, "http://127.0.0.1:8737/callback");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--paste"]).collect();
    let said = failed(developer().pipes("\n", &arguments));
    let address = said.lines().find(|line| line.contains("/authorize?")).unwrap();
    assert!(get(address.trim()).contains("not the registered callback URL"), "in the browser");
    said
}

pub async fn somebody_declined() -> String {
    failed(developer().adds_app(&serve(small()).await, DENIES))
}

pub async fn another_site_was_chosen() -> String {
    let decision = format!("{}&site={OTHER_SITE}", allows(CRAWLER_EMAIL));
    failed(developer().adds_app(&serve(small()).await, &decision))
}

pub async fn a_guest_approved() -> String {
    failed(developer().adds_app(&serve(small()).await, &allows("guest@agency.example")))
}

pub async fn the_grant_was_revoked() -> String {
    let (site, user) = approved(2 * HOUR).await;
    site.change(|site| site.revoke_grants("crawler"));
    failed(user.runs(&["sync"]))
}

pub async fn settings_that_need_more() -> String {
    let (_site, user) = approved(HOUR / 2).await;
    user.runs(&["connection", "set", "acme", "--set", "audit=yes"]).ok().stderr
}
