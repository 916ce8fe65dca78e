//! The census holds every case, whichever seed; and over the wire everybody finds in it
//! exactly what the oracle allows.

use std::collections::{BTreeMap, BTreeSet};

use confluence_simulator::{
    AccountStatus, Branch, CRAWLER_EMAIL, Clock, ItemRef, NodeKind, Oracle, PageStatus, ParentKind,
    Principal, Restriction, RoleMode, Site, Size, SpaceKind, generate,
};

use crate::client::{Client, NOON, start};

fn census(seed: u64) -> Site {
    generate(seed, &Size::census(), Clock::standing_at(NOON))
}

#[test]
fn it_is_large_enough_and_the_crawler_sees_all_of_it() {
    for seed in 1..=4 {
        let site = census(seed);
        let oracle = Oracle::new(&site);
        let items = oracle.items();
        assert!(site.users.len() >= 40 && site.groups.len() >= 15 && items.len() >= 3_000, "seed {seed}");
        let crawler = &site.user_by_email(CRAWLER_EMAIL).unwrap().account_id;
        assert_eq!(oracle.readable_by(crawler), items);
        let reach: BTreeSet<usize> = site.users.keys().map(|id| oracle.readable_by(id).len()).collect();
        assert!(reach.len() > 30, "seed {seed}: {reach:?}");
    }
}

#[test]
fn some_spaces_can_be_kept_from_the_crawler() {
    for seed in 1..=4 {
        let site = generate(seed, &Size { unseen_spaces: 2, ..Size::census() }, Clock::standing_at(NOON));
        let oracle = Oracle::new(&site);
        let crawler = &site.user_by_email(CRAWLER_EMAIL).unwrap().account_id;
        let hidden =
            |space: &&confluence_simulator::Space| !oracle.may_read(crawler, ItemRef::Space(space.id));
        let unseen: Vec<_> = site.spaces.values().filter(hidden).collect();
        let keys: Vec<&str> = unseen.iter().map(|space| space.key.as_str()).collect();
        assert_eq!(keys, ["UNSEEN1", "UNSEEN2"]);
        let somebody = |space| site.users.keys().any(|id| oracle.may_read(id, ItemRef::Space(space)));
        assert!(unseen.iter().all(|space| somebody(space.id)));
    }
}

/// What a rule may get wrong, and how often it occurs.
fn cases(site: &Site) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut count = |case: &str, many: usize| *found.entry(case.to_string()).or_default() += many;
    let restricted = |branch: &Branch<'_>| branch.restriction().is_some();
    count("mode of roles", usize::from(site.role_mode == Some(RoleMode::Roles)));
    count("mode of transition", usize::from(site.role_mode == Some(RoleMode::Transition)));
    count("mode before roles", usize::from(site.role_mode == Some(RoleMode::PreRoles)));
    count("no roles at all", usize::from(site.role_mode.is_none()));
    count("anonymous access off", usize::from(!site.anonymous_access));
    count("readable by anyone", Oracle::new(site).readable_by_anyone().len());
    for branch in site.branches().filter(|branch| branch.status() != PageStatus::Trashed) {
        let chain = site.branch_and_ancestors(branch.id());
        let folder_above = chain.iter().skip(1).any(|up| up.kind() == ParentKind::Node(NodeKind::Folder));
        let levels = chain.iter().filter(|level| restricted(level)).count();
        let is_page = branch.kind() == ParentKind::Page;
        count(&format!("{} restricted", branch.kind().name()), usize::from(restricted(&branch)));
        count("two restrictions in one chain", usize::from(levels > 1));
        count(
            "page below a restricted folder",
            usize::from(
                is_page
                    && chain
                        .iter()
                        .skip(1)
                        .any(|up| up.kind() == ParentKind::Node(NodeKind::Folder) && restricted(up)),
            ),
        );
        count(
            "page under a folder under a restricted page",
            usize::from(is_page && folder_above && levels > 0),
        );
        count(
            &format!("{} archived", branch.kind().name()),
            usize::from(branch.status() == PageStatus::Archived),
        );
    }
    let pages = site.pages.values().map(|page| page.restriction.as_ref());
    let nodes = site.nodes.values().map(|node| node.restriction.as_ref());
    let posts = site.blog_posts.values().map(|post| post.restriction.as_ref());
    count("blog post restricted", posts.clone().flatten().count());
    for restriction in pages.chain(nodes).chain(posts).flatten() {
        for (case, many) in sorts(site, restriction) {
            count(case, many);
        }
    }
    for space in site.spaces.values() {
        count(&format!("{:?} space", space.kind), 1);
        count("archived personal space", usize::from(space.archived && space.kind == SpaceKind::Personal));
        let granted =
            space.permissions.iter().filter(|row| row.operation.key == "read").map(|row| &row.principal);
        for principal in granted.chain(space.roles.iter().map(|row| &row.principal)) {
            count(&grant(site, principal), 1);
        }
        let reads = |id: &str| site.roles.iter().any(|role| role.id == id && role.reads());
        count("role that does not read", space.roles.iter().filter(|row| !reads(&row.role)).count());
    }
    count("live doc", site.pages.values().filter(|page| page.live).count());
    count("audit record", site.audit.len());
    found
}

fn sorts(site: &Site, restriction: &Restriction) -> [(&'static str, usize); 7] {
    let user = |id: &String| site.users.get(id);
    let users = || restriction.users.iter();
    [
        ("more than 200 users", usize::from(restriction.users.len() > 200)),
        ("more than 200 groups", usize::from(restriction.groups.len() > 200)),
        (
            "names a deleted group",
            restriction.groups.iter().filter(|id| !site.groups.contains_key(*id)).count(),
        ),
        ("names a deleted account", users().filter(|id| user(id).is_none()).count()),
        (
            "names a deactivated account",
            users().filter(|id| user(id).is_some_and(|user| user.status == AccountStatus::Inactive)).count(),
        ),
        ("names a guest", users().filter(|id| user(id).is_some_and(|user| user.guest)).count()),
        (
            "names an unlicensed account",
            users().filter(|id| user(id).is_some_and(|it| it.email.starts_with("unlic"))).count(),
        ),
    ]
}

fn grant(site: &Site, principal: &Principal) -> String {
    match principal {
        Principal::User(id) if site.users.get(id).is_some_and(|user| user.guest) => "space of a guest".into(),
        Principal::User(_) => "space of a person".into(),
        Principal::Group(id) if !site.groups.contains_key(id) => "space of a deleted group".into(),
        Principal::Group(_) => "space of a group".into(),
        Principal::AccessClass(class) => format!("space of {class}"),
        Principal::Other { .. } => "space of the unknown".into(),
    }
}

/// Over four seeds; a case that no seed produced would be a test that tests nothing.
#[test]
fn every_case_occurs_over_four_seeds() {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 1..=4 {
        for (case, many) in cases(&census(seed)) {
            *all.entry(case).or_default() += many;
        }
    }
    let missing: Vec<_> = all.iter().filter(|(_, many)| **many == 0).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for case in [
        "folder restricted",
        "whiteboard restricted",
        "database restricted",
        "embed restricted",
        "page restricted",
        "folder archived",
        "space of ALL_LICENSED_USERS",
        "space of ALL_PRODUCT_ADMINS",
        "space of ANONYMOUS_USERS",
        "space of AUTHENTICATED_USERS",
        "space of JSM_PROJECT_ADMINS",
        "space of a guest",
        "space of a deleted group",
        "space of the unknown",
        "KnowledgeBase space",
        "Collaboration space",
        "Personal space",
    ] {
        assert!(all.contains_key(case), "{case}: {all:?}");
    }
}

#[test]
fn a_guest_has_one_space_beside_what_anyone_may_read() {
    for seed in 1..=4 {
        let site = census(seed);
        let oracle = Oracle::new(&site);
        for guest in site.users.values().filter(|user| user.guest) {
            let own = |id: &u64| {
                let space = ItemRef::Space(*id);
                oracle.may_read(&guest.account_id, space) && !oracle.may_be_read_by_anyone(space)
            };
            assert!(site.spaces.keys().filter(|id| own(id)).count() <= 1, "{} of seed {seed}", guest.name);
        }
    }
}

/// Everything an account finds by walking the lists, and nodes by the search.
fn found(client: &Client<'_>) -> BTreeSet<String> {
    let lists = [
        ("spaces", "space"),
        ("pages", "page"),
        ("blogposts", "blogpost"),
        ("footer-comments", "comment"),
        ("inline-comments", "comment"),
        ("attachments", "attachment"),
    ];
    let mut all = BTreeSet::new();
    for (list, kind) in lists {
        let ids = client.ids(&format!("/wiki/api/v2/{list}?limit=250"));
        all.extend(ids.into_iter().map(|id| format!("{kind}:{id}")));
    }
    // What is archived is found only when it is asked for, and only `search` looks into
    // archived spaces.
    let context = "%7B%22contentStatuses%22%3A%5B%22current%22%2C%22archived%22%5D%7D";
    let query = "includeArchivedSpaces=true&limit=200&cql=type%20in%20(folder,whiteboard,database,embed)";
    let (rows, _) = client.walk(&format!("/wiki/rest/api/search?cqlcontext={context}&{query}"));
    let name = |row: &serde_json::Value| {
        let (kind, id) = (row["content"]["type"].as_str().unwrap(), row["content"]["id"].as_str().unwrap());
        format!("{kind}:{id}")
    };
    all.extend(rows.iter().map(name));
    all
}

/// In each mode, for people of every sort.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_by_rest_exactly_what_the_oracle_allows() {
    for seed in 1..=4 {
        let running = start(census(seed)).await;
        let people = running.read(|site| site.users.values().cloned().collect::<Vec<_>>());
        let sorts = people.iter().enumerate().filter(|(nth, user)| nth % 14 == 0 || user.guest);
        for (_, person) in sorts {
            let client = Client::new(&running, &person.email);
            let allowed = running.read(|site| Oracle::new(site).readable_by(&person.account_id));
            if client.get("/wiki/rest/api/user/current").status == 200 {
                assert_eq!(found(&client), allowed, "{} of seed {seed}", person.name);
            } else {
                let anyone = running.read(|site| Oracle::new(site).readable_by_anyone());
                assert_eq!(allowed, anyone, "{} may not sign in", person.name);
            }
        }
    }
}
