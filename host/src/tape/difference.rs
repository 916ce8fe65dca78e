//! Where two answers differ first, for somebody who looks for the cause. Pure.

use serde::Serialize;

use super::answer::Answer;
use crate::model::{Change, Page, Principal};

/// Lines shown of each side; what follows says that there is more.
const LINES_MAX: usize = 12;

/// Equal lines shown before the first that differs, so that one sees where it stands.
const CONTEXT: usize = 2;

/// Requests named of those that did not fit.
const REQUESTS_MAX: usize = 5;

/// The first difference between what was recorded and what is answered now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `change 12 of 250: upsert page:98765`.
    pub place: String,
    /// Lines of JSON: ` ` both, `-` recorded, `+` now.
    pub diff: Vec<String>,
    /// What the connector asked for and the tape does not have.
    pub missing: Vec<String>,
    /// What the tape has and the connector did not ask for.
    pub unused: Vec<String>,
}

/// `changed`: the recorded answer is not the one that was recorded. `asked`: requests without an
/// exchange, and exchanges without a request.
pub fn difference(
    was: Option<&Answer>,
    now: Option<&Answer>,
    changed: bool,
    asked: (Vec<String>, Vec<String>),
) -> Difference {
    let (place, diff) = match (was, now) {
        (Some(was), Some(now)) if was == now && changed => {
            ("the recorded answer is not the one that its digest was made of".to_owned(), Vec::new())
        }
        (Some(Answer::Page(was)), Some(Answer::Page(now))) => pages(was, now),
        (Some(Answer::Items(was)), Some(Answer::Items(now))) => changes(was, now),
        (was, now) => ("the answer".to_owned(), lines(&was, &now)),
    };
    let place = if changed && !diff.is_empty() { format!("{place} (the tape was changed)") } else { place };
    let few = |mut requests: Vec<String>| {
        requests.truncate(REQUESTS_MAX);
        requests
    };
    Difference { place, diff, missing: few(asked.0), unused: few(asked.1) }
}

fn pages(was: &Page, now: &Page) -> (String, Vec<String>) {
    if was.changes != now.changes {
        return changes(&was.changes, &now.changes);
    }
    let rest = |page: &Page| (page.next.clone(), page.remaining, page.pause);
    ("what follows the changes: next, remaining, pause".to_owned(), lines(&rest(was), &rest(now)))
}

fn changes(was: &[Change], now: &[Change]) -> (String, Vec<String>) {
    let first = (0..was.len().max(now.len())).find(|at| was.get(*at) != now.get(*at)).unwrap_or_default();
    let (before, after) = (was.get(first), now.get(first));
    let of = match (was.len(), now.len()) {
        (was, now) if was == now => format!("{was}"),
        (was, now) => format!("{was} (now {now})"),
    };
    let what = before.or(after).map(named).unwrap_or_default();
    (format!("change {} of {of}: {what}", first + 1), lines(&before, &after))
}

/// What a change is about, in a word or two.
fn named(change: &Change) -> String {
    match change {
        Change::Upsert(item) => format!("upsert {}", item.id),
        Change::Delete(id) => format!("delete {id}"),
        Change::Binned(id) => format!("binned {id}"),
        Change::Seen(summary) => format!("seen {}", summary.id),
        Change::User(user) => format!("user {}", user.id),
        Change::Group(group) => format!("group {}", group.id),
        Change::Member(membership) => match &membership.member {
            Principal::User(id) | Principal::Group(id) => format!("member {id} of {}", membership.group),
            Principal::Members | Principal::Anyone => format!("all members of {}", membership.group),
        },
        Change::Activity(activity) => format!("activity {}", activity.id),
        Change::Failed(failure) => format!("failed {}", failure.id),
    }
}

/// The lines of two values that differ, with a little of what stands before them.
fn lines<T: Serialize>(was: &T, now: &T) -> Vec<String> {
    let pretty = |value: &T| serde_json::to_string_pretty(value).unwrap_or_default();
    let (was, now) = (pretty(was), pretty(now));
    let (was, now): (Vec<&str>, Vec<&str>) = (was.lines().collect(), now.lines().collect());
    let same = was.iter().zip(&now).take_while(|(was, now)| was == now).count();
    let (was_rest, now_rest) = (was.get(same..).unwrap_or_default(), now.get(same..).unwrap_or_default());
    let tail = was_rest.iter().rev().zip(now_rest.iter().rev()).take_while(|(was, now)| was == now).count();
    let context = was.get(same.saturating_sub(CONTEXT)..same).unwrap_or_default();
    let mut lines: Vec<String> = context.iter().map(|line| format!("  {line}")).collect();
    for (mark, rest) in [('-', was_rest), ('+', now_rest)] {
        let differing = rest.len() - tail;
        lines
            .extend(rest.iter().take(differing.min(LINES_MAX)).map(|line| format!("{mark} {}", short(line))));
        if differing > LINES_MAX {
            lines.push(format!("{mark} ({} more lines)", differing - LINES_MAX));
        }
    }
    lines
}

/// A body is one line of JSON, however long.
fn short(line: &str) -> String {
    const CHARS_MAX: usize = 400;
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}… ({} bytes)", line.get(..end).unwrap_or_default(), line.len()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Group, Next};

    fn page(names: &[&str], next: Next) -> Answer {
        let group = |name: &&str| Change::Group(Group { id: (*name).to_owned(), name: name.to_uppercase() });
        Answer::Page(Page { changes: names.iter().map(group).collect(), next, remaining: None, pause: None })
    }

    fn told(was: &Answer, now: &Answer) -> String {
        let difference = difference(Some(was), Some(now), false, (vec![], vec![]));
        format!("{}\n{}", difference.place, difference.diff.join("\n"))
    }

    #[test]
    fn the_first_change_that_differs_is_shown() {
        let was = page(&["a", "b"], Next::Done(None));
        insta::assert_snapshot!(told(&was, &page(&["a", "c"], Next::Done(None))), @r#"
        change 2 of 2: group b
          {
            "group": {
        -     "id": "b",
        -     "name": "B"
        +     "id": "c",
        +     "name": "C"
        "#);
        insta::assert_snapshot!(told(&was, &page(&["a"], Next::Done(None))), @r#"
        change 2 of 2 (now 1): group b
        - {
        -   "group": {
        -     "id": "b",
        -     "name": "B"
        -   }
        - }
        + null
        "#);
        insta::assert_snapshot!(told(&was, &page(&["a", "b"], Next::More("7".into()))), @r#"
        what follows the changes: next, remaining, pause
          [
            {
        -     "done": null
        +     "more": "7"
        "#);
        insta::assert_snapshot!(told(&was, &Answer::InScope(vec![])), @r#"
        the answer
          {
        -   "page": {
        -     "changes": [
        -       {
        -         "group": {
        -           "id": "a",
        -           "name": "A"
        -         }
        -       },
        -       {
        -         "group": {
        -           "id": "b",
        -           "name": "B"
        - (9 more lines)
        +   "in-scope": []
        "#);
    }
}
