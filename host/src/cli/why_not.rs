//! `weir why-not ITEM --as EMAIL`.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Why;
use super::connection::open;
use super::screen::{Screen, plain};
use crate::host::{Passage, Step, WhyNot};

pub async fn run(data: &Path, command: &Why, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let answer = host.why_not(&command.item, &command.person, command.connection.as_deref()).await?;
    screen.record(&answer, || words(&answer));
    Ok(ExitCode::SUCCESS)
}

fn words(answer: &WhyNot) -> String {
    let subject = match &answer.item {
        Some(item) => format!("{} ({})", item.id, item.title),
        None => answer.meant.clone(),
    };
    let stopped = answer.steps.iter().find(|step| step.state == Passage::Stopped);
    let verdict = match stopped {
        Some(step) => format!("stopped at {}", step.name),
        None => "is found".to_owned(),
    };
    let mut lines = vec![plain(&format!("{subject} {verdict}, as {}", answer.person))];
    lines.extend(answer.steps.iter().map(line));
    lines.extend(
        stopped.and_then(|step| step.remedy.as_ref()).map(|remedy| format!("  -> {}", plain(remedy))),
    );
    lines.join("\n")
}

fn line(step: &Step) -> String {
    let mark = match step.state {
        Passage::Passed => "yes",
        Passage::Stopped => "no",
        Passage::NotReached => "-",
    };
    format!("  {mark:<3}  {:<10}  {}", step.name, plain(&step.words)).trim_end().to_owned()
}
