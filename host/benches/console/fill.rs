//! A company's knowledge, made up and put into the store as a sync would.

use weir::host::Host;
use weir::model::{
    Access, Change, ConnectionId, File, Item, Kind, Membership, Next, Partition, Position, Principal,
    Standing, Text, TextFormat, User,
};
use weir::store::{Commit, Mode, NewConnection, Outcome, ReadPage, RunId, Traffic};

pub const PERSON: &str = "person7@acme.example";

const SPACES: usize = 20;
const PEOPLE: usize = 200;
/// Changes of a page, as a connector's answer has them.
const CHANGES: usize = 250;
/// Comments of one page that everybody talks about.
const TALK: usize = 5_000;
/// 2025-01-01, and the length of the year up to then in which everything was updated.
const NOW: u64 = 1_767_225_600_000;
const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1_000;

/// Fills a data folder that is empty: of a hundred items some 45 are pages, 38 comments and 17 attachments.
pub fn fill(host: &Host, items: usize) -> anyhow::Result<()> {
    let store = host.store();
    let connection = store.add_connection(&connection(), NOW)?.id;
    store.keep_kinds(connection, &kinds())?;
    let run = store.begin_run(connection, Mode::Everything, NOW)?;
    let listed = [Partition { id: "all".into(), label: "All".into(), token: String::new() }];
    store.plan_partitions(connection, run, "content", &listed)?;
    let changes: Vec<Change> =
        people().chain((0..SPACES).map(space)).chain((0..items).map(|at| item(at, items))).collect();
    put(host, connection, run, &changes)?;
    store.settle(connection, run)?;
    store.finish_run(run, Outcome::Complete, None, 0, Traffic::default(), NOW)?;
    Ok(())
}

fn put(host: &Host, connection: ConnectionId, run: RunId, changes: &[Change]) -> anyhow::Result<()> {
    let kinds: Vec<String> = kinds().into_iter().map(|kind| kind.name).collect();
    let pages = changes.chunks(CHANGES);
    let last = pages.len().saturating_sub(1);
    let mut position = Position::Everything;
    for (at, changes) in pages.enumerate() {
        let cursor = at.to_string();
        let next = if at == last { Next::Done(None) } else { Next::More(cursor.clone()) };
        let page = ReadPage { dataset: "content", partition: "all", position: &position, next: &next };
        host.store().apply(&Commit { connection, run, page: Some(page), changes, kinds: &kinds })?;
        position = Position::After(cursor);
    }
    Ok(())
}

fn connection() -> NewConnection {
    NewConnection {
        name: "acme".into(),
        connector: "confluence".into(),
        settings: r#"{"site":"https://acme.atlassian.net"}"#.into(),
        session: String::new(),
        login: "api-token".into(),
        username: None,
        account: "Bench".into(),
        origins: Vec::new(),
        routes: Vec::new(),
        setting_up: false,
    }
}

fn kinds() -> [Kind; 4] {
    let kind = |name: &str, title: &str, searched, inherits| Kind {
        name: name.into(),
        title: title.into(),
        family: title.into(),
        searched,
        inherits,
        widens: false,
    };
    [
        kind("space", "Spaces", false, false),
        kind("page", "Pages", true, false),
        kind("page-comment", "Comments", true, true),
        kind("page-attachment", "Attachments", true, true),
    ]
}

fn people() -> impl Iterator<Item = Change> {
    (0..PEOPLE).flat_map(|at| {
        let user = User {
            id: format!("user:{at}"),
            name: format!("Person {at}"),
            email: Some(format!("person{at}@acme.example")),
            standing: Standing::Member,
        };
        let membership =
            Membership { group: format!("group:{}", at % 12), member: Principal::User(user.id.clone()) };
        [Change::User(user), Change::Member(membership)]
    })
}

fn space(at: usize) -> Change {
    let readers = if at.is_multiple_of(4) {
        Principal::Group(format!("group:{}", at % 12))
    } else {
        Principal::Members
    };
    upsert(Item {
        kind: "space".into(),
        parent: None,
        title: format!("Space {at}"),
        body: None,
        access: Access::Replaced(vec![readers]),
        updated: None,
        properties: vec![("space".into(), format!("S{at}")), ("type".into(), "global".into())],
        ..blank(format!("space:{at}"), at)
    })
}

fn item(at: usize, items: usize) -> Change {
    let pages = items * 45 / 100;
    if at < pages {
        return upsert(page(at));
    }
    let talk = at - pages;
    // The first page has a comment for each of twenty items, up to a long talk.
    let page = if talk < TALK.min(items / 20) { 1 } else { talk.wrapping_mul(2_654_435_761) % pages.max(2) };
    let parent = Some(format!("page:{page}"));
    if talk % 55 < 38 {
        let id = format!("comment:{at}");
        let title = format!("Re: {}", title(page));
        return upsert(Item { kind: "page-comment".into(), parent, title, ..blank(id, at) });
    }
    let name = format!("{}-{at}.pdf", word(at));
    let file = File {
        link: format!("https://acme.example/{at}"),
        name: name.clone(),
        media_type: "application/pdf".into(),
        size: Some(at as u64 * 37 % 9_000_000),
    };
    let id = format!("attachment:{at}");
    upsert(Item {
        kind: "page-attachment".into(),
        parent,
        title: name,
        body: None,
        file: Some(file),
        ..blank(id, at)
    })
}

/// Pages lie in spaces in turn, eight below each.
fn page(at: usize) -> Item {
    let above = at / SPACES / 8;
    let parent = if at / SPACES < 8 {
        format!("space:{}", at % SPACES)
    } else {
        format!("page:{}", above * SPACES + at % SPACES)
    };
    let mut properties = vec![("space".into(), format!("S{}", at % SPACES))];
    if at.is_multiple_of(3) {
        properties.push(("label".into(), "runbook".into()));
    }
    if at.is_multiple_of(7_001) {
        properties.push(("label".into(), "rare".into()));
    }
    let access = if at % 50 == 49 {
        Access::Narrowed(vec![Principal::Group(format!("group:{}", at % 12))])
    } else {
        Access::Inherited
    };
    Item {
        kind: "page".into(),
        parent: Some(parent),
        title: title(at),
        access,
        properties,
        ..blank(format!("page:{at}"), at)
    }
}

fn title(at: usize) -> String {
    let rare = if at % 9_001 == 17 { " zeppelin" } else { "" };
    format!("{} {} {}{rare} {at}", word(at), word(at / 7 + 3), word(at / 31 + 11))
}

/// An item with some 1,200 letters of text, which differ from item to item.
fn blank(id: String, at: usize) -> Item {
    let sentence = |line: usize| {
        let words = (0..12).map(|place| word(at.wrapping_mul(31) + line * 12 + place * (at % 13 + 1)));
        words.collect::<Vec<_>>().join(" ")
    };
    let lines = (0..14).map(sentence).collect::<Vec<_>>().join(".\n\n");
    let updated = NOW - (at as u64).wrapping_mul(2_654_435_761) % YEAR_MS;
    Item {
        url: format!("https://acme.atlassian.net/wiki/{id}"),
        id,
        kind: String::new(),
        parent: None,
        version: "1".into(),
        title: String::new(),
        body: Some(Text {
            format: TextFormat::Markdown,
            value: format!("## Plan\n\n{lines}.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
        }),
        file: None,
        access: Access::Inherited,
        author: Some(format!("user:{}", at % PEOPLE)),
        editor: None,
        created: Some(updated.saturating_sub(YEAR_MS)),
        updated: Some(updated),
        properties: Vec::new(),
    }
}

fn upsert(item: Item) -> Change {
    Change::Upsert(Box::new(item))
}

fn word(at: usize) -> &'static str {
    const WORDS: [&str; 24] = [
        "plan",
        "release",
        "customer",
        "network",
        "budget",
        "garden",
        "harbour",
        "signal",
        "ledger",
        "kitchen",
        "travel",
        "policy",
        "design",
        "review",
        "pipeline",
        "storage",
        "holiday",
        "onboarding",
        "incident",
        "roadmap",
        "contract",
        "payroll",
        "metric",
        "workshop",
    ];
    WORDS[at.wrapping_mul(7) % WORDS.len()]
}
