//! The projects as they are before somebody names them. Pure.

use super::contract::CONTRACT;
use super::{Language, Name};

/// What the templates call themselves: a name that occurs in them as nothing else.
const NAME: &str = "example-notes";
const TITLE: &str = "Example notes";

/// A file of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Below the project's folder, with `/`.
    pub path: String,
    pub text: String,
}

/// A list of a template's files: each with its path in a project, which is that of the template except for the names
/// that would mean something to this repository's own tools.
macro_rules! template {
    ($folder:literal: $($path:literal $(from $stored:literal)?),+ $(,)?) => {
        &[$(($path, include_str!(concat!("templates/", $folder, "/", template!(@stored $path $($stored)?))))),+]
    };
    (@stored $path:literal) => { $path };
    (@stored $path:literal $stored:literal) => { $stored };
}

const RUST: &[(&str, &str)] = template!("rust":
    ".gitignore" from "gitignore", "Cargo.lock", "Cargo.toml", "Makefile", "README.md",
    "rust-toolchain.toml", "rustfmt.toml",
    "src/describe.rs", "src/item.rs", "src/lib.rs", "src/meaning.rs", "src/reading.rs", "src/request.rs",
);

const PYTHON: &[(&str, &str)] = template!("python":
    ".gitignore" from "gitignore", "Makefile", "README.md", "app.py", "describe.py", "item.py", "meaning.py",
    "reading.py", "request.py", "requirements.txt", "tests.py",
);

const JAVASCRIPT: &[(&str, &str)] = template!("javascript":
    ".gitignore" from "gitignore", "Makefile", "README.md", "connector.js", "describe.js", "describe.test.js",
    "failure.js", "item.js", "item.test.js", "meaning.js", "meaning.test.js", "package.json", "reading.js",
    "reading.test.js", "request.js",
);

/// The source that all three are checked against.
const SOURCE: (&str, &str) = ("source.json", include_str!("templates/source.json"));

/// Every file of a project with this name, the contract's texts included.
#[must_use]
pub fn files(language: Language, name: &Name) -> Vec<File> {
    let own = match language {
        Language::Rust => RUST,
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
    };
    let named = |(path, text): &(&str, &str)| File {
        path: (*path).to_owned(),
        text: text.replace(NAME, name.as_str()).replace(TITLE, &name.title()),
    };
    let contract =
        CONTRACT.iter().map(|(path, text)| File { path: format!("wit/{path}"), text: (*text).to_owned() });
    own.iter().chain([&SOURCE]).map(named).chain(contract).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn paths(language: Language) -> Vec<String> {
        files(language, &"team-notes".parse().unwrap()).into_iter().map(|file| file.path).collect()
    }

    /// A template that grows a file is copied whole.
    #[test]
    fn every_file_of_a_template_is_in_its_project() {
        let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/project/templates");
        for language in Language::ALL {
            let known = paths(language);
            for folder in ["", "src"] {
                let Ok(entries) = std::fs::read_dir(templates.join(language.name()).join(folder)) else {
                    continue;
                };
                for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
                    let name = entry.file_name().into_string().unwrap().replace("gitignore", ".gitignore");
                    let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                    assert!(known.contains(&path), "{language}: {path}");
                }
            }
        }
    }

    #[test]
    fn nothing_of_the_template_s_own_name_is_left() {
        for language in Language::ALL {
            for File { path, text } in files(language, &"team-notes".parse().unwrap()) {
                assert!(!text.contains(NAME) && !text.contains(TITLE), "{language}: {path}");
                // Another spelling would be left as it is.
                assert!(
                    !text.contains("example_notes") && !text.contains("ExampleNotes"),
                    "{language}: {path}"
                );
            }
        }
    }

    /// One connector in three languages: the same words, whichever an author reads.
    #[test]
    fn connectors_stay_small() {
        for language in Language::ALL {
            let code = files(language, &"team-notes".parse().unwrap()).into_iter().filter(|file| {
                let is_test = file.path.contains("test");
                !is_test && [".rs", ".py", ".js"].iter().any(|ending| file.path.ends_with(ending))
            });
            for File { path, text } in code {
                let lines = text.split("#[cfg(test)]").next().unwrap().lines().count();
                assert!(lines <= 200, "{language}: {path} has {lines} lines");
            }
        }
    }
}
