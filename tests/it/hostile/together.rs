//! Beside others: what is another connection's stays its own, and a neighbour notices nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use weir::sandbox::Times;

use super::{Cage, Home, behaves};
use crate::acme::{Acme, company, generated};

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_with_the_same_ids_keep_apart() {
    let home = Home::with("one", "delivers apple").await;
    home.add("two", "delivers pear").await;
    for name in ["one", "two"] {
        assert!(home.sync(name).await.report.is_complete(), "{name}");
    }
    let thing = |name: &str| vec![(name.to_owned(), "thing:1".to_owned())];
    assert_eq!((home.finds("apple"), home.finds("pear")), (thing("one"), thing("two")));
    let text = |name| home.host.fetch("thing:1", "ana@acme.example", Some(name)).unwrap().map(|it| it.text);
    assert_eq!((text("one").as_deref(), text("two").as_deref()), (Some("apple"), Some("pear")));

    // One of them says that all of it is gone, and then that nobody may read it.
    behaves(&home.host, "one", "delivers-nothing");
    home.sync("one").await;
    behaves(&home.host, "one", "widens");
    home.sync("one").await;
    assert_eq!((home.finds("apple"), home.finds("pear")), (vec![], thing("two")));
    let why = home.host.why("thing:1", "ana@acme.example", Some("two")).unwrap();
    assert!(why.explanation.readable && why.connection == "two");
    home.host.remove_connection("one").unwrap();
    assert_eq!(home.finds("pear"), thing("two"));
}

/// How much memory the process holds at most, in megabytes, as the system has it.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_syncs_to_the_same_end_beside_spinning_hoarding_and_flooding() {
    let acme = Acme::new(generated(7, &company())).await;
    let short = Times { computing_max: Duration::from_millis(500), ..Times::default() };
    let cage = Arc::new(Cage::with_times(short).await);
    let mut calls = JoinSet::new();
    for behaviour in ["loops", "hoards-memory", "hoards-handles", "recurses", "floods-the-log"].repeat(2) {
        let cage = Arc::clone(&cage);
        calls.spawn(async move {
            for _ in 0..3 {
                cage.told_to(behaviour).await;
            }
        });
    }
    let synced = acme.sync().await;
    assert!(synced.report.run.counts.added > 500);
    acme.assert_faithful();
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    assert_eq!(cage.told_to("behaves").await, "behaved");
    // Two hoards of 256 MB, a site, and what the other tests of this process hold.
    assert!(peak_mb() < 4_096, "{} MB", peak_mb());
}
