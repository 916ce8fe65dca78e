//! Signing in by OAuth 2.0.

use confluence_simulator::{CRAWLER_EMAIL, OTHER_SITE};

use super::failed;
use crate::acme::small;
use crate::command::serve;
use crate::consent::{HOUR, add_arguments, allows, approved, developer, get};

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

pub async fn another_site_or_none() -> String {
    let site = serve(small()).await;
    let guest = failed(developer().adds_app(&site, &allows("guest@agency.example")));
    assert!(guest.contains("the app was granted no site at all"), "{guest}");
    let said = failed(developer().adds_app(&site, &format!("{}&site={OTHER_SITE}", allows(CRAWLER_EMAIL))));
    assert!(said.contains("but not https://acme.atlassian.net"), "{said}");
    said
}

pub async fn the_grant_was_revoked() -> String {
    let (site, user) = approved(2 * HOUR).await;
    site.change(|site| site.revoke_grants("crawler"));
    let said = failed(user.runs(&["sync"]));
    let status = user.runs(&["status"]).ok().stdout;
    assert!(status.contains("needs-sign-in: nothing is read before `weir login acme`"), "{status}");
    said
}

pub async fn settings_that_need_more() -> String {
    let (_site, user) = approved(HOUR / 2).await;
    user.runs(&["connection", "set", "acme", "--set", "audit=yes"]).ok().stderr
}
