//! Putting a project on the disk: all of it, or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::template::{File, files};
use super::{Language, Name};

/// Why there is no new project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error("{} is there already; choose another name, or another place with --in DIR", .0.display())]
    Taken(PathBuf),
    #[error("{} could not be written; nothing was left behind", path.display())]
    NotWritten {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
}

/// Makes the folder `parent/name` with a connector in it, and returns it. Every file is written beside it first, so
/// that whoever is cut off leaves no half of a project under its name.
///
/// # Errors
///
/// [`ProjectError::Taken`] if there is something of that name other than an empty folder; otherwise what the disk said.
pub fn create(parent: &Path, name: &Name, language: Language) -> Result<PathBuf, ProjectError> {
    let folder = parent.join(name.as_str());
    if !is_free(&folder) {
        return Err(ProjectError::Taken(folder));
    }
    let not_written = |path: &Path| {
        let path = path.to_owned();
        move |error| ProjectError::NotWritten { path, error }
    };
    fs::create_dir_all(parent).map_err(not_written(parent))?;
    // A process of this number that was cut off before has left one at most.
    let beside = parent.join(format!(".{name}.{}.new", std::process::id()));
    let written = fill(&beside, &files(language, name))
        // An empty folder gives way (POSIX `rename`); one that was filled meanwhile does not.
        .and_then(|()| fs::rename(&beside, &folder).map_err(not_written(&folder)));
    if written.is_err() {
        // It may be that there is nothing to remove.
        let _gone = fs::remove_dir_all(&beside);
    }
    written.map(|()| folder)
}

/// What cannot even be looked at is told by the first attempt to write there.
fn is_free(folder: &Path) -> bool {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    fs::symlink_metadata(folder).map_or(true, |found| found.is_dir() && is_empty())
}

fn fill(folder: &Path, files: &[File]) -> Result<(), ProjectError> {
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)
    };
    for File { path, text } in files {
        let path = folder.join(path);
        write(&path, text).map_err(|error| ProjectError::NotWritten { path, error })?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_project_is_written_whole_and_nothing_else() {
        let place = tempfile::TempDir::new().unwrap();
        let name: Name = "team-notes".parse().unwrap();
        let folder = create(&place.path().join("deep/down"), &name, Language::Python).unwrap();
        for File { path, text } in files(Language::Python, &name) {
            assert_eq!(fs::read_to_string(folder.join(&path)).unwrap(), text, "{path}");
        }
        assert_eq!(names(&place.path().join("deep/down")), ["team-notes"]);
    }

    #[test]
    fn what_is_there_stays_and_an_empty_folder_is_filled() {
        let place = tempfile::TempDir::new().unwrap();
        let name: Name = "team-notes".parse().unwrap();
        let folder = place.path().join("team-notes");
        fs::create_dir(&folder).unwrap();
        create(place.path(), &name, Language::Rust).unwrap();
        let again = create(place.path(), &name, Language::JavaScript);
        assert!(matches!(again, Err(ProjectError::Taken(path)) if path == folder));
        assert!(folder.join("Cargo.toml").is_file() && !folder.join("package.json").exists());
        fs::write(place.path().join("file"), "").unwrap();
        let on_a_file = create(place.path(), &"file".parse().unwrap(), Language::Rust);
        assert!(matches!(on_a_file, Err(ProjectError::Taken(_))));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let place = tempfile::TempDir::new().unwrap();
        fs::write(place.path().join("file"), "").unwrap();
        let parent = place.path().join("file");
        let error = create(&parent, &"team-notes".parse().unwrap(), Language::Rust).unwrap_err();
        assert!(matches!(error, ProjectError::NotWritten { .. }), "{error}");
        assert_eq!(names(place.path()), ["file"]);
    }
}
