//! The data folder itself.

use super::failed;
use crate::acme::small;
use crate::command::{User, serve};

async fn synced() -> User {
    User::synced(&serve(small()).await)
}

pub async fn damaged() -> String {
    let user = synced().await;
    let file = user.data().join("weir.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4_096..].fill(0xA5);
    std::fs::write(&file, &bytes).unwrap();
    let said = failed(user.runs(&["sync"]));
    assert!(std::fs::read(&file).unwrap() == bytes, "nothing was written to it");
    said
}

pub async fn newer() -> String {
    let user = synced().await;
    let store = rusqlite::Connection::open(user.data().join("weir.db")).unwrap();
    store.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    failed(user.runs(&["status"]))
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
