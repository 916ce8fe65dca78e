//! What goes on after its answer, because nobody should wait at a page for it: it ends before the process does.

use std::sync::{Mutex, PoisonError};

use tokio::task::JoinSet;

/// Tasks that were begun by somebody who was answered already.
#[derive(Default)]
pub struct Background(Mutex<JoinSet<()>>);

impl Background {
    /// Goes on with this. It has to end by itself when the console is asked to stop.
    pub fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What has ended is forgotten, so that only what goes on is kept.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Until all of it has ended.
    pub async fn ended(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.join_all().await;
    }
}
