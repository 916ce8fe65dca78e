//! Nothing is kept before somebody has seen what it demands, and said yes.

use std::os::unix::fs::PermissionsExt as _;

use super::{Desk, digest};
use crate::command::snapshots;
use crate::wasm::test_connector;

#[test]
fn what_a_connector_demands_is_shown_and_agreed_to_before_anything_is_kept() {
    let desk = Desk::new();
    let file = desk.place("test.wasm");
    let asked = desk.runs(&["connector", "add", &file]);
    snapshots(|| {
        insta::assert_snapshot!(desk.stable(&asked), @"
            exit 2
            --- stdout
            not installed
            --- stderr
            Test (test 0.1.0)
              from      HOME/test.wasm
              sha256    TEST
              signed    no
              contract  weir:connector@0.2.0, SIZE
            goes at most to
              https://agreed.example (reads, with the credential): test
            signs in by
              token: A token (Token in the header x-test-key)
            reads
              things: Things (reads everything)
            brings
              thing: Things / Things
            imports
              weir:connector/log@0.2.0
              weir:connector/types@0.2.0
              wasi:io/poll@0.2.6
              wasi:clocks/monotonic-clock@0.2.6
              wasi:io/error@0.2.6
              wasi:io/streams@0.2.6
              wasi:http/types@0.2.4
              wasi:http/outgoing-handler@0.2.4
              wasi:cli/environment@0.2.6
              wasi:cli/exit@0.2.6
              wasi:cli/stdin@0.2.6
              wasi:cli/stdout@0.2.6
              wasi:cli/stderr@0.2.6
              wasi:cli/terminal-input@0.2.6
              wasi:cli/terminal-output@0.2.6
              wasi:cli/terminal-stdin@0.2.6
              wasi:cli/terminal-stdout@0.2.6
              wasi:cli/terminal-stderr@0.2.6
              wasi:clocks/wall-clock@0.2.6
              wasi:filesystem/types@0.2.6
              wasi:filesystem/preopens@0.2.6
              wasi:sockets/network@0.2.6
              wasi:sockets/instance-network@0.2.6
              wasi:sockets/udp@0.2.6
              wasi:sockets/udp-create-socket@0.2.6
              wasi:sockets/tcp@0.2.6
              wasi:sockets/tcp-create-socket@0.2.6
              wasi:sockets/ip-name-lookup@0.2.6
              wasi:random/random@0.2.6
              wasi:random/insecure-seed@0.2.6
            is held to
              256 MB of memory, 30 s of computing and 900 s in all a call
              no files, no sockets, no environment; requests only through the gate, which adds the credential
            error: agree to this with --yes, or run this on a terminal; nothing was changed
            ");
    });
    assert_eq!((desk.installed().len(), desk.components().len()), (0, 0));
    let as_json = desk.runs(&["connector", "add", &file, "--json"]);
    assert_eq!(as_json.code, 2);
    assert_eq!(as_json.json()[0]["description"]["bounds"][0]["url"], "https://agreed.example");

    let added = desk.runs(&["connector", "add", &file, "--yes"]).ok();
    assert_eq!(added.stdout, "installed test 0.1.0\n");
    assert_eq!(desk.components(), [format!("{}.wasm", digest(test_connector()))]);
    let mode = std::fs::metadata(desk.component(test_connector())).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let acts = desk.runs(&["acts", "--json"]).ok().json();
    assert!(acts[0]["act"] == "connector-added" && acts[0]["outcome"] == "done", "{acts:?}");
    let about = acts[0]["about"].as_str().unwrap();
    assert!(about.starts_with("test 0.1.0, sha256:") && acts[0]["actor"] == "the command line", "{acts:?}");
    let [listed] = &desk.installed()[..] else { panic!("not one") };
    assert_eq!(listed["sha256"], digest(test_connector()));
    assert_eq!((&listed["signed_by"], &listed["former"]), (&serde_json::Value::Null, &serde_json::json!([])));
}

#[test]
fn bytes_that_were_not_meant_are_refused() {
    let desk = Desk::new();
    let file = desk.place("test.wasm");
    let other = format!("sha256:{}", "0".repeat(64));
    let refused = desk.runs(&["connector", "add", &file, "--digest", &other, "--yes"]);
    assert_eq!(refused.code, 1, "{refused}");
    assert_eq!((desk.installed().len(), desk.components().len()), (0, 0));
    let meant = format!("sha256:{}", digest(test_connector()));
    desk.runs(&["connector", "add", &file, "--digest", &meant, "--yes"]).ok();
}

#[test]
fn a_name_means_one_connector() {
    let desk = Desk::connected();
    let file = desk.place("test.wasm");
    let said = |arguments: &[&str]| desk.stable(&desk.runs(arguments));
    let kept = desk.file("kept.wasm", include_bytes!("../../components/kept/kept.wasm"));
    let told = [
        said(&["connector", "add", &file, "--name", "confluence", "--yes"]),
        said(&["connector", "add", &file, "--name", "My connector", "--yes"]),
        said(&["connector", "add", &kept, "--name", "test", "--yes"]),
        said(&["connector", "inspect", "nothing"]),
        said(&["connector", "rollback", "test"]),
    ];
    snapshots(|| {
        insta::assert_snapshot!(told.join("\n"), @"
            exit 1
            --- stderr
            error: `confluence` is built in: give what you install another name with --name
            exit 1
            --- stderr
            error: `My connector` cannot name a connector: use up to 64 lower-case letters, digits, `-`, `_` and `.`, and say it with --name
            exit 1
            --- stderr
            error: `test` is another connector: it calls itself `test`, and this one `kept`; install it with another --name, or remove that one first
            exit 1
            --- stderr
            error: there is no connector `nothing`; there are: confluence, test. A component is installed with `weir connector add FILE`
            exit 1
            --- stderr
            error: no former version of `test` is kept, so there is nothing to go back to
            ");
    });
}

#[test]
fn a_connector_that_is_used_is_not_removed() {
    let desk = Desk::connected();
    let used = desk.runs(&["connector", "remove", "test"]);
    assert_eq!(used.code, 1);
    assert!(used.stderr.contains("`test` is used by mine"), "{used}");
    assert_eq!(desk.components().len(), 1);
    desk.runs(&["connection", "remove", "mine"]).ok();
    assert_eq!(desk.runs(&["connector", "remove", "test"]).ok().stdout, "removed test\n");
    assert_eq!((desk.installed().len(), desk.components().len()), (0, 0));
    assert_eq!(desk.runs(&["connector", "remove", "test"]).code, 1);
    assert_eq!(desk.runs(&["connector", "remove", "confluence"]).code, 1);
}

/// A contract without a word for bounds: it is said that each connection agrees for itself.
#[test]
fn a_component_of_the_first_contract_names_no_bounds() {
    let desk = Desk::new();
    let kept = desk.file("kept.wasm", include_bytes!("../../components/kept/kept.wasm"));
    let asked = desk.runs(&["connector", "add", &kept]);
    assert_eq!(asked.code, 2);
    assert!(asked.stderr.contains("its contract has no word for that"), "{asked}");
    assert!(asked.stderr.contains("WHICH MAY BE READ WITHOUT READING WHAT HOLDS THEM"), "{asked}");
}
