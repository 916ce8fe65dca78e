//! Asking one site.

use super::answer::{self, Refusal};
use super::cloud::{CloudId, GATEWAY};
use super::list::{self, List};
use super::points;
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

/// Where a site is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// For people: `https://acme.atlassian.net/`.
    site: Url,
    /// What requests are put under: the same, or `https://api.atlassian.com/ex/confluence/{cloudId}`.
    base: Url,
}

impl From<Url> for Address {
    /// A site that is asked itself.
    fn from(site: Url) -> Address {
        Address { base: site.clone(), site }
    }
}

impl Address {
    /// A site that is asked through the gateway.
    pub fn behind_gateway(site: Url, cloud: &CloudId) -> Result<Address, Error> {
        let base = Url::parse(&format!("{GATEWAY}/ex/confluence/{}", cloud.as_str()));
        let base = base.map_err(|error| {
            Error::Unexpected(format!("could not write the gateway's address down: {error}"))
        })?;
        Ok(Address { site, base })
    }
}

/// One site, and the way to it.
pub struct Site<'a, T: Transport> {
    address: Address,
    transport: &'a T,
    log: &'a dyn Log,
}

impl<'a, T: Transport> Site<'a, T> {
    pub fn new(address: impl Into<Address>, transport: &'a T, log: &'a dyn Log) -> Self {
        Site { address: address.into(), transport, log }
    }

    /// The same site, asked through the gateway.
    pub fn behind_gateway(&self, cloud: &CloudId) -> Result<Self, Error> {
        let address = Address::behind_gateway(self.address.site.clone(), cloud)?;
        Ok(Site { address, transport: self.transport, log: self.log })
    }

    /// An address under `/wiki/api/v2`.
    pub fn v2(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        self.join(&["wiki", "api", "v2"], path, query)
    }

    /// An address under `/wiki/rest/api`.
    pub fn v1(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        self.join(&["wiki", "rest", "api"], path, query)
    }

    /// An address below `/wiki/`, written whole: `api/v2/pages?limit=1`.
    pub fn below_wiki(&self, path_and_query: &str) -> Url {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let parts: Vec<&str> = path.split('/').collect();
        let mut url = self.join(&["wiki"], &parts, &[]);
        url.set_query((!query.is_empty()).then_some(query));
        url
    }

    /// An address of the site itself, for what the gateway does not have.
    pub fn of_people(&self, path: &str) -> Url {
        let mut url = self.address.site.clone();
        url.set_path(path);
        url
    }

    /// Where a person opens what `webui` names; the site's front page if it names nothing.
    pub fn page_for_people(&self, webui: Option<&str>) -> String {
        let webui = webui.unwrap_or("/");
        let slash = if webui.starts_with('/') { "" } else { "/" };
        format!("{}wiki{slash}{webui}", self.address.site)
    }

    /// An address that an earlier call kept in a cursor, as a page of the listing `base`.
    pub fn resume(&self, base: &Url, kept: &str) -> Result<Url, Error> {
        super::next::follow(base, kept)
            .map_err(|reason| Error::StalePosition(format!("read on from a cursor, but it holds {reason}")))
    }

    /// `https://acme.atlassian.net`, whichever way requests go.
    pub fn origin(&self) -> String {
        self.address.site.origin().ascii_serialization()
    }

    /// The host part of the site's address.
    pub fn host(&self) -> &str {
        self.address.site.host_str().unwrap_or_default()
    }

    pub fn log(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        self.log.write(level, message, fields);
    }

    pub fn send(&self, url: &Url) -> T::Pending {
        self.transport.send(url)
    }

    /// Waits for an answer and lets it through if it is good. Here, and where files are fetched, points are counted.
    pub fn wait(&self, url: &Url, pending: T::Pending) -> Result<Response, Refusal> {
        let answer = self.transport.wait(pending);
        if let Ok(response) = &answer {
            self.log.spend(points::of(url, response));
        }
        answer::accept(url, answer)
    }

    /// An answer that came another way has cost so much.
    pub fn spend(&self, points: u64) {
        self.log.spend(points);
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

    fn join(&self, api: &[&str], path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.address.base.clone();
        // An https address always has segments; were it none, the request would go to the front page.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(api).extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}
