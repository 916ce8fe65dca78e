//! The laws as pure functions of what was gathered. A file is what the laws in it look at.

pub mod access;
pub mod changed;
pub mod described;
pub mod items;
pub mod limits;
pub mod pages;
pub mod reads;
pub mod settings;
pub mod single;
pub mod troubled;

use super::facts::{Facts, Rest};
use super::finding::Verdict;
use super::reading::Reads;
use super::turn::Turn;

/// The read of everything, if it can be judged by.
fn everything(facts: &Facts) -> Result<&Reads, Verdict> {
    let Some(everything) = &facts.everything else {
        return Err(unread(&[&facts.signed]).unwrap_or_else(|| not_judged("nothing could be read: see W008")));
    };
    if let Some(asked) = everything.missing() {
        return Err(unanswered(&asked.to_string()));
    }
    if everything.is_whole() {
        Ok(everything)
    } else {
        Err(not_judged("not everything could be read: see W009, W011, W012 and W026"))
    }
}

/// The read of everything and what came after it.
fn rest(facts: &Facts) -> Result<(&Reads, &Rest), Verdict> {
    let everything = everything(facts)?;
    match &facts.rest {
        Some(rest) => Ok((everything, rest)),
        None => Err(not_judged("not everything could be read: see W009")),
    }
}

fn not_judged(why: &str) -> Verdict {
    Verdict::NotJudged(why.to_owned())
}

fn unanswered(asked: &str) -> Verdict {
    Verdict::NotJudged(format!("the source has no answer to {asked}"))
}

/// Why nothing can be concluded from these calls, if something was not answered.
fn unread(turns: &[&Turn]) -> Option<Verdict> {
    let missing = turns.iter().find_map(|turn| turn.missing.first())?;
    Some(unanswered(&missing.to_string()))
}

/// What an `Err` holds is as good a verdict.
macro_rules! judged {
    ($of:expr) => {
        match $of {
            Ok(value) => value,
            Err(verdict) => return verdict,
        }
    };
}
use judged;
