//! What 0.2.0 knows and this version does not, as the host takes it here.

use super::generated::exports::weir::connector::setup;
use crate::model::Bound;

/// Nothing was said: people agree to each connection's origins, and to no bounds.
pub fn bounds(_: &setup::Description) -> Option<Vec<Bound>> {
    None
}

/// What this version lets every kind do that has readers of its own.
pub fn widens(kind: &setup::Kind) -> bool {
    !kind.inherits
}
