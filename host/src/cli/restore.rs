//! `weir restore FILE`: a data folder of a backup.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::screen::{Screen, moment};
use crate::backup::restore;

#[derive(Debug, Args)]
#[command(after_help = "\
Checks all of the backup before anything is put in place. The folder is a new or an empty one, unless
--replace is given; no process may be reading sources into it. Browsers have to sign in again.

Examples:
  weir restore /backups/weir-2026-03-02.weir --data /srv/weir
  weir restore - --data /srv/weir --replace < acme.weir")]
pub struct Restore {
    /// The backup; `-` for standard input.
    file: PathBuf,
    /// Lose the store that is there.
    #[arg(long)]
    replace: bool,
}

pub fn run(data: &Path, command: &Restore, screen: &Screen) -> anyhow::Result<ExitCode> {
    let archive: Box<dyn Read> = if command.file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        let failed = || format!("failed to open the backup {}", command.file.display());
        Box::new(File::open(&command.file).with_context(failed)?)
    };
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    let restored = restore(archive, data, command.replace, now)
        .with_context(|| format!("{} was not restored", data.display()))?;
    let manifest = &restored.manifest;
    let line =
        json!({"folder": data, "created": manifest.created, "weir": manifest.weir, "key": restored.has_key});
    let words = || format!("{} is what it was at {}", data.display(), moment(manifest.created));
    screen.record(&line, words);
    if !restored.has_key {
        screen.talk(
            "there is no key in it: put your copy of the file `key` there (chmod 600), or set WEIR_KEY, or sign in \
             again with `weir login N`",
        );
    }
    screen.talk(
        "next: `weir doctor`, then `weir serve` or `weir sync`; the first search makes the index anew. A connection by \
         OAuth whose tokens were renewed since has to sign in again: `weir login N`",
    );
    Ok(ExitCode::SUCCESS)
}
