//! Whether a read gets on: a connector can give a cursor after each page, for ever. Pure.

use super::due::Policy;

/// The pages that one run has read of a partition.
#[derive(Default)]
pub struct Paces {
    pages: u64,
    /// Of them, the last ones that told nothing.
    empty: u64,
}

impl Paces {
    /// Counts a page after which there is said to be another one; why there is none for this run, if so.
    pub fn beyond(&mut self, changes: usize, policy: &Policy) -> Option<String> {
        self.pages += 1;
        self.empty = if changes == 0 { self.empty + 1 } else { 0 };
        if self.empty >= policy.empty_pages_max {
            return Some(format!(
                "the connector gave {} pages in a row without a change, and always a cursor for another one",
                self.empty
            ));
        }
        (self.pages >= policy.pages_max)
            .then(|| format!("it has more than {} pages, which is as many as one run reads", self.pages))
    }
}

#[cfg(test)]
mod tests {
    use super::{Paces, Policy};

    /// After how many pages with so many changes each a read is left, and why; a hundred are looked at.
    fn left(pages: &[usize], policy: &Policy) -> Option<(usize, String)> {
        let mut paces = Paces::default();
        let pages = pages.iter().cycle().take(100).enumerate();
        pages.filter_map(|(page, changes)| Some((page + 1, paces.beyond(*changes, policy)?))).next()
    }

    #[test]
    fn a_read_without_end_is_left_and_one_that_gets_on_is_not() {
        let empty = Policy { empty_pages_max: 5, ..Policy::default() };
        let (pages, words) = left(&[0], &empty).unwrap_or_default();
        assert_eq!(pages, 5);
        insta::assert_snapshot!(words, @"the connector gave 5 pages in a row without a change, and always a cursor for another one");
        assert_eq!(left(&[0, 0, 0, 0, 1], &empty), None, "whatever is told begins the count anew");
        let long = Policy { pages_max: 20, ..Policy::default() };
        let (pages, words) = left(&[250], &long).unwrap_or_default();
        assert_eq!(pages, 20);
        insta::assert_snapshot!(words, @"it has more than 20 pages, which is as many as one run reads");
        assert_eq!(left(&[250], &Policy::default()), None);
    }
}
