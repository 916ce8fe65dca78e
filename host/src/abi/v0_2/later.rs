//! What this version knows and 0.1.0 does not.

use super::generated::exports::weir::connector::setup;
use crate::model::Bound;

/// The outermost that any settings can ask for.
pub fn bounds(from: &setup::Description) -> Option<Vec<Bound>> {
    let bound = |bound: &setup::Bound| Bound {
        url: bound.url.clone(),
        credential: bound.credential,
        post: bound.post,
        purpose: bound.purpose.clone(),
    };
    Some(from.bounds.iter().map(bound).collect())
}

/// Whether people may read such an item who may not read what holds it.
pub fn widens(kind: &setup::Kind) -> bool {
    kind.widens
}
