//! The site with its history: whoever asks it makes time pass, and while it is asked people go on.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use confluence_simulator::{API_TOKEN, Id, InProcess, Knobs, Simulator};
use fastrand::Rng;

use super::clockwork::Time;
use super::deeds;
use super::scene::{self, CRAWLER};
use super::states::{States, Words};

/// What happens during one sync, by the number of the request before which it happens.
#[derive(Clone, Debug, Default)]
pub struct Plot {
    pub deeds: BTreeSet<u32>,
    /// The crawler's token is taken back.
    pub revoked: Option<u32>,
}

#[derive(Clone)]
pub struct World {
    pub site: InProcess,
    pub time: Time,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    rng: Rng,
    words: Words,
    states: States,
    tale: Vec<String>,
    plot: Plot,
    requests: u32,
    all_requests: u64,
}

impl World {
    pub fn new(mut rng: Rng) -> Self {
        let (time, mut words) = (Time::begins(), Words::default());
        let site = scene::site(&mut rng, &time, &mut words);
        let states = States::new(&site, &words);
        let inner = Inner {
            rng,
            words,
            states,
            tale: Vec::new(),
            plot: Plot::default(),
            requests: 0,
            all_requests: 0,
        };
        World {
            site: Simulator::in_process(site, Knobs::default()),
            time,
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// A new plot begins, counted from the next request.
    pub fn begin(&self, plot: Plot, knobs: Knobs) {
        self.site.set_knobs(knobs);
        let mut inner = self.inner.lock().unwrap();
        inner.plot = plot;
        inner.requests = 0;
    }

    /// All is quiet again.
    pub fn calm(&self) {
        // Counts from nothing: what is done from now on is done between two syncs.
        self.begin(Plot::default(), Knobs::default());
        if self.site.read(|site| site.users[CRAWLER].api_token.is_none()) {
            self.site.change(|site| site.set_api_token(CRAWLER, Some(API_TOKEN)));
            self.tell("the crawler has a token again".into());
        }
    }

    /// Before each request: a moment passes, and what the plot has for now happens.
    pub fn asked(&self) {
        let due = {
            let mut inner = self.inner.lock().unwrap();
            inner.requests += 1;
            inner.all_requests += 1;
            let ms = inner.rng.i64(5..400);
            self.time.pass(ms);
            (inner.plot.deeds.contains(&inner.requests), inner.plot.revoked == Some(inner.requests))
        };
        if due.0 {
            self.happen();
        }
        if due.1 {
            self.site.change(|site| site.set_api_token(CRAWLER, None));
            self.tell("the crawler's token is taken back".into());
        }
    }

    /// Somebody does something.
    pub fn happen(&self) {
        let mut inner = self.inner.lock().unwrap();
        let Inner { rng, words, states, tale, requests, .. } = &mut *inner;
        self.time.pass(rng.i64(1..2_000));
        let deed = self.site.change(|site| deeds::one(rng, site, words));
        let at = self.time.now();
        self.site.read(|site| states.add(at, site, words, deed.people, *requests > 0));
        let moment = states.now();
        tale.push(format!("    [{}/{}] request {requests}: {}", moment.contents, moment.people, deed.told));
    }

    /// A page is edited: its id, and the word that tells it.
    pub fn edit(&self) -> Option<(String, u64)> {
        let mut inner = self.inner.lock().unwrap();
        let Inner { rng, words, states, tale, .. } = &mut *inner;
        let pages: Vec<Id> = self
            .site
            .read(|site| site.pages.values().filter(|it| scene::is_current(it)).map(|it| it.id).collect());
        let id = rng.choice(pages)?;
        self.time.pass(60_000);
        self.site.change(|site| site.edit_page(id, &words.body()));
        self.site.read(|site| states.add(self.time.now(), site, words, false, false));
        tale.push(format!("  page {id} is edited"));
        Some((format!("page:{id}"), words.made()))
    }

    pub fn tell(&self, told: String) {
        self.inner.lock().unwrap().tale.push(told);
    }

    pub fn tale(&self) -> String {
        self.inner.lock().unwrap().tale.join("\n")
    }

    pub fn states<T>(&self, look: impl FnOnce(&mut States) -> T) -> T {
        look(&mut self.inner.lock().unwrap().states)
    }

    /// Since this plot began.
    pub fn requests(&self) -> u32 {
        self.inner.lock().unwrap().requests
    }

    pub fn all_requests(&self) -> u64 {
        self.inner.lock().unwrap().all_requests
    }
}
