//! What runs is what was agreed to, whatever becomes of files, rows and the component's mind.

use super::{Desk, digest, improved, text};
use crate::wasm::test_connector;

#[test]
fn the_file_it_came_from_may_change_or_go() {
    let desk = Desk::connected();
    desk.file("test.wasm", b"something else");
    desk.runs(&["sync", "mine"]).ok();
    std::fs::remove_file(desk.place("test.wasm")).unwrap();
    desk.runs(&["sync", "mine"]).ok();
}

#[test]
fn a_component_that_was_changed_in_the_data_folder_is_not_run() {
    let desk = Desk::connected();
    std::fs::write(desk.component(test_connector()), improved()).unwrap();
    let refused = desk.runs(&["sync", "mine"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("was changed after somebody agreed to it"), "{refused}");
    let looked = desk.runs(&["doctor", "mine"]);
    assert_eq!(looked.code, 1);
    let mend = format!(
        "run `weir connector add {} --name test --digest sha256:{}`",
        std::fs::canonicalize(desk.place("test.wasm")).unwrap().display(),
        digest(test_connector())
    );
    assert!(looked.stdout.contains(&mend), "{looked}");
    std::fs::remove_file(desk.component(test_connector())).unwrap();
    let missing = desk.runs(&["sync", "mine"]);
    assert!(
        missing.stderr.contains("cannot be read") && missing.stderr.contains("nothing else is run"),
        "{missing}"
    );
    // The command that was told asks for nothing, since these bytes were agreed to.
    desk.runs(&["connector", "add", &desk.place("test.wasm"), "--name", "test"]).ok();
    desk.runs(&["sync", "mine"]).ok();
}

#[test]
fn a_component_that_says_other_things_of_itself_than_at_consent_is_not_run() {
    let desk = Desk::connected();
    let sql = "UPDATE connector_versions SET version = replace(version, 'https://agreed.example', 'https://narrow.example')";
    assert_eq!(desk.store().execute(sql, []).unwrap(), 1);
    let refused = desk.runs(&["sync", "mine"]);
    assert_eq!(refused.code, 1);
    let told = r#"/bounds/0/url was "https://narrow.example" and is "https://agreed.example""#;
    assert!(refused.stderr.contains(told), "{refused}");
    assert!(refused.stderr.contains("and is not run"), "{refused}");
}

/// Connections of before name a file, which could change at any time.
#[test]
fn a_connection_that_names_a_file_is_not_read_before_the_file_is_installed() {
    let desk = Desk::connected();
    let path = std::fs::canonicalize(desk.place("test.wasm")).unwrap();
    desk.store().execute("UPDATE connections SET connector = ?1", [text(&path)]).unwrap();
    desk.runs(&["connector", "remove", "test"]).ok();
    let refused = desk.runs(&["sync", "mine"]);
    assert_eq!(refused.code, 1);
    let mend = format!("`weir connector add {}`", path.display());
    assert!(refused.stderr.contains(&mend), "{refused}");
    assert!(desk.runs(&["doctor", "mine"]).stdout.contains(&mend));
    let mended = desk.runs(&["connector", "add", &desk.place("test.wasm"), "--yes"]).ok();
    assert!(mended.stderr.contains("mine goes by it from its next run on"), "{mended}");
    desk.runs(&["sync", "mine"]).ok();
    assert_eq!(desk.installed()[0]["connections"], serde_json::json!(["mine"]));
}

/// A process that dies after the file and before the row leaves a file that no row speaks of.
#[test]
fn a_file_that_an_interrupted_command_left_goes_with_the_next_one() {
    let desk = Desk::connected();
    std::fs::write(desk.component(&improved()), improved()).unwrap();
    std::fs::write(desk.user.data().join("connectors/half.part"), "half").unwrap();
    let kept = desk.file("kept.wasm", include_bytes!("../../components/kept/kept.wasm"));
    desk.runs(&["connector", "add", &kept, "--yes"]).ok();
    let mut left = vec![
        format!("{}.wasm", digest(test_connector())),
        format!("{}.wasm", digest(include_bytes!("../../components/kept/kept.wasm"))),
    ];
    left.sort();
    assert_eq!(desk.components(), left);
}
