//! A sync that is cut off anywhere, and the next one: the same end, and little read twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use confluence_simulator::Knobs;
use tokio::sync::Notify;
use weir::store::{Outcome, StoredItem};
use weir::sync::{Event, Progress};

use crate::acme::{Acme, company, generated};

/// Says when so many pages of changes have been kept.
struct After {
    pages: usize,
    kept: AtomicUsize,
    enough: Notify,
}

impl Progress for After {
    fn notice(&self, event: Event<'_>) {
        if let Event::Page { .. } = event
            && self.kept.fetch_add(1, Ordering::SeqCst) + 1 == self.pages
        {
            self.enough.notify_one();
        }
    }
}

/// A site of small pages, so that there are many places to be cut off at.
async fn acme() -> Acme {
    let acme = Acme::new(generated(4, &company())).await;
    acme.site.set_knobs(Knobs { page_rows_max: Some(10), ..Knobs::default() });
    acme.site.ledger().clear();
    acme
}

/// Everything that can be seen of a finished sync.
fn state(acme: &Acme) -> (BTreeMap<String, StoredItem>, Vec<usize>) {
    let readable = acme.people().iter().map(|user| acme.items(Some(&user.email)).len()).collect();
    (acme.contents(), readable)
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_after_any_page_and_run_again() {
    let whole = acme().await;
    let watch = Arc::new(After { pages: usize::MAX, kept: AtomicUsize::new(0), enough: Notify::new() });
    whole.watched_sync(Arc::clone(&watch) as _).await.unwrap();
    let (pages, requests) = (watch.kept.load(Ordering::SeqCst), whole.site.ledger().entries().len());
    whole.assert_faithful();
    let expected = state(&whole);

    for cut in [1, pages / 2, pages - 1] {
        let acme = acme().await;
        let watch = Arc::new(After { pages: cut, kept: AtomicUsize::new(0), enough: Notify::new() });
        tokio::select! {
            ended = acme.watched_sync(Arc::clone(&watch) as _) => panic!("ended: {:?}", ended.map(|s| s.report)),
            () = watch.enough.notified() => {}
        }
        let acme = acme.reopened();
        acme.assert_nothing_leaks();
        let before = acme.site.ledger().entries().len();
        acme.sync().await;
        let rest = acme.site.ledger().entries().len() - before;
        acme.assert_faithful();
        assert!(state(&acme) == expected, "after {cut} of {pages} pages");
        assert_eq!(acme.finds("salary", "ana@acme.example"), whole.finds("salary", "ana@acme.example"));
        eprintln!("cut {cut} of {pages}: {before} + {rest} of {requests}");

        let connection = acme.status().connection.id;
        let outcomes = acme.host.store().runs(connection, 9).unwrap().into_iter().map(|run| run.outcome);
        let outcomes: Vec<Option<Outcome>> = outcomes.collect();
        assert_eq!(outcomes, [Some(Outcome::Complete), Some(Outcome::Interrupted)]);
    }
}
