//! The index's one writer, shared by the syncs that go on in this process.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Mutex;

use super::feed::{Fed, Feeder};
use super::{Host, HostError};
use crate::index;

/// How long a search that writes is waited for at a time, and how often.
const BUSY_WAIT: Duration = Duration::from_millis(500);
const BUSY_WAITS_MAX: u32 = 60;

/// Where the syncs of a host meet. The writer is open while somebody has a share in it, so that between
/// syncs a search of another process can take in what it finds waiting.
#[derive(Default)]
pub(super) struct Feeding(Arc<Mutex<Weak<Mutex<Feeder>>>>);

/// One sync's share in the writer.
pub(super) struct Share {
    door: Arc<Mutex<Weak<Mutex<Feeder>>>>,
    feeder: Arc<Mutex<Feeder>>,
    /// What the index had taken in when this sync came.
    before: Fed,
}

impl Host {
    /// A share in the index's writer, which is opened for the first who asks.
    ///
    /// # Errors
    ///
    /// When the index cannot be opened, or another process is writing it.
    pub(super) async fn share_feed(&self) -> Result<Share, HostError> {
        let door = Arc::clone(&self.feeding.0);
        let mut shared = door.lock().await;
        let feeder = match shared.upgrade() {
            Some(feeder) => feeder,
            None => {
                let feeder = Arc::new(Mutex::new(self.feeder_in_turn().await?));
                *shared = Arc::downgrade(&feeder);
                feeder
            }
        };
        drop(shared);
        let before = feeder.lock().await.fed();
        Ok(Share { door, feeder, before })
    }

    /// Whoever searches may be taking in what was left, which takes seconds.
    async fn feeder_in_turn(&self) -> Result<Feeder, HostError> {
        for _ in 0..BUSY_WAITS_MAX {
            match self.feeder() {
                Err(HostError::Index(index::Error::Busy(_))) => self.sleep(BUSY_WAIT).await,
                opened => return opened,
            }
        }
        self.feeder()
    }
}

impl Share {
    /// Takes in what waits; commits only if much of it is uncommitted.
    pub async fn feed(&self) -> Result<(), HostError> {
        self.with(Feeder::feed).await
    }

    /// Takes in what waits and makes it found. The last who leaves lets the index tidy up.
    pub async fn finish(self) -> Result<Fed, HostError> {
        // Nobody comes in meanwhile: there is one writer, and it may be about to close.
        let door = Arc::clone(&self.door);
        let _closed = door.lock().await;
        let after = self.with(|feeder| feeder.settle().map(|()| feeder.fed())).await?;
        let fed = after.since(self.before);
        if let Some(feeder) = Arc::into_inner(self.feeder) {
            blocking(move || feeder.into_inner().close()).await?;
        }
        Ok(fed)
    }

    /// Store and index block, so they leave the threads on which requests are waited for.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Feeder) -> Result<T, HostError> + Send + 'static,
    ) -> Result<T, HostError> {
        let mut feeder = Arc::clone(&self.feeder).lock_owned().await;
        blocking(move || work(&mut feeder)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| HostError::Lost(error.to_string()))?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::host::feed::Fed;
    use crate::host::{Host, HostError};
    use crate::store::testing::{fixture, page, upsert};

    #[tokio::test]
    async fn two_syncs_feed_one_index_and_the_last_one_closes_it() {
        let site = fixture();
        let host = Host::open(site.dir.path(), None).unwrap();
        let first = host.share_feed().await.unwrap();
        site.answers(&[upsert(page("page:1", "space:1"))]);
        first.feed().await.unwrap();
        let second = host.share_feed().await.unwrap();
        site.answers(&[upsert(page("page:2", "space:1"))]);
        let busy = |result: Result<Fed, HostError>| matches!(result, Err(HostError::Index(_)));
        assert_eq!(first.finish().await.unwrap(), Fed { put: 2, removed: 0 });
        assert_eq!(site.outbox(), [""; 0], "what the first brought is found when it ends");
        assert!(busy(host.catch_up()), "the second still writes");
        assert_eq!(second.finish().await.unwrap(), Fed { put: 1, removed: 0 });
        assert!(!busy(host.catch_up()));
    }
}
