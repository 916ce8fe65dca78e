//! `weir why ITEM --as EMAIL`.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Why;
use super::connection::open;
use super::screen::{Screen, plain};
use crate::host::{WhyAnswer, reason, unsearched};

pub fn run(data: &Path, command: &Why, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let answer = host.why(&command.item, &command.person, command.connection.as_deref())?;
    screen.record(&answer, || words(&command.person, &answer));
    Ok(ExitCode::SUCCESS)
}

fn words(person: &str, answer: &WhyAnswer) -> String {
    let explanation = &answer.explanation;
    let verdict = if explanation.readable { "may read" } else { "may not read" };
    let mut lines = vec![
        format!("{} {verdict} {} ({})", plain(person), plain(&answer.id), plain(&answer.title)),
        format!("  who      {}", plain(&answer.who())),
    ];
    // The root first: that is the way a reader has to come.
    for (place, step) in explanation.steps.iter().enumerate().rev() {
        let refuses = explanation.refusal.filter(|refusal| refusal.level == place);
        let reason = refuses.map(|refusal| format!("  <- {}", reason(refusal.reason))).unwrap_or_default();
        let words = plain(&format!("{} {}: {}", step.id, step.title, answer.level(step)));
        lines.push(format!("  {}  {words}{reason}", if step.readable { "yes" } else { "no " }));
    }
    if let Some(left_out) = answer.left_out {
        let words = plain(&unsearched(left_out, &answer.connection));
        lines.push(format!("  not found in searches: {words}"));
    }
    lines.join("\n")
}
