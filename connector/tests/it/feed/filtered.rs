//! What is told under a filter.

use super::{Host, MINUTE, later, some_pages, wanted};
use crate::simulated::{Wire, filters, lineage, read, start};
use confluence::filter::in_scope;
use confluence::model::Change;
use confluence_simulator::{CommentKind, Container, FileKind};
use std::collections::BTreeSet;

#[test]
fn under_a_filter_what_is_wanted_of_the_news_is_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = start(&runtime, 1);
    let wire = Wire(running.address());
    let pages = some_pages(&running, &wire);
    let settings = filters(&read(&wire, &wanted("{}")));
    for (number, settings) in settings.iter().enumerate() {
        let mut host = Host::new(&wire, settings);
        later(&running, 60 * MINUTE);
        let start = running.read(|site| site.clock.now());
        running.change(|site| {
            for page in pages.iter().skip(number).step_by(14) {
                site.edit_page(*page, "<p>Edited</p>");
                let on = Container::Page(*page);
                site.add_comment(on, None, CommentKind::Footer, "<p>So</p>");
                site.add_attachment(on, "new.txt", FileKind::Text);
            }
            for post in site.blog_posts.keys().copied().collect::<Vec<_>>() {
                site.edit_blog_post(post, "<p>Edited</p>");
            }
        });
        let changes = host.since();
        let told: BTreeSet<String> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Upsert(item) if item.kind != "place" => Some(item.id.clone()),
                Change::Upsert(_) | Change::Delete(_) => None,
                other => panic!("{settings}: {other:?}"),
            })
            .collect();
        let (all, filter) = (read(&wire, &wanted("{}")), host.wanted.frozen());
        let news = all.values().filter(|item| item.updated.is_some_and(|at| at >= start as u64));
        let news: BTreeSet<String> =
            news.filter(|item| in_scope(&filter, &lineage(&all, item))).map(|item| item.id.clone()).collect();
        assert_eq!(told, news, "{settings}");
        let found = read(&wire, &host.wanted);
        for change in changes {
            match change {
                // As everything tells it; links of comments are told in more or less detail by the two APIs.
                Change::Upsert(item) => {
                    let whole = &found[&item.id];
                    assert_eq!((&item.version, &item.body), (&whole.version, &whole.body), "{settings}");
                    assert_eq!((&item.access, &item.parent), (&whole.access, &whole.parent), "{settings}");
                }
                Change::Delete(id) => assert!(!found.contains_key(&id), "{settings}: {id}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(host.since(), [], "{settings}");
    }
}
