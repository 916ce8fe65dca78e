//! Which of two versions is the older one, by what connectors call them.

/// Whether `one` is older than `other`: numbers between dots are compared as numbers (Semantic Versioning 2.0.0,
/// section 11, without pre-releases), and what is no number says nothing. Only told, never decided by: what a component
/// calls its version is its own word.
#[must_use]
pub fn is_older(one: &str, other: &str) -> bool {
    match (numbers(one), numbers(other)) {
        (Some(one), Some(other)) => one < other,
        _ => false,
    }
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    let core = version.split(['-', '+']).next()?;
    let mut numbers: Vec<u64> = core.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}
