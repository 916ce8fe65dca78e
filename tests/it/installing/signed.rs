//! A key that was given once: from then on only what it has signed gets in, until somebody says otherwise.

use std::process::Command;

use super::{Desk, improved};
use crate::wasm::test_connector;

/// A publisher with a key of this name, as OpenSSL makes one.
fn publisher(desk: &Desk, name: &str) -> String {
    openssl(desk, &["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name]);
    openssl(desk, &["pkey", "-in", name, "-pubout", "-out", &format!("{name}.pub")]);
    desk.place(&format!("{name}.pub"))
}

/// Puts a signature beside the file: base64 of what OpenSSL writes.
fn sign(desk: &Desk, key: &str, file: &str) {
    openssl(desk, &["dgst", "-sha256", "-sign", key, "-out", "raw", file]);
    openssl(desk, &["base64", "-A", "-in", "raw", "-out", &format!("{file}.sig")]);
}

fn openssl(desk: &Desk, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(desk.user.home.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_key_is_kept_for_the_name_and_every_later_version_has_to_be_signed_by_it() {
    let desk = Desk::new();
    let (ours, theirs) = (publisher(&desk, "ours"), publisher(&desk, "theirs"));
    let file = desk.place("test.wasm");
    let unsigned = desk.runs(&["connector", "add", &file, "--key", &ours, "--yes"]);
    assert!(unsigned.code == 1 && unsigned.stderr.contains("this one is not signed"), "{unsigned}");
    sign(&desk, "theirs", "test.wasm");
    let wrong = desk.runs(&["connector", "add", &file, "--key", &ours, "--yes"]);
    assert!(wrong.code == 1 && wrong.stderr.contains("the signature is not by the key"), "{wrong}");
    assert_eq!((desk.installed().len(), desk.components().len()), (0, 0));
    sign(&desk, "ours", "test.wasm");
    let added = desk.runs(&["connector", "add", &file, "--key", &ours, "--yes"]).ok();
    assert!(added.stderr.contains("every later version has to be signed by it"), "{added}");

    // Without a word of keys the one that is kept counts.
    let next = desk.file("improved.wasm", &improved());
    let unsigned = desk.runs(&["connector", "add", &next, "--yes"]);
    assert!(unsigned.code == 1 && unsigned.stderr.contains("say --key none"), "{unsigned}");
    sign(&desk, "theirs", "improved.wasm");
    assert_eq!(desk.runs(&["connector", "add", &next, "--yes"]).code, 1);
    let other = desk.runs(&["connector", "add", &next, "--key", &theirs]);
    assert!(other.code == 2 && other.stderr.contains("DEMANDS MORE"), "another key is asked about: {other}");
    sign(&desk, "ours", "improved.wasm");
    desk.runs(&["connector", "add", &next]).ok();
    let fingerprint = desk.installed()[0]["key"].as_str().unwrap().to_owned();
    assert_eq!(desk.installed()[0]["signed_by"], fingerprint.as_str());

    let given_up = desk.runs(&["connector", "add", &file, "--key", "none"]);
    assert!(given_up.code == 2 && given_up.stderr.contains("anybody's versions from now on"), "{given_up}");
    desk.runs(&["connector", "add", &file, "--key", "none", "--yes"]).ok();
    assert!(desk.installed()[0]["key"].is_null() && desk.installed()[0]["signed_by"].is_null());
}

/// A signature that nobody can check is told, and is no reason to believe anything.
#[test]
fn a_signature_without_a_known_key_is_told_and_proves_nothing() {
    let desk = Desk::new();
    publisher(&desk, "ours");
    desk.file("test.wasm", test_connector());
    sign(&desk, "ours", "test.wasm");
    let added = desk.runs(&["connector", "add", &desk.place("test.wasm"), "--yes"]).ok();
    assert!(added.stderr.contains("signed    yes, and not checked: no key is known"), "{added}");
    assert!(desk.installed()[0]["signed_by"].is_null());
}
