//! API tokens with scopes: good through the gateway alone, which shows only when they are used.

use confluence_simulator::{CRAWLER_EMAIL, Running, SCOPED_TOKEN, SCOPES};

use crate::acme::{ANA, BEN, NAME, SITE, small};
use crate::command::{User, serve, snapshots, stable};

const TOKEN: &str = "token-of-the-crawler";

/// A user with a token that has all scopes but these.
fn without(site: &Running, lacking: &[&str]) -> User {
    let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| !lacking.contains(scope)).collect();
    site.change(|site| site.add_api_token("crawler", TOKEN, Some(&scopes), None));
    User { secret: Some(TOKEN.into()), ..User::new() }
}

fn to_site(site: &Running) -> Vec<String> {
    let entries = site.ledger().entries();
    let own = entries
        .iter()
        .filter(|entry| entry.target.starts_with("/wiki") || entry.target.starts_with("/_edge"));
    own.map(|entry| entry.target.split('?').next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_site_is_asked_once_and_the_gateway_from_then_on() {
    let site = serve(small()).await;
    let user = User { secret: Some(SCOPED_TOKEN.into()), ..User::new() };
    user.adds_with(&site.url(), SITE, CRAWLER_EMAIL).ok();
    assert_eq!(to_site(&site), ["/wiki/rest/api/user/current", "/_edge/tenant_info"]);
    site.ledger().clear();
    user.runs(&["sync"]).ok();
    assert_eq!(to_site(&site), [""; 0]);
    assert!(user.runs(&["search", "flamingo", "--as", ANA]).ok().stdout.contains("Palette"));
    assert!(!user.runs(&["search", "flamingo", "--as", BEN]).ok().stdout.contains("Palette"));
    assert_eq!(user.keeps(SCOPED_TOKEN), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_only_reading_needs_is_named_by_the_sync() {
    let site = serve(small()).await;
    let user = without(&site, &["read:comment:confluence"]);
    user.adds(&site.url()).ok();
    let said = user.runs(&["sync"]);
    let mut words: Vec<&str> = said.stderr.lines().filter(|line| line.starts_with("left out")).collect();
    words.sort_unstable();
    assert_eq!(said.code, 3, "{said}");
    let cloud = site.read(|site| site.cloud_id.clone());
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, words.join("\n")).replace(&cloud, "CLOUD"), @"
        left out: content/footer-comments: asked api.atlassian.com for /ex/confluence/CLOUD/wiki/api/v2/footer-comments and got 401: Unauthorized; scope does not match; the scope read:comment:confluence is missing (comments and replies); add it to the token or the app, and sign in again; the next sync goes on there
        left out: content/inline-comments: asked api.atlassian.com for /ex/confluence/CLOUD/wiki/api/v2/inline-comments and got 401: Unauthorized; scope does not match; the scope read:comment:confluence is missing (comments and replies); add it to the token or the app, and sign in again; the next sync goes on there
        ")
    });
    assert!(site.ledger().entries().len() < 60, "no loop: {}", site.ledger().entries().len());
    assert!(user.runs(&["search", "flamingo", "--as", ANA]).ok().stdout.contains("Palette"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_run_out_stops_the_run_and_a_new_one_goes_on() {
    let site = serve(small()).await;
    let mut user = without(&site, &[]);
    user.adds(&site.url()).ok();
    user.runs(&["sync"]).ok();
    site.change(|site| site.expire_api_token(TOKEN));
    site.ledger().clear();
    let said = user.runs(&["sync"]);
    assert_eq!(said.code, 1, "{said}");
    assert!(said.stderr.contains("weir login acme"), "{said}");
    assert!(site.ledger().entries().len() <= 8, "{}", site.ledger().entries().len());
    let doctor = user.runs(&["doctor", NAME]);
    assert!(doctor.stdout.contains("BAD     sign-in: the sign-in is not accepted any more"), "{doctor}");

    user.secret = Some(SCOPED_TOKEN.into());
    user.runs(&["login", NAME]).ok();
    assert!(user.runs(&["sync"]).ok().stdout.contains("0 new, 0 changed"));
}
