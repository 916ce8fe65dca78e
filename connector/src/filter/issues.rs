//! Settings that are each right and cannot be right together.

use super::{Filter, List, Window};
use crate::error::Issue;
use serde_json::{Map, Value};

/// All contradictions of some tidied settings.
pub fn contradictions(filter: &Filter, tidied: &Map<String, Value>) -> Vec<Issue> {
    let mut issues = Vec::new();
    both(&filter.spaces, "spaces", tidied, &mut issues);
    both(&filter.pages, "pages", tidied, &mut issues);
    both(&filter.blog_posts, "blogposts", tidied, &mut issues);
    both(&filter.labels, "labels", tidied, &mut issues);
    ends(&filter.modified, "modified", &mut issues);
    ends(&filter.created, "created", &mut issues);
    if let (Some(created), Some(modified)) = (filter.created.after, filter.modified.before)
        && created >= modified
    {
        let message = "Nothing was last changed before it was created; make this later than created-after.";
        issues.push(issue("/modified-before", message.to_owned()));
    }
    let kinds = filter.kinds;
    for (name, on, switch) in
        [("pages", kinds.pages, "read-pages"), ("blogposts", kinds.blog_posts, "read-blogposts")]
    {
        if !on && tidied.contains_key(name) {
            let message = format!("It chooses from what is not read; turn {switch} on, or leave this empty.");
            issues.push(issue(&format!("/{name}"), message));
        }
    }
    if !kinds.pages && !kinds.blog_posts && !kinds.other && !filter.audit {
        let message =
            "Nothing would be read: pages, blog posts, other content and the audit log are all off.";
        issues.push(issue("", message.to_owned()));
    }
    issues
}

/// What is chosen and excluded at once.
fn both<V: Ord + ToString>(list: &List<V>, name: &str, tidied: &Map<String, Value>, issues: &mut Vec<Issue>) {
    let excluded = format!("{name}-excluded");
    let given = tidied.get(&excluded).and_then(Value::as_array);
    for value in list.only.intersection(&list.never) {
        let text = value.to_string();
        let at = given.and_then(|given| given.iter().position(|one| one.as_str() == Some(text.as_str())));
        let pointer = format!("/{excluded}/{}", at.unwrap_or_default());
        issues.push(issue(
            &pointer,
            format!("{text} is chosen in {name} as well; remove it from one of the two."),
        ));
    }
}

fn ends(window: &Window, name: &str, issues: &mut Vec<Issue>) {
    if let (Some(after), Some(before)) = (window.after, window.before)
        && after >= before
    {
        let message = format!("It must be later than {name}-after, or nothing lies between the two.");
        issues.push(issue(&format!("/{name}-before"), message));
    }
}

fn issue(pointer: &str, message: String) -> Issue {
    Issue { pointer: pointer.to_owned(), message }
}
