//! Writes a tape. A tape that cannot be written fails alone: calls go on, and the end says so.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zstd::stream::write::Encoder;

use super::blanks::Blanks;
use super::error::TapeError;
use super::format::{Answered, Asked, Asking, End, Exchange, Header, Line};
use super::taping::Taping;
use crate::model::timestamp;
use crate::sandbox::Way;
use crate::secrets::Credential;

/// Packs JSON to about a tenth at some 300 MB/s; higher levels gain little and cost the sync its time.
const PACK_LEVEL: i32 = 3;

/// One tape that is being written. Shared by all calls of a run.
pub struct Recorder {
    path: PathBuf,
    state: Mutex<State>,
    blanks: Mutex<Blanks>,
}

struct State {
    /// None once it has failed or ended.
    out: Option<Encoder<'static, Box<dyn Write + Send>>>,
    failed: Option<String>,
    /// Calls that began, which numbers them.
    begun: u64,
    written: End,
}

/// A tape that was written to its end.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Recorded {
    pub path: PathBuf,
    pub calls: u64,
    pub exchanges: u64,
    /// Of the file.
    pub bytes: u64,
}

impl Recorder {
    /// Makes the file, for its owner alone: a tape holds the words of pages.
    ///
    /// # Errors
    ///
    /// [`TapeError::Exists`] unless `force`; [`TapeError::Make`] when the place cannot be written.
    pub fn create(path: &Path, force: bool, header: Header) -> Result<Arc<Self>, TapeError> {
        let make = |source| TapeError::Make { path: path.to_path_buf(), source };
        let file = match private(path, force) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(TapeError::Exists { path: path.to_path_buf() });
            }
            file => file.map_err(make)?,
        };
        Self::writing(path, Box::new(file), header).map_err(make)
    }

    pub(super) fn writing(path: &Path, out: Box<dyn Write + Send>, header: Header) -> io::Result<Arc<Self>> {
        let mut out = Encoder::new(out, PACK_LEVEL)?;
        out.include_checksum(true)?;
        let state = State { out: Some(out), failed: None, begun: 0, written: End { calls: 0, exchanges: 0 } };
        let path = path.to_path_buf();
        let recorder = Self { path, state: Mutex::new(state), blanks: Mutex::default() };
        recorder.write(&Line::Tape(header), false);
        Ok(Arc::new(recorder))
    }

    /// Begins to record a call, whose outside becomes what is returned.
    pub fn call(self: &Arc<Self>, asked: Asked, way: &Way) -> Taping {
        let call = {
            let mut state = self.state();
            state.begun += 1;
            state.begun
        };
        let mut seed = [0; 32];
        // Without chance the seed is the same for all calls, which hurts no guest.
        let _none = getrandom::fill(&mut seed);
        let hex = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let at = timestamp(std::time::SystemTime::now());
        self.write(&Line::Asked(Asking { call, at, seed: hex, what: asked }), false);
        Taping::new(Arc::clone(self), call, seed, way.outside())
    }

    /// Ends the tape. Calls that end later are not on it.
    ///
    /// # Errors
    ///
    /// [`TapeError::Write`] if any of it could not be written.
    pub fn finish(&self) -> Result<Recorded, TapeError> {
        let written = self.state().written;
        self.write(&Line::End(written), false);
        let mut state = self.state();
        if let Some(out) = state.out.take()
            && let Err(error) = out.finish().and_then(|mut file| file.flush())
        {
            state.failed.get_or_insert(error.to_string());
        }
        if self.blanks().full {
            state
                .failed
                .get_or_insert("it was redirected to more signed addresses than a tape can hide".to_owned());
        }
        let path = self.path.clone();
        if let Some(reason) = state.failed.take() {
            return Err(TapeError::Write { path, reason });
        }
        let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
        Ok(Recorded { path, calls: written.calls, exchanges: written.exchanges, bytes })
    }

    pub(super) fn exchange(&self, exchange: Exchange) {
        if self.write(&Line::Exchange(exchange), false) {
            self.state().written.exchanges += 1;
        }
    }

    /// Ends a call. All that was written so far can be read from now on, even if the process dies.
    pub(super) fn answered(
        &self,
        call: u64,
        wall: Vec<u64>,
        monotonic: Vec<u64>,
        answer: serde_json::Result<String>,
    ) {
        let answer = answer.map(|answer| self.blanks().over(answer));
        let raw = answer.and_then(|answer| {
            let sha256 = super::answer::sha256(answer.as_bytes());
            Ok((sha256, serde_json::value::RawValue::from_string(answer)?))
        });
        match raw {
            Ok((sha256, answer)) => {
                if self.write(&Line::Answered(Answered { call, wall, monotonic, sha256, answer }), true) {
                    self.state().written.calls += 1;
                }
            }
            Err(error) => self.fail(error.to_string()),
        }
    }

    pub(super) fn know(&self, used: &[Arc<Credential>]) {
        self.blanks().know(used);
    }

    pub(super) fn redirected(&self, location: &str) {
        self.blanks().redirected(location);
    }

    pub(super) fn without_secrets(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.blanks().over_bytes(bytes)
    }

    /// Whether the line is on the tape.
    fn write(&self, line: &Line, flush: bool) -> bool {
        let line = match serde_json::to_string(line) {
            Ok(line) => self.blanks().over(line) + "\n",
            Err(error) => {
                self.fail(error.to_string());
                return false;
            }
        };
        let mut state = self.state();
        let Some(out) = &mut state.out else { return false };
        let written = out.write_all(line.as_bytes()).and_then(|()| if flush { out.flush() } else { Ok(()) });
        if let Err(error) = written {
            drop(state);
            self.fail(error.to_string());
            return false;
        }
        true
    }

    fn fail(&self, reason: String) {
        let mut state = self.state();
        state.out = None;
        state.failed.get_or_insert(reason);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn blanks(&self) -> MutexGuard<'_, Blanks> {
        self.blanks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a new file that only its owner may read; over an old one only with `force`.
fn private(path: &Path, force: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    if force && file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}
