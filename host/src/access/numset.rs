//! A set of item numbers.

use std::fmt;

/// Numbers share a block if they agree in all but this many low bits.
///
/// 65,536 numbers to a block (8 KiB) make the table of blocks 512 KiB at worst, and the
/// set of a million items in a row 128 KiB.
const BLOCK_NUMBERS_LOG2: u32 = 16;
const WORDS: usize = 1 << (BLOCK_NUMBERS_LOG2 - 6);

type Block = Box<[u64; WORDS]>;

/// A set of `u32` numbers that answers `contains` with two look-ups and no search.
///
/// Every hit of every query asks it, several times a microsecond, and row numbers lie
/// close together; a compressed set (such as `roaring`) saves memory where numbers are
/// strewn far apart, and would search for each answer.
#[derive(Clone, Default)]
pub struct NumSet {
    /// By the high bits; missing and `None` both mean an empty block.
    blocks: Vec<Option<Block>>,
    len: usize,
}

impl NumSet {
    pub fn new() -> Self {
        Self::default()
    }

    /// How many numbers are in the set.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn contains(&self, num: u32) -> bool {
        let (block, word, bit) = place(num);
        match self.blocks.get(block) {
            Some(Some(words)) => words.get(word).is_some_and(|word| word & bit != 0),
            _ => false,
        }
    }

    /// Whether the number is new to the set.
    pub fn insert(&mut self, num: u32) -> bool {
        let (block, word, bit) = place(num);
        if self.blocks.len() <= block {
            self.blocks.resize(block + 1, None);
        }
        let Some(slot) = self.blocks.get_mut(block) else { return false };
        let words = slot.get_or_insert_with(|| Box::new([0; WORDS]));
        let Some(word) = words.get_mut(word) else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        self.len += usize::from(new);
        new
    }

    /// Adds all that is in the other set.
    pub fn union(&mut self, other: &NumSet) {
        if self.blocks.len() < other.blocks.len() {
            self.blocks.resize(other.blocks.len(), None);
        }
        for (mine, theirs) in self.blocks.iter_mut().zip(&other.blocks) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.iter_mut().zip(theirs.iter()).for_each(|(a, b)| *a |= b),
                (None, Some(_)) => mine.clone_from(theirs),
                (_, None) => {}
            }
        }
        self.recount();
    }

    /// Keeps only what is in the other set too.
    pub fn intersect(&mut self, other: &NumSet) {
        self.blocks.truncate(other.blocks.len());
        for (mine, theirs) in self.blocks.iter_mut().zip(&other.blocks) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.iter_mut().zip(theirs.iter()).for_each(|(a, b)| *a &= b),
                (_, None) => *mine = None,
                (None, _) => {}
            }
        }
        self.recount();
    }

    /// Takes away all that is in the other set.
    pub fn subtract(&mut self, other: &NumSet) {
        for (mine, theirs) in self.blocks.iter_mut().zip(&other.blocks) {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.iter_mut().zip(theirs.iter()).for_each(|(a, b)| *a &= !b);
            }
        }
        self.recount();
    }

    /// The numbers, smallest first.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let words = self.blocks.iter().zip(0u32..).flat_map(|(block, high)| {
            let words = block.iter().flat_map(|words| words.iter().zip(0u32..));
            words.map(move |(word, index)| (*word, (high << BLOCK_NUMBERS_LOG2) | (index << 6)))
        });
        words.flat_map(|(word, base)| Bits(word).map(move |bit| base | bit))
    }

    fn recount(&mut self) {
        let words = self.blocks.iter().flatten().flat_map(|words| words.iter());
        self.len = words.map(|word| word.count_ones() as usize).sum();
    }
}

/// Which block, which word in it, and the bit in that word.
fn place(num: u32) -> (usize, usize, u64) {
    let word = (num >> 6) as usize & (WORDS - 1);
    ((num >> BLOCK_NUMBERS_LOG2) as usize, word, 1 << (num & 63))
}

/// The places of the ones in a word, lowest first.
struct Bits(u64);

impl Iterator for Bits {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros())?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

impl FromIterator<u32> for NumSet {
    fn from_iter<I: IntoIterator<Item = u32>>(nums: I) -> Self {
        let mut set = NumSet::new();
        set.extend(nums);
        set
    }
}

impl Extend<u32> for NumSet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, nums: I) {
        for num in nums {
            self.insert(num);
        }
    }
}

impl PartialEq for NumSet {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for NumSet {}

impl fmt::Debug for NumSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::NumSet;
    use crate::access::seeded::Seeded;

    #[test]
    fn holds_the_first_and_the_last_number() {
        let set: NumSet = [u32::MAX, 0, 65_535, 65_536, 0].into_iter().collect();
        assert_eq!(set.len(), 4);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 65_535, 65_536, u32::MAX]);
        assert!(!set.contains(1) && !set.contains(u32::MAX - 1) && !set.contains(131_072));
    }

    #[test]
    fn agrees_with_a_tree_set() {
        let mut seeded = Seeded::new(11);
        for _ in 0..300 {
            let width = [10, 500, 200_000, u64::from(u32::MAX)][seeded.below(4) as usize];
            let mut draw = || (0..seeded.below(60)).map(|_| seeded.below(width) as u32).collect();
            let (left, right): (BTreeSet<u32>, BTreeSet<u32>) = (draw(), draw());
            let (mut union, mut both): (NumSet, NumSet) =
                (left.iter().copied().collect(), left.iter().copied().collect());
            let other: NumSet = right.iter().copied().collect();
            union.union(&other);
            both.intersect(&other);
            assert_eq!(union.iter().collect::<BTreeSet<_>>(), &left | &right);
            assert_eq!(union.len(), (&left | &right).len());
            assert_eq!(both.iter().collect::<BTreeSet<_>>(), &left & &right);
            assert_eq!(both, (&left & &right).into_iter().collect());
            let mut rest: NumSet = left.iter().copied().collect();
            rest.subtract(&other);
            assert_eq!(rest, (&left - &right).into_iter().collect());
            assert!(
                right.iter().all(|num| other.contains(*num) && left.contains(num) == both.contains(*num))
            );
        }
    }
}
