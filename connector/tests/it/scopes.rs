//! The table of scopes, and the page made of it.

use confluence::setup::scopes::{Generation, Need, SCOPES, Wanted, needed, of_path};
use confluence::setup::{Scheme, configure, describe};
use insta::assert_snapshot;
use std::path::Path;

const INTRODUCTION: &str = "\
# Scopes

What Weir asks Atlassian for, and why. An app (`--login oauth`) is asked for what the settings need; an API token with scopes
has to be made with the same ones, except those of the account. An API token without scopes needs none of this.

Confluence's v2 API takes granular scopes only and most of its v1 API classic ones, so both kinds are needed. All of them
read; none writes. Where granular scopes do as well as a classic one, the last column names them.

This page is written by a test: `UPDATE_DOCS=1 cargo test -p confluence-connector scopes`.

| scope | kind | needed for | what is read with it | instead of it |
| --- | --- | --- | --- | --- |
";

fn kind(generation: Generation) -> &'static str {
    match generation {
        Generation::Account => "account",
        Generation::Classic => "classic",
        Generation::Granular => "granular",
    }
}

fn markdown() -> String {
    let mut text = INTRODUCTION.to_owned();
    for scope in &SCOPES {
        let kind = kind(scope.generation);
        let need = match scope.need {
            Need::Always => "everything",
            Need::Comments => "comments",
            Need::Attachments => "attachments",
            Need::Nodes => "folders, whiteboards, databases, Smart Links",
            Need::Trees => "pages chosen with all below them, or by label",
            Need::Audit => "audit records",
        };
        let instead: Vec<String> = scope.instead.iter().map(|name| format!("`{name}`")).collect();
        let (name, reason) = (scope.name, scope.reason);
        text.push_str(&format!("| `{name}` | {kind} | {need} | {reason} | {} |\n", instead.join(" and ")));
    }
    text
}

#[test]
fn the_page_about_scopes_says_what_the_code_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scopes.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, markdown()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == markdown(), "docs/scopes.md is out of date; run with UPDATE_DOCS=1");
}

/// The README's shorter table, for people who are about to make an app.
#[test]
fn the_readme_lists_every_scope_with_its_reason() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    for scope in &SCOPES {
        let row = format!("| `{}` | {} | {} |\n", scope.name, kind(scope.generation), scope.reason);
        assert!(readme.contains(&row), "README lacks\n{row}");
    }
}

fn names(wanted: &Wanted) -> Vec<&'static str> {
    needed(wanted).map(|scope| scope.name).collect()
}

#[test]
fn no_more_is_asked_for_than_was_chosen() {
    let nothing = Wanted { comments: false, attachments: false, nodes: false, trees: false, audit: false };
    assert_snapshot!(names(&nothing).join("\n"), @"
    offline_access
    read:confluence-user
    read:space:confluence
    read:confluence-space.summary
    read:configuration:confluence
    read:space.permission:confluence
    read:page:confluence
    search:confluence
    read:confluence-content.all
    read:label:confluence
    read:content-details:confluence
    read:confluence-groups
    ");
    assert!(names(&Wanted { comments: true, ..nothing }).contains(&"read:comment:confluence"));
    assert!(!names(&Wanted::USUAL).contains(&"read:audit-log:confluence"));
    assert!(names(&Wanted { audit: true, ..nothing }).contains(&"read:audit-log:confluence"));
}

#[test]
fn only_an_app_asks_for_scopes_and_only_for_described_ones() {
    let settings = r#"{"site":"https://acme.atlassian.net"}"#;
    let plan = configure(settings, "oauth").unwrap();
    let Scheme::OAuth2(described) = &describe().logins[1].scheme else { panic!("no OAuth") };
    assert!(plan.scopes.iter().all(|scope| described.scopes.contains(&scope.as_str())));
    assert!(plan.scopes.contains(&"offline_access".to_owned()));
    assert_eq!(configure(settings, "api-token").unwrap().scopes, Vec::<String>::new());
    let origins = plan.origins.iter().map(|origin| format!("{} {}", origin.url, origin.credential));
    assert_snapshot!(origins.collect::<Vec<_>>().join("\n"), @"
    https://api.atlassian.com true
    https://api.media.atlassian.com false
    ");
}

#[test]
fn every_probe_needs_the_scope_that_it_probes() {
    for scope in SCOPES.iter().filter(|scope| !scope.probe.is_empty()) {
        let path = scope.probe.split('?').next().unwrap();
        let found = of_path(&format!("/ex/confluence/c/wiki/{path}"));
        assert_eq!(found.map(|found| found.name), Some(scope.name));
    }
    assert_eq!(of_path("/wiki/api/v2/no-such-route"), None);
    assert_eq!(of_path("/oauth/token/accessible-resources"), None);
}

#[test]
fn scopes_that_stand_in_must_all_be_there() {
    let groups = SCOPES.iter().find(|scope| scope.name == "read:confluence-groups").unwrap();
    let granted = |scopes: &[&str]| scopes.iter().map(|scope| scope.to_string()).collect::<Vec<_>>();
    assert!(groups.is_among(&granted(&["read:confluence-groups"])));
    assert!(groups.is_among(&granted(&["read:user:confluence", "read:group:confluence"])));
    assert!(!groups.is_among(&granted(&["read:group:confluence"])));
    let pages = SCOPES.iter().find(|scope| scope.name == "read:page:confluence").unwrap();
    assert!(!pages.is_among(&granted(&["read:confluence-content.all"])), "nothing classic opens v2");
    assert!(!pages.is_among(&[]));
}
