use crate::fake::{Fake, decoded, response};
use confluence::download::{Poured, Receipt, download};
use insta::assert_snapshot;
use std::cell::RefCell;

const SIGNED: &str = "https://api.media.atlassian.com/file/f1/binary?token=SECRET&client=c";

fn receipt() -> Receipt {
    Receipt { media_type: Some("application/pdf".to_owned()), size: 5 }
}

/// Downloads with these answers in turn, and tells the requests and what came of them.
fn told(link: &str, answers: Vec<Poured>) -> String {
    let fake = Fake::default();
    let asked = RefCell::new(Vec::new());
    let mut answers = answers.into_iter();
    let outcome = download(&fake.site(), link, |url| {
        asked.borrow_mut().push(format!("{} {}", url.host_str().unwrap(), decoded(url)));
        Ok(answers.next().unwrap())
    });
    format!("{}\n{outcome:?}", asked.into_inner().join("\n"))
}

fn redirect(location: &str) -> Poured {
    Poured::Other(response(302, &[("location", location)], ""))
}

#[test]
fn a_redirect_to_the_media_host_is_followed() {
    assert_snapshot!(told("7/att1", vec![redirect(SIGNED), Poured::Bytes(receipt())]), @r#"
    acme.atlassian.net /wiki/rest/api/content/7/child/attachment/att1/download
    api.media.atlassian.com /file/f1/binary?token=SECRET&client=c
    Ok(Receipt { media_type: Some("application/pdf"), size: 5 })
    "#);
}

#[test]
fn bytes_may_come_at_once() {
    assert_snapshot!(told("7/att1", vec![Poured::Bytes(receipt())]), @r#"
    acme.atlassian.net /wiki/rest/api/content/7/child/attachment/att1/download
    Ok(Receipt { media_type: Some("application/pdf"), size: 5 })
    "#);
}

#[test]
fn redirects_elsewhere_are_not_followed() {
    let places = [
        "https://evil.example/file",
        "http://api.media.atlassian.com/file",
        "https://api.media.atlassian.com.evil.example/",
        "https://user@api.media.atlassian.com/",
        "https://api.media.atlassian.com:8443/",
        "/login",
        "",
    ];
    let told = places.map(|place| told("7/att1", vec![redirect(place)]).lines().nth(1).unwrap().to_owned());
    assert_snapshot!(told.join("\n"), @r#"
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected to https://evil.example, but files are fetched from https://api.media.atlassian.com only"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected to http://api.media.atlassian.com, but files are fetched from https://api.media.atlassian.com only"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected to https://api.media.atlassian.com.evil.example, but files are fetched from https://api.media.atlassian.com only"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected to https://api.media.atlassian.com, but files are fetched from https://api.media.atlassian.com only"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected to https://api.media.atlassian.com:8443, but files are fetched from https://api.media.atlassian.com only"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected, but not to a whole address"))
    Err(Unexpected("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and was redirected, but not to a whole address"))
    "#);
}

#[test]
fn refusals_keep_the_signature_to_themselves() {
    for status in [401, 403, 404, 429, 500, 302] {
        let refused = Poured::Other(response(status, &[("location", SIGNED)], "token=SECRET"));
        let told = told("7/att1", vec![redirect(SIGNED), refused]);
        let outcome = told.lines().last().unwrap();
        assert!(!outcome.contains("SECRET"), "{outcome}");
    }
    let gone = Poured::Other(response(404, &[], r#"{"message":"No content found with id att1"}"#));
    assert_snapshot!(told("7/att1", vec![gone]), @r#"
    acme.atlassian.net /wiki/rest/api/content/7/child/attachment/att1/download
    Err(NotFound("asked acme.atlassian.net for /wiki/rest/api/content/7/child/attachment/att1/download and got 404: No content found with id att1"))
    "#);
}

#[test]
fn links_of_another_make_are_refused_without_a_request() {
    for link in ["", "7", "7/../att1", "https://evil.example/x", "7/att1/x"] {
        assert!(told(link, Vec::new()).contains("NotFound"), "{link}");
    }
}
