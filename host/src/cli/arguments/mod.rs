//! What may be typed, and the help that explains it.

mod connecting;
mod reading;
mod signing_in;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use super::activity::Activity;
use super::acts::Acts;
use super::backup::Backup;
use super::check::Check;
use super::connector_add::Add as ConnectorAdd;
use super::connector_inspect::Inspect;
use super::connector_new::New;
use super::connector_remove::Remove as ConnectorRemove;
use super::connector_rollback::Rollback;
use super::deletions::Deletions;
use super::estimate::Estimate;
use super::failures::Failures;
use super::index::Index;
use super::restore::Restore;
use super::runs::Runs;
use super::schedule::{One, Schedule};
use super::serve::Serve;
use super::token::Tokens;

pub use connecting::{Add, Connection, Login, OAuth};
pub use reading::{Replay, Sync, size};
pub use signing_in::SignIn;

/// Reads a company's knowledge out of the systems that hold it, and shows each person
/// exactly what that person may read there.
#[derive(Debug, Parser)]
#[command(name = "weir", version, after_help = EXAMPLES, propagate_version = true)]
pub struct Weir {
    /// The data folder: the store, the search index and the key of the secrets.
    #[arg(long, global = true, env = "WEIR_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print data as JSON Lines.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  weir demo                                   try everything on a simulated site
  weir connection add confluence --name acme --set site=https://acme.atlassian.net \\
       --login api-token --username me@acme.com
  weir sync acme
  weir search parental leave --as ana@acme.com
  weir serve                                  all of this in a browser: http://127.0.0.1:8780

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but incomplete.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add, list, show or remove connections.
    #[command(subcommand)]
    Connection(Connection),
    /// Sign in again, when a token has run out or was replaced; what was read stays.
    Login(Login),
    /// Say about how much a first sync reads, and what it costs.
    Estimate(Estimate),
    /// Read one connection, or all of them.
    Sync(Sync),
    /// Repeat a run that `weir sync --record` recorded, without its source, and compare.
    Replay(Replay),
    /// Read whatever is due and serve the console, until it is stopped.
    Serve(Serve),
    /// When connections are read, and how often.
    Schedule(Schedule),
    /// Do not read a connection on schedule any more.
    Pause(One),
    /// Read a connection on schedule again.
    Resume(One),
    /// Stop the run of a connection that is under way, in whichever process.
    Cancel(One),
    /// What was read when, with what result, in numbers.
    Runs(Runs),
    /// What is stored, and how the last runs ended.
    Status(Status),
    /// Look a connection over, and say what is wrong and what to do about it.
    Doctor(Doctor),
    /// Deletions that are too many to be believed: list, approve or reject them.
    Deletions(Deletions),
    /// Items that could not be read, a line each, why, and when they are asked about again.
    Failures(Failures),
    /// Files whose words cannot be found, a line each, and why.
    Files(Files),
    /// Search as a person: only what that person may read is found.
    Search(Search),
    /// List items, a line each.
    Items(Items),
    /// Explain level by level why a person may or may not read an item.
    #[command(after_help = "Example:\n  weir why page:98765 --as ben@acme.com")]
    Why(Why),
    /// Say at which step something was left out that a person does not find.
    #[command(
        after_help = "Example:\n  weir why-not https://acme.atlassian.net/wiki/spaces/ENG/pages/98765 --as ben@acme.com"
    )]
    WhyNot(Why),
    /// Let an agent search as the person whose token WEIR_TOKEN holds (MCP on stdin and stdout).
    Mcp,
    /// Say what of a connection is searched: kinds of items, or chosen items only.
    #[command(subcommand)]
    Index(Index),
    /// What the sources' audit logs tell, newest first.
    Activity(Activity),
    /// What was done in the console and over the API, and by whom, newest first.
    Acts(Acts),
    /// Match people who search to users of a source.
    #[command(subcommand)]
    Person(Person),
    /// What programs show to search or administer: make, list or revoke it.
    #[command(subcommand)]
    Token(Tokens),
    /// Copy the data folder into one file, while it is used.
    Backup(Backup),
    /// Make a data folder of a backup.
    Restore(Restore),
    /// Install connectors, look at them, and make them.
    #[command(subcommand)]
    Connector(Connector),
    /// Try everything on a simulated Confluence Cloud site: no account needed.
    #[cfg(feature = "demo")]
    Demo(Demo),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Reasons: waiting, unfetched, too-large, encrypted, scanned, unsupported, damaged, expands,
too-slow, too-much-memory, empty.

Example:
  weir files acme --reason encrypted")]
pub struct Files {
    /// The connection's name.
    pub name: String,
    /// Only those without words for this reason.
    #[arg(long)]
    pub reason: Option<String>,
}

#[derive(Debug, Args)]
pub struct Status {}

#[derive(Debug, Args)]
#[command(after_help = "\
Looks at the settings, the sign-in, what the account may see, whose e-mail is hidden, and what the
last sync left. Ends with 1 if something that was configured cannot be read.

Examples:
  weir doctor acme
  weir doctor --json")]
pub struct Doctor {
    /// The connection's name; without it, all of them.
    pub name: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Words must all occur; \"a phrase\" occurs as it is; field:value narrows, with kind, title, id,
author, connection, or any property such as space (its key) and label; -word leaves out, word*
begins a word. Of several fields all must fit. Small words such as \"the\" need not occur.

Examples:
  weir search parental leave --as ana@acme.com
  weir search '\"release checklist\" space:ENG kind:page -draft' --as ben@acme.com")]
pub struct Search {
    /// What to look for.
    #[arg(required = true)]
    pub words: Vec<String>,
    /// The e-mail of the person who asks.
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: String,
    /// How many results at most, up to 100.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=SHOWN_MAX))]
    pub limit: u32,
}

/// Results of one search: more are not read by people, and narrowing the query helps more.
pub const SHOWN_MAX: i64 = 100;

#[derive(Debug, Args)]
#[command(after_help = "\
With --json, `searchable` tells whether searches find the item; see `weir index --help`.

Examples:
  weir items --connection acme --kind page
  weir items --connection acme --as ben@acme.com")]
pub struct Items {
    /// The connection's name.
    #[arg(long)]
    pub connection: String,
    /// Only what this person may read.
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: Option<String>,
    /// Only this kind, as `page`, `page-comment`, or `comment` for all comments.
    #[arg(long)]
    pub kind: Option<String>,
}

#[derive(Debug, Args)]
pub struct Why {
    /// The item's id, as `page:98765` or `98765`, or the address of its page.
    pub item: String,
    /// The e-mail of the person.
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: String,
    /// The connection's name, needed when two connections have an item of this id.
    #[arg(long)]
    pub connection: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Person {
    /// Say which of a source's users a person is, when the source hides the e-mail.
    #[command(after_help = "Example:\n  weir person link ana@acme.com 712020:abc --connection acme")]
    Link {
        /// What the person searches as.
        email: String,
        /// The user's id at the source; `weir person list` shows them.
        account: String,
        /// The connection's name.
        #[arg(long)]
        connection: String,
    },
    /// Take such a link back.
    Unlink {
        /// What the person searches as.
        email: String,
        /// The connection's name.
        #[arg(long)]
        connection: String,
    },
    /// A source's users, a line each, and whether a person can be matched to them.
    List {
        /// The connection's name.
        #[arg(long)]
        connection: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Connector {
    /// Install a connector, or another version of one that is installed.
    Add(ConnectorAdd),
    /// The connectors there are, a line each.
    List,
    /// What a component demands and offers, installed or not.
    Inspect(Inspect),
    /// Go back to a version that ran before.
    Rollback(Rollback),
    /// Remove a connector that no connection uses.
    Remove(ConnectorRemove),
    /// Begin a connector of your own: a small whole one, in Rust, Python or JavaScript.
    New(New),
    /// Try the laws that every connector keeps on a component, with a recorded or a simulated source.
    Check(Box<Check>),
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub struct Demo {
    /// End after the demonstration instead of keeping the simulated site up.
    #[arg(long)]
    pub once: bool,
    /// The port of the simulated site; any free one by default.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
}

/// Stands for the dash of a word to leave out, where clap would see an option. Not a character that is typed.
const LEAVE_OUT: char = '\u{1}';

/// Lets `weir search leave -parental` through: behind `search`, a single dash before several characters is
/// no option, since `search` has none of that form.
pub fn with_exclusions(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let mut searching = false;
    arguments.map(move |argument| {
        let excluded = argument.to_str().and_then(|text| text.strip_prefix('-'));
        let excluded =
            excluded.filter(|word| searching && word.chars().count() > 1 && !word.starts_with('-'));
        let changed = excluded.map(|word| OsString::from(format!("{LEAVE_OUT}{word}")));
        searching |= argument == "search";
        changed.unwrap_or(argument)
    })
}

impl Search {
    /// The words as they were typed.
    pub fn query(&self) -> String {
        self.words.join(" ").replace(LEAVE_OUT, "-")
    }
}

impl Weir {
    /// `--data`, `WEIR_DATA`, or `weir` under the user's data folder (XDG Base Directory).
    pub fn data_folder(&self) -> anyhow::Result<PathBuf> {
        if let Some(folder) = &self.data {
            return Ok(folder.clone());
        }
        let home = || std::env::home_dir().map(|home| home.join(".local/share"));
        let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let base = base.or_else(home).context("failed to find a place for data; name one with --data DIR")?;
        Ok(base.join("weir"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn query(arguments: &[&str]) -> String {
        let arguments = with_exclusions(arguments.iter().map(OsString::from));
        match Weir::try_parse_from(arguments).unwrap().command {
            Command::Search(search) => format!("{} as {} of {}", search.query(), search.person, search.limit),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let sizes = ["100MB", "1 GB", "5k", "7", "0B"].map(|text| size(text).unwrap());
        assert_eq!(sizes, [100_000_000, 1_000_000_000, 5_000, 7, 0]);
        for wrong in ["", "MB", "1TB", "-1", "99999999999999GB", "1.5MB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_dash_before_a_word_leaves_it_out_and_options_stay_options() {
        let typed = ["weir", "search", "leave", "-parental", "--as", "ana@acme.com", "--limit", "3"];
        assert_eq!(query(&typed), "leave -parental as ana@acme.com of 3");
        let first = ["weir", "--data", "x", "search", "--as", "ana@acme.com", "-space:ENG", "leave"];
        assert_eq!(query(&first), "-space:ENG leave as ana@acme.com of 10");
        let elsewhere = ["weir", "items", "-parental"].iter().map(OsString::from);
        assert!(Weir::try_parse_from(with_exclusions(elsewhere)).is_err());
    }
}
