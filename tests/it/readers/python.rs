//! The component that `tests/components/forge` becomes: built once, as a user would, and again when its sources or the
//! contract changed. Its bindings are made while it is built, so nothing generated lies about.

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::tools;

pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../components/forge")
}

/// The file of the component, named by what it was made of.
pub fn forge() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("connector-python");
    let built = folder.join(format!("forge-{}.wasm", stamp()));
    if built.exists() {
        return built;
    }
    // What older sources became is of no more use, and large.
    let _none_yet = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let unfinished = folder.join("unfinished.wasm");
    let mut making = Command::new(tools::componentize_py());
    making.current_dir(sources()).env("PYTHONDONTWRITEBYTECODE", "1");
    making.args(["-d", "../../../wit", "-w", "connector", "componentize", "app", "-o"]).arg(&unfinished);
    let made = making.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::rename(unfinished, &built).unwrap();
    built
}

/// Of the modules and the contract, and of which tool makes a component of them.
fn stamp() -> String {
    let mut digest = Sha256::new();
    digest.update(tools::componentize_py().to_str().unwrap());
    for (folder, ending) in [("", "py"), ("forge", "py"), ("../../../wit", "wit")] {
        let entries = std::fs::read_dir(sources().join(folder)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|found| found == ending));
        files.sort();
        for file in files {
            digest.update(std::fs::read(file).unwrap());
        }
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
