use crate::fake::{CLOUD, Fake, NO_SCOPE, V2_GENERIC_404, results};
use confluence::setup::authenticate;
use insta::assert_snapshot;

const ADA: &str =
    r#"{"type":"known","accountId":"712020:ada","email":"ada@acme.example","displayName":"Ada Lovelace"}"#;

fn told(fake: &Fake) -> String {
    match authenticate(&fake.site(), "api-token") {
        Ok(account) => format!("{}\n{}\n{:?}", account.label, account.session, account.user),
        Err(error) => format!("{error:?}"),
    }
}

fn spaces(fake: Fake) -> Fake {
    fake.on("/wiki/api/v2/spaces", &results(&[r#"{"id":"8","key":"ENG"}"#.to_owned()], None))
}

#[test]
fn a_good_credential_names_the_account() {
    let fake = spaces(Fake::default().on("/user/current", ADA));
    assert_snapshot!(told(&fake), @r#"
    Ada Lovelace (ada@acme.example) on acme.atlassian.net
    {"accountId":"712020:ada","site":"https://acme.atlassian.net","login":"api-token"}
    Some("712020:ada")
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/rest/api/user/current
    /wiki/api/v2/spaces?limit=1
    "#);
}

#[test]
fn a_hidden_email_is_left_out() {
    let grace = r#"{"accountId":"712020:grace","email":"","displayName":null,"publicName":"Grace"}"#;
    let fake = spaces(Fake::default().on("/user/current", grace));
    assert_snapshot!(told(&fake), @r#"
    Grace on acme.atlassian.net
    {"accountId":"712020:grace","site":"https://acme.atlassian.net","login":"api-token"}
    Some("712020:grace")
    "#);
}

#[test]
fn a_rejected_credential_is_tried_once_and_the_causes_are_named() {
    let message = r#"{"statusCode":403,"message":"com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN \"Request rejected because caller cannot access Confluence\""}"#;
    let fake = Fake::default().status("/user/current", 403, message);
    assert_snapshot!(told(&fake), @r#"Unauthenticated("acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Request rejected because caller cannot access Confluence)")"#);
    assert_eq!(fake.requests(), 1);
}

const HTML_401: &str =
    "<!doctype html><html><head><title>HTTP Status 401 – Unauthorized</title></head></html>";

/// A site that refuses the token as it refuses those with scopes, and tells its tenant.
fn refusing_site() -> Fake {
    let tenant = format!(r#"{{"cloudId":"{CLOUD}"}}"#);
    Fake::default().on("/_edge/tenant_info", &tenant).refuse_site(HTML_401)
}

#[test]
fn a_token_that_the_site_refuses_is_tried_at_the_gateway() {
    let fake = spaces(refusing_site().on("/ex/confluence user/current", ADA));
    assert_snapshot!(told(&fake), @r#"
    Ada Lovelace (ada@acme.example) on acme.atlassian.net
    {"accountId":"712020:ada","site":"https://acme.atlassian.net","cloudId":"1324a887-45db-1bf4-1e99-ef0ff456d421","login":"api-token"}
    Some("712020:ada")
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/rest/api/user/current
    /_edge/tenant_info
    /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current
    /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/api/v2/spaces?limit=1
    ");
}

#[test]
fn a_scope_that_signing_in_needs_is_named() {
    let fake = refusing_site().status("/ex/confluence user/current", 401, NO_SCOPE);
    assert_snapshot!(told(&fake), @r#"Forbidden("asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current and got 401: Unauthorized; scope does not match; the scope read:confluence-user is missing (who signed in, and whether people without an account may use the site); add it to the token or the app, and sign in again")"#);
    let fake = refusing_site().on("/ex/confluence user/current", ADA).status("/spaces", 401, NO_SCOPE);
    assert_snapshot!(told(&fake), @r#"Forbidden("asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/api/v2/spaces and got 401: Unauthorized; scope does not match; the scope read:space:confluence is missing (spaces, and who has which permission in them); add it to the token or the app, and sign in again")"#);
}

#[test]
fn a_token_that_nobody_takes_is_rejected() {
    let wrong = r#"{"statusCode":403,"message":"Request rejected because caller cannot access Confluence"}"#;
    let fake = refusing_site().status("/ex/confluence user/current", 403, wrong);
    assert_snapshot!(told(&fake), @r#"Unauthenticated("acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/user/current and got 403: Request rejected because caller cannot access Confluence)")"#);
    let fake = Fake::default().status("/_edge", 404, "nothing here").status("user/current", 401, HTML_401);
    assert_snapshot!(told(&fake), @r#"Unexpected("acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /_edge/tenant_info and got 404: nothing here)")"#);
    let fake = Fake::default().on("/_edge", r#"{"cloudId":"../../x"}"#).status("user/current", 401, HTML_401);
    assert_snapshot!(told(&fake), @r#"Unexpected("acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /_edge/tenant_info and was told no cloud id)")"#);
}

#[test]
fn a_visitor_who_is_not_signed_in_is_nobody() {
    let fake = Fake::default().on("/user/current", r#"{"type":"anonymous","displayName":"Anonymous"}"#);
    assert_snapshot!(told(&fake), @r#"Unauthenticated("acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (acme.atlassian.net answered as if nobody had signed in)")"#);
}

#[test]
fn v2_may_reject_what_v1_took() {
    let fake = Fake::default().on("/user/current", ADA);
    assert_snapshot!(told(&fake.status("/spaces", 404, V2_GENERIC_404)), @r#"Unauthenticated("acme.atlassian.net did not accept the e-mail and the API token; check that the e-mail is the one of the account the token was made for, that the token was copied whole, and that it has not expired or been revoked (asked acme.atlassian.net for /wiki/api/v2/spaces and got 404: Not Found)")"#);
}

#[test]
fn an_account_without_spaces_is_told_so() {
    let fake = Fake::default().on("/user/current", ADA).on("/spaces", &results(&[], None));
    assert_snapshot!(told(&fake), @r#"Forbidden("Ada Lovelace (ada@acme.example) on acme.atlassian.net can sign in but sees no space; ask a Confluence administrator to give this account access to the spaces that shall be searched (asked acme.atlassian.net for /wiki/api/v2/spaces and got none)")"#);
}

#[test]
fn a_server_that_is_not_confluence_is_quoted() {
    let html = "<html><body><h1>Your Atlassian Cloud site is currently unavailable.</h1></body></html>";
    assert_snapshot!(told(&Fake::default().status("/user/current", 404, html)), @r#"Unexpected("acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /wiki/rest/api/user/current and got 404: <html><body><h1>Your Atlassian Cloud site is currently unavailable.</h1></body></html>)")"#);
    assert_snapshot!(told(&Fake::default().on("/user/current", html)), @r#"Unexpected("acme.atlassian.net does not answer as Confluence does; check the address, and that Confluence is part of the site's plan (asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (expected value at line 1 column 1): <html><body><h1>Your Atlassian Cloud site is currently unavailable.</h1></body></html>)")"#);
}
