//! What a run has told so far. Events go in with the time at which they came; nothing here looks at a clock.

use std::collections::VecDeque;

use super::pace::Pace;
use crate::model::Timestamp;
use crate::store::Mode;
use crate::sync::Event;

/// Parts of a dataset that are told singly. A run reads eight at a time.
const PARTS_MAX: usize = 16;

/// Datasets that are told: connectors have a handful.
const DATASETS_MAX: usize = 32;

/// Troubles that are told, the latest.
const TROUBLES_MAX: usize = 20;

/// Of a label or of trouble that is told: a source's words may be long.
const WORDS_BYTES_MAX: usize = 500;

/// What goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Sync(Mode),
    /// The source is asked about deletions that a person approved.
    Approval,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was told yet.
    Beginning,
    Reading,
    /// The source is asked about what was not mentioned any more.
    Confirming,
    /// Files are looked into for their words.
    Files,
}

/// All that is known of what goes on.
#[derive(Debug, Clone)]
pub struct Told {
    pub doing: Doing,
    pub since: Timestamp,
    pub stage: Stage,
    /// Items that were told, whether or not they were new.
    pub items: u64,
    /// In the order in which they were listed.
    pub datasets: Vec<DatasetTold>,
    /// Items removed because the settings leave them out.
    pub left_out: u64,
    /// Items that were not mentioned any more and are asked about.
    pub suspects: u64,
    pub files: Option<FilesTold>,
    /// The latest, the newest last.
    pub troubles: VecDeque<TroubleTold>,
    pub pace: Pace,
}

/// A dataset, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetTold {
    pub name: String,
    pub parts: u64,
    pub done: u64,
    /// Parts that changed settings do not touch.
    pub untouched: u64,
    pub items: u64,
    /// The parts of which something was heard and that have not come to their end; the latest 16.
    pub under_way: Vec<PartTold>,
}

/// A part that is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTold {
    pub id: String,
    pub label: String,
    pub items: u64,
    /// About how many are to come, if the connector knows.
    pub remaining: Option<u64>,
}

/// Files that were looked into, of those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilesTold {
    pub done: u64,
    pub waiting: u64,
}

/// A call that is made again, or a part that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubleTold {
    pub at: Timestamp,
    /// `content/pages-1`, or the dataset alone.
    pub part: String,
    pub words: String,
}

impl Told {
    pub fn begun(doing: Doing, now: Timestamp) -> Self {
        Self {
            doing,
            since: now,
            stage: Stage::Beginning,
            items: 0,
            datasets: Vec::new(),
            left_out: 0,
            suspects: 0,
            files: None,
            troubles: VecDeque::new(),
            pace: Pace::begun(now),
        }
    }

    /// Takes in what happened; false if it changes nothing that is told.
    pub fn take(&mut self, event: &Event<'_>, now: Timestamp) -> bool {
        match *event {
            Event::Listed { dataset, partitions } => {
                self.stage = Stage::Reading;
                self.of(dataset, |told| told.parts += partitions as u64);
            }
            Event::Page { dataset, partition, changes, remaining } => {
                self.stage = Stage::Reading;
                let items = changes as u64;
                self.items += items;
                self.pace.add(items, now);
                self.of(dataset, |told| told.page(&partition.id, &partition.label, items, remaining));
            }
            Event::Done { dataset, partition } => self.of(dataset, |told| told.end(&partition.id)),
            Event::Untouched { dataset, partitions } => {
                self.of(dataset, |told| told.untouched += partitions as u64);
            }
            Event::Trouble { dataset, partition, words } => self.trouble(dataset, partition, words, now),
            Event::LeftOut { items } => self.left_out += items as u64,
            Event::Confirming { suspects } => {
                self.stage = Stage::Confirming;
                self.suspects = suspects as u64;
            }
            Event::Files { done, waiting } => {
                self.stage = Stage::Files;
                self.files = Some(FilesTold { done, waiting });
            }
            Event::Said { .. } => return false,
        }
        true
    }

    /// Parts that were read to their end, and all.
    pub fn parts(&self) -> (u64, u64) {
        self.datasets.iter().fold((0, 0), |(done, all), told| (done + told.done, all + told.parts))
    }

    /// About how many items are to come, as far as the connector knows.
    pub fn remaining(&self) -> u64 {
        let parts = self.datasets.iter().flat_map(|told| &told.under_way);
        parts.filter_map(|part| part.remaining).fold(0, u64::saturating_add)
    }

    fn of(&mut self, dataset: &str, change: impl FnOnce(&mut DatasetTold)) {
        let found = self.datasets.iter().position(|told| told.name == dataset);
        if found.is_none() && self.datasets.len() < DATASETS_MAX {
            self.datasets.push(DatasetTold::named(dataset));
        }
        let at = found.unwrap_or(self.datasets.len().saturating_sub(1));
        if let Some(told) = self.datasets.get_mut(at).filter(|told| told.name == dataset) {
            change(told);
        }
    }

    fn trouble(&mut self, dataset: &str, partition: &str, words: &str, now: Timestamp) {
        let part = if partition.is_empty() { dataset.to_owned() } else { format!("{dataset}/{partition}") };
        self.troubles.push_back(TroubleTold { at: now, part: cut(&part), words: cut(words) });
        while self.troubles.len() > TROUBLES_MAX {
            self.troubles.pop_front();
        }
    }
}

impl DatasetTold {
    fn named(name: &str) -> Self {
        Self { name: cut(name), parts: 0, done: 0, untouched: 0, items: 0, under_way: Vec::new() }
    }

    fn page(&mut self, id: &str, label: &str, items: u64, remaining: Option<u64>) {
        self.items += items;
        let before = self.under_way.iter().position(|part| part.id == id).map(|at| self.under_way.remove(at));
        // One that was given up is heard of no more, and makes room in the end.
        while self.under_way.len() >= PARTS_MAX {
            self.under_way.remove(0);
        }
        let items = before.map_or(0, |part| part.items) + items;
        self.under_way.push(PartTold { id: id.to_owned(), label: cut(label), items, remaining });
    }

    fn end(&mut self, id: &str) {
        self.done += 1;
        self.under_way.retain(|part| part.id != id);
    }
}

fn cut(words: &str) -> String {
    words.get(..words.floor_char_boundary(WORDS_BYTES_MAX)).unwrap_or_default().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{DATASETS_MAX, Doing, FilesTold, PARTS_MAX, Stage, TROUBLES_MAX, Told, WORDS_BYTES_MAX};
    use crate::model::Partition;
    use crate::store::Mode;
    use crate::sync::Event;

    fn part(number: usize) -> Partition {
        Partition { id: format!("pages-{number}"), label: format!("Pages {number}"), token: String::new() }
    }

    fn told() -> Told {
        Told::begun(Doing::Sync(Mode::Since), 1_000)
    }

    fn page(told: &mut Told, number: usize, changes: usize, remaining: Option<u64>) {
        told.take(&Event::Page { dataset: "content", partition: &part(number), changes, remaining }, 2_000);
    }

    #[test]
    fn parts_come_and_go_and_their_items_stay_counted() {
        let mut told = told();
        assert_eq!(told.stage, Stage::Beginning);
        told.take(&Event::Listed { dataset: "people", partitions: 1 }, 1_000);
        told.take(&Event::Listed { dataset: "content", partitions: 3 }, 1_000);
        page(&mut told, 1, 100, Some(50));
        page(&mut told, 2, 7, None);
        page(&mut told, 1, 30, Some(20));
        assert_eq!(
            (told.stage, told.items, told.parts(), told.remaining()),
            (Stage::Reading, 137, (0, 4), 20)
        );
        let content = &told.datasets[1];
        let labels: Vec<_> = content.under_way.iter().map(|part| (part.label.as_str(), part.items)).collect();
        assert_eq!(labels, [("Pages 2", 7), ("Pages 1", 130)]);
        told.take(&Event::Done { dataset: "content", partition: &part(1) }, 3_000);
        assert_eq!((told.parts(), told.remaining(), told.datasets[1].items), ((1, 4), 0, 137));
        told.take(&Event::Files { done: 3, waiting: 9 }, 4_000);
        assert_eq!((told.stage, told.files), (Stage::Files, Some(FilesTold { done: 3, waiting: 9 })));
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_source() {
        let mut told = told();
        told.take(&Event::Listed { dataset: "content", partitions: 5_000 }, 1_000);
        (0..5_000).for_each(|number| page(&mut told, number, 2, None));
        let long = "é".repeat(1_000);
        for number in 0..1_000 {
            let dataset = format!("dataset-{number}");
            told.take(&Event::Listed { dataset: &dataset, partitions: 1 }, 1_000);
            told.take(&Event::Trouble { dataset: "content", partition: &long, words: &long }, 1_000);
        }
        assert_eq!((told.items, told.datasets[0].parts, told.datasets[0].items), (10_000, 5_000, 10_000));
        let under_way = &told.datasets[0].under_way;
        assert_eq!((under_way.len(), under_way[0].id.as_str()), (PARTS_MAX, "pages-4984"));
        assert_eq!((told.datasets.len(), told.troubles.len()), (DATASETS_MAX, TROUBLES_MAX));
        assert!(told.troubles.iter().all(|one| one.words.len().max(one.part.len()) <= WORDS_BYTES_MAX));
    }
}
