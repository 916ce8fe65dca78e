//! Runs: read, and repeated from a tape.

use std::path::PathBuf;

use clap::Args;

use crate::store::Mode;

#[derive(Debug, Args)]
#[command(after_help = "\
A sync reads what the source says has changed. What no source tells of (moves, deletions, who may read what) it
looks at in turn, each part at most every half hour and within a budget; --inventory looks at all of it now.

While another process reads into the data folder (`weir serve`, or a sync of the same connection), its run is
asked for or joined, and followed to its end; what concerns files is then as that process has it. A sync of
other connections is waited for.

Examples:
  weir sync
  weir sync acme --inventory              after permissions were changed
  weir sync acme --everything
  weir sync acme --file-bytes-max 20MB
  weir sync acme --record run.tape        to be repeated with `weir replay run.tape`")]
pub struct Sync {
    /// The connection's name; without it, all are read one after the other.
    pub name: Option<String>,
    /// Look at all of it now: what was moved or deleted, and who may read what.
    #[arg(long, conflicts_with = "everything")]
    pub inventory: bool,
    /// Read all of it again, words included, even where the source could tell what changed.
    #[arg(long)]
    pub everything: bool,
    /// Do not wait while another process reads other connections into the data folder.
    #[arg(long)]
    pub no_wait: bool,
    /// Leave the words inside files for another sync.
    #[arg(long)]
    pub no_files: bool,
    /// The largest file whose words are taken out, as `100MB`, `1GB` or a number of bytes.
    #[arg(long, value_name = "SIZE", env = "WEIR_FILE_BYTES_MAX", default_value = "100MB", value_parser = size)]
    pub file_bytes_max: u64,
    /// Record the run, so that `weir replay` can repeat it; without FILE in the data folder, to go with the
    /// connection. A tape has no secret on it, but the words of all pages that were read: it is
    /// readable by you alone, and yours to delete.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub record: Option<Option<PathBuf>>,
    /// Record over a file that is there already.
    #[arg(long, requires = "record")]
    pub force: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Each call of the connector is made again in the sandbox, with the tape in place of the network, and has
to answer what it answered then, byte for byte. No data folder, no account and no site are needed. Ends
with 1 if an answer differs, and with 3 if calls cannot be repeated: those that were too slow.

Examples:
  weir replay run.tape
  weir replay run.tape --connector ./mine.wasm      does a change of the connector matter?
  weir replay run.tape --changes                    what the run learned, as JSON Lines")]
pub struct Replay {
    /// A tape that `weir sync N --record FILE` made.
    pub file: PathBuf,
    /// Another component than the one that is built in.
    #[arg(long, value_name = "FILE.wasm")]
    pub connector: Option<PathBuf>,
    /// Print the changes that the calls bring, a line each, instead of the calls.
    #[arg(long)]
    pub changes: bool,
}

impl Sync {
    /// What the sync sets out to learn.
    pub fn mode(&self) -> Mode {
        match (self.everything, self.inventory) {
            (true, _) => Mode::Everything,
            (false, true) => Mode::Inventory,
            (false, false) => Mode::Since,
        }
    }
}

/// Bytes, with `kB`, `MB` or `GB` for thousands, millions and billions of them.
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kb" => Some(1_000),
        "m" | "mb" => Some(1_000_000),
        "g" | "gb" => Some(1_000_000_000),
        _ => None,
    };
    let number = digits.trim().parse::<u64>().ok();
    let bytes = factor.zip(number).and_then(|(factor, number)| number.checked_mul(factor));
    bytes.ok_or_else(|| "a size is a number with B, kB, MB or GB, as 100MB".to_owned())
}
