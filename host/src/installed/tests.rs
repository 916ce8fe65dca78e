//! What is decided about versions of connectors.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::{Bound, Description, Grant, Kind, Login, OAuth2, Scheme};

fn bound(url: &str, credential: bool) -> Bound {
    Bound { url: url.into(), credential, post: false, purpose: "read".into() }
}

fn kind(name: &str, widens: bool) -> Kind {
    let (name, title, family) = (name.into(), "T".into(), "F".into());
    Kind { name, title, family, searched: true, inherits: false, widens }
}

fn oauth(token_url: &str, scopes: &[&str]) -> Login {
    let scheme = Scheme::Oauth2(OAuth2 {
        grant: Grant::AuthorizationCode("https://auth.example/authorize".into()),
        token_url: token_url.into(),
        encoding: crate::model::Encoding::Form,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        parameters: Vec::new(),
    });
    Login { name: "oauth".into(), title: "OAuth".into(), help: String::new(), scheme }
}

fn version(number: &str) -> Version {
    Version {
        sha256: crate::tape::sha256(number.as_bytes()),
        from: "/feed.wasm".into(),
        bytes: 5,
        contract: "0.2.0".into(),
        imports: vec!["wasi:http/types@0.2.4".into()],
        description: Description {
            name: "feed".into(),
            title: "Feeds".into(),
            version: number.into(),
            documentation: None,
            settings_schema: r#"{"properties":{"url":{}}}"#.into(),
            logins: vec![oauth("https://auth.example/token", &["read"])],
            datasets: Vec::new(),
            kinds: vec![kind("entry", false)],
            bounds: Some(vec![bound("https://*.example.com", true)]),
        },
        signed_by: None,
        agreed: 1,
        origins: BTreeMap::new(),
    }
}

/// What is more, when version 2 is changed so.
fn more(change: impl FnOnce(&mut Version)) -> Vec<String> {
    let mut after = version("0.2.0");
    change(&mut after);
    difference(&version("0.1.0"), &after).more
}

#[test]
fn a_version_that_demands_the_same_or_less_goes_through() {
    assert_eq!(more(|_| ()), [""; 0]);
    let narrower = |after: &mut Version| {
        after.description.bounds = Some(vec![bound("https://api.example.com", false)]);
        after.description.logins.clear();
        after.imports.clear();
        after.description.kinds.push(kind("note", false));
    };
    assert_eq!(more(narrower), [""; 0]);
}

#[test]
fn whatever_reaches_farther_is_named() {
    let wider = more(|after| {
        after.description.bounds =
            Some(vec![bound("https://*.example.com", true), bound("https://other.example", false)]);
        after.description.kinds = vec![kind("entry", true)];
        after.description.logins = vec![oauth("https://evil.example/token", &["read", "write"])];
        after.imports.push("wasi:http/outgoing-handler@0.2.4".into());
    });
    insta::assert_snapshot!(wider.join("\n"), @"
    goes to https://other.example (reads, without the credential): read
    signing in tokens from https://evil.example/token
    the scope write
    people may read `entry` items who may not read what holds them
    imports wasi:http/outgoing-handler: sending requests
    ");
    let unbound = more(|after| after.description.bounds = None);
    assert_eq!(unbound, ["no bounds any more: it may ask each connection to agree to any origin"]);
    let with_credential = Version {
        description: Description {
            bounds: Some(vec![bound("https://*.example.com", false)]),
            ..version("0.1.0").description
        },
        ..version("0.1.0")
    };
    assert_eq!(difference(&with_credential, &version("0.2.0")).more.len(), 1, "the credential is more");
}

#[test]
fn what_else_changes_is_told() {
    let mut after = version("0.0.9");
    after.contract = "0.1.0".into();
    after.imports.push("wasi:cli/stdin@0.2.6".into());
    after.description.settings_schema = r#"{"properties":{"feeds":{}}}"#.into();
    let told = difference(&version("0.1.0"), &after).told.join("\n");
    let told = told.replace(short(&after.sha256), "NEW").replace(short(&version("0.1.0").sha256), "OLD");
    insta::assert_snapshot!(told, @"
    version 0.0.9, which is OLDER than 0.1.0: NEW after OLD
    weir:connector@0.1.0 after weir:connector@0.2.0
    imports wasi:cli/stdin, which gives it nothing
    new setting `feeds`
    no setting `url` any more
    ");
}

#[test]
fn a_key_that_was_given_once_is_given_up_only_in_words() {
    let key = |fingerprint: &str| KeptKey { pem: String::new(), fingerprint: fingerprint.into() };
    let (ours, theirs) = (key("ours"), key("theirs"));
    assert_eq!(KeyChoice::AsKept.required(Some(&ours)), Some(&ours));
    assert_eq!(KeyChoice::AsKept.required(None), None);
    assert_eq!(KeyChoice::This(theirs.clone()).required(Some(&ours)), Some(&theirs));
    assert_eq!(KeyChoice::Nobody.required(Some(&ours)), None);
    let asks = |before, after| key_changed(before, after).map(|(asks, _)| asks);
    assert_eq!(asks(Some(&ours), None), Some(true));
    assert_eq!(asks(Some(&ours), Some(&theirs)), Some(true));
    assert_eq!(asks(None, Some(&ours)), Some(false));
    assert_eq!((asks(Some(&ours), Some(&ours)), asks(None, None)), (None, None));
}

#[test]
fn versions_are_compared_as_numbers_and_other_words_say_nothing() {
    assert!(is_older("0.9.0", "0.10.0") && is_older("1.2", "1.2.1") && is_older("1.0.0-rc.1", "1.1.0"));
    for (one, other) in [("1.0.0", "1.0"), ("2.0.0", "1.9.9"), ("nightly", "1.0.0"), ("1.0.0", ""), ("", "")]
    {
        assert!(!is_older(one, other), "{one} {other}");
    }
}

#[test]
fn names_are_never_taken_for_places() {
    for name in ["feed", "my-feed.2", "0_x"] {
        assert!(check_name(name).is_ok() && !is_reference(name), "{name}");
    }
    let long = "a".repeat(65);
    for name in ["", "Feed", "a b", "../x", "-x", ".x", "x.wasm", "a/b", "a:b", "ä", "confluence", &long] {
        assert!(check_name(name).is_err(), "{name}");
    }
    for place in ["./feed", "feed.wasm", "/srv/feed", "oci://ghcr.io/a/b:1", "C:\\feed"] {
        assert!(is_reference(place), "{place}");
    }
}

#[test]
fn a_component_that_says_other_things_is_told_by_what_differs() {
    let before = version("0.1.0").description;
    assert_eq!(unlike(&before, &before), [""; 0]);
    let after = Description { bounds: Some(vec![bound("https://*", true)]), ..version("0.2.0").description };
    insta::assert_snapshot!(unlike(&before, &after).join("\n"), @r#"
    /bounds/0/url was "https://*.example.com" and is "https://*"
    /version was "0.1.0" and is "0.2.0"
    "#);
    let long = Description { title: "ä".repeat(500), ..before.clone() };
    assert!(unlike(&before, &long)[0].len() < 400);
}

#[test]
fn a_digest_names_one_version_or_none() {
    let versions = [version("1"), version("2"), version("3")];
    let [current, former, older] = versions.clone();
    let installed = Installed { name: "feed".into(), key: None, current, former: vec![former, older] };
    for one in &versions {
        assert_eq!(installed.version(&one.sha256), Some(one));
        assert_eq!(installed.version(&format!("sha256:{}", one.sha256[..9].to_uppercase())), Some(one));
    }
    assert_eq!(
        (installed.version(""), installed.version("sha256:"), installed.version("xyz")),
        (None, None, None)
    );
}

#[test]
fn only_what_a_row_speaks_of_stays_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let turn = component::turn(dir.path()).unwrap();
    let (kept, orphan) = (crate::tape::sha256(b"kept"), crate::tape::sha256(b"orphan"));
    component::keep(dir.path(), &kept, b"kept", &turn).unwrap();
    component::keep(dir.path(), &orphan, b"orphan", &turn).unwrap();
    // What a process leaves that dies while it writes, and what somebody else put there.
    let folder = dir.path().join(component::FOLDER);
    std::fs::write(folder.join(format!("{kept}.part")), "half").unwrap();
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    component::tidy(dir.path(), &BTreeSet::from([kept.clone()]), &turn).unwrap();
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [format!("{kept}.wasm").as_str(), "notes.txt"]);
    assert_eq!(component::read(dir.path(), &kept).unwrap(), b"kept");
}

#[test]
fn a_file_that_was_damaged_is_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let turn = component::turn(dir.path()).unwrap();
    let sha256 = crate::tape::sha256(b"bytes");
    component::keep(dir.path(), &sha256, b"bytes", &turn).unwrap();
    std::fs::write(component::path(dir.path(), &sha256), "other").unwrap();
    std::fs::write(dir.path().join(component::FOLDER).join(format!("{sha256}.part")), "half").unwrap();
    component::keep(dir.path(), &sha256, b"bytes", &turn).unwrap();
    assert_eq!(component::read(dir.path(), &sha256).unwrap(), b"bytes");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look_at_components() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let turn = component::turn(dir.path()).unwrap();
    let sha256 = crate::tape::sha256(b"bytes");
    component::keep(dir.path(), &sha256, b"bytes", &turn).unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = dir.path().join(component::FOLDER);
    assert_eq!((mode(folder), mode(component::path(dir.path(), &sha256))), (0o700, 0o600));
    assert_eq!(mode(dir.path().join("connectors.lock")), 0o600);
}
