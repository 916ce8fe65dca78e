//! `weir backup FILE`: the data folder as one file, while others use it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, count};
use crate::backup::Manifest;
use crate::store::FILE_NAME;

#[derive(Debug, Args)]
#[command(after_help = "\
Holds the store, the components that were installed and the tapes, but not the index, which the restored folder makes anew. Whoever serves
or syncs goes on meanwhile. FILE is replaced once the new backup is complete; only its owner may read it.

The key of the secrets is left out unless --with-key is given: without it, whoever finds the backup cannot
sign in to the sources, and without it you cannot either. Keep it, but keep it apart.

Examples:
  weir backup /backups/weir-$(date +%F).weir
  weir backup - | ssh vault 'cat > acme.weir'")]
pub struct Backup {
    /// The file to write; `-` for standard output.
    file: PathBuf,
    /// Put the key of the secrets in too.
    #[arg(long)]
    with_key: bool,
}

pub fn run(data: &Path, command: &Backup, screen: &Screen) -> anyhow::Result<ExitCode> {
    // Opening makes a store where there is none, and a backup of that would be believed.
    ensure!(data.join(FILE_NAME).exists(), "there is no data folder {}; name it with --data", data.display());
    let host = open(data)?;
    if command.file == Path::new("-") {
        let manifest = host.back_up(io::stdout().lock(), command.with_key)?;
        screen.talk(&format!("backed up {}", told(&manifest)));
        screen.talk(advice(&manifest));
        return Ok(ExitCode::SUCCESS);
    }
    let draft = Draft::beside(&command.file)?;
    let manifest = host.back_up(io::BufWriter::new(&draft.file), command.with_key)?;
    let size = draft.put_in_place(&command.file)?;
    let line = json!({"file": command.file, "bytes": size, "created": manifest.created, "key": manifest.has_key(),
        "files": manifest.files.len()});
    let words = || format!("{}: {} in {} kB", command.file.display(), told(&manifest), size.div_ceil(1_000));
    screen.record(&line, words);
    screen.talk(advice(&manifest));
    Ok(ExitCode::SUCCESS)
}

fn told(manifest: &Manifest) -> String {
    let within = |folder: &str| {
        let inner = manifest.files.iter().filter(|part| part.path.starts_with(folder));
        inner.count() as u64
    };
    let components = match within("connectors/") {
        0 => String::new(),
        components => format!(", {}", count(components, "component")),
    };
    let tapes = count(within("tapes/"), "tape");
    format!("the store{components} and {tapes}, {} kB", manifest.bytes().div_ceil(1_000))
}

fn advice(manifest: &Manifest) -> &'static str {
    if manifest.has_key() {
        "THE KEY IS IN IT: whoever has this file can sign in to your sources; keep it as you keep passwords"
    } else {
        "the key of the secrets is not in it: keep a copy of the file `key` (or WEIR_KEY) apart, or sign in again after \
         a restore"
    }
}

/// The file while it is written. One that is not complete does not stay.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    fn beside(file: &Path) -> anyhow::Result<Self> {
        let mut name = file.file_name().context("the backup needs a file's name")?.to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let path = file.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).with_context(|| format!("failed to write {}", path.display()))?;
        Ok(Self { path, file })
    }

    /// Durable before it has its name, and then its name is; returns its bytes.
    fn put_in_place(self, at: &Path) -> anyhow::Result<u64> {
        let placed = || -> io::Result<u64> {
            self.file.sync_all()?;
            fs::rename(&self.path, at)?;
            let folder = at.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
            Ok(self.file.metadata()?.len())
        };
        placed().with_context(|| format!("failed to write {}", at.display()))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once it is in place there is none.
        let _gone = fs::remove_file(&self.path);
    }
}
