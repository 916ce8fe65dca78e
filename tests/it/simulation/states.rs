//! All that the site has been: what a person is shown is held against it.
//!
//! Contents and people change apart from each other, since a host reads them apart.

use std::collections::{BTreeMap, BTreeSet};

use confluence_simulator::{Group, GroupId, ItemRef, Oracle, Site, User};

/// Makes words that occur once, so that words tell when they were written.
#[derive(Default)]
pub struct Words {
    made: u64,
}

impl Words {
    fn word(&mut self) -> String {
        self.made += 1;
        format!("zw{}z", self.made)
    }

    pub fn title(&mut self) -> String {
        format!("About {}", self.word())
    }

    pub fn body(&mut self) -> String {
        format!("<p>Told of {} then.</p>", self.word())
    }

    /// How many words there are so far.
    pub fn made(&self) -> u64 {
        self.made
    }
}

/// The number of the newest of our words in a text.
pub fn newest_word(text: &str) -> Option<u64> {
    let starts = text.match_indices("zw").map(|(at, _)| at + 2);
    let number = |from: usize| {
        let rest = text.get(from..)?;
        rest.split_once('z')?.0.parse::<u64>().ok()
    };
    starts.filter_map(number).max()
}

/// Who there was.
struct People {
    users: BTreeMap<String, User>,
    groups: BTreeMap<GroupId, Group>,
}

/// A moment of the site: which contents, which people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub contents: usize,
    pub people: usize,
}

pub struct States {
    contents: Vec<Site>,
    people: Vec<People>,
    /// When each moment began, oldest first.
    moments: Vec<(i64, Moment)>,
    /// Words up to this number were written by the time of these contents.
    written: Vec<u64>,
    /// Whether these contents came about while a sync was going on.
    meanwhile: Vec<bool>,
    /// Who was shown what by the moments of two reads of one run; see [`States::raced`].
    pub races: BTreeSet<(String, String)>,
    hybrids: BTreeMap<(usize, usize), Site>,
}

/// Since when what is shown may be from.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    pub contents: usize,
    pub people: usize,
}

impl States {
    pub fn new(site: &Site, words: &Words) -> Self {
        let people = People { users: site.users.clone(), groups: site.groups.clone() };
        States {
            contents: vec![site.clone()],
            people: vec![people],
            moments: vec![(0, Moment { contents: 0, people: 0 })],
            written: vec![words.made()],
            meanwhile: vec![false],
            races: BTreeSet::new(),
            hybrids: BTreeMap::new(),
        }
    }

    /// Somebody did something.
    pub fn add(&mut self, at: i64, site: &Site, words: &Words, people_changed: bool, meanwhile: bool) {
        self.contents.push(site.clone());
        self.meanwhile.push(meanwhile);
        self.written.push(words.made());
        if people_changed {
            self.people.push(People { users: site.users.clone(), groups: site.groups.clone() });
        }
        let moment = Moment { contents: self.contents.len() - 1, people: self.people.len() - 1 };
        self.moments.push((at, moment));
    }

    pub fn now(&self) -> Moment {
        self.moments.last().unwrap().1
    }

    /// The moment of that time.
    pub fn at(&self, time: i64) -> Moment {
        self.moments
            .iter()
            .rev()
            .find(|(began, _)| *began <= time)
            .map_or(self.moments[0].1, |(_, moment)| *moment)
    }

    /// The contents by which a word was written.
    pub fn written(&self, word: u64) -> usize {
        self.written.partition_point(|made| *made < word)
    }

    /// Whether anything was done during a sync since these contents. A host tells what was told before from what
    /// was told after by the run, not within it: what happens between two reads of one run may be seen as
    /// before by one of them and as after by the other.
    pub fn raced(&self, since: usize) -> bool {
        self.meanwhile[since..].contains(&true)
    }

    /// The newest contents that have the item.
    pub fn last_with(&self, id: &str) -> Option<usize> {
        self.contents.iter().rposition(|site| Oracle::new(site).items().contains(id))
    }

    pub fn contents_since(&self, from: usize) -> impl Iterator<Item = &Site> {
        self.contents[from..].iter()
    }

    /// The newest contents and people, both within, with which the site lets the account read the item.
    pub fn let_in(&mut self, account: &str, item: ItemRef, since: Since) -> Option<Moment> {
        let now = self.now();
        for contents in (since.contents..=now.contents).rev() {
            for people in (since.people..=now.people).rev() {
                if Oracle::new(self.hybrid(contents, people)).may_read(account, item) {
                    return Some(Moment { contents, people });
                }
            }
        }
        None
    }

    fn hybrid(&mut self, contents: usize, people: usize) -> &Site {
        let (all, then) = (&self.contents, &self.people);
        self.hybrids.entry((contents, people)).or_insert_with(|| {
            let mut site = all[contents].clone();
            site.users.clone_from(&then[people].users);
            site.groups.clone_from(&then[people].groups);
            site.audit.clear();
            site
        })
    }
}
