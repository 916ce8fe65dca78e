//! Somebody begins a connector: `weir connector new` in each language, then what its README says. It is built with the
//! language's own tools, its unit tests pass, and the component keeps every law.
//!
//! A component of Python or JavaScript takes Wasmtime half a minute to compile: each is compiled once, by the command.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use weir::project::{Language, files};

use crate::command::{User, stable};
use crate::tools::{componentize_py, node_modules, without_cargo};

const NAME: &str = "team-notes";

/// A project of its own folder, which is the same in each run: cargo names what it builds after the path.
fn begun(user: &User, language: Language) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authoring").join(language.name());
    // Nothing is there the first time.
    let _gone = fs::remove_dir_all(&place);
    let place = place.to_str().unwrap();
    user.runs(&["connector", "new", NAME, "--lang", language.name(), "--in", place]).ok();
    Path::new(place).join(NAME)
}

/// `make` in the project, as an author types it.
fn make(project: &Path, target: &str, variables: &[(&str, PathBuf)]) {
    let mut make = Command::new("make");
    make.current_dir(project).arg(target);
    without_cargo(&mut make);
    make.envs(variables.iter().map(|(name, value)| (*name, value)));
    let made = make.output().unwrap();
    let said = [made.stdout, made.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(made.status.success(), "make {target} in {}:\n{said}", project.display());
}

/// Builds, passes the unit tests, and is held against the laws.
fn whole(language: Language, variables: &[(&str, PathBuf)], prepare: impl FnOnce(&Path)) {
    let user = User::new();
    let project = begun(&user, language);
    prepare(&project);
    make(&project, "build", variables);
    make(&project, "test", variables);
    let file = |name: &str| project.join(name).to_str().unwrap().to_owned();
    let (component, source) = (file(&format!("{NAME}.wasm")), file("source.json"));
    user.runs(&["connector", "check", &component, "--source", &source]).ok();
}

#[test]
fn a_connector_in_rust_is_whole_from_the_first_minute() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("connector-wasm");
    whole(Language::Rust, &[("CARGO_TARGET_DIR", target)], |_| {});
}

#[test]
fn a_connector_in_python_is_whole_from_the_first_minute() {
    whole(Language::Python, &[("COMPONENTIZE_PY", componentize_py())], |_| {});
}

#[test]
fn a_connector_in_javascript_is_whole_from_the_first_minute() {
    whole(Language::JavaScript, &[], |project| {
        std::os::unix::fs::symlink(node_modules(), project.join("node_modules")).unwrap();
    });
}

#[test]
fn the_command_says_where_the_project_is_and_what_to_do_next() {
    let user = User::new();
    let home = user.home.path().to_str().unwrap();
    let first = user.runs(&["connector", "new", NAME, "--lang", "python", "--in", home]);
    let again = user.runs(&["connector", "new", NAME, "--lang", "rust", "--in", home]);
    insta::assert_snapshot!(stable(&user, format!("{first}\n{again}")), @"
    exit 0
    --- stdout
    HOME/team-notes
    --- stderr
    team-notes is a whole small connector in Python, to be changed into yours; README.md in it says what is where.
    needs: Python 3.10 or later, and: pip install -r requirements.txt
    next:
      cd HOME/team-notes
      make build    makes team-notes.wasm
      make test     runs its unit tests
      make check    holds it against the laws of the contract: weir connector check team-notes.wasm
    exit 1
    --- stderr
    error: HOME/team-notes is there already; choose another name, or another place with --in DIR
    ");
    let record =
        user.runs(&["--json", "connector", "new", "other", "--lang", "rust", "--in", home]).json().remove(0);
    let told = |name: &str| -> BTreeSet<String> {
        record[name].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(record["folder"], format!("{home}/other"));
    assert_eq!(told("steps"), ["make build", "make check", "make test"].map(str::to_owned).into());
    assert!(told("files").iter().all(|path| user.home.path().join("other").join(path).is_file()));
}

#[test]
fn what_is_no_name_and_no_language_is_wrong_usage() {
    let user = User::new();
    let home = user.home.path().to_str().unwrap();
    for (name, language) in [("Team Notes", "rust"), ("../up", "rust"), (NAME, "cobol")] {
        let said = user.runs(&["connector", "new", name, "--lang", language, "--in", home]);
        assert_eq!(said.code, 2, "{said}");
    }
    assert_eq!(fs::read_dir(home).unwrap().count(), 1, "the data folder and nothing else");
}

/// The guide shows code of the projects; it is what the projects hold.
#[test]
fn the_guide_quotes_the_projects_as_they_are() {
    let guide =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/README.md")).unwrap();
    let mut quoted = 0;
    for block in guide.split("\n```").skip(1).step_by(2) {
        let (info, text) = block.split_once('\n').unwrap();
        let Some((language, path)) = info.split_once(' ') else { continue };
        let language: Language = language.parse().unwrap();
        let project = files(language, &"example-notes".parse().unwrap());
        let file = project.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{info}"));
        // What is left out of a quotation is said by a line of dots.
        for part in text.split("\n…\n") {
            assert!(file.text.contains(part.trim_matches('\n')), "{path} does not hold\n{part}");
        }
        quoted += 1;
    }
    assert!(quoted >= 6, "the guide quotes nothing any more: {quoted}");
}
