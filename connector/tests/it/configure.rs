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
      "/a~1b~0c" There is no setting "a/b~c".
    "/token" There is no setting "token".
    {"Site": "https://acme.atlassian.net"}
      "/site" The site is missing; it looks like https://your-site.atlassian.net.
    "/Site" There is no setting "Site".
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
    assert_snapshot!(describe().settings_schema, @r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","additionalProperties":false,"properties":{"archived-pages":{"default":true,"description":"Whether pages that were archived are read.","title":"Archived pages","type":"boolean","x-group":"Pages","x-order":7},"archived-spaces":{"default":true,"description":"Whether spaces that were archived are read.","title":"Archived spaces","type":"boolean","x-group":"Spaces","x-order":4},"audit":{"default":false,"description":"Whether the site's audit log is kept. Only a Confluence administrator may read it.","title":"Read the audit log","type":"boolean","x-group":"Kinds of content","x-order":23},"blogposts":{"default":[],"description":"Ids of the blog posts to read; all if empty.","items":{"pattern":"^[0-9]+$","type":"string"},"maxItems":250,"title":"Blog posts","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Blog posts","x-order":8},"blogposts-excluded":{"default":[],"description":"Ids of blog posts not to read.","items":{"pattern":"^[0-9]+$","type":"string"},"maxItems":250,"title":"Blog posts left out","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Blog posts","x-order":9},"created-after":{"default":null,"description":"Only pages and blog posts created at this instant or later. With a zone.","format":"date-time","title":"Created since","type":["string","null"],"x-group":"Dates","x-order":15},"created-before":{"default":null,"description":"Only pages and blog posts created before this instant, itself not included. With a zone.","format":"date-time","title":"Created before","type":["string","null"],"x-group":"Dates","x-order":16},"created-within-days":{"default":null,"description":"Only pages and blog posts created in the last so many times 24 hours, counted anew at each read.","maximum":36500,"minimum":1,"title":"Created in the last days","type":["integer","null"],"x-group":"Dates","x-order":17},"labels":{"default":[],"description":"Read only pages and blog posts that carry at least one of these labels.","items":{"type":"string"},"maxItems":250,"title":"Labels","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Labels","x-order":10},"labels-excluded":{"default":[],"description":"Leave out pages and blog posts that carry one of these labels.","items":{"type":"string"},"maxItems":250,"title":"Labels left out","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Labels","x-order":11},"modified-after":{"default":null,"description":"Only pages and blog posts last edited at this instant or later. With a zone: 2026-01-31T00:00:00Z.","format":"date-time","title":"Changed since","type":["string","null"],"x-group":"Dates","x-order":12},"modified-before":{"default":null,"description":"Only pages and blog posts last edited before this instant, itself not included. With a zone.","format":"date-time","title":"Changed before","type":["string","null"],"x-group":"Dates","x-order":13},"modified-within-days":{"default":null,"description":"Only pages and blog posts edited in the last so many times 24 hours, counted anew at each read.","maximum":36500,"minimum":1,"title":"Changed in the last days","type":["integer","null"],"x-group":"Dates","x-order":14},"pages":{"default":[],"description":"Ids of the pages to read, each with everything below it; all if empty. Blog posts are chosen apart.","items":{"pattern":"^[0-9]+$","type":"string"},"maxItems":250,"title":"Pages","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Pages","x-order":5},"pages-excluded":{"default":[],"description":"Ids of pages not to read, nor anything below them.","items":{"pattern":"^[0-9]+$","type":"string"},"maxItems":250,"title":"Pages left out","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Pages","x-order":6},"personal-spaces":{"default":true,"description":"Whether people's own spaces are read.","title":"Personal spaces","type":"boolean","x-group":"Spaces","x-order":3},"read-attachments":{"default":true,"description":"Whether attachments of the pages and blog posts that are read are read too.","title":"Read attachments","type":"boolean","x-group":"Kinds of content","x-order":21},"read-blogposts":{"default":true,"description":"Whether blog posts are read, and the comments and attachments on them.","title":"Read blog posts","type":"boolean","x-group":"Kinds of content","x-order":19},"read-comments":{"default":true,"description":"Whether comments on the pages and blog posts that are read are read too.","title":"Read comments","type":"boolean","x-group":"Kinds of content","x-order":20},"read-other-content":{"default":true,"description":"Whether folders, whiteboards, databases and Smart Links can be found. As places in the tree they are always read.","title":"Read other content","type":"boolean","x-group":"Kinds of content","x-order":22},"read-pages":{"default":true,"description":"Whether pages are read, and the comments and attachments on them.","title":"Read pages","type":"boolean","x-group":"Kinds of content","x-order":18},"site":{"description":"https://your-site.atlassian.net, no trailing slash, no path","examples":["https://your-site.atlassian.net"],"format":"uri","pattern":"^https://[A-Za-z0-9-]+\\.atlassian\\.net$","title":"Site","type":"string","x-identity":true,"x-order":0},"spaces":{"default":[],"description":"Keys of the spaces to read, as the site writes them, ENG or ~712020ab; all if empty.","items":{"type":"string"},"maxItems":250,"title":"Spaces","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Spaces","x-order":1},"spaces-excluded":{"default":[],"description":"Keys of spaces not to read.","items":{"type":"string"},"maxItems":250,"title":"Spaces left out","type":"array","uniqueItems":true,"x-choices":true,"x-group":"Spaces","x-order":2}},"required":["site"],"type":"object"}"#);
}
