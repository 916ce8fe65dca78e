//! The simulated site in a process of its own, which can be asked what it was asked and told to change.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::Context;
use confluence_simulator::{Clock, Id, Knobs, Simulator, Size, generate};

use crate::this;

/// A site that another process plays; it ends with this value.
pub struct Site {
    pub url: String,
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Site {
    pub fn start(items: usize) -> anyhow::Result<Self> {
        let items = items.to_string();
        let mut process = this(&["site", &items]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let ask = process.stdin.take().context("the site has no input")?;
        let mut answers = BufReader::new(process.stdout.take().context("the site has no output")?);
        let mut url = String::new();
        answers.read_line(&mut url)?;
        Ok(Self { url: url.trim().to_owned(), process, ask, answers })
    }

    /// How many requests came since the last question.
    pub fn asked(&mut self) -> anyhow::Result<u64> {
        self.say("?")
    }

    /// Lets so many pages be edited, spread over the site.
    pub fn edits(&mut self, pages: usize) -> anyhow::Result<()> {
        self.say(&pages.to_string()).map(drop)
    }

    fn say(&mut self, words: &str) -> anyhow::Result<u64> {
        writeln!(self.ask, "{words}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _already_gone = self.process.kill();
        let _already_gone = self.process.wait();
    }
}

/// Plays the site until the input ends.
pub fn play(size: &Size, latency_ms: u64) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let _inside = runtime.enter();
    let knobs = Knobs { latency_ms, ..Knobs::default() };
    let running = runtime.block_on(Simulator::start(generate(1, size, Clock::Machine), knobs))?;
    println!("{}", running.url());
    for line in std::io::stdin().lines() {
        match line?.trim().parse::<usize>() {
            Ok(pages) => {
                running.change(|site| {
                    let ids: Vec<Id> = site.pages.keys().copied().collect();
                    for id in ids.iter().step_by((ids.len() / pages.max(1)).max(1)).take(pages) {
                        site.edit_page(*id, "<p>What was said here is said otherwise now.</p>");
                    }
                });
                println!("{pages}");
            }
            Err(_) => {
                println!("{}", running.ledger().entries().len());
                running.ledger().clear();
            }
        }
    }
    Ok(())
}
