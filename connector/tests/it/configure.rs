use confluence::setup::{configure, describe};
use insta::assert_snapshot;
use serde_json::json;

fn told(settings: &str) -> String {
    match configure(settings, "api-token") {
        Ok(plan) => plan.settings,
        Err(issues) => issues
            .iter()
            .map(|issue| format!("{:?} {}", issue.pointer, issue.message))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

#[test]
fn each_fault_has_its_own_words() {
    let sites = [
        "https://acme.atlassian.net",
        "  https://ACME.Atlassian.net ",
        "",
        "acme.atlassian.net",
        "http://acme.atlassian.net",
        "ftp://acme.atlassian.net",
        "https://acme.atlassian.net/",
        "https://acme.atlassian.net/wiki",
        "https://acme.atlassian.net\\wiki",
        "https://acme.atlassian.net?space=ENG",
        "https://acme.atlassian.net#home",
        "https://acme.atlassian.net:443",
        "https://ada@acme.atlassian.net",
        "https://acme.atlassian.net@evil.example",
        "https://acme.atlassian.net.evil.example",
        "https://acmeatlassian.net",
        "https://atlassian.net",
        "https://",
        "https://.atlassian.net",
        "https://wiki.acme.atlassian.net",
        "https://-acme.atlassian.net",
        "https://acmé.atlassian.net",
        "https://acme.atlassian.net.",
    ];
    let table = sites.map(|site| format!("{site:?}\n  {}", told(&json!({ "site": site }).to_string())));
    assert_snapshot!(table.join("\n"), @r##"
    "https://acme.atlassian.net"
      {"site":"https://acme.atlassian.net"}
    "  https://ACME.Atlassian.net "
      {"site":"https://acme.atlassian.net"}
    ""
      "/site" The site is empty; it looks like https://your-site.atlassian.net.
    "acme.atlassian.net"
      "/site" The site needs https:// in front: https://your-site.atlassian.net.
    "http://acme.atlassian.net"
      "/site" The site must begin with https://, not http://: https://your-site.atlassian.net.
    "ftp://acme.atlassian.net"
      "/site" The site must begin with https://, not ftp://: https://your-site.atlassian.net.
    "https://acme.atlassian.net/"
      "/site" The site must not end with a slash; use https://acme.atlassian.net.
    "https://acme.atlassian.net/wiki"
      "/site" The site must not have a path; remove "/wiki" and use https://acme.atlassian.net.
    "https://acme.atlassian.net\\wiki"
      "/site" The site must not have a path; remove "\\wiki" and use https://acme.atlassian.net.
    "https://acme.atlassian.net?space=ENG"
      "/site" The site must not have a query; remove "?space=ENG" and use https://acme.atlassian.net.
    "https://acme.atlassian.net#home"
      "/site" The site must not have a fragment; remove "#home" and use https://acme.atlassian.net.
    "https://acme.atlassian.net:443"
      "/site" The site must not name a port; remove :443 after acme.atlassian.net.
    "https://ada@acme.atlassian.net"
      "/site" The site must not hold a user name or password; enter e-mail and token as the login.
    "https://acme.atlassian.net@evil.example"
      "/site" The site must not hold a user name or password; enter e-mail and token as the login.
    "https://acme.atlassian.net.evil.example"
      "/site" acme.atlassian.net.evil.example is not a Confluence Cloud site; Confluence Cloud sites end in .atlassian.net.
    "https://acmeatlassian.net"
      "/site" acmeatlassian.net is not a Confluence Cloud site; Confluence Cloud sites end in .atlassian.net.
    "https://atlassian.net"
      "/site" The site's own name is missing; put your site's name before atlassian.net: https://your-site.atlassian.net.
    "https://"
      "/site" The site has no host name; it looks like https://your-site.atlassian.net.
    "https://.atlassian.net"
      "/site" "" cannot be the name of a site (letters, digits and hyphens, without dots): https://your-site.atlassian.net.
    "https://wiki.acme.atlassian.net"
      "/site" "wiki.acme" cannot be the name of a site (letters, digits and hyphens, without dots): https://your-site.atlassian.net.
    "https://-acme.atlassian.net"
      "/site" "-acme" cannot be the name of a site (letters, digits and hyphens, without dots): https://your-site.atlassian.net.
    "https://acmé.atlassian.net"
      "/site" "acmé" cannot be the name of a site (letters, digits and hyphens, without dots): https://your-site.atlassian.net.
    "https://acme.atlassian.net."
      "/site" acme.atlassian.net. is not a Confluence Cloud site; Confluence Cloud sites end in .atlassian.net.
    "##);
}

#[test]
fn settings_of_another_shape_are_refused() {
    let texts = [
        "",
        "[]",
        "{}",
        r#"{"site": 5}"#,
        r#"{"site": null}"#,
        r#"{"site": "https://acme.atlassian.net", "a/b~c": 1, "token": "x"}"#,
        r#"{"Site": "https://acme.atlassian.net"}"#,
    ];
    let table = texts.map(|text| format!("{text}\n  {}", told(text)));
    assert_snapshot!(table.join("\n"), @r#"

      "" The settings are not JSON: EOF while parsing a value at line 1 column 0.
    []
      "" The settings must be an object with the property "site".
    {}
      "/site" The site is missing; it looks like https://your-site.atlassian.net.
    {"site": 5}
      "/site" The site must be a text like https://your-site.atlassian.net.
    {"site": null}
      "/site" The site must be a text like https://your-site.atlassian.net.
    {"site": "https://acme.atlassian.net", "a/b~c": 1, "token": "x"}
      "/a~1b~0c" There is no setting "a/b~c"; the only one is "site".
    "/token" There is no setting "token"; the only one is "site".
    {"Site": "https://acme.atlassian.net"}
      "/site" The site is missing; it looks like https://your-site.atlassian.net.
    "/Site" There is no setting "Site"; the only one is "site".
    "#);
}

#[test]
fn a_login_that_does_not_exist_is_refused() {
    let issues = configure(r#"{"site":"https://acme.atlassian.net"}"#, "password").unwrap_err();
    assert_snapshot!(issues[0].message, @r#"The login "password" does not exist; use "api-token" or "oauth"."#);
}

#[test]
fn the_plan_names_two_origins_and_only_one_gets_the_credential() {
    let plan = configure(r#"{"site":"https://acme.atlassian.net"}"#, "api-token").unwrap();
    let origins = plan.origins.iter();
    let lines =
        origins.map(|origin| format!("{} credential={}: {}", origin.url, origin.credential, origin.purpose));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    https://acme.atlassian.net credential=true: read spaces, pages, comments, people and permissions
    https://api.atlassian.com credential=true: read the same with a token that has scopes
    https://api.media.atlassian.com credential=false: download attachments
    ");
}

#[test]
fn the_description_is_the_same_every_time_and_asks_for_no_secret() {
    assert_eq!(describe(), describe());
    assert_snapshot!(describe().settings_schema, @r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","additionalProperties":false,"properties":{"site":{"description":"https://your-site.atlassian.net, no trailing slash, no path","examples":["https://your-site.atlassian.net"],"format":"uri","pattern":"^https://[A-Za-z0-9-]+\\.atlassian\\.net$","title":"Site","type":"string"}},"required":["site"],"type":"object"}"#);
}
