//! What a connector said through `weir:connector/log` during one call. What it spent goes to the gate.

use serde::Serialize;

use super::limits;

/// The events of one call, in order and bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    pub entries: Vec<Entry>,
    /// Events beyond `LOG_ENTRIES_MAX`, which were dropped.
    pub dropped: u64,
}

/// One event, cut to the limits and free of control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub level: &'static str,
    pub message: String,
    pub fields: Vec<(String, String)>,
}

impl Journal {
    pub(super) fn write(&mut self, level: &'static str, message: &str, fields: Vec<(String, String)>) {
        if self.entries.len() >= limits::LOG_ENTRIES_MAX {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        let fields = fields.into_iter().take(limits::LOG_FIELDS_MAX);
        self.entries.push(Entry {
            level,
            message: cut(message),
            fields: fields.map(|(name, value)| (cut(&name), cut(&value))).collect(),
        });
    }
}

/// Shortens, and keeps a guest from writing escape sequences to somebody's terminal.
fn cut(text: &str) -> String {
    let mut bytes = 0;
    text.chars()
        .take_while(|letter| {
            bytes += letter.len_utf8();
            bytes <= limits::LOG_MESSAGE_BYTES_MAX
        })
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_bounded_and_harmless_part() {
        let mut journal = Journal::default();
        for _ in 0..limits::LOG_ENTRIES_MAX + 5 {
            let message = format!("\u{1b}[2Jé{}", "x".repeat(limits::LOG_MESSAGE_BYTES_MAX));
            journal.write("warn", &message, vec![]);
        }
        assert_eq!((journal.entries.len(), journal.dropped), (limits::LOG_ENTRIES_MAX, 5));
        let first = &journal.entries[0];
        assert!(first.message.starts_with(" [2Jé") && first.message.len() == limits::LOG_MESSAGE_BYTES_MAX);
    }
}
