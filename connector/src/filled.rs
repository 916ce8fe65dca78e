//! Maps and sets, filled entry by entry.

/// What `collect` makes, by inserting. Collecting into a `BTreeMap` or a `BTreeSet` sorts first, which adds some 7 kB to
/// the component for every type of entry; the entries here are few, or come sorted.
pub fn filled<C: Default + Extend<E>, E>(entries: impl IntoIterator<Item = E>) -> C {
    let mut collection = C::default();
    collection.extend(entries);
    collection
}
