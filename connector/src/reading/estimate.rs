//! About how much there is to read, and what reading all of it once costs.
//!
//! A dozen requests, and one more for every 250 spaces. Searches tell how much they find without listing it; their totals
//! are a few per cent off. What no request tells cheaply is guessed, and said to be.

use super::plans::{self, Plan, SPACES_PER_LISTING};
use super::rights::{self, Rights};
use super::{judge, partitions};
use crate::confluence::answer::{self, Refusal};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::{Filter, Wanted, Window};
use crate::item::access::Mode;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::model::Amount;
use crate::transport::{Level, Response, Transport};
use chrono::DateTime;
use serde::Deserialize;
use url::Url;

/// Rows of v2's listings, and of v1's searches where anything is expanded; of one with bodies.
const LISTED: u64 = 250;
const FOUND: u64 = 200;
const FOUND_WITH_BODIES: u64 = 50;

/// Groups that one person is in, where nobody was asked: those of the product, of the department, of a project.
const GROUPS_OF_A_PERSON: u64 = 3;

/// What the totals are asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Pages,
    /// No search for pages sees these.
    ArchivedPages,
    BlogPosts,
    Comments,
    Attachments,
    Nodes,
    /// Pages and blog posts of the chosen spaces, those that the filter leaves out too.
    Candidates,
    People,
    Groups,
    /// Who may see one of the spaces.
    Readers,
}

/// What was asked and answered; none where the site would not tell.
#[derive(Debug, Default)]
struct Told(Vec<(Of, u64)>);

impl Told {
    fn of(&self, what: Of) -> Option<u64> {
        self.0.iter().find(|(of, _)| *of == what).map(|(_, number)| *number)
    }
}

pub fn estimate<T: Transport>(site: &Site<'_, T>, wanted: &Wanted) -> Result<Vec<Amount>, Error> {
    let filter = wanted.frozen();
    let all = partitions::spaces(site)?;
    let kept: Vec<Space> =
        all.iter().filter(|space| filter.keeps_space(judge::of(space)) != Some(false)).cloned().collect();
    let rights = rights::ask(site)?;
    let questions = questions(site, &filter, &all, &kept, &rights);
    let mut told = Told::default();
    site.get_many(questions, |of, url, answer| {
        match answer.and_then(|answer| total(url, &answer)) {
            Ok(number) => told.0.push((of, number)),
            Err(refusal) if refusal.concerns_everything() && !refusal.lacks_scope() => {
                return Err(refusal.error);
            }
            Err(refusal) => {
                let reason = refusal.error.message();
                site.log(Level::Info, "something cannot be estimated", &[("reason", &reason)]);
            }
        }
        Ok(None)
    })?;
    // Where not all spaces could be named, a share of the site stands for them.
    let share = match named(&filter, &all, &kept) {
        Named::Beyond => Some((kept.len() as u64, all.len().max(1) as u64)),
        Named::All | Named::Clause(_) => None,
    };
    let mut amounts = people(&told);
    amounts.extend(spaces(&told, &all, &kept, &rights));
    if !kept.is_empty() {
        amounts.extend(contents(&told, &filter, &kept, share));
    }
    if filter.audit {
        // No answer tells how long the log is.
        amounts.push(Amount {
            dataset: "audit",
            what: "audit records",
            items: 0,
            requests: 1,
            points: 1,
            rough: true,
        });
    }
    Ok(amounts)
}

fn questions<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    all: &[Space],
    kept: &[Space],
    rights: &Rights,
) -> Vec<(Of, Url)> {
    let mut questions = vec![
        (Of::People, site.v1(&["search", "user"], &[("cql", "type=user"), ("start", "0"), ("limit", "1")])),
        (Of::Groups, site.v1(&["group"], &[("start", "0"), ("limit", super::directory::ROWS)])),
    ];
    let Some(sample) = kept.first() else { return questions };
    let path = if rights.mode == Mode::Roles { "role-assignments" } else { "permissions" };
    questions.push((Of::Readers, site.v2(&["spaces", sample.id.as_str(), path], &[("limit", "250")])));
    let spaces = match named(filter, all, kept) {
        Named::Clause(clause) => format!(" and {clause}"),
        Named::All | Named::Beyond => String::new(),
    };
    let kinds = filter.kinds;
    let fine = fine(filter);
    let wanted = [
        (Of::Pages, kinds.pages, format!("type=page{fine}")),
        (Of::BlogPosts, kinds.blog_posts, format!("type=blogpost{fine}")),
        (Of::Comments, kinds.comments, "type=comment".to_owned()),
        (Of::Attachments, kinds.attachments, "type=attachment".to_owned()),
        (Of::Nodes, kinds.pages || kinds.other, "type in (folder,whiteboard,database,embed)".to_owned()),
        (Of::Candidates, !fine.is_empty(), "type in (page,blogpost)".to_owned()),
    ];
    let archived = if filter.archived_spaces { "true" } else { "false" };
    for (of, _, cql) in wanted.into_iter().filter(|(_, asked, _)| *asked) {
        let cql = format!("{cql}{spaces}");
        // A limit of none would do, but is documented nowhere.
        let query = [("cql", &*cql), ("limit", "1"), ("includeArchivedSpaces", archived)];
        questions.push((of, site.v1(&["search"], &query)));
        if of == Of::Pages && filter.archived_pages {
            let query = [query[0], query[1], plans::ARCHIVED];
            questions.push((Of::ArchivedPages, site.v1(&["content", "search"], &query)));
        }
    }
    questions
}

/// How a search is told of the chosen spaces.
enum Named {
    All,
    Clause(String),
    /// There are too many for an address, chosen and left out alike.
    Beyond,
}

fn named(filter: &Filter, all: &[Space], kept: &[Space]) -> Named {
    if !filter.limits_spaces() || kept.len() == all.len() {
        return Named::All;
    }
    let out = || all.iter().filter(|space| !kept.iter().any(|kept| kept.id == space.id));
    if kept.len() <= SPACES_PER_LISTING {
        return Named::Clause(plans::in_spaces(kept.iter()));
    }
    match out().count() {
        ..=SPACES_PER_LISTING => {
            Named::Clause(format!("space not in ({})", plans::quoted(out().map(|space| &space.key))))
        }
        _ => Named::Beyond,
    }
}

/// What a search can be told of the filter beside spaces. Days, in the account's own zone: near enough.
fn fine(filter: &Filter) -> String {
    let mut clauses = Vec::new();
    if !filter.pages.only.is_empty() {
        let ids = super::pages::join(filter.pages.only.iter());
        clauses.push(format!("(id in ({ids}) or ancestor in ({ids}))"));
    }
    if !filter.labels.only.is_empty() {
        clauses.push(format!("label in ({})", plans::quoted(filter.labels.only.iter())));
    }
    let mut window = |field: &str, Window { after, before, .. }: Window| {
        let bounds = [(after, ">="), (before, "<")];
        clauses.extend(bounds.into_iter().filter_map(|(time, sign)| {
            let day = DateTime::from_timestamp_millis(i64::try_from(time?).ok()?)?.format("%Y-%m-%d");
            Some(format!("{field} {sign} \"{day}\""))
        }));
    };
    window("lastmodified", filter.modified);
    window("created", filter.created);
    clauses.into_iter().map(|clause| format!(" and {clause}")).collect()
}

/// How much was found, or how much stands there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    total_size: Option<u64>,
    results: Option<Vec<serde::de::IgnoredAny>>,
}

fn total(url: &Url, answer: &Response) -> Result<u64, Refusal> {
    let told: Total = answer::parse(url, answer)?;
    Ok(told.total_size.unwrap_or(told.results.map_or(0, |rows| rows.len() as u64)))
}

fn people(told: &Told) -> Vec<Amount> {
    let mut amounts = Vec::new();
    let people = told.of(Of::People);
    if let Some(people) = people {
        let requests = pages(people, FOUND) + 1;
        let points = 2 * people + requests;
        amounts.push(Amount {
            dataset: "directory",
            what: "people",
            items: people,
            requests,
            points,
            rough: false,
        });
    }
    if let Some(groups) = told.of(Of::Groups) {
        // Of the licensed, of the administrators, of all; then the members of each.
        let members = people.unwrap_or(0) * GROUPS_OF_A_PERSON;
        let requests = 1 + pages(groups, FOUND) + groups + members / FOUND;
        let points = 2 * (groups + members) + requests;
        let (dataset, what, items) = ("directory", "groups and their members", groups + members);
        amounts.push(Amount { dataset, what, items, requests, points, rough: true });
    }
    amounts
}

fn spaces(told: &Told, all: &[Space], kept: &[Space], rights: &Rights) -> Option<Amount> {
    let (listed, items) = (all.len() as u64, kept.len() as u64);
    let lists = [
        rights.mode != Mode::Roles,
        rights.mode != Mode::PreRoles,
        rights.anonymous && rights.mode != Mode::Roles,
    ];
    let each = lists.into_iter().filter(|asked| *asked).count() as u64;
    let readers = told.of(Of::Readers)?;
    let requests = 3 + pages(listed, LISTED) + items * each;
    let points = requests + listed + items * each * 2 * readers;
    Some(Amount {
        dataset: "content",
        what: "spaces and their readers",
        items,
        requests,
        points,
        rough: true,
    })
}

/// Pages and what hangs on them.
fn contents(told: &Told, filter: &Filter, kept: &[Space], share: Option<(u64, u64)>) -> Vec<Amount> {
    let of_chosen = |number: u64| share.map_or(number, |(kept, all)| number * kept / all);
    let archived = told.of(Of::ArchivedPages).unwrap_or(0);
    let (pages_wanted, posts) = (told.of(Of::Pages).map(|pages| pages + archived), told.of(Of::BlogPosts));
    let wanted = pages_wanted.unwrap_or(0) + posts.unwrap_or(0);
    // Of what hangs on pages as much is wanted as of the pages themselves.
    let hanging = |number: u64| match told.of(Of::Candidates).filter(|all| *all > 0) {
        Some(all) => number * wanted.min(all) / all,
        None => number,
    };
    let (plain, fine) = (filter.is_plain(), !self::fine(filter).is_empty());
    let rough = !plain || share.is_some();
    let listings = (kept.len() as u64).div_ceil(SPACES_PER_LISTING as u64);
    let mut amounts = Vec::new();
    for (posting, number, what) in
        [(Posting::Page, pages_wanted, "pages"), (Posting::BlogPost, posts, "blog posts")]
    {
        let Some(items) = number.map(of_chosen) else { continue };
        // Bodies, then restrictions and labels; before them the rows to choose from.
        let rows = match Plan::of(filter, posting) {
            Plan::Rows(_) => told.of(Of::Candidates).map_or(items, of_chosen),
            Plan::Search => items,
            Plan::Whole | Plan::Ids | Plan::Nothing => 0,
        };
        let requests = pages(items, LISTED).max(listings) + pages(items, FOUND) + rows.div_ceil(LISTED);
        let points = 2 * items + rows + requests;
        amounts.push(Amount { dataset: "content", what, items, requests, points, rough: rough || fine });
    }
    let walked = if plain { LISTED } else { FOUND_WITH_BODIES };
    let hung = [
        (Of::Comments, "comments", walked, 2),
        (Of::Attachments, "attachments", if plain { LISTED } else { FOUND }, 1),
        (Of::Nodes, "folders and their like", FOUND, 1),
    ];
    for (of, what, rows, walks) in hung {
        let Some(items) = told.of(of).map(of_chosen) else { continue };
        // Where a folder stands, only the folder itself tells.
        let singly = if of == Of::Nodes { items } else { 0 };
        let items = if of == Of::Nodes { items } else { hanging(items) };
        let requests = pages(items, rows).max(walks) + singly;
        let points = items + singly + requests;
        amounts.push(Amount { dataset: "content", what, items, requests, points, rough });
    }
    amounts
}

/// Requests for so many rows: one even for none.
fn pages(items: u64, rows: u64) -> u64 {
    items.div_ceil(rows).max(1)
}
