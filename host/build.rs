//! Builds the Confluence connector and the extractor, both components, and hands them to the host, which embeds
//! them, so that one file works wherever it is copied to. `CONNECTOR_WASM=FILE` and `EXTRACTOR_WASM=FILE` stand in
//! for the build of the one or the other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Outcome<T> = Result<T, String>;

fn main() {
    if let Err(message) = embed() {
        println!("cargo::error={message}");
    }
}

/// A component that the host carries.
struct Embedded {
    /// Names the file that stands in for the build.
    variable: &'static str,
    package: &'static str,
    folder: &'static str,
    file: &'static str,
}

const EMBEDDED: [Embedded; 2] = [
    Embedded {
        variable: "CONNECTOR_WASM",
        package: "confluence-connector",
        folder: "connector",
        file: "confluence.wasm",
    },
    Embedded {
        variable: "EXTRACTOR_WASM",
        package: "weir-extractor",
        folder: "host/extractor",
        file: "extractor.wasm",
    },
];

fn embed() -> Outcome<()> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let given = |component: &&Embedded| env::var_os(component.variable).is_some();
    let missing: Vec<&Embedded> = EMBEDDED.iter().filter(|component| !given(component)).collect();
    let built = if missing.is_empty() { PathBuf::new() } else { build(&out, &missing)? };
    for component in &EMBEDDED {
        println!("cargo::rerun-if-env-changed={}", component.variable);
        let from = match env::var_os(component.variable) {
            Some(file) => {
                println!("cargo::rerun-if-changed={}", Path::new(&file).display());
                PathBuf::from(file)
            }
            None => built.join(component.file),
        };
        let copy = out.join(component.file);
        fs::copy(&from, &copy).map_err(|error| format!("copying {}: {error}", from.display()))?;
    }
    Ok(())
}

/// A cargo inside cargo: one build of the components, shared by debug, release and clippy. Returns their folder.
fn build(out: &Path, components: &[&Embedded]) -> Outcome<PathBuf> {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("..");
    let folders = components.iter().map(|component| component.folder);
    for watched in folders.chain(["wit", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"]) {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let target = outer_target(out)?.join("connector-wasm");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&root).args(["build", "--locked"]);
    for component in components {
        cargo.args(["--package", component.package]);
    }
    cargo.args(["--target", "wasm32-wasip2", "--profile", "component"]).arg("--target-dir").arg(&target);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(meant_for_the_host) {
            cargo.env_remove(name);
        }
    }
    let status = cargo.status().map_err(|error| format!("starting cargo for the components: {error}"))?;
    if !status.success() {
        return Err(format!(
            "building the components failed ({status}); if the target is missing, run `rustup target add \
             wasm32-wasip2`"
        ));
    }
    Ok(target.join("wasm32-wasip2/component"))
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
