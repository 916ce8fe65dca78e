//! Who is who, and who may come in: linked by hand, by a list, and signed in with the company's account.

use std::collections::BTreeSet;

use confluence_simulator::{Restriction, Site};
use url::Url;
use weir::console::{ConsoleOptions, SignInOptions};
use weir::store::Match;

use super::Chrome;
use crate::acme::{ANA, HIDDEN, NAME, page, small};
use crate::console::{Desk, Provider};

/// Two people whose e-mails are hidden; a page names one of them, and a group that nobody is in.
fn site() -> Site {
    let mut site = small();
    site.add_person("mira", "Mira Lang", "mira@acme.example");
    site.users.get_mut("mira").unwrap().email_visible = false;
    site.add_group("founders", "founders", &[]);
    let handbook = page(&site, "Handbook");
    let named = Restriction::to_users(&["hidden", "ana", "crawler"]);
    site.restrict_page(handbook, Some(Restriction { groups: vec!["founders".into()], ..named }));
    site
}

fn matched(desk: &Desk, email: &str) -> Match {
    let store = desk.host.store();
    store.identity(store.connection(NAME).unwrap().id, email).unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_linked_by_hand_and_by_a_list() {
    let desk = Desk::synced(site()).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.clicks("People").await;
    chrome.sees("named in restrictions").await;
    chrome.inspect("the people to link").await;
    chrome.screenshot("people").await;

    chrome.expects("status of 422");
    chrome.fills("E-mail of Hidden", ANA).await;
    chrome.run("document.querySelector('.link-by-hand').noValidate = true;", Vec::new()).await;
    chrome.fills("E-mail of Hidden", "hidden").await;
    chrome.clicks("Link").await;
    chrome.sees("is not an e-mail address").await;
    chrome.inspect("a link with a fault").await;
    chrome.fills("E-mail of Hidden", HIDDEN).await;
    chrome.clicks("Link").await;
    chrome.sees(&format!("{HIDDEN} is linked.")).await;
    assert_eq!(matched(&desk, HIDDEN), Match::Linked);

    chrome.goes("/people?list=all").await;
    chrome.fills("Name, e-mail or account", "mira").await;
    chrome.sees_no_more("Ben").await;
    chrome.sees("Mira Lang").await;
    chrome.goes("/people?list=groups").await;
    chrome.sees("founders").await;
    chrome.inspect("groups without members").await;

    let list = desk.folder.path().join("people.csv");
    std::fs::write(&list, "Account;E-Mail\nmira;mira@acme.example\nnobody;zoe@acme.example\n").unwrap();
    chrome.clicks("Import a list").await;
    chrome.fills("A file", list.to_str().unwrap()).await;
    chrome.sees("people.csv was read").await;
    chrome.inspect("importing people").await;
    chrome.clicks("Look it over").await;
    chrome.sees("unknown account").await;
    chrome.inspect("what a list does").await;
    chrome.screenshot("people-import").await;
    assert_eq!(matched(&desk, "mira@acme.example"), Match::Unknown);
    chrome.clicks("Make 1 link").await;
    chrome.sees("1 person is linked.").await;
    assert_eq!(matched(&desk, "mira@acme.example"), Match::Linked);

    chrome.clicks_and_agrees(&format!("Unlink {HIDDEN}")).await;
    chrome.sees(&format!("The link of {HIDDEN} is gone.")).await;
    assert_eq!(matched(&desk, HIDDEN), Match::Unknown);
    chrome.close().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_with_the_company_account_and_makes_a_token() {
    let provider = Provider::start().await;
    let sign_in = SignInOptions { oidc: Some(provider.options()), ..SignInOptions::default() };
    let administrators = BTreeSet::from([ANA.to_owned()]);
    let url = Url::parse("http://localhost/").unwrap();
    let desk = Desk::with(small(), ConsoleOptions { administrators, sign_in, ..Desk::options(url) }).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.goes("/access").await;
    chrome.arrives("/sign-in").await;
    chrome.inspect("signing in with the company account").await;
    chrome.screenshot("sign-in-company").await;
    chrome.clicks("Sign in with your company account").await;
    chrome.arrives("/access").await;
    chrome.sees(ANA).await;

    chrome.clicks("Make a token").await;
    chrome.fills("What it is for", "Ana's agent").await;
    chrome.fills("E-mail", ANA).await;
    chrome.clicks("search – search, and fetch what was found, as that person").await;
    chrome.inspect("making a token").await;
    chrome.clicks("Make the token").await;
    chrome.sees("It is shown only now.").await;
    assert!(chrome.text("#token").await.starts_with("weir_"));
    chrome.inspect("a token that is shown once").await;
    chrome.clicks("Done").await;
    chrome.sees("Ana's agent").await;
    chrome.inspect("tokens").await;
    chrome.screenshot("access").await;
    chrome.clicks("Audit trail").await;
    chrome.sees("token made").await;
    chrome.inspect("the audit trail").await;
    chrome.clicks("Signed in").await;
    chrome.sees("the company account").await;
    chrome.inspect("who is signed in").await;
    chrome.clicks_and_agrees("Sign everybody out").await;
    chrome.arrives("/sign-in").await;
    chrome.sees("Everybody is signed out.").await;

    provider.says(|claims| claims["email_verified"] = serde_json::json!(false));
    chrome.expects("status of 403");
    chrome.clicks("Sign in with your company account").await;
    chrome.sees("does not say that ana@acme.example is verified").await;
    chrome.inspect("not signed in").await;
    chrome.close().await;
    desk.stop().await;
}
