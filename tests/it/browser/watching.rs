//! Watching a sync, and deciding what it left.

use confluence_simulator::Knobs;
use weir::store::Mode;

use super::Chrome;
use crate::acme::{NAME, company, generated};
use crate::console::Desk;

/// Slow enough that a run is met while it goes on.
fn slowly(desk: &Desk, latency_ms: u64) {
    desk.site.set_knobs(Knobs { latency_ms, page_rows_max: Some(10), ..Knobs::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_watches_a_sync_go_on_and_end() {
    let desk = Desk::synced(generated(7, &company())).await;
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    chrome.inspect("the connections").await;
    slowly(&desk, 300);
    chrome.clicks("More for acme").await;
    chrome.inspect("the menu of a connection").await;
    chrome.clicks("Full sync of acme").await;
    chrome.arrives("/connections/acme").await;
    chrome.sees("Reading everything").await;
    chrome.sees("Stop this run").await;
    chrome.sees(" left").await;
    chrome.inspect("a connection that is read").await;
    chrome.screenshot("watching").await;
    chrome.goes("/connections").await;
    chrome.sees(" left").await;
    chrome.inspect("connections that are read").await;
    chrome.screenshot("connections").await;
    slowly(&desk, 0);
    chrome.sees("acme: the run has ended, complete.").await;
    chrome.sees_no_more("Reading everything").await;
    chrome.clicks("acme").await;
    chrome.clicks("Look it over").await;
    chrome.sees("signed in as Knowledge Crawler").await;
    chrome.inspect("a connection that was looked over").await;
    chrome.close().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_looks_at_what_runs_left_and_decides() {
    let desk = Desk::synced(generated(7, &company())).await;
    let hidden_spaces = vec!["ENG".to_owned(), "HANDBOOK".to_owned()];
    desk.site.set_knobs(Knobs { hidden_spaces, ..Knobs::default() });
    let mut chrome = Chrome::open(&desk).await;
    chrome.signs_in(&desk).await;
    desk.host.want(NAME, Mode::Inventory).unwrap();
    chrome.sees("wait for your word").await;
    chrome.goes("/connections/acme/runs").await;
    chrome.inspect("runs").await;
    chrome.goes("/connections/acme/failures").await;
    chrome.inspect("failures").await;
    chrome.goes("/connections/acme/files").await;
    chrome.inspect("files without words").await;
    chrome.goes("/connections/acme/deletions").await;
    chrome.inspect("deletions").await;
    chrome.screenshot("deletions").await;
    chrome.clicks_and_agrees("Approve").await;
    chrome.sees("unanswered.").await;
    chrome.inspect("what came of an approval").await;
    chrome.goes("/connections/acme/remove").await;
    chrome.inspect("removing a connection").await;
    chrome.fills("To go on, type its name: acme", "acme").await;
    chrome.clicks("Remove it for good").await;
    chrome.arrives("/connections").await;
    chrome.sees("Nothing is connected yet").await;
    chrome.inspect("no connections").await;
    chrome.close().await;
    desk.stop().await;
}
