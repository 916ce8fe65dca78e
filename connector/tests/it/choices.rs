use crate::fake::{Fake, results};
use confluence::setup::choices;
use insta::assert_snapshot;

fn told(fake: &Fake, pointer: &str, typed: &str) -> String {
    let choices = match choices(&fake.site(), pointer, typed) {
        Ok(choices) => choices,
        Err(error) => return format!("{error:?}"),
    };
    let line = |choice: &confluence::setup::Choice| {
        format!("{} {:?} ({})", choice.value, choice.title, choice.hint.as_deref().unwrap_or_default())
    };
    choices.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn spaces_are_found_by_key_or_name() {
    let space = |id: u64, key: &str, name: &str, kind: &str| {
        format!(r#"{{"id":"{id}","key":"{key}","name":"{name}","type":"{kind}","status":"current"}}"#)
    };
    let current = [
        space(1, "OPS", "Running it", "global"),
        space(2, "~ada", "Ada runs", "personal"),
        space(3, "HR", "People", "global"),
    ];
    let archived = [space(4, "RUN", "Old", "global").replace("current", "archived")];
    let fake = Fake::default()
        .on("/v2/spaces status=current", &results(&current, None))
        .on("/v2/spaces status=archived", &results(&archived, None));
    assert_snapshot!(told(&fake, "/spaces", " RUN "), @r#"
    "~ada" "Ada runs" (~ada, personal)
    "RUN" "Old" (RUN, archived)
    "OPS" "Running it" (OPS)
    "#);
    assert_eq!(told(&fake, "/spaces-excluded", "").lines().count(), 4);
}

#[test]
fn pages_are_found_by_the_beginnings_of_words() {
    let row = r#"{"id":"7","title":"Road map","space":{"key":"ENG","name":"Engineering"},
        "ancestors":[{"id":"1","title":"Home"},{"id":"2","title":"Plans"}]}"#;
    let fake = Fake::default().on("/content/search", &results(&[row.to_owned()], None));
    assert_snapshot!(told(&fake, "/pages", "roa ma\"p"), @r#""7" "Road map" (Engineering / Plans)"#);
    told(&fake, "/pages", "");
    told(&fake, "/blogposts", "70");
    told(&fake, "/pages-excluded", "\"");
    assert_snapshot!(fake.asked(), @r#"
    /wiki/rest/api/content/search?cql=type=page and title ~ "roa*" and title ~ "ma*" and title ~ "p*"&limit=200&expand=space,ancestors
    /wiki/rest/api/content/search?cql=type=page order by lastmodified desc&limit=200&expand=space,ancestors
    /wiki/rest/api/content/search?cql=type=blogpost and (id=70 or title ~ "70*")&limit=200&expand=space,ancestors
    /wiki/rest/api/content/search?cql=type=page and title ~ "\""&limit=200&expand=space,ancestors
    "#);
}

#[test]
fn labels_are_found_among_the_first_thousand() {
    let names =
        [r#"{"id":"1","name":"runbook","prefix":"global"}"#, r#"{"id":"2","name":"team","prefix":"global"}"#];
    let fake = Fake::default().on("/v2/labels", &results(&names.map(str::to_owned), None));
    assert_snapshot!(told(&fake, "/labels", "run"), @r#"
    "run" "run" ()
    "runbook" "runbook" ()
    "#);
    assert_snapshot!(told(&fake, "/labels-excluded", ""), @r#"
    "runbook" "runbook" ()
    "team" "team" ()
    "#);
}

#[test]
fn other_settings_have_none() {
    assert_snapshot!(told(&Fake::default(), "/site", ""), @r#"NotFound("looked for choices of the setting /site, which has none")"#);
}
