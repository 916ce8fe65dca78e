//! Asking one site.

use super::answer::{self, Refusal};
use super::list::{self, List};
use crate::error::Error;
use crate::transport::{Level, Log, Response, Transport};
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use url::Url;

/// How many requests of one call are on their way together. Atlassian asks for 5 to 10 at most, and the host
/// may be making several calls.
pub const IN_FLIGHT_MAX: usize = 6;

/// Sees the answer to the question of this number, and may ask further.
type Each<'e> = dyn FnMut(usize, &Url, Result<Response, Refusal>) -> Result<Option<Url>, Error> + 'e;

/// One site, and the way to it.
pub struct Site<'a, T: Transport> {
    /// `https://acme.atlassian.net/`
    origin: Url,
    transport: &'a T,
    log: &'a dyn Log,
}

impl<'a, T: Transport> Site<'a, T> {
    pub fn new(origin: Url, transport: &'a T, log: &'a dyn Log) -> Self {
        Site { origin, transport, log }
    }

    /// An address under `/wiki/api/v2`.
    pub fn v2(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&["wiki", "api", "v2"], path, query)
    }

    /// An address under `/wiki/rest/api`.
    pub fn v1(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&["wiki", "rest", "api"], path, query)
    }

    /// Where a person opens what `webui` names; the site's front page if it names nothing.
    pub fn page_for_people(&self, webui: Option<&str>) -> String {
        let webui = webui.unwrap_or("/");
        let slash = if webui.starts_with('/') { "" } else { "/" };
        format!("{}wiki{slash}{webui}", self.origin)
    }

    /// An address that an earlier call kept in a cursor, as a page of the listing `base`.
    pub fn resume(&self, base: &Url, kept: &str) -> Result<Url, Error> {
        super::next::follow(base, kept)
            .map_err(|reason| Error::StalePosition(format!("read on from a cursor, but it holds {reason}")))
    }

    /// `https://acme.atlassian.net`
    pub fn origin(&self) -> String {
        self.origin.origin().ascii_serialization()
    }

    /// The host part of the site's address.
    pub fn host(&self) -> &str {
        self.origin.host_str().unwrap_or_default()
    }

    pub fn log(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        self.log.write(level, message, fields);
    }

    pub fn send(&self, url: &Url) -> T::Pending {
        self.transport.send(url)
    }

    /// Waits for an answer and lets it through if it is good.
    pub fn wait(&self, url: &Url, pending: T::Pending) -> Result<Response, Refusal> {
        answer::accept(url, self.transport.wait(pending))
    }

    /// Asks and waits.
    pub fn get(&self, url: &Url) -> Result<Response, Refusal> {
        self.wait(url, self.send(url))
    }

    pub fn get_one<R: DeserializeOwned>(&self, url: &Url) -> Result<R, Refusal> {
        answer::parse(url, &self.get(url)?)
    }

    pub fn get_list<R: DeserializeOwned>(&self, url: &Url) -> Result<List<R>, Refusal> {
        list::read(url, &self.get(url)?)
    }

    /// Asks for many things, several at a time. `each` sees the answers in the order of the questions, and
    /// may put another question of the same kind before those that still wait.
    pub fn get_many<K>(
        &self,
        questions: impl IntoIterator<Item = (K, Url)>,
        mut each: impl FnMut(K, &Url, Result<Response, Refusal>) -> Result<Option<(K, Url)>, Error>,
    ) -> Result<(), Error> {
        let (mut keys, mut urls) = (Vec::new(), Vec::new());
        for (key, url) in questions {
            keys.push(Some(key));
            urls.push(url);
        }
        self.get_all(urls, &mut |number, url, answer| {
            let Some(place) = keys.get_mut(number) else {
                return Ok(None);
            };
            let Some(key) = place.take() else {
                return Ok(None);
            };
            let further = each(key, url, answer)?;
            Ok(further.map(|(key, url)| {
                *place = Some(key);
                url
            }))
        })
    }

    /// `get_many` by number: apart from it, so that it is compiled once.
    fn get_all(&self, urls: Vec<Url>, each: &mut Each<'_>) -> Result<(), Error> {
        let mut waiting: VecDeque<(usize, Url)> = urls.into_iter().enumerate().collect();
        let mut sent = VecDeque::new();
        loop {
            while sent.len() < IN_FLIGHT_MAX
                && let Some((number, url)) = waiting.pop_front()
            {
                let pending = self.send(&url);
                sent.push_back((number, url, pending));
            }
            let Some((number, url, pending)) = sent.pop_front() else {
                return Ok(());
            };
            let answer = self.wait(&url, pending);
            if let Some(further) = each(number, &url, answer)? {
                waiting.push_front((number, further));
            }
        }
    }

    fn address(&self, api: &[&str], path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.origin.clone();
        // An https address always has segments; were it none, the request would go to the front page.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(api).extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}
