use crate::fake::{CLOUD, Fake, NO_SCOPE, V2_GENERIC_404, results};
use confluence::model::Connection;
use confluence::setup::{authenticate, open};
use insta::assert_snapshot;

const ADA: &str = r#"{"accountId":"ada","email":"","displayName":"Ada"}"#;
const ACME: &str = "https://acme.atlassian.net";

fn told(fake: &Fake) -> String {
    match authenticate(&fake.site(), "oauth") {
        Ok(account) => format!("{}\n{}", account.label, account.session),
        Err(error) => format!("{error:?}"),
    }
}

fn row(id: &str, url: &str, scopes: &str) -> String {
    format!(r#"{{"id":"{id}","url":"{url}","name":"n","scopes":[{scopes}],"avatarUrl":"https://x"}}"#)
}

fn granting(rows: &[String]) -> Fake {
    let spaces = results(&[r#"{"id":"8","key":"ENG"}"#.to_owned()], None);
    let fake = Fake::default().on("/oauth/token/accessible-resources", &format!("[{}]", rows.join(",")));
    fake.on("user/current", ADA).on("/spaces", &spaces)
}

#[test]
fn the_site_is_found_among_those_granted_and_asked_through_the_gateway() {
    let fake = granting(&[
        row("other", "https://labs.atlassian.net", r#""read:page:confluence""#),
        row(CLOUD, ACME, r#""read:jira-work""#),
        row(CLOUD, "https://Acme.atlassian.net/", r#""search:confluence""#),
    ]);
    assert_snapshot!(told(&fake), @r#"
    Ada on acme.atlassian.net
    {"accountId":"ada","site":"https://acme.atlassian.net","cloudId":"1324a887-45db-1bf4-1e99-ef0ff456d421","login":"oauth"}
    "#);
    assert_snapshot!(fake.asked(), @"
    /oauth/token/accessible-resources
    /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current
    /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/api/v2/spaces?limit=1
    ");
}

#[test]
fn each_way_to_be_granted_nothing_has_its_own_words() {
    let confluence = r#""search:confluence""#;
    let cases = [
        granting(&[]),
        granting(&[
            row("a", "https://a.atlassian.net", confluence),
            row("b", "https://b.atlassian.net", confluence),
        ]),
        granting(&[row(CLOUD, ACME, r#""read:jira-work""#)]),
        Fake::default().status("/accessible-resources", 401, r#"{"code":401,"message":"Unauthorized"}"#),
        Fake::default().on("/accessible-resources", r#"{"id":7}"#),
    ];
    assert_snapshot!(cases.iter().map(told).collect::<Vec<_>>().join("\n"), @r#"
    Forbidden("the app was granted no site at all: whoever approved it is a guest of https://acme.atlassian.net, whom Atlassian lets approve nothing, or has no account there; sign in as a licensed user of https://acme.atlassian.net")
    Forbidden("the app was granted https://a.atlassian.net, https://b.atlassian.net, but not https://acme.atlassian.net; sign in again and choose https://acme.atlassian.net at the top of the consent page, or change the setting")
    Forbidden("the app was granted https://acme.atlassian.net, but nothing of its Confluence; add the Confluence API with its scopes to the app, and sign in again")
    Unauthenticated("the sign-in to acme.atlassian.net was not accepted; sign in again: the app may have been taken off the account, or its permission may have ended (asked api.atlassian.com for /oauth/token/accessible-resources and got 401: Unauthorized)")
    Unexpected("asked api.atlassian.com for /oauth/token/accessible-resources and got something else than the expected JSON (invalid type: map, expected a sequence at line 1 column 0): {\"id\":7}")
    "#);
}

#[test]
fn a_missing_scope_is_told_from_a_sign_in_that_ended() {
    let acme = || {
        let rows = format!("[{}]", row(CLOUD, ACME, r#""search:confluence""#));
        Fake::default().on("/accessible-resources", &rows)
    };
    let cases = [
        acme().status("user/current", 401, NO_SCOPE),
        acme().status("user/current", 403, r#"{"message":"caller cannot access Confluence"}"#),
        acme().on("user/current", ADA).status("/spaces", 404, V2_GENERIC_404),
    ];
    assert_snapshot!(cases.iter().map(told).collect::<Vec<_>>().join("\n"), @r#"
    Forbidden("asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current and got 401: Unauthorized; scope does not match; the scope read:confluence-user is missing (who signed in, and whether people without an account may use the site); add it to the token or the app, and sign in again")
    Unauthenticated("the sign-in to acme.atlassian.net was not accepted; sign in again: the app may have been taken off the account, or its permission may have ended (asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current and got 403: caller cannot access Confluence)")
    Unauthenticated("the sign-in to acme.atlassian.net was not accepted; sign in again: the app may have been taken off the account, or its permission may have ended (asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/api/v2/spaces and got 404: Not Found)")
    "#);
}

#[test]
fn a_session_opens_the_way_it_was_signed_in() {
    let opened = |session: &str| {
        let settings = format!(r#"{{"site":"{ACME}"}}"#);
        match open(&Connection { settings, session: session.to_owned() }) {
            Ok(opened) => format!("{} {} {:?}", opened.account, opened.login, opened.site),
            Err(error) => format!("{error:?}"),
        }
    };
    let sessions = [
        r#"{"accountId":"ada","site":"https://acme.atlassian.net"}"#.to_owned(),
        format!(r#"{{"accountId":"ada","site":"{ACME}","cloudId":"{CLOUD}","login":"oauth"}}"#),
        format!(r#"{{"accountId":"ada","site":"{ACME}","cloudId":"../../evil","login":"oauth"}}"#),
        r#"{"accountId":"ada","site":"https://labs.atlassian.net"}"#.to_owned(),
    ];
    let told = sessions.map(|session| opened(&session)).join("\n");
    let told = told
        .replace(r#"Url { scheme: "https", cannot_be_a_base: false, username: "", password: None, "#, "{");
    assert_snapshot!(told, @r#"
    ada api-token Address { site: {host: Some(Domain("acme.atlassian.net")), port: None, path: "/", query: None, fragment: None }, base: {host: Some(Domain("acme.atlassian.net")), port: None, path: "/", query: None, fragment: None } }
    ada oauth Address { site: {host: Some(Domain("acme.atlassian.net")), port: None, path: "/", query: None, fragment: None }, base: {host: Some(Domain("api.atlassian.com")), port: None, path: "/ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421", query: None, fragment: None } }
    Unauthenticated("could not read who signed in (a cloud id that is not one at line 1 column 77); sign in again")
    Unauthenticated("signed in to https://labs.atlassian.net, but the settings now name another site; sign in again")
    "#);
}
