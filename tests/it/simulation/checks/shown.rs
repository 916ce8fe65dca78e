//! Nobody is ever shown what the site did not let them read.
//!
//! A decision may be old, back to the beginning of the last sync that looked at everything; it may
//! put the people of one moment beside the contents of another, as a host reads them apart. But it
//! may never be made of contents of different moments, and words are shown only to those who
//! might have read them once they were written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use confluence_simulator::ItemRef;
use weir::host::Readers;
use weir::model::ConnectionId;
use weir::store::{ItemFilter, ItemNum, Store};

use super::super::scene::{self, PEOPLE};
use super::super::states::{Moment, Since, States, newest_word};

/// Items taken from the store at a time; no history has as many.
const BATCH: u32 = 10_000;

/// What was looked at, so that each is looked into once. Made anew with each opening of the store.
#[derive(Default)]
pub struct Shown {
    readers: Readers,
    generation: Option<u64>,
    ids: HashMap<ItemNum, String>,
    /// The newest of our words that an item shows.
    words: BTreeMap<String, Option<u64>>,
    /// Whether races within a run are counted and not told; see [`States::raced`].
    lenient: bool,
    /// The moment that lets a person read an item with these words.
    allowed: HashMap<(usize, ItemNum), (Option<u64>, Moment)>,
}

impl Shown {
    /// Nothing yet. `WEIR_STRICT` tells of races too.
    pub fn new() -> Self {
        Self { lenient: std::env::var_os("WEIR_STRICT").is_none(), ..Self::default() }
    }

    /// Everything there is, as in the next process.
    pub fn reopened(store: &Store, connection: ConnectionId) -> Self {
        let mut shown = Self::new();
        for id in shown.known(store, connection) {
            shown.read(store, connection, &id);
        }
        shown
    }

    /// All items that are or were there.
    pub fn known(&mut self, store: &Store, connection: ConnectionId) -> BTreeSet<String> {
        self.name(store, connection);
        self.ids.values().cloned().collect()
    }

    /// Looks at what each person is shown; `stale` are items whose words may be others now.
    pub fn look(
        &mut self,
        store: &Store,
        connection: ConnectionId,
        states: &mut States,
        since: Since,
        stale: &BTreeSet<String>,
    ) -> Vec<String> {
        let mut other = false;
        for id in stale {
            other |= self.read(store, connection, id);
        }
        let generation = store.generation().unwrap();
        if !other && self.generation == Some(generation) {
            return Vec::new();
        }
        self.generation = Some(generation);
        (0..PEOPLE.len()).flat_map(|number| self.person(store, connection, states, since, number)).collect()
    }

    fn person(
        &mut self,
        store: &Store,
        connection: ConnectionId,
        states: &mut States,
        since: Since,
        number: usize,
    ) -> Vec<String> {
        let person = PEOPLE[number];
        let (asker, _) = self.readers.asker(store, &scene::email(person)).unwrap();
        let mut lies = Vec::new();
        for num in asker.readable.iter() {
            if !self.ids.contains_key(&num) {
                self.name(store, connection);
            }
            let Some(id) = self.ids.get(&num) else { continue };
            let word = self.words.get(id).copied().flatten();
            let written = word.map_or(0, |word| states.written(word));
            let window = since;
            let since = Since { contents: since.contents.max(written), people: since.people };
            let known = self.allowed.get(&(number, num));
            let holds = |(then, at): &(Option<u64>, Moment)| {
                *then == word && at.contents >= since.contents && at.people >= since.people
            };
            if known.is_some_and(holds) {
                continue;
            }
            let item: ItemRef = id.parse().unwrap();
            match states.let_in(person, item, since) {
                Some(moment) => {
                    self.allowed.insert((number, num), (word, moment));
                }
                None if self.lenient && states.raced(window.contents) => {
                    states.races.insert((person.to_owned(), id.clone()));
                }
                None => lies.push(format!(
                    "{person} is shown {id} (word {word:?}), which no contents since {} and no people since {} let \
                     {person} read; now it is {:?}, the last contents with it were {:?}",
                    since.contents,
                    since.people,
                    states.now(),
                    states.last_with(id)
                )),
            }
        }
        lies
    }

    /// Learns which number is which item.
    fn name(&mut self, store: &Store, connection: ConnectionId) {
        let filter = ItemFilter { connection: Some(connection), ..ItemFilter::default() };
        for line in store.list_items(filter, BATCH).unwrap() {
            self.ids.insert(line.num, line.id);
        }
    }

    /// Whether the item shows other words than before.
    fn read(&mut self, store: &Store, connection: ConnectionId, id: &str) -> bool {
        let item = store.items_with_id(Some(connection), id).unwrap().pop();
        let word = item.and_then(|item| {
            let body = item.body.and_then(|body| newest_word(&body.value));
            newest_word(&item.title).max(body)
        });
        self.words.insert(id.to_owned(), word) != Some(word)
    }
}
