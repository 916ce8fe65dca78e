//! How a run is asked to stop, from outside and while it goes on.

use std::future::pending;

use tokio::sync::watch;

use crate::store::Outcome;

/// Why a run is to end before it has read everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// Somebody wants it so.
    Canceled,
    /// The process that runs it is ending.
    Interrupted,
}

impl Halt {
    /// How a run ends that was asked to stop for this reason.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Canceled => Outcome::Canceled,
            Self::Interrupted => Outcome::Interrupted,
        }
    }
}

/// The run's end of the door. Cloning it is cheap; all clones hear the same.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Option<Halt>>);

/// The other end. Dropping it leaves the run alone.
#[derive(Debug)]
pub struct Stopper(watch::Sender<Option<Halt>>);

impl Stop {
    pub fn door() -> (Stopper, Self) {
        let (asking, asked) = watch::channel(None);
        (Stopper(asking), Self(asked))
    }

    /// For a run that nobody will stop.
    pub fn never() -> Self {
        Self::door().1
    }

    /// Why the run is to stop; None while it is not to.
    pub fn asked(&self) -> Option<Halt> {
        *self.0.borrow()
    }

    /// Until the run is asked to stop.
    pub async fn wait(&self) {
        let mut asked = self.0.clone();
        if asked.wait_for(Option::is_some).await.is_err() {
            // Nobody is left who could ask.
            pending::<()>().await;
        }
    }
}

impl Stopper {
    /// Asks the run to stop. The first reason stands.
    pub fn stop(&self, halt: Halt) {
        self.0.send_if_modified(|asked| {
            let first = asked.is_none();
            asked.get_or_insert(halt);
            first
        });
    }
}
