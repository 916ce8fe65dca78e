//! What goes wrong while signing in, and the exact words: what was attempted, what came back,
//! what to do next.

use std::net::TcpListener;

use confluence_simulator::{CRAWLER_EMAIL, Fault, Knobs, Operation, Principal, SCOPED_TOKEN, What, When};

use crate::acme::{SITE, small};
use crate::command::{User, serve, snapshots, stable};

#[test]
fn addresses_that_are_not_a_site_s() {
    let user = User::new();
    let mut said = Vec::new();
    for site in [
        "http://acme.atlassian.net",
        "https://acme.atlassian.net/",
        "https://acme.atlassian.net/wiki",
        "https://acme.atlassian.net/wiki/spaces/ENG?a=b",
        "acme.atlassian.net",
        "https://wiki.acme.example",
        "https://atlassian.net",
        "https://acme.atlassian.net:8443",
        "https://me:secret@acme.atlassian.net",
        "",
    ] {
        let refused = user.adds_with("http://127.0.0.1:9", site, CRAWLER_EMAIL);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
        let words = refused.stderr.trim_end().trim_start_matches("error: the settings are refused:\n  ");
        said.push(format!("{site}\n    {words}"));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        http://acme.atlassian.net
            /site: The site must begin with https://, not http://: https://your-site.atlassian.net.
        https://acme.atlassian.net/
            /site: The site must not end with a slash; use https://acme.atlassian.net.
        https://acme.atlassian.net/wiki
            /site: The site must not have a path; remove "/wiki" and use https://acme.atlassian.net.
        https://acme.atlassian.net/wiki/spaces/ENG?a=b
            /site: The site must not have a path; remove "/wiki/spaces/ENG?a=b" and use https://acme.atlassian.net.
        acme.atlassian.net
            /site: The site needs https:// in front: https://your-site.atlassian.net.
        https://wiki.acme.example
            /site: wiki.acme.example is not a Confluence Cloud site; Confluence Cloud sites end in .atlassian.net.
        https://atlassian.net
            /site: The site's own name is missing; put your site's name before atlassian.net: https://your-site.atlassian.net.
        https://acme.atlassian.net:8443
            /site: The site must not name a port; remove :8443 after acme.atlassian.net.
        https://me:secret@acme.atlassian.net
            /site: The site must not hold a user name or password; enter e-mail and token as the login.

            /site: The site is empty; it looks like https://your-site.atlassian.net.
    "#);
    assert!(user.runs(&["connection", "list"]).stdout.is_empty(), "nothing was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_or_another_account_s_e_mail() {
    let site = serve(small()).await;
    let user = User { secret: Some("not-the-token".into()), ..User::new() };
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Request rejected because caller cannot access Confluence)
        ")
    });
    assert_eq!(site.ledger().entries().len(), 1, "a wrong token is tried once");

    let user = User::new();
    let said = user.adds_with(&site.url(), SITE, "somebody-else@acme.example");
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Request rejected because caller cannot access Confluence)
        ")
    });
    let said = user.adds_with(&site.url(), SITE, "crawler:acme");
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: a username for basic authentication cannot contain `:` (RFC 7617); check --username
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_scopes_finds_its_way_by_itself() {
    let site = serve(small()).await;
    let user = User { secret: Some(SCOPED_TOKEN.into()), ..User::new() };
    user.adds(&site.url()).ok();
    user.runs(&["sync"]).ok();
    let plain = User::synced(&site);
    let items = |user: &User| user.runs(&["items", "--connection", "acme"]).ok().sorted().stdout;
    assert_eq!(items(&user), items(&plain), "the gateway and the site tell the same");

    let few = Some(&["read:confluence-user"][..]);
    site.change(|site| site.add_api_token("crawler", "few-scopes", few, None));
    let user = User { secret: Some("few-scopes".into()), ..User::new() };
    let said = user.adds(&site.url());
    assert!(said.code == 1 && said.stderr.contains("the scope read:space:confluence is missing"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_may_not_use_confluence() {
    let mut site = small();
    site.remove_group_member(confluence_simulator::USERS_GROUP, "crawler");
    site.remove_group_member(confluence_simulator::ADMINS_GROUP, "crawler");
    let (site, user) = (serve(site).await, User::new());
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Current user not permitted to use Confluence)
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_sees_no_space() {
    let mut site = small();
    let spaces: Vec<u64> = site.spaces.keys().copied().collect();
    for space in spaces {
        for reader in [Principal::all_licensed_users(), Principal::group("designers")] {
            site.remove_space_permission(space, &reader, &Operation::read_space());
        }
    }
    let (site, user) = (serve(site).await, User::new());
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: Crawler (crawler@acme.example) on acme.atlassian.net can sign in but sees no space; ask a Confluence administrator to give this account access to the spaces that shall be searched (asked acme.atlassian.net for /wiki/api/v2/spaces and got none)
        ")
    });
}

#[test]
fn a_site_that_does_not_answer() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let user = User::new();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&url)), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: no usable answer came from acme.atlassian.net; check the address, and if it is right, try again later (asked acme.atlassian.net for /wiki/rest/api/user/current, but the connection was refused) (GET SITE failed: no connection could be made (tcp connect error: Connection refused (os error 111)); check the address, and that nothing blocks it)
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_html_half_of_json_or_an_error() {
    let site = serve(small()).await;
    let user = User::new();
    let mut said = Vec::new();
    for what in [What::Html, What::TruncatedJson, What::Status { code: 500, retry_after_seconds: None }] {
        let fault = Fault { path: String::new(), when: When::Always, what };
        site.set_knobs(Knobs { faults: vec![fault], ..Knobs::default() });
        said.push(user.adds(&site.url()).to_string());
    }
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r#"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account")
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (EOF while parsing a string at line 1 column 231): {"_expandable":{"operations":"","personalSpace":""},"_links":{"self":"SITE/wiki/rest/api/user?accountId=crawler"},"accountId":"crawler","accountStatus":"active","accountType":"at)
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: failed to sign in: no usable answer came from acme.atlassian.net; check the address, and if it is right, try again later (asked acme.atlassian.net for /wiki/rest/api/user/current and got 500: a page titled "500")
        "#)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_run_out() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    site.change(|site| site.users.get_mut("crawler").unwrap().api_token = None);
    // Which dataset notices first is chance; the last words are the same.
    let said = user.runs(&["sync"]);
    let last = said.stderr.split_once("error: ").unwrap().1;
    assert_eq!(said.code, 1);
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, last), @"
        failed to sync acme
          because the run stopped, and what was read is kept; if the token was revoked or has run out, sign in with a new one: weir login acme
          because asked acme.atlassian.net for /wiki/api/v2/spaces and got 404: Not Found
        ")
    });
    assert_eq!(user.runs(&["items", "--connection", "acme"]).stdout.lines().count(), 10, "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_for_an_old_connection() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    site.change(|site| site.users.get_mut("crawler").unwrap().api_token = Some("a-new-token".into()));
    let login = |secret| user.pipes(secret, &["login", "acme", "--secret-stdin"]);
    assert_eq!(login("guessed").code, 1);
    assert_eq!(user.runs(&["sync"]).code, 1, "the old token no longer holds, and the guess was not kept");
    assert_eq!(login("a-new-token").code, 0);
    let synced = user.runs(&["sync"]);
    assert_eq!(synced.code, 0);
    assert!(synced.stdout.contains("0 new, 0 changed"), "what was read stays: {}", synced.stdout);
}

/// Nobody's component gets a secret before somebody agreed to where it will go.
#[tokio::test(flavor = "multi_thread")]
async fn a_component_file_needs_agreement_first() {
    let user = User::new();
    let file = user.home.path().join("mine.wasm");
    std::fs::write(&file, crate::wasm::test_connector()).unwrap();
    let add = ["connection", "add", file.to_str().unwrap(), "--name", "mine", "--set", "behaviour=behaves"];
    let refused = user.runs(&add);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("https://agreed.example"), "the bounds are shown: {}", refused.stderr);
    assert!(refused.stderr.contains("agree to this with --yes"), "{}", refused.stderr);
    assert_eq!(user.runs(&["connection", "list"]).stdout, "");
    let agreed = user.runs(&[&add[..], &["--yes"]].concat()).ok();
    assert!(agreed.stdout.contains("added mine"), "{}", agreed.stdout);
}
