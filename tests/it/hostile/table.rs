//! `docs/security.md` is true: each test that it names is there, and each thing that is tried here stands in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The cells of the table's lines.
fn lines() -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let table = text.split("## The table").nth(1).unwrap().split("\n## ").next().unwrap();
    let lines = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    lines.map(cells).filter(|cells: &Vec<String>| cells.len() == 3 && cells[0] != "threat").collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_test_in_the_table_of_threats_exists() {
    let mut files = Vec::new();
    for folder in ["tests/it", "host/src", "connector/tests/it"] {
        rust_files(&root().join(folder), &mut files);
    }
    let sources: Vec<(PathBuf, String)> =
        files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
    let lines = lines();
    assert!(lines.len() > 30, "{}", lines.len());
    let mut missing = Vec::new();
    for line in &lines {
        let tests = quoted(&line[2]);
        assert!(!tests.is_empty(), "nothing shows that {:?} is stopped", line[0]);
        for test in tests {
            let (module, name) =
                test.rsplit_once("::").unwrap_or_else(|| panic!("{test} is no module::name"));
            if module.starts_with("installing") && !root().join("tests/it/installing").exists() {
                continue;
            }
            let folder = module.replace("::", "/");
            // A module is a file, or a folder with a file of that name; tests may stand in a module within it.
            let of_module = |path: &Path| {
                let path = path.to_str().unwrap();
                path.contains(&format!("/{folder}.rs")) || path.contains(&format!("/{folder}/"))
            };
            let there =
                |(path, text): &(PathBuf, String)| of_module(path) && text.contains(&format!("fn {name}("));
            if !sources.iter().any(there) {
                missing.push(test);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn everything_that_is_tried_stands_in_the_table_of_threats() {
    let source = root().join("tests/components/misbehaving/src/behaviour/mod.rs");
    let source = fs::read_to_string(source).unwrap();
    // The arms of its matches: names, alone or as the first of a pair.
    let arms = source.lines().map(str::trim).filter(|line| line.starts_with('"') || line.starts_with("(\""));
    let tried: BTreeSet<&str> = arms
        .filter_map(|line| line.split("=>").next())
        .flat_map(|arm| arm.split('"').skip(1).step_by(2))
        .collect();
    assert!(tried.len() > 30, "{tried:?}");
    let threats: BTreeSet<String> = lines().iter().flat_map(|line| quoted(&line[0])).collect();
    let harmless = ["behaves", "spends", "dials", "looks-around", "tells-time-and-chance"];
    let left: Vec<&&str> =
        tried.iter().filter(|one| !threats.contains(**one) && !harmless.contains(*one)).collect();
    assert!(left.is_empty(), "{left:?}");
}
