//! The data folder itself.

use super::failed;
use crate::acme::small;
use crate::command::{User, serve};

pub async fn damaged() -> String {
    let user = User::synced(&serve(small()).await);
    let file = user.data().join("weir.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4_096..].fill(0xA5);
    std::fs::write(&file, &bytes).unwrap();
    let said = failed(user.runs(&["sync"]));
    assert!(std::fs::read(&file).unwrap() == bytes, "nothing was written to it");
    said
}

pub async fn a_lost_key() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    std::fs::remove_file(user.data().join("key")).unwrap();
    let said = failed(user.runs(&["sync"]));
    user.runs(&["login", "acme"]).ok();
    user.runs(&["sync"]).ok();
    said
}

pub async fn a_removal_was_cut_off() -> String {
    let user = User::synced(&serve(small()).await);
    let store = weir::store::Store::open(&user.data()).unwrap();
    store.begin_removal("acme").unwrap();
    drop(store);
    user.runs(&["status"]).ok().stderr
}
