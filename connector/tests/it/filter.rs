//! The filter by itself: what settings come to, and what it keeps.

use crate::wiki::{NOW, Wiki, wanted};
use confluence::confluence::id::Id;
use confluence::filter::{Facts, SpaceFacts, in_scope, unknown_spaces};
use confluence::item::page::Posting;
use confluence::model::{Lineage, Outline};
use confluence::setup::configure;
use insta::assert_snapshot;
use serde_json::Value;

fn tidied(settings: &str) -> String {
    let mut settings: Value = serde_json::from_str(settings).unwrap();
    settings["site"] = "https://acme.atlassian.net".into();
    match configure(&settings.to_string(), "api-token") {
        Ok(plan) => plan.settings.replace(r#","site":"https://acme.atlassian.net""#, ""),
        Err(issues) => {
            let lines = issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.message));
            lines.collect::<Vec<_>>().join("\n  ")
        }
    }
}

#[test]
fn what_people_type_is_tidied_or_told_what_is_wrong() {
    let settings = [
        r#"{"spaces":"ENG, OPS,,ENG","pages":[12,"13"],"labels":"Run-Book","archived-pages":"false"}"#,
        r#"{"spaces":"","labels":[],"personal-spaces":true,"modified-within-days":"","audit":"true"}"#,
        r#"{"modified-within-days":"90","created-after":" 2026-01-31T00:00:00+01:00 "}"#,
        r#"{"modified-after":"2026-01-31"}"#,
        r#"{"modified-after":"2026-01-31T00:00:00"}"#,
        r#"{"modified-after":"last week","created-before":5}"#,
        r#"{"modified-after":"2026-02-01T00:00:00Z","modified-before":"2026-02-01T00:00:00Z"}"#,
        r#"{"created-after":"2026-02-01T00:00:00Z","modified-before":"2026-01-01T00:00:00Z"}"#,
        r#"{"spaces":["ENG","A B"],"pages":"x12","labels":[["a"]]}"#,
        r#"{"spaces":"ENG","spaces-excluded":["OPS","ENG"]}"#,
        r#"{"modified-within-days":0,"audit":"yes","space":"ENG"}"#,
        r#"{"pages":"1","read-pages":false}"#,
        r#"{"read-pages":false,"read-blogposts":false,"read-other-content":false}"#,
    ];
    let table = settings.map(|text| format!("{text}\n  {}", tidied(text)));
    assert_snapshot!(table.join("\n"), @r#"
    {"spaces":"ENG, OPS,,ENG","pages":[12,"13"],"labels":"Run-Book","archived-pages":"false"}
      {"archived-pages":false,"labels":["run-book"],"pages":["12","13"],"spaces":["ENG","OPS"]}
    {"spaces":"","labels":[],"personal-spaces":true,"modified-within-days":"","audit":"true"}
      {"audit":true}
    {"modified-within-days":"90","created-after":" 2026-01-31T00:00:00+01:00 "}
      {"created-after":"2026-01-31T00:00:00+01:00","modified-within-days":90}
    {"modified-after":"2026-01-31"}
      /modified-after 2026-01-31 is a date without a time and a zone, so it could mean any of two days; write an instant with its zone, as in 2026-01-31T00:00:00Z or 2026-01-31T00:00:00+01:00.
    {"modified-after":"2026-01-31T00:00:00"}
      /modified-after 2026-01-31T00:00:00 has no zone; write an instant with its zone, as in 2026-01-31T00:00:00Z or 2026-01-31T00:00:00+01:00.
    {"modified-after":"last week","created-before":5}
      /modified-after "last week" is not a time; write an instant with its zone, as in 2026-01-31T00:00:00Z or 2026-01-31T00:00:00+01:00.
      /created-before It must be a text like 2026-01-31T00:00:00Z.
    {"modified-after":"2026-02-01T00:00:00Z","modified-before":"2026-02-01T00:00:00Z"}
      /modified-before It must be later than modified-after, or nothing lies between the two.
    {"created-after":"2026-02-01T00:00:00Z","modified-before":"2026-01-01T00:00:00Z"}
      /modified-before Nothing was last changed before it was created; make this later than created-after.
    {"spaces":["ENG","A B"],"pages":"x12","labels":[["a"]]}
      /spaces/1 "A B" is not the key of a space; a key is what follows /spaces/ in its address.
      /pages/0 "x12" is not an id; an id is the number in the page's address, after /pages/ or /blog/.
      /labels/0 It must be a text.
    {"spaces":"ENG","spaces-excluded":["OPS","ENG"]}
      /spaces-excluded/1 ENG is chosen in spaces as well; remove it from one of the two.
    {"modified-within-days":0,"audit":"yes","space":"ENG"}
      /space There is no setting "space".
      /modified-within-days It must be a whole number of days, from 1 to 36500.
      /audit It must be true or false, not "yes".
    {"pages":"1","read-pages":false}
      /pages It chooses from what is not read; turn read-pages on, or leave this empty.
    {"read-pages":false,"read-blogposts":false,"read-other-content":false}
       Nothing would be read: pages, blog posts, other content and the audit log are all off.
    "#);
}

/// A page of ENG as the settings judge it: yes, no, or unknown.
fn verdict(settings: &str, change: impl FnOnce(&mut Facts<'static>)) -> &'static str {
    let id: &'static Id = Box::leak(Box::new(Id::parse("3").unwrap()));
    let above: &'static [Id] = Box::leak(Box::new([Id::parse("1").unwrap(), Id::parse("2").unwrap()]));
    let labels: &'static [String] = Box::leak(Box::new(["RunBook".to_owned()]));
    let space = SpaceFacts { key: "ENG", personal: Some(false), archived: Some(false) };
    let mut facts = Facts {
        posting: Posting::Page,
        id,
        space: Some(space),
        archived: Some(false),
        created: Some(NOW - 10 * 86_400_000),
        modified: Some(NOW - 86_400_000),
        labels: Some(labels),
        above: Some(above),
    };
    change(&mut facts);
    match wanted(settings).frozen().keeps(&facts) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

#[test]
fn each_condition_means_exactly_what_it_says() {
    let same = |_: &mut Facts<'static>| {};
    let judged = [
        ("{}", verdict("{}", same)),
        ("in space", verdict(r#"{"spaces":"ENG"}"#, same)),
        ("keys are told apart by case", verdict(r#"{"spaces":"eng"}"#, same)),
        ("not in space", verdict(r#"{"spaces-excluded":"ENG"}"#, same)),
        ("excluded page itself", verdict(r#"{"pages-excluded":"3"}"#, same)),
        ("excluded page above", verdict(r#"{"pages-excluded":"1"}"#, same)),
        ("chosen page above", verdict(r#"{"pages":"1"}"#, same)),
        ("other page", verdict(r#"{"pages":"9"}"#, same)),
        ("chosen below excluded", verdict(r#"{"pages":"1","pages-excluded":"2"}"#, same)),
        ("what is above is unknown", verdict(r#"{"pages":"9"}"#, |facts| facts.above = None)),
        ("its own id is enough to exclude", verdict(r#"{"pages-excluded":"3"}"#, |facts| facts.above = None)),
        ("label", verdict(r#"{"labels":"runbook,other"}"#, same)),
        ("label excluded", verdict(r#"{"labels-excluded":"runbook"}"#, same)),
        ("labels unknown", verdict(r#"{"labels-excluded":"x"}"#, |facts| facts.labels = None)),
        (
            "labels unknown, space wrong",
            verdict(r#"{"labels":"x","spaces":"OPS"}"#, |facts| facts.labels = None),
        ),
        ("at the first instant", verdict(r#"{"modified-after":"2026-01-31T00:00:00Z"}"#, same)),
        ("the same in another zone", verdict(r#"{"modified-after":"2026-01-31T01:00:00+01:00"}"#, same)),
        ("at the last instant", verdict(r#"{"modified-before":"2026-01-31T00:00:00Z"}"#, same)),
        ("a millisecond before it", verdict(r#"{"modified-before":"2026-01-31T00:00:00.001Z"}"#, same)),
        ("within a day", verdict(r#"{"modified-within-days":1}"#, same)),
        ("created within nine days", verdict(r#"{"created-within-days":9}"#, same)),
        ("created within ten days", verdict(r#"{"created-within-days":10}"#, same)),
        ("a time that is unknown", verdict(r#"{"modified-within-days":1}"#, |facts| facts.modified = None)),
        ("archived", verdict(r#"{"archived-pages":false}"#, |facts| facts.archived = Some(true))),
        (
            "a blog post is not archived",
            verdict(r#"{"archived-pages":false}"#, |facts| facts.posting = Posting::BlogPost),
        ),
        (
            "pages choose no blog posts",
            verdict(r#"{"pages":"9"}"#, |facts| facts.posting = Posting::BlogPost),
        ),
        ("kind off", verdict(r#"{"read-pages":false}"#, same)),
        (
            "personal space",
            verdict(r#"{"personal-spaces":false}"#, |facts| {
                facts.space.as_mut().unwrap().personal = Some(true)
            }),
        ),
        ("space unknown", verdict(r#"{"personal-spaces":false}"#, |facts| facts.space = None)),
    ];
    let lines = judged.map(|(what, verdict)| format!("{what}: {verdict}"));
    assert_snapshot!(lines.join("\n"), @"
    {}: yes
    in space: yes
    keys are told apart by case: no
    not in space: no
    excluded page itself: no
    excluded page above: no
    chosen page above: yes
    other page: no
    chosen below excluded: no
    what is above is unknown: unknown
    its own id is enough to exclude: no
    label: yes
    label excluded: no
    labels unknown: unknown
    labels unknown, space wrong: no
    at the first instant: yes
    the same in another zone: yes
    at the last instant: no
    a millisecond before it: yes
    within a day: yes
    created within nine days: no
    created within ten days: yes
    a time that is unknown: unknown
    archived: no
    a blog post is not archived: yes
    pages choose no blog posts: yes
    kind off: no
    personal space: no
    space unknown: unknown
    ");
}

fn outline(kind: &str, id: &str, properties: &[(&str, &str)]) -> Outline {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Outline {
        id: id.to_owned(),
        kind: kind.to_owned(),
        created: Some(NOW - 5 * 86_400_000),
        updated: Some(NOW),
        properties: properties.iter().map(owned).collect(),
    }
}

#[test]
fn what_the_host_kept_is_judged_by_what_is_above_it() {
    let space =
        || outline("space", "space:8", &[("space", "ENG"), ("type", "global"), ("status", "current")]);
    let page = || outline("page", "page:2", &[("space", "ENG"), ("status", "current"), ("label", "team")]);
    let parent = || outline("page", "page:1", &[("space", "ENG"), ("status", "current")]);
    let lineages = [
        Lineage { item: space(), above: vec![] },
        Lineage { item: page(), above: vec![parent(), space()] },
        Lineage { item: page(), above: vec![] },
        Lineage { item: outline("place", "page:1", &[("space", "ENG")]), above: vec![space()] },
        Lineage { item: outline("folder", "folder:7", &[]), above: vec![space()] },
        Lineage { item: outline("page-comment", "comment:5", &[]), above: vec![page(), parent(), space()] },
        Lineage {
            item: outline("page-comment", "comment:5", &[]),
            above: vec![outline("place", "page:1", &[]), space()],
        },
        Lineage { item: outline("page-attachment", "attachment:att5", &[]), above: vec![] },
        Lineage { item: outline("poem", "poem:5", &[]), above: vec![] },
    ];
    let settings = [
        r#"{}"#,
        r#"{"spaces":"OPS"}"#,
        r#"{"pages":"1"}"#,
        r#"{"pages-excluded":"1"}"#,
        r#"{"labels":"team"}"#,
        r#"{"created-within-days":2}"#,
        r#"{"read-comments":false}"#,
        r#"{"read-attachments":false}"#,
    ];
    let table = settings.map(|text| {
        let filter = wanted(text).frozen();
        let answers = lineages.iter().map(|lineage| if in_scope(&filter, lineage) { '1' } else { '.' });
        format!("{} {text}", answers.collect::<String>())
    });
    assert_snapshot!(table.join("\n"), @r#"
    111111.11 {}
    .......11 {"spaces":"OPS"}
    111111.11 {"pages":"1"}
    1.111..11 {"pages-excluded":"1"}
    111111.11 {"labels":"team"}
    1..11..11 {"created-within-days":2}
    11111..11 {"read-comments":false}
    111111..1 {"read-attachments":false}
    "#);
}

#[test]
fn a_key_that_no_space_has_is_named() {
    let settings = r#"{"spaces":["ENG","ops","GONE"],"spaces-excluded":["NOPE"]}"#;
    let wiki = Wiki::default();
    let issues = unknown_spaces(&wiki.site(), settings, &wanted(settings).filter).unwrap();
    let lines: Vec<String> =
        issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.message)).collect();
    assert_snapshot!(lines.join("\n"), @"
    /spaces/2 There is no space GONE, or this account may not see it.
    /spaces-excluded/0 There is no space NOPE, or this account may not see it.
    /spaces/1 There is no space ops; keys are told apart by case, did you mean OPS?
    ");
    assert_snapshot!(wiki.asked(), @"
    /api/v2/spaces?keys=ENG,GONE,NOPE,ops&limit=250&status=current
    /api/v2/spaces?keys=ENG,GONE,NOPE,ops&limit=250&status=archived
    ");
}
