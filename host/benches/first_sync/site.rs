//! The simulated site in a process of its own, and the way to ask it what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::Context;
use confluence_simulator::{Clock, Knobs, Simulator, Size, generate};

use crate::this;

/// A site that another process plays; it ends with this value.
pub struct Site {
    pub url: String,
    process: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Site {
    pub fn start(size: &str) -> anyhow::Result<Self> {
        let mut process = this(&["site", size]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let ask = process.stdin.take().context("the site has no input")?;
        let mut answers = BufReader::new(process.stdout.take().context("the site has no output")?);
        let mut url = String::new();
        answers.read_line(&mut url)?;
        Ok(Self { url: url.trim().to_owned(), process, ask, answers })
    }

    /// Paths and queries of all requests since the last question, in the order they came.
    pub fn asked(&mut self) -> anyhow::Result<Vec<String>> {
        self.ask.write_all(b"?\n")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
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
    for _question in std::io::stdin().lines() {
        let targets: Vec<String> = running.ledger().entries().into_iter().map(|entry| entry.target).collect();
        running.ledger().clear();
        println!("{}", serde_json::to_string(&targets)?);
    }
    Ok(())
}
