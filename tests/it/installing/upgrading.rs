//! Another version under the same name: it may do what was agreed to, and is asked about for the rest.

use super::{Desk, digest, improved, wider};
use crate::command::snapshots;
use crate::wasm::test_connector;

#[test]
fn a_version_that_demands_nothing_more_goes_through_and_back() {
    let desk = Desk::connected();
    let improved_file = desk.file("improved.wasm", &improved());
    let upgraded = desk.runs(&["connector", "add", &improved_file]).ok();
    snapshots(|| {
        insta::assert_snapshot!(desk.stable(&upgraded), @"
            exit 0
            --- stdout
            installed test 0.1.0
            --- stderr
            Test (test 0.1.0)
              from      HOME/improved.wasm
              sha256    IMPROVED
              signed    no
              contract  weir:connector@0.2.0, SIZE
            takes the place of 0.1.0:
              version 0.1.0 again, of other bytes: IMPROVED after TEST
            it demands nothing more than was agreed to
            mine goes by it from its next run on
            ");
    });
    desk.runs(&["sync", "mine"]).ok();
    let now = |desk: &Desk| desk.installed()[0]["sha256"].as_str().unwrap().to_owned();
    assert_eq!(now(&desk), digest(&improved()));
    let back = desk.runs(&["connector", "rollback", "test"]).ok();
    assert_eq!(back.stdout, "test is 0.1.0 again\n");
    assert_eq!(now(&desk), digest(test_connector()));
    desk.runs(&["sync", "mine"]).ok();
    desk.runs(&["connector", "rollback", "test", "--to", &digest(&improved())[..8]]).ok();
    assert_eq!(now(&desk), digest(&improved()));
    assert_eq!(desk.components().len(), 2);
}

#[test]
fn a_version_that_demands_more_is_asked_about_and_changes_nothing_before() {
    let desk = Desk::connected();
    let file = desk.file("wider.wasm", &wider());
    let asked = desk.runs(&["connector", "add", &file]);
    snapshots(|| {
        insta::assert_snapshot!(desk.stable(&asked), @"
            exit 2
            --- stdout
            not installed
            --- stderr
            Test (test 0.1.0)
              from      HOME/wider.wasm
              sha256    WIDER
              signed    no
              contract  weir:connector@0.2.0, SIZE
            takes the place of 0.1.0:
              version 0.1.0 again, of other bytes: WIDER after TEST
              goes no more to https://agreed.example (reads, with the credential): test
            DEMANDS MORE than was agreed to:
              goes to https://larger.example (reads, with the credential): test
              MORE FOR mine: https://larger.example (reads, with the credential): test
            error: agree to this with --yes, or run this on a terminal; nothing was changed
            ");
    });
    assert_eq!(desk.origins(), ["https://agreed.example"]);
    assert_eq!(desk.installed()[0]["sha256"], digest(test_connector()));
    assert_eq!(desk.components().len(), 1);
    desk.runs(&["sync", "mine"]).ok();

    desk.runs(&["connector", "add", &file, "--yes"]).ok();
    assert_eq!(desk.origins(), ["https://larger.example"]);
    desk.runs(&["sync", "mine"]).ok();
    // What the connection agreed to before is not asked about again.
    desk.runs(&["connector", "rollback", "test"]).ok();
    assert_eq!(desk.origins(), ["https://agreed.example"]);
}

/// `connection add FILE` installs first, with the same consent.
#[test]
fn a_connection_may_be_added_with_a_file() {
    let desk = Desk::new();
    let file = desk.place("test.wasm");
    let add = ["connection", "add", &file, "--name", "mine", "--set", "behaviour=behaves"];
    assert_eq!(desk.runs(&add).code, 2);
    assert_eq!((desk.installed().len(), desk.components().len()), (0, 0));
    desk.runs(&[&add[..], &["--yes"]].concat()).ok();
    assert_eq!(desk.installed()[0]["connections"], serde_json::json!(["mine"]));
    let again = ["connection", "add", &file, "--name", "other", "--set", "behaviour=behaves", "--yes"];
    desk.runs(&again).ok();
    assert_eq!(desk.installed()[0]["connections"], serde_json::json!(["mine", "other"]));
}

/// A run was recorded with one version, and another runs now: the tape is repeated with the bytes it was made by.
#[test]
fn a_tape_is_repeated_with_the_version_that_made_it() {
    let desk = Desk::connected();
    let tape = desk.place("run.tape");
    desk.runs(&["sync", "mine", "--record", &tape]).ok();
    desk.runs(&["connector", "add", &desk.file("improved.wasm", &improved())]).ok();
    let repeated = desk.runs(&["replay", &tape]).ok();
    assert!(!repeated.stderr.contains("another build"), "{repeated}");
    let elsewhere = Desk::new();
    let refused = elsewhere.runs(&["replay", &tape]);
    assert!(refused.stderr.contains("the connector test, which is not installed here"), "{refused}");
}
