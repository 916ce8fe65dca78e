use confluence::confluence::next::{follow, with_limit};
use insta::assert_snapshot;
use url::Url;

fn followed(asked: &str, next: &str) -> String {
    let asked = Url::parse(&format!("https://acme.atlassian.net{asked}")).unwrap();
    match follow(&asked, next) {
        Ok(url) => url.to_string(),
        Err(reason) => format!("refused: {}", reason.chars().take(120).collect::<String>()),
    }
}

#[test]
fn a_cursor_is_kept_as_it_came_wherever_it_stands() {
    let asked = "/wiki/api/v2/pages?limit=250&body-format=storage";
    let links = [
        "/wiki/api/v2/pages?limit=250&body-format=storage&cursor=eyJpZCI6IjEifQ==",
        "/wiki/api/v2/pages?cursor=eyJpZCI6IjEifQ%3D%3D&limit=250&body-format=storage",
        "/wiki/api/v2/pages?cursor=a+b/c%2Bd==&limit=100&body-format=storage",
        // A link that forgets what was asked is reminded of it.
        "/wiki/api/v2/pages?cursor=x",
        "https://acme.atlassian.net/wiki/api/v2/pages?cursor=x&limit=250&body-format=storage#top",
    ];
    assert_snapshot!(links.map(|link| followed(asked, link)).join("\n"), @r#"
    https://acme.atlassian.net/wiki/api/v2/pages?limit=250&body-format=storage&cursor=eyJpZCI6IjEifQ==
    https://acme.atlassian.net/wiki/api/v2/pages?cursor=eyJpZCI6IjEifQ%3D%3D&limit=250&body-format=storage
    https://acme.atlassian.net/wiki/api/v2/pages?cursor=a+b/c%2Bd==&limit=100&body-format=storage
    https://acme.atlassian.net/wiki/api/v2/pages?cursor=x&limit=250&body-format=storage
    https://acme.atlassian.net/wiki/api/v2/pages?cursor=x&limit=250&body-format=storage
    "#);
}

#[test]
fn v1_links_leave_the_context_out() {
    let asked = "/wiki/rest/api/search/user?cql=type%3Duser&start=0&limit=200";
    assert_snapshot!(followed(asked, "/rest/api/search/user?cql=type=user&limit=200&start=200"), @"https://acme.atlassian.net/wiki/rest/api/search/user?cql=type=user&limit=200&start=200");
    assert_snapshot!(followed(asked, "/rest/api/search/user?next=true&start=200"), @"https://acme.atlassian.net/wiki/rest/api/search/user?next=true&start=200&cql=type%3Duser&limit=200");
}

#[test]
fn links_that_lead_astray_are_refused() {
    let asked = "/wiki/api/v2/pages?limit=250";
    let long = format!("/wiki/api/v2/pages?cursor={}", "x".repeat(20_000));
    let links = [
        "https://evil.example/wiki/api/v2/pages?cursor=x",
        "//evil.example/wiki/api/v2/pages?cursor=x",
        "http://acme.atlassian.net/wiki/api/v2/pages?cursor=x",
        "https://acme.atlassian.net@evil.example/wiki/api/v2/pages",
        "/wiki/api/v2/../../../logout",
        "/wiki/api/v2/pages?limit=250",
        "javascript:alert(1)",
        "",
        &long,
    ];
    assert_snapshot!(links.map(|link| followed(asked, link)).join("\n"), @r#"
    refused: a next link that leads away from the API: https://evil.example/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: //evil.example/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: http://acme.atlassian.net/wiki/api/v2/pages?cursor=x
    refused: a next link that leads away from the API: https://acme.atlassian.net@evil.example/wiki/api/v2/pages
    refused: a next link that leads away from the API: /wiki/api/v2/../../../logout
    refused: a next link that leads to the same page: /wiki/api/v2/pages?limit=250
    refused: a next link that leads away from the API: javascript:alert(1)
    refused: a next link that leads to the same page: 
    refused: a next link of 20026 bytes
    "#);
}

#[test]
fn another_limit_leaves_the_rest_alone() {
    let url =
        Url::parse("https://acme.atlassian.net/wiki/api/v2/pages?cursor=a==&limit=250&sort=id").unwrap();
    assert_snapshot!(with_limit(&url, 125), @"https://acme.atlassian.net/wiki/api/v2/pages?cursor=a==&sort=id&limit=125");
}
