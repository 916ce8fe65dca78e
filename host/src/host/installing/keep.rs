//! Keeping what somebody agreed to: the file first, then the row, then what is left over goes.

use super::Offer;
use crate::host::{Host, HostError};
use crate::installed::{FORMER_MAX, Installed, Version, component, short};
use crate::store::{Agreed, Installing};

/// Who does what the command does, in the audit trail: whoever may run commands on this machine.
const ACTOR: &str = "the command line";

impl Host {
    /// Keeps an offer, for its connections too: to call it is to agree to all that the offer asks. Runs that go on
    /// finish with the version they began with.
    ///
    /// # Errors
    ///
    /// [`crate::installed::InstalledFault::ChangedMeanwhile`] if the connector or its connections are not any more what
    /// the offer says; nothing was changed then.
    pub fn install(&self, offer: &Offer) -> Result<Installed, HostError> {
        let before = offer.before.as_ref().map(|installed| installed.current.sha256.as_str());
        let act = match (before, offer.known) {
            (None, _) => "connector-added",
            (Some(_), true) => "connector-rolled-back",
            (Some(_), false) => "connector-changed",
        };
        let about = about(&offer.name, &offer.version);
        let connections: Vec<Agreed> = offer.reaches.iter().map(|reach| reach.agreed.clone()).collect();
        self.noted(act, &about, || {
            let turn = component::turn(&self.folder)?;
            component::keep(&self.folder, &offer.version.sha256, &offer.wasm, &turn)?;
            let installed = self.store.install(&Installing {
                name: &offer.name,
                version: &offer.version,
                key: offer.key.as_ref(),
                before,
                path: offer.path.as_deref(),
                connections: &connections,
                former_max: FORMER_MAX,
            });
            // Also when it was refused: the file that was written is nobody's then.
            let tidied = component::tidy(&self.folder, &self.store.component_digests()?, &turn);
            installed?;
            tidied?;
            Ok(self.store.installed_connector(&offer.name)?)
        })
    }

    /// Removes a connector with all its versions, and tells what it was.
    ///
    /// # Errors
    ///
    /// [`crate::installed::InstalledFault::Used`] while a connection goes by it.
    pub fn uninstall(&self, name: &str) -> Result<Installed, HostError> {
        let found = self.installed(name)?;
        self.noted("connector-removed", &about(name, &found.current), || {
            let turn = component::turn(&self.folder)?;
            let removed = self.store.uninstall(name)?;
            component::tidy(&self.folder, &self.store.component_digests()?, &turn)?;
            Ok(removed)
        })
    }

    /// Notes a deed in the audit trail before it is done, and how it ended: which code runs is asked about later.
    fn noted<T>(
        &self,
        act: &str,
        about: &str,
        work: impl FnOnce() -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let noted = self.store.note_act(ACTOR, act, None, about, self.now()?)?;
        let done = work();
        self.store.end_act(noted, done.is_ok())?;
        done
    }
}

fn about(name: &str, version: &Version) -> String {
    format!(
        "{name} {}, sha256:{}, from {}",
        version.description.version,
        short(&version.sha256),
        version.from
    )
}
