//! The pace of answers that follow what goes on (server-sent events), for pages and API: when to look again, how
//! many may look, and when such an answer ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{Console, Trouble};
use crate::model::Timestamp;

/// Answers of this sort at once. Each looks at the store twice a second while something goes on.
const STREAMS_MAX: usize = 64;

/// No sooner is looked again: twice a second is as fast as people read.
const LOOK_MIN: Duration = Duration::from_millis(500);

/// And no later while something goes on: a rate falls and a backlog shrinks without anybody telling.
const LOOK_MAX: Duration = Duration::from_secs(1);

/// And so often otherwise: another process may have changed something.
const LOOK_IDLE: Duration = Duration::from_secs(15);

/// An answer ends after this long. A browser asks again by itself, and whoever may look no more is refused then.
const STREAM_MS_MAX: u64 = 10 * 60 * 1_000;

/// Places for those who watch.
pub struct Seats(Arc<Semaphore>);

impl Default for Seats {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(STREAMS_MAX)))
    }
}

/// One that watches, and its place.
pub struct Ticks {
    console: Console,
    changes: watch::Receiver<()>,
    until: Timestamp,
    first: bool,
    _seat: OwnedSemaphorePermit,
}

impl Ticks {
    /// Takes a place.
    ///
    /// # Errors
    ///
    /// [`Trouble::Full`] when there is none.
    pub fn begin(console: &Console) -> Result<Self, Trouble> {
        let seat = Arc::clone(&console.seats().0).try_acquire_owned();
        let seat = seat.map_err(|_| Trouble::Full("too many pages follow what goes on"))?;
        Ok(Self {
            console: console.clone(),
            changes: console.host().live().changes(),
            until: console.host().now()?.saturating_add(STREAM_MS_MAX),
            first: true,
            _seat: seat,
        })
    }

    /// Until it is time to look again: true; at once the first time. False when the answer is to end.
    pub async fn next(&mut self) -> bool {
        if !std::mem::take(&mut self.first) {
            tokio::select! {
                biased;
                () = self.console.stop().wait() => return false,
                () = Self::due(&self.console, &mut self.changes) => {}
            }
        }
        // What is told from here on is worth another look.
        self.changes.mark_unchanged();
        self.console.stop().asked().is_none() && self.console.host().now().is_ok_and(|now| now < self.until)
    }

    async fn due(console: &Console, changes: &mut watch::Receiver<()>) {
        let host = console.host();
        host.sleep(LOOK_MIN).await;
        let rest = if host.live().is_idle() { LOOK_IDLE } else { LOOK_MAX.saturating_sub(LOOK_MIN) };
        tokio::select! {
            _told = changes.changed() => {}
            () = host.sleep(rest) => {}
        }
    }
}
