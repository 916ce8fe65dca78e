//! `weir replay FILE`: a recorded run once more, without its source.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;

use super::INCOMPLETE;
use super::arguments::Replay;
use super::connection::open;
use super::screen::{Screen, count, moment, plain};
use crate::host::{BUILT_IN, CONFLUENCE};
use crate::sandbox::{Connector, Engine};
use crate::store::FILE_NAME;
use crate::tape::{Difference, Header, Repeated, Tape, Verdict, repeat, sha256};

pub async fn run(data: &Path, command: &Replay, screen: &Screen) -> anyhow::Result<ExitCode> {
    let mut tape = Tape::open(&command.file)?;
    let header = tape.header().clone();
    let wasm = component(data, command, &header)?;
    // Compiled code is taken from the data folder if there is one; none is made for this.
    let compiled = data.join("compiled");
    let engine = Engine::new(compiled.is_dir().then_some(compiled.as_path()))?;
    let connector =
        Connector::load(&engine, &wasm).await.context("the connector cannot be run by this host")?;
    warn(&header, &connector, &wasm, screen);
    let mut told = Told::default();
    loop {
        let call = match tape.next_call() {
            Ok(Some(call)) => call,
            Ok(None) => break,
            Err(error) => {
                told.sum(&header, screen);
                return Err(error.into());
            }
        };
        let repeated = repeat(call, &header, &connector).await;
        told.tell(&repeated, command.changes, screen);
    }
    told.sum(&header, screen);
    if !tape.is_whole() {
        screen.talk("the tape was cut off there: what the run did afterwards is not on it");
    }
    Ok(match (told.different, told.left) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(INCOMPLETE),
        _ => ExitCode::from(1),
    })
}

/// The bytes to run: those of the tape, if they are installed under the name that it says, or else what runs under it now.
fn component(data: &Path, command: &Replay, header: &Header) -> anyhow::Result<Vec<u8>> {
    if let Some(file) = &command.connector {
        return std::fs::read(file).with_context(|| format!("failed to read {}", file.display()));
    }
    let given = &header.connector.given;
    if given == BUILT_IN {
        return Ok(CONFLUENCE.to_vec());
    }
    // A data folder is not made for this, and what a tape says is a name here and never a path.
    let host = data.join(FILE_NAME).exists().then(|| open(data)).transpose()?;
    if let Some(host) = host
        && let Ok(installed) = host.installed(given)
    {
        let recorded = installed.version(&header.connector.sha256).unwrap_or(&installed.current);
        return Ok(host.component(given, recorded)?);
    }
    bail!(
        "this tape was recorded with the connector {}, which is not installed here; name its component file with \
         --connector FILE.wasm",
        plain(given)
    );
}

fn warn(header: &Header, connector: &Connector, wasm: &[u8], screen: &Screen) {
    let (was, now) = (&header.connector, connector.description());
    if sha256(wasm) != was.sha256 {
        screen.talk(&format!(
            "recorded with another build of the connector: {} {} then, {} {} now",
            plain(&was.name),
            plain(&was.version),
            plain(&now.name),
            plain(&now.version)
        ));
    }
}

/// What was told so far.
#[derive(Default)]
struct Told {
    same: u64,
    different: u64,
    /// Calls that cannot be repeated.
    left: u64,
    changes: u64,
}

impl Told {
    fn tell(&mut self, repeated: &Repeated, changes: bool, screen: &Screen) {
        let brought = repeated.answer.as_ref().map_or(&[][..], |answer| answer.changes());
        self.changes += brought.len() as u64;
        if changes {
            // The same with and without --json: changes have no other form.
            let lines = Screen::new(true);
            brought.iter().for_each(|change| lines.record(change, String::new));
        } else {
            screen.record(&record(repeated, brought.len()), || words(repeated, brought.len()));
        }
        match &repeated.verdict {
            Verdict::Same => self.same += 1,
            Verdict::NotRepeated => self.left += 1,
            Verdict::Differs(difference) => {
                self.different += 1;
                screen.talk(&format!("call {} differs: {}", repeated.number, shown(difference)));
            }
        }
    }

    fn sum(&self, header: &Header, screen: &Screen) {
        let left = match self.left {
            0 => String::new(),
            left => format!(", {left} ended by the clock when they were recorded and are not repeated"),
        };
        screen.talk(&format!(
            "{}, read on {} by Weir {}: {} with {}; {} the same, {} different{left}",
            plain(&header.connection),
            moment(header.started),
            plain(&header.weir),
            count(self.same + self.different + self.left, "call"),
            count(self.changes, "change"),
            self.same,
            self.different,
        ));
    }
}

fn record(repeated: &Repeated, changes: usize) -> serde_json::Value {
    let (verdict, difference) = match &repeated.verdict {
        Verdict::Same => ("same", None),
        Verdict::Differs(difference) => ("different", Some(difference)),
        Verdict::NotRepeated => ("not-repeated", None),
    };
    json!({
        "call": repeated.number,
        "asked": repeated.asked,
        "requests": repeated.exchanges,
        "changes": changes,
        "verdict": verdict,
        "difference": difference,
    })
}

fn words(repeated: &Repeated, changes: usize) -> String {
    let verdict = match &repeated.verdict {
        Verdict::Same => "the same",
        Verdict::Differs(_) => "DIFFERENT",
        Verdict::NotRepeated => "not repeated",
    };
    format!(
        "{}\t{}\t{}, {}\t{verdict}",
        repeated.number,
        plain(&repeated.asked.words()),
        count(repeated.exchanges as u64, "request"),
        count(changes as u64, "change"),
    )
}

fn shown(difference: &Difference) -> String {
    let mut lines = vec![plain(&difference.place)];
    lines.extend(difference.diff.iter().map(|line| format!("  {}", plain(line))));
    let asked =
        |line: &String| format!("  the connector asked for {}, which the tape does not have", plain(line));
    lines.extend(difference.missing.iter().map(asked));
    let unused =
        |line: &String| format!("  the tape has {}, which the connector did not ask for", plain(line));
    lines.extend(difference.unused.iter().map(unused));
    lines.join("\n")
}
