//! Running a query for somebody who may read some of the documents.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::query::{EnableScoring, Query as Engine, Scorer, Weight};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::clauses::{Check, plan};
use super::schema::{NUM, UPDATED};
use super::{Error, Index, Query};
use crate::access::NumSet;

/// How deep a search may look. Beyond this nobody pages; it bounds what is kept in memory.
pub const HITS_MAX: usize = 10_000;

/// For a property's name and value (lower case): the numbers of all items that lie
/// under a root with that property, if any root has it.
pub type Scopes<'a> = &'a dyn Fn(&str, &str) -> Option<NumSet>;

/// A document that matches, by its number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub num: u32,
    /// Comparable within one search only.
    pub score: f32,
}

/// Some of the hits, best first, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    pub hits: Vec<Hit>,
    pub total: usize,
}

impl Index {
    /// The best documents that match and are in `readable`, from `offset` on.
    ///
    /// A document outside `readable` is neither counted nor scored. Equal scores are
    /// ordered by time of change, newest first, then by number. Offset and limit
    /// together reach no further than `HITS_MAX`.
    pub fn search(
        &self,
        query: &Query,
        readable: &NumSet,
        scopes: Scopes<'_>,
        offset: usize,
        limit: usize,
    ) -> Result<Hits, Error> {
        if readable.is_empty() {
            return Ok(Hits::default());
        }
        let attempt = || Error::engine("search", &self.dir);
        let searcher = self.reader.searcher();
        let plan = plan(query, &self.fields, scopes);
        let weigh = |engine: &dyn Engine| engine.weight(EnableScoring::enabled_from_searcher(&searcher));
        let wanted = weigh(plan.wanted.as_ref()).map_err(attempt())?;
        let mut checks = Vec::with_capacity(plan.checks.len());
        for Check { engine, scope, expected } in plan.checks {
            checks.push((weigh(engine.as_ref()).map_err(attempt())?, scope, expected));
        }
        let weights = Weights { wanted, checks };
        let mut best = Best::new(offset.saturating_add(limit).min(HITS_MAX));
        for segment in searcher.segment_readers() {
            collect(&weights, segment, readable, &mut best).map_err(attempt())?;
        }
        let total = best.total;
        let hits = best.into_sorted().into_iter().skip(offset).take(limit);
        Ok(Hits { hits: hits.map(|ranked| Hit { num: ranked.num, score: ranked.score }).collect(), total })
    }
}

struct Weights {
    wanted: Box<dyn Weight>,
    /// With the scope that stands in for a match, and whether a match is expected.
    checks: Vec<(Box<dyn Weight>, Option<NumSet>, bool)>,
}

/// The one place where documents are let through.
fn collect(
    weights: &Weights,
    segment: &SegmentReader,
    readable: &NumSet,
    best: &mut Best,
) -> tantivy::Result<()> {
    let nums = segment.fast_fields().u64(NUM)?;
    let updated = segment.fast_fields().u64(UPDATED)?;
    let mut checks = Vec::with_capacity(weights.checks.len());
    for (weight, scope, expected) in &weights.checks {
        checks.push((weight.scorer(segment, 1.0)?, scope.as_ref(), *expected));
    }
    let mut scorer = weights.wanted.scorer(segment, 1.0)?;
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        let alive = segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc));
        let num = nums.first(doc).and_then(|num| u32::try_from(num).ok());
        if let Some(num) = num.filter(|num| alive && readable.contains(*num))
            && checks.iter_mut().all(|(scorer, scope, expected)| {
                let inside = scope.is_some_and(|scope| scope.contains(num));
                (inside || matches(scorer.as_mut(), doc)) == *expected
            })
        {
            let updated = updated.first(doc).unwrap_or(0);
            best.push(Ranked { score: scorer.score(), updated, num });
        }
        doc = scorer.advance();
    }
    Ok(())
}

/// Whether a document is among those of the scorer, which only ever moves forward.
fn matches(scorer: &mut dyn Scorer, doc: DocId) -> bool {
    scorer.doc() == doc || scorer.doc() < doc && scorer.seek(doc) == doc
}

/// Greater is better.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    score: f32,
    updated: u64,
    num: u32,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = self.score.total_cmp(&other.score).then(self.updated.cmp(&other.updated));
        by_score.then(other.num.cmp(&self.num))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best so many, the worst of them on top.
struct Best {
    heap: BinaryHeap<Reverse<Ranked>>,
    limit: usize,
    total: usize,
}

impl Best {
    fn new(limit: usize) -> Self {
        Best { heap: BinaryHeap::new(), limit, total: 0 }
    }

    fn push(&mut self, ranked: Ranked) {
        self.total += 1;
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(ranked));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked > worst.0
        {
            *worst = Reverse(ranked);
        }
    }

    fn into_sorted(self) -> Vec<Ranked> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(ranked)| ranked).collect()
    }
}
