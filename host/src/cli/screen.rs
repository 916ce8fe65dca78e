//! Where commands print: data on stdout, talk on stderr, colours only on a terminal.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

/// How this process prints.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    json: bool,
    colours: bool,
    /// Talk goes to the log, as events.
    logs: bool,
}

impl Screen {
    /// Colours follow the terminal and <https://no-color.org>.
    pub fn new(json: bool) -> Self {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { json, colours: colours && !json, logs: false }
    }

    /// The same for a process whose talk programs read (`logs`).
    pub fn logging(self, logs: bool) -> Self {
        Self { logs, ..self }
    }

    /// One record: a line of JSON with `--json`, otherwise the words for people.
    pub fn record(&self, value: &impl Serialize, words: impl FnOnce() -> String) {
        let line = if self.json {
            serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
        } else {
            words()
        };
        // A reader that went away, as `head` does, is no failure of the command.
        let _gone = writeln!(std::io::stdout().lock(), "{line}");
    }

    /// Words for people only; with `--json` nothing.
    pub fn words(&self, words: &str) {
        if !self.json {
            let _gone = writeln!(std::io::stdout().lock(), "{words}");
        }
    }

    /// Talk: what is going on, and what to do next.
    pub fn talk(&self, words: &str) {
        if self.logs {
            tracing::info!(target: "weir::serve", "{}", lines(words));
            return;
        }
        let _gone = writeln!(std::io::stderr().lock(), "{}", lines(words));
    }

    /// An error with its causes; the exit code is 1.
    pub fn failed(&self, error: &anyhow::Error) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        let _gone = writeln!(stderr, "error: {}", lines(&error.to_string()));
        let mut said = error.to_string();
        for cause in error.chain().skip(1).map(ToString::to_string) {
            // Some errors quote their cause; it is not to be said twice.
            if !said.contains(&cause) {
                let _gone = writeln!(stderr, "  because {}", lines(&cause));
                said = cause;
            }
        }
        ExitCode::from(1)
    }

    pub fn bold(&self, text: &str) -> String {
        self.paint(text, "1")
    }

    pub fn dim(&self, text: &str) -> String {
        self.paint(text, "2")
    }

    pub fn matched(&self, text: &str) -> String {
        if self.colours { self.paint(text, "1;33") } else { format!("*{text}*") }
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Makes text from a source harmless on a terminal: no control characters, one line.
pub fn plain(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// The same with its lines kept.
fn lines(text: &str) -> String {
    // Marks that turn the direction of writing can make one name look like another.
    let turns = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let harmless = |letter: char| letter == '\n' || !(letter.is_control() || turns(letter));
    text.chars().map(|letter| if harmless(letter) { letter } else { ' ' }).collect()
}

/// A moment for people: `2026-03-02 09:15`, in UTC, because the store's times are.
pub fn moment(milliseconds: u64) -> String {
    i64::try_from(milliseconds)
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis)
        .map_or_else(|| "-".to_owned(), |time| time.format("%Y-%m-%d %H:%M").to_string())
}

/// A length of time for people: `4.2 ms`, `1.24 s`, `3 min 5 s`.
pub fn length(time: std::time::Duration) -> String {
    match time.as_secs() {
        0 => format!("{:.1} ms", time.as_secs_f64() * 1_000.0),
        1..60 => format!("{:.2} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A length of time that nobody knows exactly: `less than a minute`, `about 3 h 10 min`, `about 2 d 4 h`.
pub fn about(time: std::time::Duration) -> String {
    let minutes = time.as_secs().div_ceil(60);
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        _ if time.as_secs() < 60 => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("about {minutes} min"),
        (0, hours, minutes) => format!("about {hours} h {minutes} min"),
        (days, hours, _) if days < 1_000 => format!("about {days} d {hours} h"),
        _ => "more than a thousand days".to_owned(),
    }
}

/// `1 page`, `2 pages`: English plurals for the kinds that connectors name.
pub fn count(number: u64, noun: &str) -> String {
    let plural = if noun.ends_with('s') { "" } else { "s" };
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}{plural}") }
}
