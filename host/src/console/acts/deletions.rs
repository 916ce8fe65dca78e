//! Deletions that wait for a person.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::host::HostError;
use crate::live::Doing;
use crate::model::ConnectionId;
use crate::store::DeletionRule;
use crate::sync::Approved;

/// Items named of those that the source could not tell of; the rest is counted.
const NAMED_MAX: usize = 10;

/// The latest approval of each connection in this process.
#[derive(Default)]
pub struct Approvals(Mutex<BTreeMap<ConnectionId, Approval>>);

/// How an approval stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// The source is asked, or its turn has not come since the connection is being read.
    GoesOn,
    Ended {
        waited: u64,
        gone: u64,
        present: u64,
        unanswered: u64,
        /// Some of those, and why: id and reason.
        named: Vec<(String, String)>,
        /// Why the source would not be asked any more.
        stopped: Option<String>,
    },
    Failed(String),
}

impl Approvals {
    pub fn of(&self, connection: ConnectionId) -> Option<Approval> {
        self.all().get(&connection).cloned()
    }

    /// False if one goes on.
    fn begin(&self, connection: ConnectionId) -> bool {
        let before = self.all().insert(connection, Approval::GoesOn);
        before != Some(Approval::GoesOn)
    }

    fn end(&self, connection: ConnectionId, approval: Approval) {
        self.all().insert(connection, approval);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<ConnectionId, Approval>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Console {
    /// Begins to ask the source about each item that waits, and to delete what it says is gone. That goes on after
    /// the answer; [`Approvals`] has what came of it.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or an approval goes on at it.
    pub async fn approve_deletions(&self, viewer: &Viewer, name: String) -> Result<(), Trouble> {
        let found = name.clone();
        let connection = self.with_host(move |host| Ok(host.store().connection(&found)?.id)).await?;
        if !self.approvals().begin(connection) {
            return Err(Trouble::Conflict(format!("the source of {name} is being asked already")));
        }
        let (console, viewer) = (self.clone(), viewer.clone());
        self.background().begin(async move {
            let deed = Deed::of("deletions-approved", &name);
            let asked = console.act(&viewer, deed, console.ask_about_deletions(connection, &name)).await;
            console
                .approvals()
                .end(connection, asked.map_or_else(|error| Approval::Failed(error.to_string()), ended));
            console.host().live().tell();
        });
        Ok(())
    }

    async fn ask_about_deletions(&self, connection: ConnectionId, name: &str) -> Result<Approved, HostError> {
        let host = self.host();
        let _turned = tokio::select! {
            turned = host.alone(connection) => turned,
            () = self.stop().wait() => return Err(HostError::Lost("Weir is ending".to_owned())),
        };
        let going = host.going(connection, Doing::Approval)?;
        let ask = |stop| async move { host.approve_deletions(name, &stop, going.progress()).await };
        host.stoppable(connection, self.stop(), ask).await
    }

    /// Keeps everything that waits. Returns how much that was.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn reject_deletions(&self, viewer: &Viewer, name: String) -> Result<u64, Trouble> {
        let deed = Deed::of("deletions-rejected", &name);
        self.act_blocking(viewer, deed, move |host| {
            Ok(host.store().reject_deletions(host.store().connection(&name)?.id)?)
        })
        .await
    }

    /// Says how many items may be gone at once before a person is asked.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the share is none.
    pub async fn set_deletion_rule(
        &self,
        viewer: &Viewer,
        name: String,
        rule: DeletionRule,
    ) -> Result<(), Trouble> {
        if rule.share > 100 {
            return Err(Trouble::Bad(format!("{} % is no share from 0 % to 100 %", rule.share)));
        }
        let about = format!("{} % and {}", rule.share, rule.at_least);
        let deed = Deed::of("deletion-limit-set", &name).about(about);
        self.act_blocking(viewer, deed, move |host| {
            Ok(host.store().set_deletion_rule(host.store().connection(&name)?.id, rule)?)
        })
        .await
    }
}

fn ended(approved: Approved) -> Approval {
    let counts = &approved.run.counts;
    let named = approved.unanswered.iter().take(NAMED_MAX).cloned().collect();
    Approval::Ended {
        waited: approved.waited as u64,
        gone: counts.deleted + counts.binned,
        present: approved.present as u64,
        unanswered: approved.unanswered.len() as u64,
        named,
        stopped: approved.stopped.map(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Approval, Approvals};

    #[test]
    fn one_approval_at_a_time_goes_on_at_a_connection() {
        let approvals = Approvals::default();
        assert_eq!(approvals.of(1), None);
        assert!(approvals.begin(1) && !approvals.begin(1) && approvals.begin(2));
        approvals.end(1, Approval::Failed("the store is full".to_owned()));
        assert!(approvals.begin(1));
        assert_eq!(approvals.of(1), Some(Approval::GoesOn));
    }
}
