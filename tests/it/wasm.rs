//! Components of the tests, each built once from `tests/components`, as a user would.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::tools::without_cargo;

/// The connector that misbehaves.
pub fn test_connector() -> &'static [u8] {
    static WASM: LazyLock<Vec<u8>> =
        LazyLock::new(|| std::fs::read(component("test-connector", "test_connector.wasm")).unwrap());
    &WASM
}

/// The connector that breaks one law at a time.
pub fn lawless_connector() -> &'static [u8] {
    static WASM: LazyLock<Vec<u8>> =
        LazyLock::new(|| std::fs::read(component("lawless-connector", "lawless_connector.wasm")).unwrap());
    &WASM
}

/// The file that a package of this workspace becomes. A cargo inside a test builds it, into the folder where the
/// host's build puts its component.
pub fn component(package: &str, file: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("connector-wasm");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--locked", "--package", package]);
    cargo.args(["--target", "wasm32-wasip2", "--profile", "component"]).arg("--target-dir").arg(&target);
    without_cargo(&mut cargo);
    let built = cargo.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("wasm32-wasip2/component").join(file)
}

/// The connector that misbehaves, with one name in it replaced by another of the same length.
pub fn renamed(from: &str, to: &str) -> Vec<u8> {
    renamed_in(test_connector(), from, to)
}

/// A component with one name in it replaced by another of the same length.
pub fn renamed_in(wasm: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut wasm = wasm.to_vec();
    let mut places = 0;
    for at in 0..wasm.len() - from.len() {
        if wasm[at..].starts_with(from.as_bytes()) {
            wasm[at..at + to.len()].copy_from_slice(to.as_bytes());
            places += 1;
        }
    }
    assert!(places > 0, "nothing is called {from}");
    wasm
}
