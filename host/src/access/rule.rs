//! The rule itself: from what an item states and what its parent grants to yes or no.

use crate::model::{Access, Principal};

/// What stands above an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// Nothing: the item is a root.
    Nothing,
    /// A chain of parents that never reaches a root: one of them has not arrived, or
    /// they go round in a circle. The contract shows what is below it to nobody.
    Lost,
    /// A parent, which the person may read or not.
    Parent { readable: bool },
}

/// Whether a person may read an item that states `access`, of whose principals one is
/// (`named`) or none is the person.
///
/// The meaning of each case is the contract's (`types.access`). A root has nobody to
/// take readers from, so there only `Replaced` can grant anything.
pub fn readable(access: &Access, above: Above, named: bool) -> bool {
    match (access, above) {
        (_, Above::Lost) | (Access::Unknown, _) => false,
        (Access::Replaced(_), _) => named,
        (_, Above::Nothing) => false,
        (Access::Inherited, Above::Parent { readable }) => readable,
        (Access::Narrowed(_), Above::Parent { readable }) => readable && named,
        (Access::Widened(_), Above::Parent { readable }) => readable || named,
    }
}

/// Whether a statement opens an item wider than what holds it, as only kinds that widen may (`setup.kind` of the
/// contract). At the root nothing holds it, so there `Replaced` is the ordinary statement.
pub fn overclaims(access: &Access, kind_widens: bool, is_root: bool) -> bool {
    match access {
        Access::Widened(_) => !kind_widens,
        Access::Replaced(_) => !kind_widens && !is_root,
        Access::Inherited | Access::Narrowed(_) | Access::Unknown => false,
    }
}

/// Whom an access names.
pub fn principals(access: &Access) -> &[Principal] {
    match access {
        Access::Narrowed(named) | Access::Widened(named) | Access::Replaced(named) => named,
        Access::Inherited | Access::Unknown => &[],
    }
}

/// Whether nobody can read under `new` who could not under `old`, at the same place and whatever stands
/// above. False where it cannot be told from the statements alone.
pub fn is_narrower(new: &Access, old: &Access) -> bool {
    let within = |new: &[Principal], old: &[Principal]| new.iter().all(|one| old.contains(one));
    match (new, old) {
        (Access::Unknown, _) => true,
        (new, old) if new == old => true,
        (Access::Replaced(new), Access::Replaced(old) | Access::Widened(old)) => within(new, old),
        (Access::Widened(new), Access::Widened(old)) => within(new, old),
        (Access::Narrowed(new), Access::Narrowed(old)) => within(new, old),
        (Access::Narrowed(_) | Access::Inherited, Access::Inherited | Access::Widened(_)) => true,
        _ => false,
    }
}
