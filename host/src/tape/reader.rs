//! Reads a tape, a whole call at a time, in the order in which calls ended.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use zstd::stream::read::Decoder;

use super::error::TapeError;
use super::format::{Answered, Asking, End, Exchange, FORMAT, Header, Line};

/// The longest line: a body of 64 MiB in which every byte is escaped takes six times that.
const LINE_BYTES_MAX: u64 = 512 * 1024 * 1024;

type Lines = BufReader<Decoder<'static, BufReader<Box<dyn Read + Send>>>>;

/// A tape that is being read.
pub struct Tape {
    path: PathBuf,
    lines: Lines,
    header: Header,
    /// Calls whose answer has not been met yet.
    open: BTreeMap<u64, (Asking, Vec<Exchange>)>,
    calls: u64,
    end: Option<End>,
}

/// One call, with all that belongs to it.
#[derive(Debug)]
pub struct Call {
    pub asking: Asking,
    /// In the order in which they were asked.
    pub exchanges: Vec<Exchange>,
    pub answered: Answered,
}

impl Tape {
    /// # Errors
    ///
    /// When there is no such file, or it is no tape that this version reads.
    pub fn open(path: &Path) -> Result<Self, TapeError> {
        let file = File::open(path);
        let file = file.map_err(|source| TapeError::Read { path: path.to_path_buf(), source })?;
        Self::reading(path, Box::new(file))
    }

    pub(super) fn reading(path: &Path, bytes: Box<dyn Read + Send>) -> Result<Self, TapeError> {
        let no_tape = || TapeError::NoTape { path: path.to_path_buf() };
        let mut lines = BufReader::new(Decoder::new(bytes).map_err(|_| no_tape())?);
        let first = match line(&mut lines) {
            Ok(Some(first)) => serde_json::from_slice(&first).map_err(|_| no_tape())?,
            _ => return Err(no_tape()),
        };
        // The number is looked at before the rest, which a later format may write otherwise.
        let first: serde_json::Value = first;
        let header = first.get("tape").ok_or_else(no_tape)?.clone();
        let found = header.get("format").and_then(serde_json::Value::as_u64).ok_or_else(no_tape)?;
        if found != u64::from(FORMAT) {
            return Err(TapeError::OtherFormat { path: path.to_path_buf(), found, read: FORMAT });
        }
        let header = serde_json::from_value(header).map_err(|_| no_tape())?;
        Ok(Self { path: path.to_path_buf(), lines, header, open: BTreeMap::new(), calls: 0, end: None })
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Whether the tape has its end; known once [`Tape::next_call`] has returned none.
    pub fn is_whole(&self) -> bool {
        self.end.is_some_and(|end| end.calls == self.calls)
    }

    /// The next call; none behind the last whole one, also when the tape was cut off there.
    ///
    /// # Errors
    ///
    /// [`TapeError::Damaged`] when what follows is no call, which a cut does not bring about.
    pub fn next_call(&mut self) -> Result<Option<Call>, TapeError> {
        while self.end.is_none() {
            let line = match line(&mut self.lines) {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => return Err(self.damaged(error.to_string())),
            };
            match serde_json::from_slice(&line).map_err(|error| self.damaged(error.to_string()))? {
                Line::Tape(_) => return Err(self.damaged("it begins a second time".to_owned())),
                Line::Asked(asking) => {
                    self.open.insert(asking.call, (asking, Vec::new()));
                }
                Line::Exchange(exchange) => {
                    if let Some((_, exchanges)) = self.open.get_mut(&exchange.call) {
                        exchanges.push(exchange);
                    }
                }
                Line::Answered(answered) => {
                    let open = self.open.remove(&answered.call);
                    let unasked = || format!("call {} was answered without having been asked", answered.call);
                    let (asking, mut exchanges) = open.ok_or_else(|| self.damaged(unasked()))?;
                    exchanges.sort_by_key(|exchange| exchange.number);
                    self.calls += 1;
                    return Ok(Some(Call { asking, exchanges, answered }));
                }
                Line::End(end) => {
                    self.end = Some(end);
                    // The checksum of the whole stands behind the last line.
                    if let Err(error) = line_after(&mut self.lines) {
                        return Err(self.damaged(error.to_string()));
                    }
                }
            }
        }
        Ok(None)
    }

    fn damaged(&self, reason: String) -> TapeError {
        TapeError::Damaged { path: self.path.clone(), calls: self.calls, reason }
    }
}

/// The next whole line; none at the end, or where the bytes break off.
fn line(lines: &mut Lines) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    match lines.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
        Ok(_) if line.last() == Some(&b'\n') => Ok(Some(line)),
        Ok(bytes) if bytes as u64 == LINE_BYTES_MAX => Err(io::Error::other("a line is too long")),
        Ok(_) => Ok(None),
    }
}

fn line_after(lines: &mut Lines) -> io::Result<()> {
    match line(lines)? {
        None => Ok(()),
        Some(_) => Err(io::Error::other("something follows its end")),
    }
}
