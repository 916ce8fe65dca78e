//! `weir files N`: what has no words, and why.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Files;
use super::connection::open;
use super::screen::{Screen, plain};
use super::status;

/// Lines taken from the store at a time.
const BATCH: u32 = 1_000;

pub fn run(data: &Path, command: &Files, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connection = host.store().connection(&command.name)?.id;
    let (mut after, mut listed) = (0, 0_u64);
    loop {
        let lines = host.store().files_without_words(connection, command.reason.as_deref(), after, BATCH)?;
        let Some(last) = lines.last() else { break };
        after = last.num;
        for line in lines {
            screen.record(&line, || {
                format!(
                    "{}\t{}\t{}\t{}",
                    plain(&line.id),
                    plain(&line.title),
                    line.reason,
                    plain(&line.detail)
                )
            });
            listed += 1;
        }
    }
    if listed == 0 {
        let stats = status::files(&host.store().file_stats(connection)?);
        screen.talk(&format!(
            "no such files; {}",
            stats.unwrap_or_else(|| "there are no files at all".to_owned())
        ));
    }
    Ok(ExitCode::SUCCESS)
}
