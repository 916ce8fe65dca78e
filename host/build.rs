//! Builds the Confluence connector and the extractor, both components, and hands them to the host, which embeds
//! them, so that one file works wherever it is copied to. `CONNECTOR_WASM=FILE` and `EXTRACTOR_WASM=FILE` stand in
//! for the build of the one or the other.
//!
//! The same source gives the same bytes, whoever builds it and wherever: `.ci/reproducible` sees to that. It compiles this
//! file by itself, which therefore needs nothing but the standard library.

use std::ffi::OsString;
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
    for component in &EMBEDDED {
        println!("cargo::rerun-if-env-changed={}", component.variable);
        let from = match env::var_os(component.variable) {
            Some(file) => {
                println!("cargo::rerun-if-changed={}", Path::new(&file).display());
                PathBuf::from(file)
            }
            None => build(&out, component)?,
        };
        let copy = out.join(component.file);
        fs::copy(&from, &copy).map_err(|error| format!("copying {}: {error}", from.display()))?;
    }
    Ok(())
}

/// A cargo inside cargo: one build of the component, shared by debug, release and clippy. Returns its file.
///
/// Each component has a cargo to itself: one that builds several gives a dependency of theirs the features that any of
/// them wants, and a component's bytes would depend on what is built beside it.
fn build(out: &Path, component: &Embedded) -> Outcome<PathBuf> {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("..");
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    for watched in [component.folder, "wit", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let target = outer_target(out)?.join("connector-wasm");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&root).args(["build", "--locked", "--package", component.package]);
    cargo.args(["--target", "wasm32-wasip2", "--profile", "component"]).arg("--target-dir").arg(&target);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(meant_for_the_host) {
            cargo.env_remove(name);
        }
    }
    // Before any configuration of the user's: flags of his own would change the bytes.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", without_places(&root));
    let status = cargo.status().map_err(|error| format!("starting cargo for the components: {error}"))?;
    if !status.success() {
        return Err(format!(
            "building {} failed ({status}); if the target is missing, run `rustup target add wasm32-wasip2`",
            component.package
        ));
    }
    Ok(target.join("wasm32-wasip2/component").join(component.file))
}

/// Flags that leave out of a component where it was built: panics name the file they come from, a dependency's by its
/// whole path. A registry's folder has a name of its own for each mirror.
fn without_places(root: &Path) -> OsString {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let registries = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    let mut places: Vec<PathBuf> = registries.map(|registry| registry.path()).collect();
    // In one order, or cargo would take the flags for others.
    places.sort();
    let mut flags = OsString::new();
    for (place, name) in places.iter().map(|place| (place.as_path(), "registry")).chain([(root, ".")]) {
        if !flags.is_empty() {
            flags.push("\x1f");
        }
        flags.push("--remap-path-prefix=");
        flags.push(place);
        flags.push(format!("={name}"));
    }
    flags
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
