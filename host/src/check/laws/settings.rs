//! Laws about `configure`.

use serde_json::Value;

use super::described::sent;
use crate::check::difference::between;
use crate::check::facts::{Facts, Purely, Wrong};
use crate::check::finding::{Finding, Verdict, cut};
use crate::check::turn::told;
use crate::gate::Place;
use crate::model::{Issue, Origin, Plan};
use crate::sandbox::CallError;

const PLACE: &str = "configure";

type Configured = Purely<Result<Plan, Vec<Issue>>>;

pub fn origins(facts: &Facts) -> Verdict {
    let mut findings = Vec::new();
    let mut finding = |what: String, came: &str| {
        findings.push(Finding {
            what,
            place: PLACE.to_owned(),
            expected: "origins like https://api.example.com, within the description's bounds".to_owned(),
            came: came.to_owned(),
            ..Finding::default()
        });
    };
    let outcomes =
        facts.configured.iter().map(|one| &one.outcome).chain(facts.wrong.iter().map(|wrong| &wrong.outcome));
    let mut plan = None;
    for outcome in outcomes {
        match outcome {
            Err(CallError::Overreached { origin }) => {
                finding(format!("a plan asks for {origin}, beyond every bound"), origin);
                break;
            }
            Ok(Ok(first)) => plan = plan.or(Some(first)),
            _ => {}
        }
    }
    for origin in plan.map_or(&[][..], |plan| plan.origins.as_slice()) {
        if let Some(words) = unreadable(origin) {
            finding(format!("an origin cannot be admitted: {words}"), &origin.url);
        }
    }
    match facts.description.bounds {
        None if findings.is_empty() => Verdict::Kept(Some("it speaks 0.1.0, which has no bounds")),
        _ => Verdict::of(findings),
    }
}

/// Why the gate would not read this origin.
fn unreadable(origin: &Origin) -> Option<String> {
    let Origin { url, credential, .. } = origin;
    match url.split_once("://*.") {
        Some(_) if *credential => Some("the credential may not go to every name under a place".to_owned()),
        Some((scheme, rest)) => {
            Place::parse(&format!("{scheme}://{rest}")).err().map(|fault| fault.to_string())
        }
        None => Place::parse(url).err().map(|fault| fault.to_string()),
    }
}

pub fn pure(facts: &Facts) -> Verdict {
    let mut findings = sent(&facts.configured, PLACE);
    findings.extend(
        facts.configured.iter().skip(1).find_map(|other| unlike(&facts.configured[0], other)).map(
            |(came, differences)| Finding {
                what: "`configure` answered otherwise under another clock and another chance".to_owned(),
                place: PLACE.to_owned(),
                expected: "the same plan".to_owned(),
                came,
                differences,
                help: None,
            },
        ),
    );
    Verdict::of(findings)
}

pub fn again(facts: &Facts) -> Verdict {
    let Some(again) = &facts.configured_again else { return super::not_judged("there is no plan: see W005") };
    let finding = unlike(&facts.configured[0], again).map(|(came, differences)| Finding {
        what: "the settings that `configure` answered make another plan".to_owned(),
        place: "configure, of its own settings".to_owned(),
        expected: "the same plan".to_owned(),
        came,
        differences,
        help: None,
    });
    Verdict::of(finding.into_iter().collect())
}

/// What the second came to where it is not what the first did, and where they differ.
fn unlike(first: &Configured, other: &Configured) -> Option<(String, Vec<String>)> {
    match (&first.outcome, &other.outcome) {
        (first, other) if first == other => None,
        (Ok(Ok(first)), Ok(Ok(other))) => Some(("another plan".to_owned(), between(first, other))),
        (_, Ok(Err(issues))) => Some((format!("a refusal: {}", listed(issues)), Vec::new())),
        (_, Ok(Ok(_))) => Some(("a plan".to_owned(), Vec::new())),
        (_, Err(error)) => Some((told(error), Vec::new())),
    }
}

fn listed(issues: &[Issue]) -> String {
    let one = |issue: &Issue| format!("{:?}: {}", issue.pointer, issue.message);
    cut(&issues.iter().map(one).collect::<Vec<_>>().join("; "))
}

pub fn refused(facts: &Facts) -> Verdict {
    if facts.wrong.is_empty() {
        return Verdict::Kept(Some("there is no setting to mistake"));
    }
    let schema = serde_json::from_str(&facts.description.settings_schema).unwrap_or(Value::Null);
    Verdict::of(facts.wrong.iter().filter_map(|wrong| unrefused(wrong, &schema)).collect())
}

fn unrefused(wrong: &Wrong, schema: &Value) -> Option<Finding> {
    let (what, came) = match &wrong.outcome {
        Ok(Ok(plan)) => (
            format!("settings where {} were taken", wrong.words),
            format!("a plan with {}", cut(&plan.settings)),
        ),
        Ok(Err(issues)) if issues.is_empty() => {
            (format!("settings where {} were refused without a word", wrong.words), "no issue".to_owned())
        }
        Ok(Err(issues)) => {
            let lost = issues.iter().find(|issue| !points(&issue.pointer, &wrong.settings, schema))?;
            let what = format!("where {}, an issue points at nothing", wrong.words);
            (what, format!("{:?}: {}", lost.pointer, cut(&lost.message)))
        }
        Err(error) => (format!("where {}, `configure` did not answer", wrong.words), told(error)),
    };
    Some(Finding {
        what,
        place: format!("configure of {}", cut(&wrong.settings.to_string())),
        expected: "an issue whose pointer names a property".to_owned(),
        came,
        ..Finding::default()
    })
}

/// Whether a JSON Pointer leads to a setting, or to where the schema has one.
fn points(pointer: &str, settings: &Value, schema: &Value) -> bool {
    let described = || {
        pointer.split('/').skip(1).try_fold(schema, |at, name| {
            let name = name.replace("~1", "/").replace("~0", "~");
            let index = name.parse::<usize>().is_ok();
            let property = at.get("properties").and_then(|properties| properties.get(&name));
            property.or_else(|| at.get("items").filter(|_| index))
        })
    };
    pointer.is_empty()
        || pointer.starts_with('/') && (settings.pointer(pointer).is_some() || described().is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_leads_to_a_setting_or_to_where_the_schema_has_one() {
        let schema = json!({ "properties": { "site": {}, "list": { "items": {} }, "a": { "properties": { "b": {} } } } });
        let settings = json!({ "list": [1], "more": 1 });
        for pointer in ["", "/site", "/list/0", "/list/7", "/a/b", "/more"] {
            assert!(points(pointer, &settings, &schema), "{pointer}");
        }
        for pointer in ["site", "/b", "/site/x", "/list/x", "/"] {
            assert!(!points(pointer, &settings, &schema), "{pointer}");
        }
    }

    #[test]
    fn the_credential_goes_to_places_that_are_written_out() {
        let origin = |url: &str, credential| {
            unreadable(&Origin { url: url.to_owned(), credential, post: false, purpose: String::new() })
                .is_some()
        };
        assert!(!origin("https://a.example", true) && !origin("https://*.a.example", false));
        assert!(
            origin("https://*.a.example", true) && origin("https://a.example/x", false) && origin("a", false)
        );
    }
}
