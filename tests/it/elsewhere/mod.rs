//! The Confluence component in hosts that are not Weir: what the contract and WASI 0.2 say is all that a host needs.
//!
//! Each of them reads the same simulated site, and is held against what Weir's own sandbox reads of it. They are short on
//! purpose: docs/elsewhere.md takes its examples from `node/` and `plain/`.

mod jco;
mod ours;
mod plain;
mod told;

use confluence_simulator::{Knobs, Oracle, Running, Simulator, Site};

use crate::acme::assert_same;
use told::Told;

async fn site(site: Site) -> Running {
    Simulator::start(site, Knobs::default()).await.unwrap()
}

/// All that there is, as Weir's own sandbox reads it, and with the credential where it belongs and nowhere else.
async fn assert_faithful(told: &Told, site: &Running) {
    assert_same("read", &told.items.keys().cloned().collect(), &site.read(|site| Oracle::new(site).items()));
    let leaked = site.ledger().entries().into_iter().find(|entry| entry.leaked);
    assert!(leaked.is_none(), "a host that is not ours gave its credential away: {leaked:?}");
    let ours = ours::read(site).await;
    for (id, item) in &ours.items {
        assert_eq!(told.items.get(id), Some(item));
    }
    assert_eq!(*told, ours);
}
