//! In Node.js: transpiled by jco, run by the small host in `node/`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Fault, Knobs, Running, What, When};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use weir::host::CONFLUENCE;

use super::told::{Fetched, Told};
use super::{assert_faithful, site};
use crate::acme::{GATEWAY, MEDIA, SITE, company, generated, small};
use crate::tools::node_modules;

/// The component in JavaScript. Kept for as long as the component is the same.
fn transpiled() -> PathBuf {
    let digest = Sha256::digest(CONFLUENCE);
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("elsewhere-{name}"));
    if kept.exists() {
        return kept;
    }
    let made = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(made.path().join("confluence.wasm"), CONFLUENCE).unwrap();
    let mut jco = Command::new(node_modules().join(".bin/jco"));
    jco.current_dir(made.path()).args(["transpile", "confluence.wasm", "--out-dir", "."]);
    let done = jco.args(["--instantiation", "async", "--quiet"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    // Tests run side by side, perhaps in two processes: the first to have it whole keeps it.
    if std::fs::rename(made.path(), &kept).is_ok() {
        let _ = made.keep();
    }
    kept
}

/// Runs the host in `node/` against the site, which stands in for all three origins.
fn reads(site: &Running, more: Value) -> Output {
    // Node finds packages from where a module lies, and those of the tests are in the target folder.
    let folder = tempfile::tempdir().unwrap();
    for module in Path::new(env!("CARGO_MANIFEST_DIR")).join("elsewhere/node").read_dir().unwrap() {
        let module = module.unwrap();
        std::fs::copy(module.path(), folder.path().join(module.file_name())).unwrap();
    }
    std::os::unix::fs::symlink(node_modules(), folder.path().join("node_modules")).unwrap();
    let mut asked = json!({
        "component": transpiled(),
        "settings": { "site": SITE },
        "login": "api-token",
        "username": CRAWLER_EMAIL,
        "secret": API_TOKEN,
        "standIns": { SITE: site.url(), GATEWAY: site.url(), MEDIA: site.url() },
    });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut node = Command::new("node");
    node.arg(folder.path().join("read.mjs"));
    let mut node = node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    node.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    node.wait_with_output().unwrap()
}

/// What it printed. A failed read would be no story.
fn told(output: &Output) -> Told {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["failed"], json!([]));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let by_id = |items: &Value| -> BTreeMap<String, Value> {
        items.as_array().unwrap().iter().map(|item| (text(&item["id"]), item.clone())).collect()
    };
    let bytes = STANDARD.decode(text(&told["file"]["base64"])).unwrap();
    assert_eq!(told["file"]["size"], bytes.len());
    Told {
        name: text(&told["name"]),
        origins: told["origins"].as_array().unwrap().iter().map(text).collect(),
        label: text(&told["label"]),
        users: told["people"]["users"].as_u64().unwrap(),
        groups: told["people"]["groups"].as_u64().unwrap(),
        members: told["people"]["members"].as_u64().unwrap(),
        items: by_id(&told["items"]),
        again: by_id(&told["again"]),
        file: Fetched {
            id: text(&told["file"]["id"]),
            media_type: told["file"]["type"].as_str().map(str::to_owned),
            bytes,
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_in_node_reads_what_ours_reads() {
    let site = site(generated(1, &company())).await;
    let told = told(&reads(&site, json!({})));
    assert_faithful(&told, &site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_source_throttles_is_made_again() {
    let site = site(small()).await;
    let what = What::Status { code: 429, retry_after_seconds: Some(0) };
    let fault = |path: &str| Fault { path: path.to_owned(), when: When::First(2), what };
    site.set_knobs(Knobs { faults: vec![fault("/user/current"), fault("/blogposts")], ..Knobs::default() });
    let told = told(&reads(&site, json!({})));
    site.set_knobs(Knobs::default());
    assert_faithful(&told, &site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_agreed_to_is_not_sent_from_node_either() {
    let site = site(small()).await;
    let refused = reads(&site, json!({ "agreed": [MEDIA] }));
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && words.contains("the host does not let requests out to there"),
        "{words}"
    );
    assert!(site.ledger().is_empty(), "{:?}", site.ledger().entries());
}
