//! What the generator promises: the same site from the same seed, and the story in it.

use confluence_simulator::{
    CRAWLER_EMAIL, Clock, DEMO_PEOPLE, DEMO_QUERY, ItemRef, Oracle, PageStatus, Site, Size, generate,
};

use crate::client::NOON;

fn site(seed: u64, size: &Size) -> Site {
    generate(seed, size, Clock::standing_at(NOON))
}

#[test]
fn a_seed_makes_one_site_and_another_seed_another() {
    let print = |seed| {
        let mut site = site(seed, &Size::demo());
        site.clock = Clock::Machine;
        format!("{site:?}")
    };
    assert_eq!(print(7), print(7));
    assert_ne!(print(7), print(8));
}

#[test]
fn sizes_are_kept_exactly() {
    for size in [Size::demo(), Size::bench(), Size::pages(400)] {
        let site = site(3, &size);
        let readable = site.pages.values().filter(|page| page.status != PageStatus::Trashed).count();
        assert_eq!(readable, size.pages);
        assert_eq!(site.blog_posts.len(), size.blog_posts);
        assert_eq!(site.comments.len(), size.comments);
        assert_eq!(site.attachments.len(), size.attachments);
        assert_eq!(site.users.len(), size.people + 2);
        assert_eq!(site.groups.len(), size.groups);
        assert_eq!(site.spaces.len(), size.spaces);
    }
}

#[test]
fn the_crawler_may_read_everything() {
    for size in [Size::demo(), Size::bench()] {
        let site = site(1, &size);
        let crawler = &site.user_by_email(CRAWLER_EMAIL).unwrap().account_id;
        let oracle = Oracle::new(&site);
        assert_eq!(oracle.readable_by(crawler), oracle.items());
    }
}

#[test]
fn a_site_has_a_bit_of_everything() {
    let site = site(1, &Size::bench());
    let pages = || site.pages.values();
    let restricted = pages().filter(|page| page.restriction.is_some()).count();
    let above = pages().filter(|page| {
        page.restriction.is_some()
            && pages().any(|child| child.parent.is_some_and(|parent| parent.id == page.id))
    });
    assert!((40..160).contains(&restricted), "{restricted} restricted pages");
    assert!(above.count() > 5);
    let labelled = pages().filter(|page| !page.labels.is_empty()).count();
    assert!((450..900).contains(&labelled), "{labelled} labelled pages");
    let depth = pages().map(|page| site.branch_and_ancestors(page.id).len()).max();
    assert!(depth.is_some_and(|depth| (5..=7).contains(&depth)), "{depth:?}");
    assert!(pages().any(|page| page.status == PageStatus::Archived));
    let sizes: Vec<usize> = pages().map(|page| page.body.len()).collect();
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    assert!((2_000..8_000).contains(&mean), "{mean} bytes a page");
    assert!(site.comments.values().any(|comment| comment.parent.is_some()));
    assert!(site.users.values().any(|user| !user.email_visible));
    let titles: std::collections::BTreeSet<_> = pages().map(|page| (page.space, &page.title)).collect();
    assert!(site.pages.len() - titles.len() < 3, "titles repeat");
}

/// Titles of the pages that hold the story's word and that the person may read.
fn finds(site: &Site, email: &str) -> Vec<String> {
    let account = &site.user_by_email(email).unwrap().account_id;
    let holds = |text: &str| text.to_lowercase().contains(DEMO_QUERY);
    let oracle = Oracle::new(site);
    let pages = site.pages.values().filter(|page| holds(&page.title) || holds(&page.body));
    let pages = pages.filter(|page| oracle.may_read(account, ItemRef::Page(page.id)));
    pages.map(|page| page.title.clone()).collect()
}

#[test]
fn three_people_ask_the_same_and_get_three_answers() {
    for seed in [1, 2, 3] {
        let site = site(seed, &Size::demo());
        let [ana, ben, chloe] = DEMO_PEOPLE;
        assert_eq!(
            finds(&site, ana.email),
            [
                "Salary review: how it works",
                "Salary bands 2026",
                "Engineering levels and their pay",
                "Pay day and payslips",
                "Engineering career ladder",
                "Working with our agencies",
            ]
        );
        assert_eq!(
            finds(&site, ben.email),
            [
                "Pay day and payslips",
                "Engineering career ladder",
                "Hiring budget of the platform team",
                "Working with our agencies",
            ]
        );
        assert_eq!(finds(&site, chloe.email), ["Working with our agencies"]);
    }
}

#[test]
fn real_bodies_are_woven_in() {
    let site = site(1, &Size::demo());
    let holds = |text: &str| site.pages.values().filter(|page| page.body.contains(text)).count();
    assert!(holds("<h2>Reference</h2>") > 40);
    assert!(holds("ac:structured-macro") > 100);
    assert!(holds("<ac:inline-comment-marker ac:ref=") > 5);
}
