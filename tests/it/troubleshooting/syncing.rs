//! Syncs that end with less than everything.

use std::process::Child;
use std::time::Duration;

use confluence_simulator::{ADMINS_GROUP, Container, Fault, FileKind, Knobs, Principal, Running, What, When};
use weir::store::Store;

use super::{failed, incomplete};
use crate::acme::{page, small};
use crate::command::{Said, User, serve};

const LOCKED: &[u8] = include_bytes!("../../../host/extractor/tests/files/user-password.pdf");

/// A sync of a site that has this fault, whatever is asked for at such a path.
async fn on_a_bad_day(path: &str, what: What) -> Said {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    site.set_knobs(Knobs {
        faults: vec![Fault { path: path.into(), when: When::Always, what }],
        ..Knobs::default()
    });
    user.runs(&["sync"])
}

pub async fn files_without_words() -> String {
    let mut site = small();
    let on = Container::Page(page(&site, "Leave"));
    let locked = FileKind::Made { media_type: "application/pdf", bytes: LOCKED };
    site.add_attachment(on, "locked.pdf", locked);
    site.add_attachment(on, "scan.png", FileKind::Png);
    let site = serve(site).await;
    let user = User::synced(&site);
    let files = user.runs(&["files", "acme"]).ok();
    user.runs(&["status"]).ok().stdout + &files.stdout
}

pub async fn a_part_left_out() -> String {
    incomplete(on_a_bad_day("footer-comments", What::Html).await)
}

pub async fn throttled_for_long() -> String {
    let what = What::Status { code: 429, retry_after_seconds: Some(3_600) };
    // Nothing else is asked meanwhile, so that a first sync reads nothing.
    failed(on_a_bad_day("/wiki/api/v2/pages", what).await)
}

pub async fn everything_is_down() -> String {
    failed(on_a_bad_day("", What::Status { code: 404, retry_after_seconds: None }).await)
}

pub async fn no_audit_log() -> String {
    let mut site = small();
    site.remove_group_member(ADMINS_GROUP, "crawler");
    let site = serve(site).await;
    let user = User::synced(&site);
    user.runs(&["connection", "set", "acme", "--set", "audit=yes"]).ok();
    user.runs(&["sync"]).ok().stderr
}

/// A user who read a space of 60 pages that the account sees no more.
async fn without_a_long_space() -> (User, Running) {
    let mut site = small();
    let space = site.add_space("LONG", "Long", &[Principal::all_licensed_users()]);
    for number in 0..60 {
        site.add_page(space, None, &format!("Page {number}"), "<p>Words.</p>");
    }
    let site = serve(site).await;
    let user = User::synced(&site);
    site.set_knobs(Knobs { hidden_spaces: vec!["LONG".into()], ..Knobs::default() });
    (user, site)
}

pub async fn too_much_is_missing() -> String {
    let (user, _site) = without_a_long_space().await;
    incomplete(user.runs(&["sync", "--inventory"]))
}

pub async fn deletions_wait() -> String {
    let (user, _site) = without_a_long_space().await;
    incomplete(user.runs(&["sync", "--inventory"]));
    user.runs(&["deletions"]).ok().stderr
}

/// A page is gone, and asked about it the site fails.
pub async fn an_item_that_is_refused() -> String {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let leave = site.read(|site| page(site, "Palette"));
    site.change(|site| site.purge_page(leave));
    let what = What::Status { code: 400, retry_after_seconds: None };
    let faults = vec![Fault { path: leave.to_string(), when: When::Always, what }];
    site.set_knobs(Knobs { faults, ..Knobs::default() });
    incomplete(user.runs(&["sync", "--inventory"]))
}

/// A sync that has begun and takes long.
async fn slowly(user: &User) -> (Running, Child) {
    let site = serve(small()).await;
    user.adds(&site.url()).ok();
    site.set_knobs(Knobs { latency_ms: 1_000, ..Knobs::default() });
    let syncing = user.starts(&["sync"]);
    let store = Store::open(&user.data()).unwrap();
    let connection = store.connection("acme").unwrap().id;
    while store.run_under_way(connection).unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (site, syncing)
}

pub async fn two_at_once() -> String {
    let user = User::new();
    let (_site, mut first) = slowly(&user).await;
    let second = failed(user.runs(&["serve"]));
    first.kill().unwrap();
    first.wait().unwrap();
    second
}

pub async fn nobody_serves() -> String {
    let user = User::synced(&serve(small()).await);
    user.runs(&["schedule"]).ok().stderr
}

pub async fn canceled() -> String {
    let user = User::new();
    let (_site, syncing) = slowly(&user).await;
    user.runs(&["cancel", "acme"]).ok();
    String::from_utf8(syncing.wait_with_output().unwrap().stderr).unwrap()
}
