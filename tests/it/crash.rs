//! A sync that is cut off anywhere, and the next one: the same end, and little read twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use confluence_simulator::{Clock as SiteClock, Knobs, Principal, Site, WRITTEN_UNTIL};
use tokio::sync::Notify;
use weir::store::{Outcome, StoredItem};
use weir::sync::{Event, Progress};

use crate::acme::{Acme, company, generated, small};

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
        assert!(
            rest <= requests,
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
    site.add_person("crawler", "Crawler", confluence_simulator::CRAWLER_EMAIL);
    let space = site.add_space("LONG", "Long", &[Principal::all_licensed_users()]);
    for number in 0..100 {
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
    let twice = listings(&acme) - all;
    assert!(twice <= 8, "{before} listings before the cut, {twice} made twice, {all} in all");
    assert!(before >= 12 && before < all + 8, "{before} of {all} before the cut");
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
