//! Answers with too much in them, and answers without end.

use std::sync::Arc;

use weir::host::SyncOptions;
use weir::model::Position;
use weir::store::Mode;
use weir::sync::{Policy, Silent};

use super::{Cage, Home, all, connection};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_too_much_is_none() {
    let cage = Cage::new().await;
    let mut said = Vec::new();
    for behaviour in ["answers-at-length", "remembers-much"] {
        said.push(format!("{behaviour}: {}", cage.told_to(behaviour).await));
    }
    for behaviour in ["changes-much 100001", "changes-much 1000000", "has-a-long-cursor"] {
        let (connection, all) = (connection(behaviour), all());
        let page = cage.connector.read_page(&cage.gate, &connection, &all, &Position::Everything, 1_000);
        said.push(format!("{behaviour}: {}", page.await.0.unwrap_err()));
    }
    for behaviour in ["has-many-parts 100001", "has-many-parts 1000000", "names-parts-at-length"] {
        let connection = connection(behaviour);
        let listed = cage.connector.list_partitions(&cage.gate, &connection, "things").await;
        said.push(format!("{behaviour}: {}", listed.0.unwrap_err()));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        answers-at-length: error: the connector crashed in `authenticate` (too much data is being copied between the host and the guest: fuel allocated for hostcalls has been exhausted); report it to its author
        remembers-much: error: the connector answered `authenticate` with 70000 bytes of session, where at most 65536 are taken; nothing of it was kept: report it to the connector's author
        changes-much 100001: the connector answered `read-page` with 100001 changes in one page, where at most 100000 are taken; nothing of it was kept: report it to the connector's author
        changes-much 1000000: the connector used more than 256 MB of memory in `read-page` and was stopped; report it to its author
        has-a-long-cursor: the connector answered `read-page` with 70000 bytes of cursor or checkpoint, where at most 65536 are taken; nothing of it was kept: report it to the connector's author
        has-many-parts 100001: the connector answered `list-partitions` with 100001 partitions, where at most 100000 are taken; nothing of it was kept: report it to the connector's author
        has-many-parts 1000000: the connector answered `list-partitions` with 1000000 partitions, where at most 100000 are taken; nothing of it was kept: report it to the connector's author
        names-parts-at-length: the connector answered `list-partitions` with 600 bytes in the id of a partition, where at most 512 are taken; nothing of it was kept: report it to the connector's author
    ");
    assert_eq!(cage.told_to("behaves").await, "behaved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_tells_what_was_too_much_and_ends() {
    let home = Home::with("large", "changes-much 100001").await;
    let mut said = Vec::new();
    for behaviour in ["changes-much 100001", "has-a-long-cursor", "names-parts-at-length", "goes-in-a-circle"]
    {
        super::behaves(&home.host, "large", behaviour);
        said.push(format!("{behaviour}: {}", home.shortfall("large").await));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        changes-much 100001: things/all: the connector answered `read-page` with 100001 changes in one page, where at most 100000 are taken; nothing of it was kept: report it to the connector's author
        has-a-long-cursor: things/all: the connector answered `read-page` with 70000 bytes of cursor or checkpoint, where at most 65536 are taken; nothing of it was kept: report it to the connector's author
        names-parts-at-length: things/: the connector answered `list-partitions` with 600 bytes in the id of a partition, where at most 512 are taken; nothing of it was kept: report it to the connector's author
        goes-in-a-circle: things/all: the connector came back to a cursor it had before
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn items_with_too_much_in_them_are_refused_one_by_one() {
    let home = Home::with("long", "names-at-length").await;
    let report = home.sync("long").await.report;
    assert_eq!((report.run.counts.added, report.run.counts.failed), (3, 2));
    let ids: Vec<String> = home.finds("word").into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let title = home.host.item("thing:2", Some("long")).unwrap().title;
    assert_eq!(title.len(), 8 * 1024, "cut");
}

/// Each page has a new cursor and no change: the read ends all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_never_ends_is_left() {
    let home = Home::with("endless", "never-ends").await;
    let policy = Policy { empty_pages_max: 50, ..Policy::default() };
    let options = SyncOptions { policy, ..SyncOptions::by_hand(Mode::Everything) };
    let report = home.host.sync("endless", options, Arc::new(Silent)).await.unwrap().report;
    insta::assert_snapshot!(report.run.message.unwrap(), @"things/all: the connector gave 50 pages in a row without a change, and always a cursor for another one");
    assert!(Policy::default().empty_pages_max <= 10_000, "by itself it ends too");
}
