//! All that a handler may know of a request and of the world.

use std::sync::Arc;

use super::listing::Listings;
use super::query::Query;
use super::sight::Sight;
use crate::clock::Millis;
use crate::faults::Knobs;
use crate::site::{Id, Site, User};

/// One authenticated request. Handlers are functions of it and of nothing else.
pub struct Exchange<'a> {
    pub site: &'a Site,
    pub knobs: &'a Knobs,
    pub listings: &'a Listings,
    pub caller: &'a User,
    /// What the caller may see; every handler filters by it.
    pub sight: Arc<Sight>,
    /// The path as the site itself knows it, without the gateway's prefix.
    pub path: &'a str,
    pub query: Query,
    pub body: &'a [u8],
    /// Set when a fault wants this request's cursor refused.
    pub refuse_cursor: bool,
    pub now: Millis,
}

impl<'a> Exchange<'a> {
    /// The `index`th part of the path, counted from 0; empty when there is none.
    pub fn segment(&self, index: usize) -> &'a str {
        self.path.split('/').filter(|part| !part.is_empty()).nth(index).unwrap_or_default()
    }

    /// The `index`th part of the path as a number.
    pub fn id(&self, index: usize) -> Option<Id> {
        self.segment(index).parse().ok()
    }

    /// `https://acme.atlassian.net/wiki`: the base of every link, whichever host was asked.
    pub fn base(&self) -> String {
        format!("{}/wiki", self.site.url)
    }

    /// How many rows an answer may hold when the caller asked for `limit`.
    pub fn rows_max(&self, limit: usize) -> usize {
        self.knobs.page_rows_max.map_or(limit, |max| max.clamp(1, limit.max(1)))
    }
}
