use crate::fake::{V2_GENERIC_404, named_404, response};
use confluence::confluence::answer::{accept, parse};
use confluence::transport::{TransportError, TransportErrorKind};
use insta::assert_snapshot;
use url::Url;

/// Status, headers, body.
type Case = (u16, Vec<(&'static str, &'static str)>, String);

fn url() -> Url {
    Url::parse("https://acme.atlassian.net/wiki/api/v2/pages?cursor=secret").unwrap()
}

#[test]
fn every_way_to_refuse_is_told_from_the_others() {
    let cursor = r#"{"errors":[{"status":400,"code":"INVALID_REQUEST_PARAMETER","title":"Provided value for 'cursor' is not the correct type. Expected type is Cursor.","detail":"The provided cursor was not valid."}]}"#;
    let v1_gone = r#"{"statusCode":410,"message":"com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed."}"#;
    let xml = r#"<?xml version="1.0"?><status><status-code>404</status-code><message>null for uri</message></status>"#;
    let cases: Vec<Case> = vec![
        (400, vec![], cursor.to_owned()),
        (400, vec![], r#"{"message":"No field exists with the name: 'status'"}"#.to_owned()),
        (401, vec![], "<html>HTTP Status 401</html>".to_owned()),
        (401, vec![], r#"{"code":401,"message":"Unauthorized; scope does not match"}"#.to_owned()),
        (
            403,
            vec![],
            r#"{"statusCode":403,"message":"Current user not permitted to use Confluence"}"#.to_owned(),
        ),
        (403, vec![], r#"{"statusCode":403,"message":"No permission to view group"}"#.to_owned()),
        (403, vec![("x-seraph-loginreason", "AUTHENTICATION_DENIED")], String::new()),
        (404, vec![], V2_GENERIC_404.to_owned()),
        (404, vec![], named_404("Cannot find a page with id [9]")),
        (404, vec![], xml.to_owned()),
        (404, vec![], String::new()),
        (410, vec![], v1_gone.to_owned()),
        (429, vec![("retry-after", "1847")], String::new()),
        (429, vec![], r#"{"message":"slow down"}"#.to_owned()),
        (500, vec![], "oops".to_owned()),
        (501, vec![], r#"{"message":"Cannot fetch folders"}"#.to_owned()),
        (503, vec![], "<html>down</html>".to_owned()),
        (302, vec![("location", "https://id.atlassian.com/login")], String::new()),
    ];
    let lines = cases.iter().map(|(status, headers, body)| {
        let refusal = accept(&url(), Ok(response(*status, headers, body))).unwrap_err();
        assert_eq!(refusal.status, Some(*status));
        format!("{:?}", refusal.error)
    });
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    StalePosition("asked acme.atlassian.net for /wiki/api/v2/pages and got 400: Provided value for 'cursor' is not the correct type. Expected type is Cursor.")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 400: No field exists with the name: 'status'")
    Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages and got 401: <html>HTTP Status 401</html>")
    Forbidden("asked acme.atlassian.net for /wiki/api/v2/pages and got 401: Unauthorized; scope does not match; the scope read:page:confluence is missing (pages and blog posts); add it to the token or the app, and sign in again")
    Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages and got 403: Current user not permitted to use Confluence")
    Forbidden("asked acme.atlassian.net for /wiki/api/v2/pages and got 403: No permission to view group")
    Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages and got 403: an empty answer")
    Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages and got 404: Not Found")
    NotFound("asked acme.atlassian.net for /wiki/api/v2/pages and got 404: Cannot find a page with id [9]")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 404: <?xml version=\"1.0\"?><status><status-code>404</status-code><message>null for uri</message></status>")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 404: an empty answer")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 410: This deprecated endpoint has been removed.")
    Throttled { message: "asked acme.atlassian.net for /wiki/api/v2/pages and got 429: an empty answer", wait: Some(1847000) }
    Throttled { message: "asked acme.atlassian.net for /wiki/api/v2/pages and got 429: slow down", wait: None }
    Unavailable("asked acme.atlassian.net for /wiki/api/v2/pages and got 500: oops")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 501: Cannot fetch folders")
    Unavailable("asked acme.atlassian.net for /wiki/api/v2/pages and got 503: <html>down</html>")
    Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages and got 302: an empty answer")
    "#);
}

#[test]
fn no_answer_is_told_by_its_cause() {
    use TransportErrorKind::{Denied, TimedOut, TooLarge, Unreachable};
    let lines = [Denied, TimedOut, TooLarge, Unreachable].map(|kind| {
        let error = TransportError { kind, message: "it failed".to_owned() };
        format!("{kind:?}: {:?}", accept(&url(), Err(error)).unwrap_err())
    });
    assert_snapshot!(lines.join("\n"), @r#"
    Denied: Refusal { status: None, asked_too_much: false, error: Forbidden("asked acme.atlassian.net for /wiki/api/v2/pages, but it failed") }
    TimedOut: Refusal { status: None, asked_too_much: true, error: Unavailable("asked acme.atlassian.net for /wiki/api/v2/pages, but it failed") }
    TooLarge: Refusal { status: None, asked_too_much: true, error: Unexpected("asked acme.atlassian.net for /wiki/api/v2/pages, but it failed") }
    Unreachable: Refusal { status: None, asked_too_much: false, error: Unavailable("asked acme.atlassian.net for /wiki/api/v2/pages, but it failed") }
    "#);
}

#[test]
fn what_is_not_json_is_quoted_in_short() {
    let page = format!("<!doctype html>\n<html>{}", "word ".repeat(500));
    let answer = response(200, &[], &page);
    let refusal = parse::<serde_json::Value>(&url(), &answer).unwrap_err();
    let message = refusal.error.message();
    assert!(message.chars().count() < 400, "{message}");
    assert_snapshot!(message.chars().take(200).collect::<String>(), @"asked acme.atlassian.net for /wiki/api/v2/pages and got something else than the expected JSON (expected value at line 1 column 1): <!doctype html> <html>word word word word word word word word word wo");
    let cut = response(200, &[], r#"{"results":[{"id":"#);
    assert_snapshot!(parse::<serde_json::Value>(&url(), &cut).unwrap_err().error.message(), @r#"asked acme.atlassian.net for /wiki/api/v2/pages and got something else than the expected JSON (EOF while parsing a value at line 1 column 18): {"results":[{"id":"#);
}
