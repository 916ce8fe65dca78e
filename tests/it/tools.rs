//! What makes components of Python and JavaScript, and a registry to install them from, as `tests/run` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// `componentize-py`.
pub fn componentize_py() -> PathBuf {
    std::env::var_os("COMPONENTIZE_PY")
        .map_or_else(|| installed("python/bin/componentize-py", "COMPONENTIZE_PY"), PathBuf::from)
}

/// The Python that came with it, for what needs no component.
pub fn python() -> PathBuf {
    let beside = componentize_py().with_file_name("python");
    if beside.exists() { beside } else { PathBuf::from("python3") }
}

/// The folder that holds `@bytecodealliance/componentize-js` and `@bytecodealliance/jco`.
pub fn node_modules() -> PathBuf {
    std::env::var_os("NODE_MODULES")
        .map_or_else(|| installed("javascript/node_modules", "NODE_MODULES"), PathBuf::from)
}

/// Docker's registry, which keeps OCI artifacts.
pub fn docker_registry() -> PathBuf {
    std::env::var_os("DOCKER_REGISTRY").map_or_else(|| PathBuf::from("docker-registry"), PathBuf::from)
}

/// Takes away what the cargo of these tests set for the host: it would break a component, or rebuild it each time.
pub fn without_cargo(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if ["CARGO", "RUST", "LLVM_PROFILE", "CLIPPY"].iter().any(|prefix| name.starts_with(prefix))
            && !["CARGO_HOME", "RUSTUP_HOME"].contains(&name.as_str())
        {
            command.env_remove(name);
        }
    }
}

fn installed(path: &str, variable: &str) -> PathBuf {
    let found = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join(path);
    assert!(found.exists(), "{} is missing: run tests/run once, or set {variable}", found.display());
    found
}
