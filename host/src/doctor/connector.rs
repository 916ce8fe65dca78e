//! What runs, when it is not the built-in connector.

use super::{good, notice};
use crate::installed::{Installed, is_older, short};
use crate::model::Finding;

/// Which version runs, and whether a newer one is kept that somebody went back from.
#[must_use]
pub fn installed(installed: &Installed) -> Finding {
    let (name, current) = (&installed.name, &installed.current);
    let version = &current.description.version;
    let signed = match &current.signed_by {
        Some(fingerprint) => format!("signed by {fingerprint}"),
        None => "signed by nobody known here".to_owned(),
    };
    let runs = format!(
        "{name} {version} (sha256:{}, {signed}) is what was agreed to, from {}",
        short(&current.sha256),
        current.from
    );
    let newer = |version: &&crate::installed::Version| {
        is_older(&current.description.version, &version.description.version)
    };
    match installed.former.iter().find(newer) {
        None => good("connector", runs),
        Some(newer) => notice(
            "connector",
            format!("{runs}; the newer version {} is kept and not used", newer.description.version),
            format!("to use it again, run `weir connector rollback {name} --to {}`", short(&newer.sha256)),
        ),
    }
}
