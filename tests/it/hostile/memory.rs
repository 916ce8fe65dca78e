//! Hoarding what the host gives out.

use weir::host::CONFLUENCE;
use weir::sandbox::Connector;

use super::{Cage, connection};
use crate::acme::engine;

#[tokio::test(flavor = "multi_thread")]
async fn hoarding_ends_the_call_alone() {
    let cage = Cage::new().await;
    let neighbour = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let mut said = Vec::new();
    for behaviour in
        ["hoards-memory", "hoards-handles", "hoards-requests", "hoards-pollables", "hoards-streams"]
    {
        said.push(format!("{behaviour}: {}", cage.told_to(behaviour).await));
        assert_eq!(cage.told_to("behaves").await, "behaved", "after {behaviour}");
        assert!(neighbour.describe().await.is_ok(), "after {behaviour}");
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        hoards-memory: error: the connector used more than 256 MB of memory in `authenticate` and was stopped; report it to its author
        hoards-handles: error: the connector crashed in `authenticate` (resource table has no free keys); report it to its author
        hoards-requests: error: the connector crashed in `authenticate` (resource table has no free keys); report it to its author
        hoards-pollables: error: the connector crashed in `authenticate` (resource table has no free keys); report it to its author
        hoards-streams: error: the connector crashed in `authenticate` (resource table has no free keys); report it to its author
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_stops_where_the_host_has_enough() {
    let cage = Cage::new().await;
    let got = cage.connector.download(&cage.gate, &connection("behaves"), "endless", 10_000).await;
    insta::assert_snapshot!(got.unwrap_err(), @"the file is larger than the limit of 10000 bytes");
}
