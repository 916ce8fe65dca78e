//! The source edited in the middle of a read, at every place where it can be.

use super::spread;
use crate::check::reading::{Manner, Reads};
use crate::check::subject::Subject;
use crate::check::trial::Scene;
use crate::model::Connection;

/// What came of the edits.
pub enum Edits {
    /// Why there were none.
    None(&'static str),
    Made {
        all: Vec<Edited>,
        target: Reads,
    },
}

/// One edit, before one request of a read of everything, and the read since that one's checkpoints.
pub struct Edited {
    /// Counted from 1; one more than there were requests is an edit after the read.
    pub before: usize,
    pub first: Reads,
    pub then: Reads,
}

/// Places of a read where the source is edited; of more requests, so many from the first to the last.
const PLACES_MAX: usize = 64;

/// `requests` are those of a read of everything.
pub async fn edit(subject: &Subject, connection: &Connection, requests: usize) -> Edits {
    let datasets = &subject.connector.description().datasets;
    if !datasets.iter().any(|dataset| dataset.since) {
        return Edits::None("no dataset is read since a checkpoint");
    }
    if let Some(why) = subject.stage.source.unedited() {
        return Edits::None(why);
    }
    let mut all = Vec::new();
    for before in spread((0..=requests).collect(), PLACES_MAX) {
        let trial = subject.trial(Scene { edited_from: Some(before), ..Scene::default() });
        let first = subject.read(&trial, connection, &Manner::Everything).await;
        // Its clock goes on, and its source is edited by now, at whichever request that was.
        let scene = Scene {
            edited_from: Some(0),
            later: std::time::Duration::from_secs(trial.requests() as u64),
            ..Scene::default()
        };
        let then = subject.read(&subject.trial(scene), connection, &Manner::Since(first.checkpoints())).await;
        all.push(Edited { before: before + 1, first, then });
    }
    let trial = subject.trial(Scene { edited_from: Some(0), ..Scene::default() });
    let target = subject.read(&trial, connection, &Manner::Everything).await;
    Edits::Made { all, target }
}
