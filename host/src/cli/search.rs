//! `weir search WORDS… --as EMAIL`.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::{SHOWN_MAX, Search};
use super::connection::open;
use super::screen::{Screen, count, moment, plain};
use crate::host::{Found, Host, SearchHit};
use crate::index::Snippet;
use crate::store::Match;

pub fn run(data: &Path, command: &Search, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let found =
        host.search(&command.query(), &command.person, usize::try_from(command.limit).unwrap_or(10))?;
    show(&found, screen);
    explain_nothing(&host, &command.person, &found, screen)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints hits, best first.
pub fn show(found: &Found, screen: &Screen) {
    for (place, hit) in found.hits.iter().enumerate() {
        screen.record(hit, || words(place + 1, hit, screen));
    }
    let shown = found.hits.len();
    let all = count(found.total as u64, "result");
    if found.total > shown && shown < usize::try_from(SHOWN_MAX).unwrap_or(usize::MAX) {
        screen.talk(&format!("{shown} of {all}; --limit shows more"));
    } else if found.total > shown {
        screen.talk(&format!("{shown} of {all}; further words or space:KEY narrow the search"));
    }
    if found.cut {
        screen.talk("the query is very long, and only its beginning was looked for");
    }
}

fn words(place: usize, hit: &SearchHit, screen: &Screen) -> String {
    let updated = hit.updated.map_or_else(|| "-".to_owned(), moment);
    format!(
        "{place:>3}. {}  {}\n     {}\n     {}",
        screen.bold(&plain(&hit.title)),
        screen.dim(&format!("{} ({}, {updated})", plain(&hit.id), plain(&hit.connection))),
        marked(&hit.snippet, screen),
        screen.dim(&plain(&hit.url)),
    )
}

fn marked(snippet: &Snippet, screen: &Screen) -> String {
    let piece = |text: &str, matched| if matched { screen.matched(&plain(text)) } else { plain(text) };
    snippet.fragments.iter().map(|fragment| piece(&fragment.text, fragment.matched)).collect()
}

/// Nothing found may mean that nobody knows the person: say so, and what helps.
fn explain_nothing(host: &Host, person: &str, found: &Found, screen: &Screen) -> anyhow::Result<()> {
    if found.total > 0 {
        return Ok(());
    }
    let connections = host.store().connections()?;
    if connections.is_empty() {
        screen.talk("nothing is here to be found: no connections yet; see `weir connection add --help`");
        return Ok(());
    }
    screen.talk(&format!(
        "nothing that {0} may read matches; `weir why ADDRESS --as {0}` tells why a page is not found",
        plain(person)
    ));
    let forests = host.forests()?;
    for connection in &connections {
        let name = plain(&connection.name);
        let searchable = forests.searchable(connection.id);
        if searchable.is_some_and(|all| all.items().is_empty() && all.stored() > 0) {
            screen.talk(&format!(
                "nothing of {name} is searched; see `weir index kinds {name}` and `weir index list {name}`"
            ));
        }
    }
    explain_unknown(host, person, screen)
}

/// Which connections cannot tell who the person is, and what helps.
pub fn explain_unknown(host: &Host, person: &str, screen: &Screen) -> anyhow::Result<()> {
    for connection in host.store().connections()? {
        let name = plain(&connection.name);
        if host.store().people_stats(connection.id)?.users == 0 {
            screen.talk(&format!("{name} has not told of any user yet; run `weir sync {name}`"));
            continue;
        }
        let words = match host.store().identity(connection.id, person)?.1 {
            Match::Linked | Match::Email => continue,
            Match::Unknown => format!(
                "no user of {name} shows this e-mail; if the site hides it, find the account with `weir person list \
                 --connection {name}` and link it with `weir person link {} ACCOUNT-ID --connection {name}`",
                plain(person)
            ),
            Match::Ambiguous(users) => {
                format!(
                    "{users} users of {name} show this e-mail, so it matches nobody; link one with `weir person link`"
                )
            }
            Match::LinkedToNobody(user) => {
                format!("{name} no longer has the user {} the person is linked to", plain(&user))
            }
            Match::Closed(user) => format!("the person's account {} at {name} is closed", plain(&user)),
        };
        screen.talk(&words);
    }
    Ok(())
}
