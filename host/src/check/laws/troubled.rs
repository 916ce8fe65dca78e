//! Laws about what a connector makes of a bad day.

use std::collections::{BTreeMap, BTreeSet};

use super::{judged, rest};
use crate::check::facts::{Facts, Troubled};
use crate::check::finding::{Finding, Verdict};
use crate::check::trouble::Trouble;
use crate::check::turn::{Told, Turn};
use crate::model::{Access, Change, Fault};
use crate::sandbox::CallError;

pub fn unauthenticated(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::Unauthorized])
}

pub fn forbidden(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::Forbidden])
}

pub fn not_found(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::NotFound])
}

pub fn throttled(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::TooMany])
}

pub fn unavailable(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::Failing, Trouble::Down])
}

pub fn garbage(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::Garbage])
}

pub fn cut_off(facts: &Facts) -> Verdict {
    judge(facts, &[Trouble::Closed, Trouble::Cut])
}

/// How a call dealt with a request that went wrong.
enum Dealt {
    /// As the law says, or it made no difference.
    Well,
    /// It answered something that does not fit.
    Otherwise(String),
    /// It answered as if all had been well; names what is missing.
    Swallowed(String),
}

fn judge(facts: &Facts, troubles: &[Trouble]) -> Verdict {
    let otherwise = |troubled: &Troubled| match dealt(troubled) {
        Dealt::Otherwise(came) if troubles.contains(&troubled.trouble) => Some(finding(troubled, came)),
        _ => None,
    };
    over(facts, otherwise)
}

pub fn swallowed(facts: &Facts) -> Verdict {
    let swallowed = |troubled: &Troubled| match dealt(troubled) {
        Dealt::Swallowed(came) => Some(finding(troubled, came)),
        _ => None,
    };
    over(facts, swallowed)
}

fn over(facts: &Facts, find: impl Fn(&Troubled) -> Option<Finding>) -> Verdict {
    let (_, rest) = judged!(rest(facts));
    if rest.troubles.is_empty() {
        return Verdict::Kept(Some("it sends no request"));
    }
    // A call that asked for something else once a request went wrong may lack that answer; it is judged by the others.
    let known =
        rest.troubles.iter().filter(|troubled| troubled.bad.iter().all(|turn| turn.missing.is_empty()));
    Verdict::of(known.filter_map(find).collect())
}

fn finding(troubled: &Troubled, came: String) -> Finding {
    let Troubled { asked, trouble, good, .. } = troubled;
    let call = good.first().map(|turn| turn.call.to_string()).unwrap_or_default();
    let unsaid = *trouble == Trouble::TooMany && came.starts_with("error.throttled");
    let help = unsaid.then(|| {
        "Read `retry-after` (seconds, or a date) and answer it as `wait` in milliseconds.".to_owned()
    });
    Finding {
        what: format!("{asked} was {}", trouble.words()),
        place: call,
        expected: trouble.expected().to_owned(),
        came,
        help,
        ..Finding::default()
    }
}

fn dealt(troubled: &Troubled) -> Dealt {
    let Troubled { trouble, signed, good, bad, .. } = troubled;
    // What is refused without the credential says nothing of it: a link has run out there.
    let unsigned = !signed && matches!(trouble, Trouble::Unauthorized | Trouble::Forbidden);
    let (Some(first), Some(last)) = (bad.first(), bad.last()) else { return Dealt::Well };
    match &last.outcome {
        Err(CallError::Fault { fault, .. }) if unsigned || trouble.is_told_by(fault) => return Dealt::Well,
        Err(CallError::Fault { fault: Fault::Throttled { wait: None, .. }, .. })
            if *trouble == Trouble::TooMany =>
        {
            return Dealt::Otherwise(
                "error.throttled, without the wait that the source asked for".to_owned(),
            );
        }
        Err(_) => return Dealt::Otherwise(last.error().unwrap_or_default()),
        Ok(_) => {}
    }
    // The answer was of no use to it, or it asked again elsewhere.
    if good.first().is_some_and(|good| good.outcome == first.outcome) {
        return match trouble {
            Trouble::Unauthorized | Trouble::TooMany if !unsigned => {
                Dealt::Otherwise("the same answer as without it".to_owned())
            }
            _ => Dealt::Well,
        };
    }
    let (was, is) = (mentions(good), mentions(bad));
    // What is said to be gone for no better reason than this is lost as well.
    let there = |name: &&String| was.get(*name).is_some_and(|was| was.contents != GONE);
    let lost = was.keys().filter(|name| is.get(*name).is_none_or(|now| now.contents == GONE));
    let lost: Vec<&String> = lost.filter(there).collect();
    // A thing takes with it what is said of it alone, as a group its members.
    let things = lost.iter().map(|name| was.get(*name).and_then(|was| was.of.as_deref()).unwrap_or(name));
    if things.collect::<BTreeSet<&str>>().len() > trouble.may_lose() {
        return Dealt::Swallowed(format!("an answer without {}", named(&lost)));
    }
    let less =
        |name: &&String| is.get(*name).is_some_and(|now| !now.says_so && now.contents != was[*name].contents);
    let less: Vec<&String> = was.keys().filter(less).collect();
    if !less.is_empty() {
        return Dealt::Swallowed(format!("an answer with other contents of {}", named(&less)));
    }
    let failed = is.iter().any(|(name, now)| now.says_so && was.get(name).is_none_or(|was| !was.says_so));
    if failed && !trouble.is_told_by_failed() {
        return Dealt::Otherwise("an answer with `failed` or `access.unknown` in it".to_owned());
    }
    Dealt::Well
}

fn named(names: &[&String]) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).clone()).collect();
    crate::check::asked::few(&names)
}

/// One thing that an answer tells of.
struct Mention {
    /// As JSON, without the access.
    contents: String,
    /// What else it hangs on, if it is no thing of its own.
    of: Option<String>,
    /// `failed`, `access.unknown`, or gone at the source's word.
    says_so: bool,
}

/// Between somebody's name and that of a group.
const MEMBER_OF: &str = " in group ";

/// The contents of what is deleted or binned.
const GONE: &str = "gone";

/// Everything that some answers tell of, by name.
fn mentions(turns: &[Turn]) -> BTreeMap<String, Mention> {
    let mut mentions = BTreeMap::new();
    let mut add = |name: String, contents: String, says_so| {
        let of = name.split_once(MEMBER_OF).map(|(_, group)| format!("group {group}"));
        mentions.insert(name, Mention { contents, of, says_so });
    };
    for turn in turns {
        match &turn.outcome {
            // Signing in at another place is an answer too, and its session another one.
            Ok(Told::Account(_)) => {
                add("the account".to_owned(), String::new(), false);
            }
            Ok(Told::Partitions(partitions)) => {
                for partition in partitions {
                    add(format!("partition {}", partition.id), String::new(), false);
                }
            }
            Ok(Told::File(poured)) => {
                add("the file".to_owned(), poured.sha256.clone(), false);
            }
            _ => {}
        }
        for change in turn.changes() {
            let (name, contents, says_so) = mention(change);
            add(name, contents, says_so);
        }
    }
    mentions
}

fn mention(change: &Change) -> (String, String, bool) {
    let item = |id: &String| format!("item {id}");
    match change {
        Change::Upsert(told) => {
            let bare = crate::model::Item { access: Access::Inherited, ..(**told).clone() };
            let unknown = told.access == Access::Unknown;
            (
                item(&told.id),
                serde_json::to_string(&(bare, readers(&told.access))).unwrap_or_default(),
                unknown,
            )
        }
        Change::Seen(seen) => {
            let unknown = seen.access == Some(Access::Unknown);
            let readers = seen.access.as_ref().map(readers);
            (item(&seen.id), format!("{:?} {} {readers:?}", seen.parent, seen.version), unknown)
        }
        Change::Delete(id) | Change::Binned(id) => (item(id), GONE.to_owned(), true),
        Change::Failed(failure) => (item(&failure.id), "failed".to_owned(), true),
        Change::User(user) => (format!("user {}", user.id), format!("{user:?}"), false),
        Change::Group(group) => (format!("group {}", group.id), format!("{group:?}"), false),
        Change::Member(member) => {
            (format!("{:?}{MEMBER_OF}{}", member.member, member.group), String::new(), false)
        }
        Change::Activity(activity) => (format!("activity {}", activity.id), String::new(), false),
    }
}

/// Who may read, whatever the order.
fn readers(access: &Access) -> (u8, BTreeSet<String>) {
    let named = |list: &[crate::model::Principal]| list.iter().map(|one| format!("{one:?}")).collect();
    match access {
        Access::Inherited => (0, BTreeSet::new()),
        Access::Narrowed(list) => (1, named(list)),
        Access::Widened(list) => (2, named(list)),
        Access::Replaced(list) => (3, named(list)),
        Access::Unknown => (4, BTreeSet::new()),
    }
}
