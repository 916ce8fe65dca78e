//! `weir connector new NAME --lang LANG`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::screen::{Screen, plain};
use crate::project::{Language, Name, create, files};

#[derive(Debug, Args)]
#[command(after_help = "\
The project is a whole small connector, with tests and a recorded source to check it against. It reads
an imaginary site of notes; put your source in its place, a file at a time.

Examples:
  weir connector new team-notes --lang rust
  weir connector new team-notes --lang python --in ~/connectors
  cd team-notes && make build test check")]
pub struct New {
    /// What the connector is called: lower-case words joined by `-`.
    name: Name,
    /// What it is written in: rust, python or javascript.
    #[arg(long)]
    lang: Language,
    /// The folder to make the project's folder in; the current one by default.
    #[arg(long = "in", value_name = "DIR", default_value = ".", hide_default_value = true)]
    parent: PathBuf,
}

pub fn run(command: &New, screen: &Screen) -> anyhow::Result<ExitCode> {
    let New { name, lang, parent } = command;
    let folder = create(parent, name, *lang)?;
    let steps = ["build", "test", "check"].map(|step| format!("make {step}"));
    let paths: Vec<String> = files(*lang, name).into_iter().map(|file| file.path).collect();
    let record = json!({
        "name": name.as_str(),
        "language": lang.name(),
        "folder": folder,
        "files": paths,
        "needs": lang.needs(),
        "steps": steps,
    });
    screen.record(&record, || plain(&folder.display().to_string()));
    screen.talk(&next(command, &folder));
    Ok(ExitCode::SUCCESS)
}

fn next(New { name, lang, .. }: &New, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "{name} is a whole small connector in {title}, to be changed into yours; README.md in it says what is where.\n\
         needs: {needs}\n\
         next:\n  cd {folder}\n  \
           make build    makes {name}.wasm\n  \
           make test     runs its unit tests\n  \
           make check    holds it against the laws of the contract: weir connector check {name}.wasm",
        title = lang.title(),
        needs = lang.needs(),
    )
}
