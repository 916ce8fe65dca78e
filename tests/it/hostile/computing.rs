//! Computing, waiting, recursing, crashing, and looking around.

use std::sync::Arc;
use std::time::Duration;

use weir::gate::limits::SPENT_AT_ONCE_MAX;
use weir::host::CONFLUENCE;
use weir::sandbox::limits::CALLS_MAX;
use weir::sandbox::{Connector, Times};

use super::{Cage, Home, connection};
use crate::acme::engine;
use crate::command::snapshots;
use crate::wasm::renamed;

#[tokio::test(flavor = "multi_thread")]
async fn computing_and_waiting_for_ever_is_cut_short() {
    let short = Duration::from_millis(200);
    let computes = Cage::with_times(Times { computing_max: short, ..Times::default() }).await;
    insta::assert_snapshot!(computes.told_to("loops").await, @"error: the connector computed for more than 200ms in `authenticate` and was stopped; report it to its author");
    let waits = Cage::with_times(Times { call_max: short, ..Times::default() }).await;
    insta::assert_snapshot!(waits.told_to("waits").await, @"error: `authenticate` took more than 200ms, most of it waiting for the source; try again later");
    for cage in [computes, waits] {
        assert_eq!(cage.told_to("behaves").await, "behaved");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recursing_and_crashing_end_the_call_alone() {
    let cage = Cage::new().await;
    let neighbour = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let mut said = Vec::new();
    for behaviour in ["recurses", "crashes"] {
        said.push(format!("{behaviour}: {}", cage.told_to(behaviour).await));
        assert_eq!(cage.told_to("behaves").await, "behaved", "after {behaviour}");
        assert!(neighbour.describe().await.is_ok(), "after {behaviour}");
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        recurses: error: the connector crashed in `authenticate` (wasm trap: out of bounds memory access); report it to its author
        crashes: error: the connector crashed in `authenticate` (wasm trap: wasm `unreachable` instruction executed); report it to its author
    ");
}

/// Each part may be too much for a connector. One that fails at part after part is not run to the end of the list.
#[tokio::test(flavor = "multi_thread")]
async fn a_connector_that_fails_at_part_after_part_is_stopped() {
    let short = Times { computing_max: Duration::from_millis(20), ..Times::default() };
    let home = Home::with_times("spinning", "loops-in-parts", short).await;
    let report = home.sync("spinning").await.report;
    let tried = report.skipped.len();
    assert!((16..32).contains(&tried), "{tried} of 100");
    insta::assert_snapshot!(report.stopped.unwrap(), @"the connector computed for more than 20ms in `read-page` and was stopped; report it to its author");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_pool_wait_for_their_turn() {
    let cage = Arc::new(Cage::new().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS_MAX * 2 {
        let cage = Arc::clone(&cage);
        calls.spawn(async move { cage.told_to("dials https://agreed.example/").await });
    }
    while let Some(said) = calls.join_next().await {
        assert_eq!(said.unwrap(), "status 200");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_it_spent_is_counted_within_reason() {
    let cage = Cage::new().await;
    assert_eq!(cage.told_to("spends 251").await, "spent");
    assert_eq!(cage.gate.ledger().traffic().points, 251);
    assert_eq!(cage.told_to("spends 18446744073709551615").await, "spent");
    assert_eq!(cage.gate.ledger().traffic().points, 251 + SPENT_AT_ONCE_MAX);
    let amounts = cage.connector.estimate(&cage.gate, &connection("behaves")).await.unwrap();
    assert_eq!((amounts[0].what.as_str(), amounts[0].items, amounts[0].rough), ("behaved", 7, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn around_it_there_is_nothing() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("looks-around").await, @"arguments=0 variables=0 file=false folder=false dial=false listen=false");
}

#[tokio::test(flavor = "multi_thread")]
async fn configuring_sends_nothing() {
    let cage = Cage::new().await;
    let answer = cage.connector.configure(r#"{"behaviour":"impure"}"#, "token").await.unwrap();
    insta::assert_snapshot!(answer.unwrap_err()[0].message, @"ErrorCode::HttpRequestDenied");
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_connectors() {
    let half = CONFLUENCE.get(..CONFLUENCE.len() / 2).unwrap();
    let later = renamed("weir:connector/setup@0.2.0", "weir:connector/setup@0.3.0");
    let nameless = renamed("weir:connector/setup@0.2.0", "weir:connector/satup@0.2.0");
    let greedy = renamed("weir:connector/log@0.2.0", "weir:connector/key@0.2.0");
    let files: [(&str, &[u8]); 7] = [
        ("empty", b""),
        ("a text", b"#!/bin/sh\n"),
        ("a core module", b"\0asm\x01\0\0\0"),
        ("half a component", half),
        ("another version", &later),
        ("without setup", &nameless),
        ("wants more", &greedy),
    ];
    let mut said = Vec::new();
    for (name, wasm) in files {
        let refused = Connector::load(&engine(), wasm).await.err().unwrap();
        said.push(format!("{name}: {refused}"));
    }
    snapshots(|| {
        insta::assert_snapshot!(said.join("\n"), @r"
        empty: it is not a WebAssembly component but an empty file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        a text: it is not a WebAssembly component but some other file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        a core module: it is not a WebAssembly component but a core module: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        half a component: it could not be compiled (failed to parse WebAssembly module: wasm component contains an invalid module section: section is cut off): it may be damaged or use a feature this host does not run
        another version: it speaks weir:connector@0.3.0, and this host speaks weir:connector@0.2.0 and @0.1.0: build it against one of these, or use a host that speaks its own
        without setup: it speaks no version of weir:connector, and this host speaks weir:connector@0.2.0 and @0.1.0: build it against one of these, or use a host that speaks its own
        wants more: it asks for or lacks something the contract does not have (component imports instance `weir:connector/key@0.2.0`, but a matching implementation was not found in the linker: instance export `write` has the wrong type: function implementation is missing): see wit/README.md
    ")
    });
}
