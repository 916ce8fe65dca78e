//! `weir index kinds | on | off | mode | add | remove | list`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, count, plain};
use crate::host::Host;
use crate::store::{IndexMode, SearchedKind};

#[derive(Debug, Subcommand)]
pub enum Index {
    /// The kinds of a connection's items, by family, and which of them searches find.
    #[command(after_help = "Example:\n  weir index kinds acme")]
    Kinds {
        /// The connection's name.
        name: String,
    },
    /// Let searches find kinds of items again. Nothing is fetched: they were kept all along.
    #[command(after_help = "Example:\n  weir index on acme page-comment blogpost-comment")]
    On {
        /// The connection's name.
        name: String,
        /// Kinds, as `weir index kinds` names them.
        #[arg(required = true)]
        kinds: Vec<String>,
    },
    /// Keep kinds of items out of searches, from the next search on. They are still synced.
    #[command(after_help = "Example:\n  weir index off acme page-attachment")]
    Off {
        /// The connection's name.
        name: String,
        /// Kinds, as `weir index kinds` names them.
        #[arg(required = true)]
        kinds: Vec<String>,
    },
    /// Search everything of a connection, or only what is chosen with `weir index add`.
    #[command(after_help = "\
Examples:
  weir index mode acme manual
  weir index mode acme everything")]
    Mode {
        /// The connection's name.
        name: String,
        /// `everything` (the default) or `manual`.
        mode: Mode,
    },
    /// Choose an item to be found in manual mode.
    #[command(after_help = "\
Examples:
  weir index add acme page:98765
  weir index add acme https://acme.atlassian.net/wiki/spaces/ENG --with-descendants")]
    Add {
        /// The connection's name.
        name: String,
        /// The item's id, as `page:98765` or `98765`, or the address of its page.
        item: String,
        /// With whatever lies below it whenever somebody searches: what is moved there is found, what is
        /// moved away is not.
        #[arg(long)]
        with_descendants: bool,
    },
    /// Take a choice back.
    #[command(after_help = "Example:\n  weir index remove acme page:98765")]
    Remove {
        /// The connection's name.
        name: String,
        /// The item's id or address.
        item: String,
    },
    /// What was chosen for manual mode.
    #[command(after_help = "Example:\n  weir index list acme")]
    List {
        /// The connection's name.
        name: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Mode {
    /// Everything that is stored, of the kinds that are on.
    Everything,
    /// Only what was chosen, of the kinds that are on.
    Manual,
}

pub async fn run(data: &Path, command: Index, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command {
        Index::Kinds { name } => kinds(&host, &name, &host.kinds(&name).await?, screen)?,
        Index::On { name, kinds: named } => {
            let all = host.switch_kinds(&name, &named, true).await?;
            kinds(&host, &name, &all, screen)?;
        }
        Index::Off { name, kinds: named } => {
            let all = host.switch_kinds(&name, &named, false).await?;
            kinds(&host, &name, &all, screen)?;
        }
        Index::Mode { name, mode } => {
            let mode = match mode {
                Mode::Everything => IndexMode::Everything,
                Mode::Manual => IndexMode::Manual,
            };
            host.set_index_mode(&name, mode)?;
            effect(&host, &name, screen)?;
        }
        Index::Add { name, item, with_descendants } => {
            let item = host.choose(&name, &item, with_descendants)?;
            let below = if with_descendants { " and all below it" } else { "" };
            screen.talk(&format!("chosen: {} ({}){below}", plain(&item.id), plain(&item.title)));
            effect(&host, &name, screen)?;
        }
        Index::Remove { name, item } => {
            match host.unchoose(&name, &item)? {
                Some(id) => screen.talk(&format!("{} is not chosen any more", plain(&id))),
                None => screen.talk(&format!(
                    "{} was not chosen by itself; what `weir index list {}` shows was",
                    plain(&item),
                    plain(&name)
                )),
            }
            effect(&host, &name, screen)?;
        }
        Index::List { name } => list(&host, &name, screen)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn kinds(host: &Host, name: &str, kinds: &[SearchedKind], screen: &Screen) -> anyhow::Result<()> {
    let stored = host.store().counts_by_kind(host.store().connection(name)?.id)?;
    // Families in the order of their first kinds, the kinds of each together.
    let first = |kind: &SearchedKind| kinds.iter().position(|other| other.family == kind.family);
    let mut sorted: Vec<&SearchedKind> = kinds.iter().collect();
    sorted.sort_by_key(|kind| first(kind));
    let mut family = None;
    for kind in sorted {
        if family.replace(&kind.family) != Some(&kind.family) {
            screen.words(&plain(&kind.family));
        }
        let items = stored.get(&kind.name).copied().unwrap_or(0);
        let record = json!({
            "kind": kind.name,
            "title": kind.title,
            "family": kind.family,
            "on": kind.on,
            "offered": kind.offered,
            "items": items,
        });
        screen.record(&record, || {
            let state = match (kind.offered, kind.on) {
                (false, _) => "never",
                (true, true) => "on",
                (true, false) => "off",
            };
            format!(
                "  {state:<5}  {:<20}  {} ({})",
                plain(&kind.name),
                plain(&kind.title),
                count(items, "item")
            )
        });
    }
    tell(host, name, screen)
}

fn list(host: &Host, name: &str, screen: &Screen) -> anyhow::Result<()> {
    let chosen = host.chosen(name)?;
    for one in &chosen {
        screen.record(one, || {
            let below = if one.with_descendants { "with all below it" } else { "alone" };
            let title = one.title.as_deref().map_or_else(|| "(gone)".to_owned(), plain);
            format!("{}\t{below}\t{title}", plain(&one.id))
        });
    }
    if chosen.is_empty() {
        screen.talk(&format!("nothing is chosen; choose with `weir index add {} ITEM`", plain(name)));
    }
    tell(host, name, screen)
}

/// What follows from all that was said, as this command's answer.
fn effect(host: &Host, name: &str, screen: &Screen) -> anyhow::Result<()> {
    let effect = follows(host, name)?;
    let record = json!({
        "connection": name,
        "mode": effect.mode,
        "searchable": effect.searchable,
        "stored": effect.stored,
    });
    screen.record(&record, || words(name, &effect));
    Ok(())
}

/// The same as talk beside a list.
fn tell(host: &Host, name: &str, screen: &Screen) -> anyhow::Result<()> {
    screen.talk(&words(name, &follows(host, name)?));
    Ok(())
}

/// How much is found now.
struct Effect {
    mode: IndexMode,
    chosen: usize,
    searchable: usize,
    stored: usize,
}

fn follows(host: &Host, name: &str) -> anyhow::Result<Effect> {
    let connection = host.store().connection(name)?.id;
    let forests = host.forests()?;
    let counts = forests.searchable(connection).map(|all| (all.items().len(), all.stored()));
    let (searchable, stored) = counts.unwrap_or_default();
    let (mode, chosen) = (host.store().index_mode(connection)?, host.chosen(name)?.len());
    Ok(Effect { mode, chosen, searchable, stored })
}

fn words(name: &str, effect: &Effect) -> String {
    let words = match effect.mode {
        IndexMode::Manual => "in manual mode: only what is chosen is searched".to_owned(),
        IndexMode::Everything if effect.chosen > 0 => format!(
            "everything of the kinds that are on is searched; the choices count after `weir index mode {} manual`",
            plain(name)
        ),
        IndexMode::Everything => "everything of the kinds that are on is searched".to_owned(),
    };
    format!("{words} ({} of {})", effect.searchable, count(effect.stored as u64, "item"))
}
