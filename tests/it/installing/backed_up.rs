//! A backup holds what it takes to run: the components beside the rows that speak of them.

use super::{Desk, improved};

#[test]
fn an_installed_connector_is_backed_up_and_runs_elsewhere() {
    let desk = Desk::connected();
    desk.runs(&["connector", "add", &desk.file("improved.wasm", &improved())]).ok();
    let backup = desk.place("all.weir");
    let made = desk.runs(&["backup", &backup, "--with-key"]).ok();
    assert!(made.stdout.contains("the store, 2 components and 0 tapes"), "{made}");
    let elsewhere = desk.place("elsewhere");
    desk.runs(&["restore", &backup, "--data", &elsewhere]).ok();
    desk.runs(&["sync", "mine", "--data", &elsewhere]).ok();
    desk.runs(&["connector", "rollback", "test", "--data", &elsewhere]).ok();
    desk.runs(&["sync", "mine", "--data", &elsewhere]).ok();
}
