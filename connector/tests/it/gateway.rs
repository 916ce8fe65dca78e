//! Reading through the gateway is reading: addresses, next links, cursors kept from the other way, files.

use crate::fake::{CLOUD, Fake, NO_SCOPE, page_row, response, results, story, tell};
use confluence::confluence::next::{follow, relative};
use confluence::download::{Poured, Receipt, download};
use confluence::error::Error;
use confluence::filter::Wanted;
use confluence::model::{Page, Partition, Position};
use confluence::reading::{read_items, read_page};
use insta::assert_snapshot;
use url::Url;

fn gateway(path: &str) -> Url {
    Url::parse(&format!("https://api.atlassian.com/ex/confluence/{CLOUD}{path}")).unwrap()
}

fn followed(asked: &Url, next: &str) -> String {
    match follow(asked, next) {
        Ok(url) => url.to_string().replace(CLOUD, "CLOUD"),
        Err(reason) => format!("refused: {}", reason.replace(CLOUD, "CLOUD")),
    }
}

#[test]
fn links_stay_behind_the_gateway_and_under_their_tenant() {
    let asked = gateway("/wiki/api/v2/pages?limit=250");
    let links = [
        "/wiki/api/v2/pages?limit=250&cursor=eyJ9==",
        "/rest/api/search?cursor=a",
        &format!("/ex/confluence/{CLOUD}/wiki/api/v2/pages?cursor=x"),
        "/ex/confluence/another/wiki/api/v2/pages?cursor=x",
        "/wiki/../../another/wiki/api/v2/pages?cursor=x",
        "/wiki/%2e%2e/%2e%2e/another/wiki/api/v2/pages?cursor=x",
        "https://acme.atlassian.net/wiki/api/v2/pages?cursor=x",
        "https://api.atlassian.com/wiki/api/v2/pages?cursor=x",
        "/oauth/token/accessible-resources",
        "/ex/jira/1/wiki/api/v2/pages?cursor=x",
    ];
    assert_snapshot!(links.map(|link| followed(&asked, link)).join("\n"), @"
    https://api.atlassian.com/ex/confluence/CLOUD/wiki/api/v2/pages?limit=250&cursor=eyJ9==
    https://api.atlassian.com/ex/confluence/CLOUD/wiki/rest/api/search?cursor=a&limit=250
    https://api.atlassian.com/ex/confluence/CLOUD/wiki/api/v2/pages?cursor=x&limit=250
    refused: a next link that leads away from the API: /ex/confluence/another/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: /wiki/../../another/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: /wiki/%2e%2e/%2e%2e/another/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: https://acme.atlassian.net/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: https://api.atlassian.com/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: /oauth/token/accessible-resources
    refused: a next link that leads away from the API: /ex/jira/1/wiki/api/v2/pages?cursor=x
    ");
}

#[test]
fn what_a_cursor_keeps_does_not_depend_on_the_way() {
    let site = Url::parse("https://acme.atlassian.net/wiki/api/v2/pages?cursor=x&limit=9").unwrap();
    let kept = relative(&gateway("/wiki/api/v2/pages?cursor=x&limit=9"));
    assert_eq!((kept.as_str(), relative(&site)), ("/wiki/api/v2/pages?cursor=x&limit=9", kept.clone()));
    // An address that somebody kept whole is good for its own tenant only.
    assert_snapshot!(followed(&site, &format!("/ex/confluence/{CLOUD}/wiki/api/v2/pages?cursor=y")), @"refused: a next link that leads away from the API: /ex/confluence/CLOUD/wiki/api/v2/pages?cursor=y");
}

const SPACE: &str =
    r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"E","type":"global","status":"current"}]}}"#;

fn walk(fake: &Fake, through_gateway: bool) -> Vec<Page> {
    let site = if through_gateway { fake.behind_gateway() } else { fake.site() };
    let partition = Partition { id: "p".to_owned(), label: String::new(), token: SPACE.to_owned() };
    let mut position = Position::Everything;
    let mut pages = Vec::new();
    loop {
        let page = read_page(&site, &Wanted::default(), &partition, &position, 1).unwrap();
        pages.push(page);
        match pages.last().unwrap().next.clone() {
            Some(cursor) => position = Position::After(cursor),
            None => return pages,
        }
    }
}

#[test]
fn both_ways_read_the_same_and_their_cursors_are_exchangeable() {
    let scripted = || {
        let next = "/wiki/api/v2/pages?cursor=two&limit=1";
        let permissions =
            r#"{"principal":{"type":"user","id":"ada"},"operation":{"key":"read","targetType":"space"}}"#;
        Fake::default()
            .open_search()
            .on("/spaces/8/permissions", &results(&[permissions.to_owned()], None))
            .on("/pages cursor=two", &results(&[page_row(2, "")], None))
            .on("/pages status=archived", &results(&[], None))
            .on("/pages", &results(&[page_row(1, "")], Some(next)))
    };
    let (direct, gateway) = (scripted(), scripted());
    let (read, other) = (walk(&direct, false), walk(&gateway, true));
    assert_eq!(read, other, "the pages of changes and their cursors");
    assert!(story(&read).contains("page page:2"));
    let prefix = format!("/ex/confluence/{CLOUD}");
    assert!(gateway.asked().lines().all(|line| line.starts_with(&prefix)), "{}", gateway.asked());
    assert_eq!(gateway.asked().replace(&prefix, ""), direct.asked());
}

#[test]
fn people_open_pages_on_the_site() {
    let fake = Fake::default();
    assert_eq!(fake.behind_gateway().page_for_people(Some("/x")), "https://acme.atlassian.net/wiki/x");
    assert_eq!(
        (fake.behind_gateway().origin(), fake.behind_gateway().host()),
        (fake.site().origin(), "acme.atlassian.net")
    );
}

#[test]
fn files_come_through_the_gateway_too() {
    let fake = Fake::default();
    let mut asked = Vec::new();
    let signed = "https://api.media.atlassian.com/file/f1/binary?token=t";
    let got = download(&fake.behind_gateway(), "7/att1", |url| {
        asked.push(url.to_string());
        match asked.len() {
            1 => Ok(Poured::Other(response(302, &[("location", signed)], ""))),
            _ => Ok(Poured::Bytes(Receipt { media_type: None, size: 5 })),
        }
    });
    assert_eq!(got.unwrap().size, 5);
    let first = gateway("/wiki/rest/api/content/7/child/attachment/att1/download");
    assert_eq!(asked, [first.to_string(), signed.to_owned()]);
    let refused =
        download(&fake.behind_gateway(), "7/att1", |_| Ok(Poured::Other(response(401, &[], NO_SCOPE))));
    assert_snapshot!(format!("{:?}", refused.unwrap_err()).replace(CLOUD, "CLOUD"), @r#"Forbidden("asked api.atlassian.com for /ex/confluence/CLOUD/wiki/rest/api/content/7/child/attachment/att1/download and got 401: Unauthorized; scope does not match; the scope readonly:content.attachment:confluence is missing (what is in attachments); add it to the token or the app, and sign in again")"#);
}

#[test]
fn a_missing_scope_ends_a_read_of_its_kind_by_name() {
    let fake = Fake::default()
        .on("/pages status=current", &results(&[page_row(1, "")], None))
        .on("/pages", &results(&[], None))
        .on("/spaces/8/permissions", &results(&[], None))
        .status("/content/search", 401, NO_SCOPE)
        .status("/restriction", 401, NO_SCOPE);
    let partition = Partition { id: "p".to_owned(), label: String::new(), token: SPACE.to_owned() };
    let mut position = Position::Everything;
    let error = loop {
        match read_page(&fake.behind_gateway(), &Wanted::default(), &partition, &position, 250) {
            Ok(page) => position = Position::After(page.next.unwrap()),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(&error, Error::Forbidden(said) if said.contains("search:confluence is missing")),
        "{error:?}"
    );
    assert!(!fake.asked().contains("/restriction?"), "nothing is tried singly");
}

#[test]
fn items_of_other_kinds_are_read_all_the_same() {
    let ids = ["page:1", "attachment:att7"].map(str::to_owned);
    let fake = Fake::default()
        .open_search()
        .on("/user/current", r#"{"accountId":"ada"}"#)
        .on("/pages", &results(&[page_row(1, "")], None))
        .on("/spaces", &results(&[r#"{"id":"8","key":"ENG"}"#.to_owned()], None))
        .status("/attachments/att7", 401, NO_SCOPE);
    let changes = read_items(&fake.behind_gateway(), &Wanted::default(), "ada", &ids).unwrap();
    assert_snapshot!(tell(&changes).replace(CLOUD, "CLOUD"), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current
    failed attachment:att7: asked api.atlassian.com for /ex/confluence/CLOUD/wiki/api/v2/attachments/att7 and got 401: Unauthorized; scope does not match; the scope read:attachment:confluence is missing (names and sizes of attachments); add it to the token or the app, and sign in again
    "#);
}
