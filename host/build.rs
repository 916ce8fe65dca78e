//! Builds the Confluence component and hands it to the host, which embeds it, so that one
//! file works wherever it is copied to. `CONNECTOR_WASM=FILE` stands in for the build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Outcome<T> = Result<T, String>;

fn main() {
    if let Err(message) = embed() {
        println!("cargo::error={message}");
    }
}

fn embed() -> Outcome<()> {
    println!("cargo::rerun-if-env-changed=CONNECTOR_WASM");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let component = match env::var_os("CONNECTOR_WASM") {
        Some(file) => {
            println!("cargo::rerun-if-changed={}", Path::new(&file).display());
            PathBuf::from(file)
        }
        None => build(&out)?,
    };
    let copy = out.join("confluence.wasm");
    fs::copy(&component, &copy).map_err(|error| format!("copying {}: {error}", component.display()))?;
    Ok(())
}

/// A cargo inside cargo: one build of the component, shared by debug, release and clippy.
fn build(out: &Path) -> Outcome<PathBuf> {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("..");
    for watched in ["connector", "wit", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let target = outer_target(out)?.join("connector-wasm");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&root).args(["build", "--locked", "--package", "confluence-connector"]);
    cargo.args(["--target", "wasm32-wasip2", "--profile", "component"]).arg("--target-dir").arg(&target);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(meant_for_the_host) {
            cargo.env_remove(name);
        }
    }
    let status = cargo.status().map_err(|error| format!("starting cargo for the component: {error}"))?;
    if !status.success() {
        return Err(format!(
            "building the component failed ({status}); if the target is missing, run `rustup target add \
             wasm32-wasip2`"
        ));
    }
    Ok(target.join("wasm32-wasip2/component/confluence.wasm"))
}

/// What the outer cargo set for the host would break or rebuild the component: compiler flags
/// and wrappers, profiles, target folders, and the toolchain override.
fn meant_for_the_host(name: &str) -> bool {
    const EXACT: [&str; 9] = [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
        "CARGO_TARGET_DIR",
        "RUSTC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOC",
        "RUSTUP_TOOLCHAIN",
        "CARGO_MAKEFLAGS",
    ];
    const PREFIXES: [&str; 4] = ["CARGO_PROFILE_", "CARGO_BUILD_", "LLVM_PROFILE", "CLIPPY_"];
    EXACT.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Cargo marks its target folders with `CACHEDIR.TAG`.
fn outer_target(out: &Path) -> Outcome<PathBuf> {
    let marked = out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.map(Path::to_path_buf).ok_or_else(|| format!("no target folder above {}", out.display()))
}

fn variable(name: &str) -> Outcome<String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
