//! A run as it goes: bars on a terminal, plain lines otherwise. What is said of the time left is judged in `live`.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};

use super::screen::{about, count, plain};
use crate::gate::Governors;
use crate::live::{Done, Goal, Hour};
use crate::sandbox::Entry;
use crate::sync::{Event, Progress};

/// Shows a run on stderr.
pub struct Watcher {
    bar: Option<ProgressBar>,
    seen: Mutex<Seen>,
    /// None where it is not known how much there is.
    goal: Option<Goal>,
    meter: Option<Meter>,
}

/// Requests and points, and what they were when the run began.
struct Meter {
    governors: Governors,
    before: (u64, u64),
    began: Instant,
}

#[derive(Default)]
struct Seen {
    changes: u64,
    /// By partition: about how much is still to come, where the connector knows.
    remaining: BTreeMap<String, u64>,
    partitions: usize,
    done: usize,
    /// What the connector noted, with its reason, and how often: `restriction read singly (archived)`.
    notes: BTreeMap<String, u64>,
}

/// Files after which another line says how far it is, when there is no bar.
const FILES_PER_LINE: u64 = 500;

/// What takes less is over before it is read.
const LEFT_MIN: Duration = Duration::from_secs(60);

/// Different notes that are counted; a connector that makes up more is not listened to.
const NOTES_MAX: usize = 20;

impl Watcher {
    pub fn new(connection: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| bar(connection));
        Self { bar, seen: Mutex::default(), goal: None, meter: None }
    }

    /// The same, telling how far the run is on the way to `goal` and what it costs.
    pub fn with_goal(self, goal: Option<Goal>, governors: Governors) -> Self {
        let (before, began) = (governors.so_far(), Instant::now());
        Self { goal, meter: Some(Meter { governors, before, began }), ..self }
    }

    /// Takes the bar off the screen, and says what the connector noted meanwhile.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (note, times) in &seen.notes {
            let times = if *times > 1 { format!(", {times} times") } else { String::new() };
            let _gone = writeln!(std::io::stderr().lock(), "connector: {}{times}", plain(note));
        }
    }

    fn say(&self, words: &str) {
        let words = plain(words);
        match &self.bar {
            Some(bar) => bar.println(&words),
            None => {
                let _gone = writeln!(std::io::stderr().lock(), "{words}");
            }
        }
    }

    fn advance(&self, seen: &Seen) {
        let Some(bar) = &self.bar else { return };
        // Partitions are what is known beforehand; how much they hold most sources do not tell.
        bar.set_length(seen.partitions.max(1) as u64);
        bar.set_position(seen.done as u64);
        let remaining: u64 = seen.remaining.values().fold(0, |sum: u64, more| sum.saturating_add(*more));
        let goal = self.goal.map(|goal| goal.items).filter(|items| *items > seen.changes);
        let more = match goal {
            Some(items) => format!(" of about {items}"),
            None if remaining > 0 => format!(", about {remaining} to come"),
            None => String::new(),
        };
        bar.set_message(format!("{} read{more}{}{}", seen.changes, self.cost(), self.left(seen)));
    }

    /// `, 66 requests, 8408 points`; points only where they are bounded.
    fn cost(&self) -> String {
        let Some(Meter { governors, before, .. }) = &self.meter else { return String::new() };
        let so_far = governors.so_far();
        let (requests, points) = (so_far.0.saturating_sub(before.0), so_far.1.saturating_sub(before.1));
        let requests = count(requests, "request");
        match governors.points_per_hour() {
            Some(_) => format!(", {requests}, {}", count(points, "point")),
            None => format!(", {requests}"),
        }
    }

    /// `, about 12 min left`, once that can be told and is worth telling.
    fn left(&self, seen: &Seen) -> String {
        let left = || {
            let Meter { governors, before, began } = self.meter.as_ref()?;
            let points = governors.so_far().1.saturating_sub(before.1);
            let done = Done { items: seen.changes, points, elapsed: began.elapsed() };
            let now = SystemTime::now();
            let bound = governors.points_per_hour();
            let hour = bound.map(|bound| Hour { allowed: bound.points, spent: governors.spent(now), now });
            self.goal?.left(done, hour).filter(|left| *left >= LEFT_MIN)
        };
        left().map_or_else(String::new, |left| format!(", {} left", about(left)))
    }
}

fn bar(connection: &str) -> ProgressBar {
    let bar = ProgressBar::new(1);
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos} of {len} parts, {msg}, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(plain(connection));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Progress for Watcher {
    fn notice(&self, event: Event<'_>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Listed { partitions, .. } => seen.partitions += partitions,
            Event::Page { dataset, partition, changes, remaining } => {
                seen.changes += changes as u64;
                seen.remaining.insert(format!("{dataset}/{}", partition.id), remaining.unwrap_or(0));
            }
            Event::Done { dataset, partition } => {
                seen.done += 1;
                seen.remaining.remove(&format!("{dataset}/{}", partition.id));
                if self.bar.is_none() {
                    let left = self.left(&seen);
                    self.say(&format!(
                        "read {} ({} of {}){left}",
                        partition.label, seen.done, seen.partitions
                    ));
                }
            }
            Event::Trouble { dataset, partition, words } => {
                self.say(&format!("{}: {words}", part(dataset, partition)));
            }
            Event::Untouched { dataset, partitions } => {
                let parts = count(partitions as u64, "part");
                self.say(&format!(
                    "{dataset}: {parts} left alone, since the changed settings do not touch them"
                ));
            }
            Event::LeftOut { items } => {
                self.say(&format!("removed {} that the settings leave out", count(items as u64, "item")));
            }
            Event::Confirming { suspects } => {
                self.say(&format!(
                    "asking the source about {suspects} items that were not mentioned any more"
                ));
            }
            Event::Files { done, waiting } => match &self.bar {
                Some(bar) => {
                    bar.set_length(waiting.max(1));
                    bar.set_position(done);
                    bar.set_message("files looked into");
                    return;
                }
                None if done % FILES_PER_LINE == 0 => {
                    self.say(&format!("looked into {done} of {waiting} files"));
                }
                None => {}
            },
            Event::Said { journal } => {
                for entry in &journal.entries {
                    match entry.level {
                        "warn" | "error" => self.say(&told(entry)),
                        "info" => seen.note(entry),
                        _ => {}
                    }
                }
            }
        }
        self.advance(&seen);
    }
}

/// `content/pages-1`, or the dataset alone where its parts could not be listed.
pub fn part(dataset: &str, partition: &str) -> String {
    if partition.is_empty() { dataset.to_owned() } else { format!("{dataset}/{partition}") }
}

fn told(entry: &Entry) -> String {
    let fields: Vec<String> = entry.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("connector {}: {} {}", entry.level, entry.message, fields.join(" "))
}

impl Seen {
    /// Notes are counted and not shown one by one: there may be one for each page of an archive.
    fn note(&mut self, entry: &Entry) {
        let reason = entry.fields.iter().find(|(name, _)| name == "reason");
        let note = match reason {
            Some((_, reason)) => format!("{} ({reason})", entry.message),
            None => entry.message.clone(),
        };
        if self.notes.len() < NOTES_MAX || self.notes.contains_key(&note) {
            *self.notes.entry(note).or_default() += 1;
        }
    }
}
