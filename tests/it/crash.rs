//! A sync that is cut off anywhere, and the next one: the same end, and little read twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use confluence_simulator::{
    CRAWLER_EMAIL, Clock as SiteClock, Knobs, Principal, Restriction, Site, WRITTEN_UNTIL,
};
use tokio::sync::Notify;
use weir::store::{Outcome, StoredItem};
use weir::sync::{Event, Progress};

use crate::acme::{Acme, company, generated, page_id, small};

/// Says when so many pages of changes have been kept.
struct After {
    pages: usize,
    /// Only those of partitions whose id begins like this count.
    partition: &'static str,
    kept: AtomicUsize,
    enough: Notify,
}

impl After {
    fn pages(pages: usize, partition: &'static str) -> Arc<Self> {
        Arc::new(Self { pages, partition, kept: AtomicUsize::new(0), enough: Notify::new() })
    }
}

impl Progress for After {
    fn notice(&self, event: Event<'_>) {
        if let Event::Page { partition, .. } = event
            && partition.id.starts_with(self.partition)
            && self.kept.fetch_add(1, Ordering::SeqCst) + 1 == self.pages
        {
            self.enough.notify_one();
        }
    }
}

/// A site that answers in short pages, so that there are many places to be cut off at.
async fn slowly_read(site: Site, page_rows_max: usize) -> Acme {
    let acme = Acme::new(site).await;
    acme.site.set_knobs(Knobs { page_rows_max: Some(page_rows_max), ..Knobs::default() });
    acme.site.ledger().clear();
    acme
}

/// Gives a sync up as soon as so many pages are kept, and opens the data folder anew.
async fn cut_off(acme: Acme, after: Arc<After>) -> Acme {
    tokio::select! {
        ended = acme.watched_sync(Arc::clone(&after) as _) => panic!("it ended: {:?}", ended.map(|it| it.report)),
        () = after.enough.notified() => {}
    }
    let acme = acme.reopened();
    acme.assert_nothing_leaks();
    acme
}

/// Everything that can be seen of a finished sync.
fn state(acme: &Acme) -> (BTreeMap<String, StoredItem>, Vec<usize>) {
    let readable = acme.people().iter().map(|user| acme.items(Some(&user.email)).len()).collect();
    (acme.contents(), readable)
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_after_any_page_and_run_again() {
    let site = || generated(4, &company());
    let whole = slowly_read(site(), 10).await;
    let counting = After::pages(usize::MAX, "");
    whole.watched_sync(Arc::clone(&counting) as _).await.unwrap();
    whole.assert_faithful();
    let (pages, expected) = (counting.kept.load(Ordering::SeqCst), state(&whole));
    let requests = whole.site.ledger().entries().len();

    for cut in [1, pages / 2, pages - 1] {
        let acme = cut_off(slowly_read(site(), 10).await, After::pages(cut, "")).await;
        acme.site.ledger().clear();
        acme.sync().await;
        let rest = acme.site.ledger().entries().len();
        acme.assert_faithful();
        assert!(state(&acme) == expected, "after {cut} of {pages} pages");
        assert_eq!(acme.finds("salary", "ana@acme.example"), whole.finds("salary", "ana@acme.example"));
        // The rest, and then what was read before the break once more: it is as old as the break.
        assert!(
            rest <= 2 * requests,
            "{rest} requests after {cut} of {pages} pages; a whole sync makes {requests}"
        );
        let runs = acme.host.store().runs(acme.status().connection.id, 9).unwrap();
        let outcomes: Vec<Option<Outcome>> = runs.into_iter().map(|run| run.outcome).collect();
        assert_eq!(outcomes, [Some(Outcome::Complete), Some(Outcome::Interrupted)]);
    }
}

/// One space of a hundred pages, listed five at a time and kept twenty at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_partition_goes_on_behind_the_last_page_that_was_kept() {
    let mut site = Site::new(SiteClock::standing_at(WRITTEN_UNTIL));
    site.add_person("crawler", "Crawler", CRAWLER_EMAIL);
    let space = site.add_space("LONG", "Long", &[Principal::all_licensed_users()]);
    for number in 0..100 {
        // So that the feed tells what is new from what was there.
        site.clock.advance(60_000);
        site.add_page(space, None, &format!("Page {number}"), "<p>Words.</p>");
    }
    let listings = |acme: &Acme| acme.site.ledger().count("/wiki/api/v2/pages");
    let whole = slowly_read(site.clone(), 5).await;
    whole.sync().await;
    let all = listings(&whole);

    // The first page of changes holds the space, the four after it pages.
    let acme = cut_off(slowly_read(site, 5).await, After::pages(4, "pages-")).await;
    let before = listings(&acme);
    acme.sync().await;
    acme.assert_faithful();
    let after = listings(&acme) - before;
    // On from the last page kept, with at most a few of the cut page again, and then from the start.
    assert!(
        after <= all - before + 8 + all,
        "{before} listings before the cut, {after} after it, {all} in all"
    );
    assert!(before >= 12 && before < all + 8, "{before} of {all} before the cut");
}

/// What was read before a break may have been closed to its readers since.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_restricted_during_the_break_is_found_by_nobody_else() {
    let acme = cut_off(slowly_read(generated(4, &company()), 10).await, After::pages(8, "pages-")).await;
    let read = acme.items(None);
    let page = acme.site.read(|site| {
        let open = |page: &&confluence_simulator::Page| page.restriction.is_none() && page.parent.is_some();
        let pages = site.pages.values().filter(open);
        pages.map(|page| page.id).find(|id| read.contains(&page_id(*id)))
    });
    let page = page.unwrap();
    let crawler = acme.site.read(|site| site.user_by_email(CRAWLER_EMAIL).unwrap().account_id.clone());
    acme.site.change(|site| site.restrict_page(page, Some(Restriction::to_users(&[&crawler]))));
    acme.sync().await;
    acme.assert_nothing_leaks();
    for user in acme.people().iter().filter(|user| user.account_id != crawler) {
        assert!(!acme.items(Some(&user.email)).contains(&page_id(page)), "{}", user.email);
    }
}

/// The index is a copy: without it, or behind, a search is right all the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_lost_or_older_than_the_store() {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    let before = acme.finds("flamingo", "ana@acme.example");
    assert_eq!(before.len(), 8);
    std::fs::remove_dir_all(acme.folder.path().join("index")).unwrap();
    let acme = acme.reopened();
    assert_eq!(acme.finds("flamingo", "ana@acme.example"), before);
}
