//! Before anything is read: the credential, the site, and what the account may see there.

use confluence_simulator::{Fault, Knobs, Operation, Principal, What, When};

use super::failed;
use crate::acme::{SITE, small};
use crate::command::{User, serve};

pub async fn a_wrong_token() -> String {
    let site = serve(small()).await;
    let user = User { secret: Some("not-the-token".into()), ..User::new() };
    let wrong_token = failed(user.adds(&site.url()));
    let wrong_email = failed(User::new().adds_with(&site.url(), SITE, "somebody-else@acme.example"));
    assert_eq!(wrong_token, wrong_email, "Confluence does not say which it is");
    assert!(!wrong_token.contains("Exception"), "{wrong_token}");
    wrong_token
}

pub async fn a_site_typed_wrongly() -> String {
    failed(User::new().adds_with("http://127.0.0.1:1", "https://acme.atlassian.net/wiki", "ana@acme.example"))
}

pub async fn a_site_that_is_none() -> String {
    let site = serve(small()).await;
    let what = What::Status { code: 404, retry_after_seconds: None };
    site.set_knobs(Knobs {
        faults: vec![Fault { path: String::new(), when: When::Always, what }],
        ..Knobs::default()
    });
    failed(User::new().adds(&site.url()))
}

pub async fn a_scope_is_missing() -> String {
    let mut site = small();
    site.add_api_token("crawler", "few-scopes", Some(&["read:confluence-user"]), None);
    let site = serve(site).await;
    failed(User { secret: Some("few-scopes".into()), ..User::new() }.adds(&site.url()))
}

pub async fn the_schedule_waits_for_a_sign_in() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let what = What::Status { code: 401, retry_after_seconds: None };
    site.set_knobs(Knobs {
        faults: vec![Fault { path: String::new(), when: When::Always, what }],
        ..Knobs::default()
    });
    failed(user.runs(&["sync"]));
    user.runs(&["status"]).ok().stdout
}

pub async fn an_account_that_sees_no_space() -> String {
    let mut site = small();
    let spaces: Vec<u64> = site.spaces.keys().copied().collect();
    for space in spaces {
        for reader in [Principal::all_licensed_users(), Principal::group("designers")] {
            site.remove_space_permission(space, &reader, &Operation::read_space());
        }
    }
    failed(User::new().adds(&serve(site).await.url()))
}
