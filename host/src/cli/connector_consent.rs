//! Showing what a connector demands, before anything of it is kept, and asking whether that is agreed to.

use std::io::IsTerminal as _;

use anyhow::Context;

use super::screen::{Screen, plain};
use crate::host::{Host, Offer};
use crate::installed::{Installed, Version, demand, is_older};

/// Exit code of a command that needs agreement and could ask nobody: it was used in the wrong way.
pub const NOT_ASKED: u8 = 2;

/// What somebody said to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Agreed,
    Refused,
    /// There is no terminal, and `--yes` was not said.
    NotAsked,
}

/// Shows an offer and has it agreed to, and keeps it then; none with why if it is not kept.
///
/// # Errors
///
/// If the terminal cannot be read, or what was agreed to cannot be kept.
pub fn settle(
    host: &Host,
    offer: &Offer,
    yes: bool,
    screen: &Screen,
) -> anyhow::Result<Result<Installed, Answer>> {
    show(offer, screen);
    match agree(offer, yes, screen)? {
        Answer::Agreed => {
            let installed = host.install(offer)?;
            told(offer, screen);
            Ok(Ok(installed))
        }
        Answer::Refused => {
            screen.talk("not agreed; nothing was changed");
            Ok(Err(Answer::Refused))
        }
        Answer::NotAsked => {
            screen.talk("error: agree to this with --yes, or run this on a terminal; nothing was changed");
            Ok(Err(Answer::NotAsked))
        }
    }
}

/// The exit code of a command that was not agreed to.
pub fn code(answer: Answer) -> std::process::ExitCode {
    match answer {
        Answer::Agreed => std::process::ExitCode::SUCCESS,
        Answer::Refused => std::process::ExitCode::from(1),
        Answer::NotAsked => std::process::ExitCode::from(NOT_ASKED),
    }
}

fn show(offer: &Offer, screen: &Screen) {
    let say = |line: &str| screen.talk(&plain(line));
    head(&offer.version, offer.unchecked).iter().for_each(|line| say(line));
    match offer.difference() {
        None => sections(&offer.version).iter().for_each(|line| say(line)),
        Some(_) if offer.is_current() => say("these bytes run here already"),
        Some(difference) => {
            say(&format!(
                "takes the place of {}:",
                offer.before.as_ref().map_or("", |one| &one.current.description.version)
            ));
            difference.told.iter().for_each(|line| say(&format!("  {line}")));
        }
    }
    let more = offer.difference().map(|difference| difference.more).unwrap_or_default();
    if !more.is_empty() {
        say("DEMANDS MORE than was agreed to:");
        more.iter().for_each(|line| say(&format!("  {line}")));
    }
    for reach in &offer.reaches {
        reach.more.iter().for_each(|line| say(&format!("  MORE FOR {}: {line}", reach.connection)));
        reach.told.iter().for_each(|line| say(&format!("  {}: {line}", reach.connection)));
    }
    if offer.before.is_some() && !offer.asks() && !offer.is_current() {
        say("it demands nothing more than was agreed to");
    }
}

/// Who it says it is, and what is proven of that.
pub fn head(version: &Version, unchecked: bool) -> Vec<String> {
    let description = &version.description;
    let signed = match (&version.signed_by, unchecked) {
        (Some(fingerprint), _) => format!("by the key {fingerprint}"),
        (None, true) => "yes, and not checked: no key is known; give one with --key PUBLIC.pem".to_owned(),
        (None, false) => "no".to_owned(),
    };
    vec![
        format!("{} ({} {})", description.title, description.name, description.version),
        format!("  from      {}", version.from),
        format!("  sha256    {}", version.sha256),
        format!("  signed    {signed}"),
        format!("  contract  weir:connector@{}, {} kB", version.contract, version.bytes.div_ceil(1_000)),
    ]
}

/// The demand, a heading and its lines.
pub fn sections(version: &Version) -> Vec<String> {
    let sections = demand(version).into_iter().filter(|section| !section.lines.is_empty());
    let lines = sections.flat_map(|section| {
        let lines = section.lines.into_iter().map(|line| format!("  {line}"));
        std::iter::once(section.title.to_owned()).chain(lines)
    });
    lines.collect()
}

fn agree(offer: &Offer, yes: bool, screen: &Screen) -> anyhow::Result<Answer> {
    if yes || !offer.asks() {
        return Ok(Answer::Agreed);
    }
    if !std::io::stdin().is_terminal() {
        return Ok(Answer::NotAsked);
    }
    screen.talk("agree? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("failed to read the answer from the terminal")?;
    Ok(if answer.trim().eq_ignore_ascii_case("y") { Answer::Agreed } else { Answer::Refused })
}

fn told(offer: &Offer, screen: &Screen) {
    let name = &offer.name;
    let first_key = offer.before.as_ref().is_none_or(|before| before.key.is_none());
    if let (Some(key), true) = (&offer.key, first_key) {
        screen.talk(&format!(
            "the key {} is kept for {name}: every later version has to be signed by it",
            key.fingerprint
        ));
    }
    for reach in offer.reaches.iter().filter(|_| !offer.is_current()) {
        screen.talk(&format!("{} goes by it from its next run on", plain(&reach.connection)));
    }
    let older = offer.before.as_ref().is_some_and(|before| {
        is_older(&offer.version.description.version, &before.current.description.version)
    });
    if older {
        screen.talk("this is an older version than before");
    }
}
