//! `weir token add | list | revoke`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, moment, plain};
use super::table::table;
use crate::console::{make_token, tidy_token};
use crate::host::Host;
use crate::model::Timestamp;
use crate::store::{NewToken, Scope, Token, TokenId};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

#[derive(Debug, Subcommand)]
pub enum Tokens {
    /// Make a token, and print it: it is shown only now.
    #[command(after_help = "\
The token goes to stdout, and nothing else does. A token with the scope `search` is somebody's: it finds what
that person may read, and nothing more.

Examples:
  weir token add \"my agent\" --as ana@acme.com --scope search
  weir token add dashboards --scope read --days 365
  weir token add \"second administrator\" --scope manage")]
    Add {
        /// What it is for.
        label: String,
        /// The e-mail of the person it searches as.
        #[arg(long = "as", value_name = "EMAIL")]
        person: Option<String>,
        /// What it is good for; may be given several times.
        #[arg(long = "scope", required = true, value_enum)]
        scopes: Vec<ScopeName>,
        /// For how many days it is good; for ever if left out.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        days: Option<u32>,
    },
    /// All tokens, the newest first, revoked ones too. What they are is kept nowhere.
    List,
    /// Make a token good for nothing, and end what was begun with it.
    Revoke {
        /// Its number; `weir token list` shows it.
        id: TokenId,
    },
}

/// A scope, as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScopeName {
    /// Search, and fetch what was found, as the person.
    Search,
    /// Look at connections, runs, records and people.
    Read,
    /// All that an administrator does.
    Manage,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Search => Self::Search,
            ScopeName::Read => Self::Read,
            ScopeName::Manage => Self::Manage,
        }
    }
}

pub fn run(data: &Path, command: Tokens, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command {
        Tokens::Add { label, person, scopes, days } => {
            let expires = match days {
                Some(days) => Some(host.now()?.saturating_add(u64::from(days) * DAY_MS)),
                None => None,
            };
            let scopes = scopes.into_iter().map(Scope::from).collect();
            add(&host, NewToken { label, email: person, scopes, expires }, screen)?;
        }
        Tokens::List => list(&host, screen)?,
        Tokens::Revoke { id } => {
            if !host.store().revoke_token(id, host.now()?)? {
                bail!("there is no token {id} that is good; `weir token list` shows them");
            }
            screen.talk(&format!("token {id} is revoked"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add(host: &Host, new: NewToken, screen: &Screen) -> anyhow::Result<()> {
    let new = tidy_token(new)?;
    let (id, token) = make_token(host, &new)?;
    screen.talk(&format!("token {id}, {}, which is shown only now:", plain(&new.label)));
    screen.record(&json!({ "id": id, "token": token }), || token.clone());
    Ok(())
}

fn list(host: &Host, screen: &Screen) -> anyhow::Result<()> {
    let (tokens, now) = (host.store().tokens()?, host.now()?);
    if tokens.is_empty() {
        screen.talk("no tokens yet; make one with `weir token add`");
        return Ok(());
    }
    let rows: Vec<Vec<String>> = tokens.iter().map(|token| row(token, now)).collect();
    let mut lines = table(&[" id", "label", "as", "scopes", "made", "used", "state"], &rows).into_iter();
    screen.words(&lines.next().unwrap_or_default());
    for (token, line) in tokens.iter().zip(lines) {
        screen.record(token, || line);
    }
    Ok(())
}

fn row(token: &Token, now: Timestamp) -> Vec<String> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let state = match (token.revoked, token.expires) {
        (Some(_), _) => "revoked".to_owned(),
        (None, Some(expires)) if expires <= now => "expired".to_owned(),
        (None, Some(expires)) => format!("good until {}", moment(expires)),
        (None, None) => "good".to_owned(),
    };
    vec![
        token.id.to_string(),
        plain(&token.label),
        token.email.as_deref().map_or_else(|| "-".to_owned(), plain),
        scopes.join(","),
        moment(token.created),
        token.used.map_or_else(|| "never".to_owned(), moment),
        state,
    ]
}
