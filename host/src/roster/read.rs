//! From CSV to lines, and back.

use csv::{ReaderBuilder, StringRecord, Trim};

/// More people than any source lists; a longer file is another one.
pub const LINES_MAX: usize = 50_000;

/// One row of a roster, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line in the file; the first is 1.
    pub number: u64,
    pub email: String,
    pub account: String,
}

/// Why a file is no roster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterFault {
    #[error("the list is empty; write a line for each person, as `ana@acme.com,712020:abc`")]
    Empty,
    #[error(
        "the first line names no column `{0}`; name the columns `email` and `account`, or write the e-mail and the \
         account's id without a heading"
    )]
    NoColumn(&'static str),
    #[error(
        "line {number} has {found} columns where two are needed, the e-mail and the account's id; separate them by a \
         comma, a semicolon or a tab"
    )]
    Columns { number: u64, found: usize },
    #[error("line {number} cannot be read: {detail}; save the list as CSV in UTF-8")]
    Unreadable { number: u64, detail: String },
    #[error("the list has more than {LINES_MAX} lines; split it")]
    TooLong,
}

/// What spreadsheets call the columns, in lower case.
const EMAIL: [&str; 4] = ["email", "e-mail", "mail", "email address"];
const ACCOUNT: [&str; 6] = ["account", "account id", "accountid", "user id", "user", "id"];

/// Reads a list with a heading that names its columns, in any order, or of two columns without one.
///
/// # Errors
///
/// When it is empty, too long, or a line is not what the others are.
pub fn read(text: &str) -> Result<Vec<Line>, RosterFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let (mut lines, mut columns) = (Vec::new(), None);
    let mut place = Place { text, byte: 0, line: 1 };
    for record in reader.records() {
        let began = match &record {
            Ok(record) => record.position(),
            Err(error) => error.position(),
        };
        let number = place.line_at(began.map(csv::Position::byte));
        let unreadable = |error: csv::Error| RosterFault::Unreadable { number, detail: error.to_string() };
        let record = record.map_err(unreadable)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let known = match columns {
            Some(known) => known,
            None => match heading(&record)? {
                Some(named) => {
                    columns = Some(named);
                    continue;
                }
                None => *columns.insert(Columns::WITHOUT_HEADING),
            },
        };
        if lines.len() == LINES_MAX {
            return Err(RosterFault::TooLong);
        }
        lines.push(known.line(&record, number)?);
    }
    if lines.is_empty() { Err(RosterFault::Empty) } else { Ok(lines) }
}

/// The same list as a file: a heading, and a line for each e-mail and account.
#[must_use]
pub fn write<'a>(links: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::from("email,account\r\n");
    for (email, account) in links {
        text += &format!("{},{}\r\n", quoted(email), quoted(account));
    }
    text
}

/// A field as RFC 4180 has it.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field.to_owned()
}

/// Where in a file a record begins. The reader says where it left off, which is before a line's end and blank lines.
struct Place<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of the record that is read from this byte on.
    fn line_at(&mut self, byte: Option<u64>) -> u64 {
        let byte = byte.and_then(|byte| usize::try_from(byte).ok()).unwrap_or(self.byte).max(self.byte);
        let rest = self.text.get(byte..).unwrap_or_default();
        let begins = byte + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let passed = self.text.get(self.byte..begins).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.byte = begins;
        self.line
    }
}

/// The first of the usual three that stands in the first line. An id or an e-mail holds none of them.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let found = first.bytes().find(|byte| matches!(byte, b',' | b';' | b'\t'));
    found.unwrap_or(b',')
}

/// Where e-mail and account stand.
#[derive(Clone, Copy)]
struct Columns {
    email: usize,
    account: usize,
    /// How many a line has, when no heading says what they are.
    exactly: Option<usize>,
}

impl Columns {
    const WITHOUT_HEADING: Self = Self { email: 0, account: 1, exactly: Some(2) };

    fn line(self, record: &StringRecord, number: u64) -> Result<Line, RosterFault> {
        let fits = self.exactly.is_none_or(|columns| columns == record.len());
        match (record.get(self.email), record.get(self.account)) {
            (Some(email), Some(account)) if fits => {
                Ok(Line { number, email: email.to_owned(), account: account.to_owned() })
            }
            _ => Err(RosterFault::Columns { number, found: record.len() }),
        }
    }
}

/// What the heading says; None for a line that is no heading.
fn heading(first: &StringRecord) -> Result<Option<Columns>, RosterFault> {
    if first.iter().any(|field| field.contains('@')) {
        return Ok(None);
    }
    let column =
        |names: &[&str]| first.iter().position(|field| names.contains(&field.to_lowercase().as_str()));
    match (column(&EMAIL), column(&ACCOUNT)) {
        (Some(email), Some(account)) => Ok(Some(Columns { email, account, exactly: None })),
        (Some(_), None) => Err(RosterFault::NoColumn("account")),
        (None, Some(_)) => Err(RosterFault::NoColumn("email")),
        // Two fields that are neither: a first line with a bad e-mail, which its line will say.
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{Line, RosterFault, read, write};

    fn pairs(text: &str) -> Vec<(u64, String, String)> {
        read(text)
            .unwrap()
            .into_iter()
            .map(|Line { number, email, account }| (number, email, account))
            .collect()
    }

    fn one(number: u64) -> Vec<(u64, String, String)> {
        vec![(number, "ana@acme.com".to_owned(), "712020:abc".to_owned())]
    }

    #[test]
    fn spreadsheets_are_read_as_they_are_saved() {
        for (text, number) in [
            ("ana@acme.com,712020:abc", 1),
            ("\u{feff}email;account\r\nana@acme.com;712020:abc\r\n", 2),
            ("Account\tE-Mail\n712020:abc\tana@acme.com", 2),
            ("User id,User name,email,User status\n712020:abc,\"Ana, the first\",ana@acme.com,Active", 2),
            ("\n\n\"ana@acme.com\" , 712020:abc \n,\n", 3),
        ] {
            assert_eq!(pairs(text), one(number), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_roster_is_told_by_line() {
        assert_eq!(read(" \n"), Err(RosterFault::Empty));
        assert_eq!(read("email,account\n"), Err(RosterFault::Empty));
        assert_eq!(read("email,name\n"), Err(RosterFault::NoColumn("account")));
        assert_eq!(read("id;name\n"), Err(RosterFault::NoColumn("email")));
        assert_eq!(read("a,b,c"), Err(RosterFault::Columns { number: 1, found: 3 }));
        assert_eq!(read("ana@acme.com,1\nben@acme.com"), Err(RosterFault::Columns { number: 2, found: 1 }));
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let text = "ana@acme.com,1\r\n\r\n\"ben@acme.com\",\"a\nb\"\r\ncleo@acme.com,3";
        let numbers: Vec<u64> = read(text).unwrap().into_iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1, 3, 5]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let odd = [("a\"b,c@acme.com", "id;1"), ("ana@acme.com", "712020:abc")];
        let again: Vec<_> =
            pairs(&write(odd)).into_iter().map(|(_, email, account)| (email, account)).collect();
        assert_eq!(again, odd.map(|(email, account)| (email.to_owned(), account.to_owned())));
    }
}
