//! Where tapes are kept that nobody named a place for, and what a tape says of a run at its beginning.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Host, HostError, private_folder};
use crate::gate::Gate;
use crate::model::{Connection, Timestamp};
use crate::sandbox::Connector;
use crate::store::Mode;
use crate::tape::{Component, FORMAT, Header, Recorder, TapeError};

/// Where to record a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// `tapes/NAME-20260301T091500Z.tape` in the data folder: it goes with its connection.
    InDataFolder,
    /// A file of the user's own.
    File { path: PathBuf, force: bool },
}

/// The folder of a data folder that holds tapes.
const FOLDER: &str = "tapes";

/// Tapes of one connection that begin in one second.
const SAME_SECOND_MAX: u32 = 100;

impl Host {
    pub(super) fn recorder(
        &self,
        record: &Record,
        connection: &Connection,
        (connector, sha256): (&Connector, String),
        gate: &Gate,
        mode: Mode,
    ) -> Result<Arc<Recorder>, HostError> {
        let started = self.now()?;
        let described = connector.description();
        let component = Component {
            given: connection.connector.clone(),
            name: described.name.clone(),
            version: described.version.clone(),
            sha256,
        };
        let header = Header {
            format: FORMAT,
            weir: env!("CARGO_PKG_VERSION").to_owned(),
            connector: component,
            connection: connection.name.clone(),
            settings: connection.settings.clone(),
            session: connection.session.clone(),
            login: connection.login.clone(),
            login_header: gate.login_header().map(ToString::to_string),
            origins: connection.origins.clone(),
            mode: mode.as_str().to_owned(),
            started,
        };
        match record {
            Record::File { path, force } => Ok(Recorder::create(path, *force, header)?),
            Record::InDataFolder => self.in_data_folder(&connection.name, started, header),
        }
    }

    fn in_data_folder(
        &self,
        name: &str,
        started: Timestamp,
        header: Header,
    ) -> Result<Arc<Recorder>, HostError> {
        let folder = self.folder.join(FOLDER);
        private_folder(&folder).map_err(|source| HostError::Folder { path: folder.clone(), source })?;
        for number in 1..SAME_SECOND_MAX {
            let path = folder.join(file_name(name, started, number));
            match Recorder::create(&path, false, header.clone()) {
                Err(TapeError::Exists { .. }) => {}
                made => return Ok(made?),
            }
        }
        Err(TapeError::Exists { path: folder.join(file_name(name, started, 1)) }.into())
    }

    /// The tapes of a connection in the data folder; those that the user named a place for are the user's.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn tapes_of(&self, name: &str) -> Result<Vec<PathBuf>, HostError> {
        let folder = self.folder.join(FOLDER);
        let failed = |source| HostError::Folder { path: folder.clone(), source };
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut tapes = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.file_name().and_then(|file| file.to_str()).is_some_and(|file| belongs(file, name)) {
                tapes.push(path);
            }
        }
        tapes.sort_unstable();
        Ok(tapes)
    }

    /// Removes them, and says how many they were. May be repeated.
    ///
    /// # Errors
    ///
    /// When one of them cannot be removed; others may be gone by then.
    pub fn remove_tapes(&self, name: &str) -> Result<usize, HostError> {
        let tapes = self.tapes_of(name)?;
        for path in &tapes {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed.map_err(|source| HostError::Folder { path: path.clone(), source })?,
            }
        }
        Ok(tapes.len())
    }
}

/// `acme-20260301T091500Z.tape`, and `acme-20260301T091500Z-2.tape` for a second one of that second. What a file's
/// name cannot carry is written as its number, so that two connections never share a name.
fn file_name(connection: &str, started: Timestamp, number: u32) -> String {
    let moment = i64::try_from(started).ok().and_then(chrono::DateTime::from_timestamp_millis);
    let moment = moment.unwrap_or_default().format("%Y%m%dT%H%M%SZ");
    let more = if number > 1 { format!("-{number}") } else { String::new() };
    format!("{}-{moment}{more}.tape", stem(connection))
}

fn stem(connection: &str) -> String {
    let letter = |letter: char| match letter {
        'a'..='z' | '0'..='9' | '-' | '_' | 'A'..='Z' => letter.to_string(),
        other => format!("%{:X}.", u32::from(other)),
    };
    connection.chars().map(letter).collect()
}

/// Whether a file in the folder is a tape of this connection, and not of one whose name begins alike.
fn belongs(file: &str, connection: &str) -> bool {
    let rest = file.strip_prefix(&stem(connection)).and_then(|rest| rest.strip_prefix('-'));
    let Some(rest) = rest.and_then(|rest| rest.strip_suffix(".tape")) else { return false };
    let (moment, number) =
        rest.split_once('-').map_or((rest, None), |(moment, number)| (moment, Some(number)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (day, time) = moment.split_once('T').unwrap_or_default();
    digits(day) && time.strip_suffix('Z').is_some_and(digits) && number.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::{belongs, file_name};

    #[test]
    fn a_tape_belongs_to_one_connection() {
        let started = 1_772_356_500_000;
        assert_eq!(file_name("acme", started, 1), "acme-20260301T091500Z.tape");
        let names = ["acme", "acme-2", "acme-20260301T091500Z", "Acme", "ä/ö ü", "../x", "%E4.", "ä"];
        for name in names {
            for number in [1, 2] {
                let file = file_name(name, started, number);
                assert!(!file.contains('/') && file.is_ascii(), "{file}");
                let owners: Vec<&str> = names.into_iter().filter(|owner| belongs(&file, owner)).collect();
                assert_eq!(owners, [name], "{file}");
            }
        }
        assert!(!belongs("acme-notes.tape", "acme") && !belongs("acme-20260301T091500Z.txt", "acme"));
    }
}
