//! What a first sync costs, by entity and under each filter: the numbers of `docs/requests.md`.
//!
//! The page is written by this test: `UPDATE_DOCS=1 cargo test -p weir-tests requests` writes it anew,
//! and without that a page that no longer tells the truth fails.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use confluence_simulator::{Entry, Site, Size};
use serde_json::{Value, json};
use weir::host::{Draft, SyncOptions};
use weir::store::Mode;
use weir::sync::{Event, Progress};

use crate::acme::{Acme, NAME, SITE, draft, generated};

/// The site of the table by entity: the one that the benchmark syncs.
fn one_company() -> Site {
    generated(11, &Size::bench())
}

/// The site of the table of filters: many spaces, most of them small and personal.
fn many_spaces() -> Site {
    let size = Size {
        spaces: 500,
        pages: 2_000,
        blog_posts: 100,
        comments: 1_200,
        attachments: 600,
        people: 100,
        groups: 12,
        ..Size::demo()
    };
    generated(11, &size)
}

/// Which entity a request was for, by its endpoint.
fn entity(endpoint: &str) -> &'static str {
    let path = endpoint.trim_start_matches("/wiki");
    match path {
        _ if path.contains("/download") || path.starts_with("/file/") => "bytes of attachments",
        _ if path.contains("space") || path.contains("role") => "spaces, their permissions and roles",
        _ if path.contains("/pages") => "pages with bodies",
        _ if path.contains("/blogposts") => "blog posts with bodies",
        _ if path.contains("/content/search") => "restrictions and labels, by search; folders and their like",
        "/rest/api/search" => "restrictions and labels, by search; folders and their like",
        _ if path.contains("/restriction") => "restrictions read singly",
        _ if path.contains("comments") => "comments",
        _ if path.contains("/attachments") => "attachments",
        _ if path.contains("/group") => "groups and members",
        _ if path.contains("/user") => "users, and who signed in",
        _ if path.contains("folders") || path.contains("whiteboards") => "folders and their like, singly",
        _ if path.contains("databases") || path.contains("embeds") => "folders and their like, singly",
        _ if path.contains("/audit") => "audit records",
        _ => "other",
    }
}

/// Keeps the labels of the partitions that were read.
#[derive(Default)]
struct Plan(Mutex<Vec<String>>);

impl Progress for Plan {
    fn notice(&self, event: Event<'_>) {
        if let Event::Done { dataset: "content", partition } = event {
            self.0.lock().unwrap().push(partition.label.clone());
        }
    }
}

/// The plan of a partition without the spaces it is for: `Pages: by search, bodies of the wanted only`.
fn plan_of(label: &str) -> String {
    let kind = ["Pages", "Blog posts", "Folders", "Spaces", "Attachments"]
        .into_iter()
        .find(|kind| label.starts_with(kind));
    let kind = kind.unwrap_or("Comments").to_lowercase();
    match label.rsplit_once(" (") {
        Some((_, words)) => format!("{kind}: {}", words.trim_end_matches(')')),
        None if label.contains("without their pages") => format!("{kind} alone"),
        None if kind == "folders" => "folders and their like: by search".to_owned(),
        None => format!("{kind}: the site's lists"),
    }
}

/// What one first sync asked, and how it went about it.
struct Cost {
    entries: Vec<Entry>,
    plan: Vec<String>,
    items: usize,
}

impl Cost {
    fn requests(&self) -> usize {
        self.entries.len()
    }

    fn points(&self) -> u64 {
        self.entries.iter().map(|entry| entry.points).sum()
    }
}

async fn first_sync(site: Site, settings: &Value) -> Cost {
    let acme = Acme::unconnected(site).await;
    let mut all = json!({ "site": SITE });
    all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let connection = Draft { settings: all.to_string(), ..draft(&acme.site) };
    acme.host.add_connection(connection).await.unwrap();
    acme.site.ledger().clear();
    let plan = Arc::<Plan>::default();
    let synced =
        acme.host.sync(NAME, SyncOptions::by_hand(Mode::Inventory), Arc::clone(&plan) as _).await.unwrap();
    assert!(synced.report.is_complete(), "{settings}: {:?}", synced.report);
    let mut plan: Vec<String> = plan.0.lock().unwrap().iter().map(|label| plan_of(label)).collect();
    plan.sort();
    plan.dedup();
    Cost { entries: acme.site.ledger().entries(), plan, items: acme.items(None).len() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_requests_tells_the_truth() {
    let mut page = HEAD.to_owned();
    by_entity(&mut page).await;
    by_filter(&mut page).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/requests.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/requests.md differs; see this module's first lines. It should be:\n{page}");
}

const HEAD: &str = "\
# What a first sync asks

Measured against the simulated site, whose ledger counts every request and charges points as Atlassian documents them (one a
request, one for each page, comment or other thing in the answer, two for each user, group or permission). Points are a
limit for OAuth apps: 65,000 an hour unless Atlassian grants more. API tokens are not charged.

This page is written by the test that holds it: `UPDATE_DOCS=1 cargo test -p weir-tests requests`.
";

async fn by_entity(page: &mut String) {
    let site = one_company();
    let counts = format!(
        "{} spaces, {} pages, {} blog posts, {} comments, {} attachments, {} people and {} groups",
        site.spaces.len(),
        site.pages.len(),
        site.blog_posts.len(),
        site.comments.len(),
        site.attachments.len(),
        site.users.len(),
        site.groups.len()
    );
    let cost = first_sync(site, &json!({})).await;
    let mut rows: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for entry in &cost.entries {
        let row = rows.entry(entity(entry.endpoint)).or_default();
        *row = (row.0 + 1, row.1 + entry.points);
    }
    write!(page, "\n## By entity\n\nA site of {counts}, nothing left out.\n\n").unwrap();
    page.push_str("| read | requests | points |\n| --- | ---: | ---: |\n");
    for (name, (requests, points)) in rows {
        writeln!(page, "| {name} | {requests} | {points} |").unwrap();
    }
    writeln!(
        page,
        "| **all of it: {} items** | **{}** | **{}** |",
        cost.items,
        cost.requests(),
        cost.points()
    )
    .unwrap();
}

async fn by_filter(page: &mut String) {
    let site = many_spaces();
    let pages_in = |space: &u64| site.pages.values().filter(|page| page.space == *space).count();
    let space =
        site.spaces.values().filter(|space| !space.archived).max_by_key(|space| pages_in(&space.id)).unwrap();
    let key = space.key.as_str();
    let below = |id: &u64| site.branch_and_descendants(*id).len();
    let within = site.pages.values().filter(|page| page.space == space.id && page.parent.is_some());
    let chosen = within.max_by_key(|page| below(&page.id)).unwrap();
    let cases = [
        ("none".to_owned(), json!({})),
        (format!("`spaces={key}`"), json!({ "spaces": [key] })),
        (
            format!("`spaces={key}`, `read-comments=false`, `read-attachments=false`"),
            json!({ "spaces": [key], "read-comments": false, "read-attachments": false }),
        ),
        ("`personal-spaces=false`".to_owned(), json!({ "personal-spaces": false })),
        (
            format!("`pages=` one of {key} with {} below it, `read-blogposts=false`", below(&chosen.id) - 1),
            json!({ "pages": [chosen.id.to_string()], "read-blogposts": false }),
        ),
        ("`labels=onboarding`".to_owned(), json!({ "labels": ["onboarding"] })),
        ("`modified-after=` 90 days ago".to_owned(), json!({ "modified-after": "2026-04-01T12:00:00Z" })),
        ("`created-before=` the second year".to_owned(), json!({ "created-before": "2024-06-30T00:00:00Z" })),
    ];
    let pages = site.pages.len();
    write!(
        page,
        "\n## Under each filter\n\nA site of {} spaces with {pages} pages, of which {key} has {}. [plans.md](plans.md) says what \
         the plans mean. Of each space that is read, the permissions cost a request. A filter that leaves little out may \
         cost more than none: comments and files of archived pages are then asked for page by page, so that none of what is \
         left out is read.\n\n",
        site.spaces.len(),
        pages_in(&space.id),
    )
    .unwrap();
    page.push_str("| filter | items | requests | points | the plan |\n");
    page.push_str("| --- | ---: | ---: | ---: | --- |\n");
    for (words, settings) in cases {
        let cost = first_sync(site.clone(), &settings).await;
        let (requests, points, plan) = (cost.requests(), cost.points(), cost.plan.join("; "));
        writeln!(page, "| {words} | {} | {requests} | {points} | {plan} |", cost.items).unwrap();
    }
}
