use serde_json::{Value, json};

use super::{Field, Typed, fields, settings, show, typed};
use crate::console::pages::faults::Faults;

fn schema() -> String {
    json!({ "type": "object", "required": ["site"], "properties": {
        "site": { "type": "string", "title": "Site", "x-identity": true, "x-order": 1, "examples": ["https://a"] },
        "spaces": {
            "type": "array", "items": { "type": "string" }, "title": "Spaces", "description": "Keys; all if empty.",
            "default": [], "x-choices": true, "x-order": 2, "x-group": "What is read",
        },
        "ids": { "type": ["array", "null"], "items": { "type": "integer" }, "x-group": "What is read", "x-order": 3 },
        "archived": { "type": "boolean", "title": "Archived", "default": true, "x-group": "What is read", "x-order": 4 },
        "strict": { "type": "boolean" },
        "days": { "type": ["integer", "null"], "minimum": 1, "maximum": 9, "default": null },
        "share": { "type": "number" },
        "since": { "type": ["string", "null"], "format": "date-time" },
        "size": { "enum": ["small", "large", 3] },
        "modified": { "type": "object", "title": "Changed", "properties": { "a/b": { "type": "string" } } },
        "odd": { "type": ["string", "integer"], "title": "Anything" },
    }})
    .to_string()
}

fn sent(pairs: &[(&str, &str)]) -> Typed {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_schema_is_read_as_fields_in_its_order() {
    let line = |field: &Field| {
        let marks = [(field.required, "required"), (field.identity, "identity"), (field.choices, "choices")];
        let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        format!("{} [{}] {} {:?} {}", field.pointer, field.group, field.title, field.sort, marks.join(" "))
    };
    let told: Vec<String> = fields(&schema()).iter().map(line).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    /site [] Site Text { example: Some("https://a") } required identity
    /spaces [What is read] Spaces List { numbers: false } choices
    /ids [What is read] ids List { numbers: true } 
    /archived [What is read] Archived Flag 
    /days [] days Number { whole: true, least: Some("1"), most: Some("9") } 
    /modified/a~1b [Changed] a/b Text { example: None } 
    /odd [] Anything Json 
    /share [] share Number { whole: false, least: None, most: None } 
    /since [] since Moment 
    /size [] size OneOf([String("small"), String("large"), Number(3)]) 
    /strict [] strict Flag
    "#);
    assert!(fields("no JSON").is_empty() && fields("{}").is_empty());
}

#[test]
fn what_is_typed_becomes_settings() {
    let read =
        |before: Value, pairs: &[(&str, &str)]| match settings(&fields(&schema()), &before, &sent(pairs)) {
            Ok(settings) => settings.to_string(),
            Err(issues) => issues
                .iter()
                .map(|issue| format!("{}: {}", issue.pointer, issue.message))
                .collect::<Vec<_>>()
                .join("; "),
        };
    let told = [
        read(json!({}), &[("/site", " https://a "), ("/archived", "yes")]),
        read(json!({}), &[("/spaces", "ENG\r\n\n OPS \n"), ("/ids", "1\n2"), ("/strict", "no")]),
        read(json!({ "archived": false, "spaces": ["A"] }), &[("/archived", "yes")]),
        read(
            json!({ "since": "2026-01-31T01:00:00+01:00" }),
            &[("/since", "2026-01-31T00:00:00"), ("/archived", "yes")],
        ),
        read(json!({}), &[("/since", "2026-01-31T09:30"), ("/days", "3"), ("/share", "0.5"), ("/size", "3")]),
        read(json!({}), &[("/modified/a~1b", "x"), ("/odd", "[1]"), ("/unknown", "x")]),
        read(
            json!({ "beyond": 1 }),
            &[("/ids", "1\ntwo"), ("/days", "1.5"), ("/since", "soon"), ("/size", "huge"), ("/odd", "{")],
        ),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"site":"https://a"}
    {"archived":false,"ids":[1,2],"spaces":["ENG","OPS"],"strict":false}
    {}
    {"since":"2026-01-31T01:00:00+01:00"}
    {"archived":false,"days":3,"share":0.5,"since":"2026-01-31T09:30:00Z","size":3}
    {"archived":false,"modified":{"a/b":"x"},"odd":[1]}
    /ids: This takes a whole number, not “two”.; /days: This takes a whole number, not “1.5”.; /odd: This is no JSON: EOF while parsing an object at line 1 column 1.; /since: This takes a date and a time, as 2026-01-31T09:00 (UTC).; /size: Choose one of those offered.
    "#);
}

#[test]
fn settings_that_are_shown_and_sent_back_stay_as_they_are() {
    let fields = fields(&schema());
    let before = json!({
        "site": "https://a", "spaces": ["ENG", "~ada"], "ids": [3], "archived": false, "strict": true, "days": 2,
        "share": 0.25, "since": "2026-01-31T00:00:00.250+02:00", "size": 3, "modified": { "a/b": "c" }, "odd": { "x": [] },
        "beyond": "the form",
    });
    assert_eq!(settings(&fields, &before, &typed(&fields, &before)).unwrap(), before);
    assert_eq!(settings(&fields, &json!({}), &typed(&fields, &json!({}))).unwrap(), json!({}));
}

#[test]
fn a_form_has_labels_help_and_faults_and_escapes_what_is_shown() {
    let mut fields = fields(&schema());
    fields.retain(|field| ["/spaces", "/archived", "/since"].contains(&field.pointer.as_str()));
    let typed = sent(&[("/spaces", "</textarea><b>"), ("/since", "soon")]);
    let mut faults = Faults::default();
    faults.add("set-since", "no date");
    let form = show(&fields, &typed, &faults, Some("/c?x")).into_string();
    insta::assert_snapshot!(form.replace("><", ">\n<"), @r#"
    <fieldset class="group">
    <legend>What is read</legend>
    <div class="field">
    <label for="set-spaces">Spaces (one a line)</label>
    <textarea id="set-spaces" name="set/spaces" rows="3" spellcheck="false" aria-describedby="set-spaces-help" data-choices="/c?x" data-setting="/spaces">
    &lt;/textarea&gt;&lt;b&gt;</textarea>
    <p class="help" id="set-spaces-help">Keys; all if empty.</p>
    </div>
    <div class="field">
    <div class="check">
    <input id="set-archived" type="checkbox" name="set/archived" value="yes">
    <label for="set-archived">Archived</label>
    </div>
    </div>
    </fieldset>
    <div class="field faulty">
    <label for="set-since">since (UTC)</label>
    <input id="set-since" name="set/since" type="text" value="soon" step="any" aria-describedby="set-since-fault" aria-invalid="true">
    <p class="fault" id="set-since-fault">no date</p>
    </div>
    "#);
}
