//! Knobs: everything about a running site that a test or a person may turn,
//! as one plain value. Nothing here is left to chance: faults count requests.

use serde::{Deserialize, Serialize};

use crate::site::Id;

/// The site's behaviour beside its content. The default is a healthy site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Knobs {
    /// Waited before every answer: the network's latency.
    pub latency_ms: u64,
    /// The first that fires decides.
    pub faults: Vec<Fault>,
    /// No list holds more rows than this, whatever the caller's limit: short pages.
    pub page_rows_max: Option<usize>,
    /// How long a change needs to reach the search index.
    pub index_lag_ms: i64,
    /// How far v2's lists are behind what is asked for singly.
    pub list_lag_ms: i64,
    /// Keys of spaces that vanish from every answer, as a data policy makes them.
    pub hidden_spaces: Vec<String>,
    /// Ids of pages that fail to be expanded as an ancestor (CONFCLOUD-77618).
    pub unseen_ancestors: Vec<Id>,
    /// Restrictions of folders and their like cannot be read: 501, and left out of search.
    pub node_restrictions_unreadable: bool,
    /// Rows of v2's space permissions tell of anonymous people too, as an access class.
    pub anonymous_in_permissions: bool,
    /// Whether the site-wide comment lists leave replies to the children routes.
    pub comment_lists_are_roots_only: bool,
    /// Charges points. API tokens are exempt on real sites, apps are not.
    pub metered: Option<Quota>,
    pub burst: Option<Burst>,
    /// How long a media URL holds.
    pub signed_url_ms: i64,
}

impl Default for Knobs {
    fn default() -> Self {
        Knobs {
            latency_ms: 0,
            faults: Vec::new(),
            page_rows_max: None,
            index_lag_ms: 0,
            list_lag_ms: 0,
            hidden_spaces: Vec::new(),
            unseen_ancestors: Vec::new(),
            node_restrictions_unreadable: false,
            anonymous_in_permissions: false,
            comment_lists_are_roots_only: false,
            metered: None,
            burst: None,
            signed_url_ms: 600_000,
        }
    }
}

/// Points an hour, reset when the UTC hour begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Quota {
    pub points: u64,
    /// `Beta-RateLimit` and `Beta-RateLimit-Policy`, as some sites name them.
    pub beta_names: bool,
    /// `confluence-quota-global-based` in the documents, `conf-global-based` on the wire.
    pub reason: String,
}

impl Default for Quota {
    fn default() -> Self {
        Quota { points: 65_000, beta_names: false, reason: "confluence-quota-global-based".into() }
    }
}

/// A bucket of tokens for each endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Burst {
    pub per_second: u64,
    /// How many requests may come at once.
    pub size: u64,
}

/// What goes wrong, for which requests, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fault {
    /// A part of the path and query; the empty one matches every request.
    #[serde(default)]
    pub path: String,
    pub when: When,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    Always,
    /// The first so many matching requests.
    First(u64),
    /// The nth matching request alone, counted from 1.
    Nth(u64),
    /// Every nth matching request.
    Every(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum What {
    /// This status with an error page. Some 503s say when to come back.
    Status { code: u16, retry_after_seconds: Option<u64> },
    /// The gateway's own 429: a category, and no `Retry-After`.
    GatewayLimit,
    /// 200 and a page for people where JSON was expected.
    Html,
    /// A whole HTTP answer whose JSON breaks off.
    TruncatedJson,
    /// A whole HTTP answer with something in its middle that is no JSON.
    MalformedJson,
    /// The right answer, after so long.
    Slow { ms: u64 },
    /// The connection closes in the middle of the body.
    Reset,
    /// A cursor that was good is refused.
    BadCursor,
}

/// How often each fault has matched. Starts anew when the knobs are set.
#[derive(Debug, Default)]
pub struct FaultCounters(Vec<u64>);

impl FaultCounters {
    /// Counts the request against every fault that matches, and returns what the
    /// first one that fires does. `target` is the path and query.
    pub fn strike(&mut self, faults: &[Fault], target: &str) -> Option<What> {
        self.0.resize(faults.len(), 0);
        let mut struck = None;
        for (fault, count) in faults.iter().zip(&mut self.0).filter(|(fault, _)| target.contains(&fault.path))
        {
            *count += 1;
            let fires = match fault.when {
                When::Always => true,
                When::First(many) => *count <= many,
                When::Nth(nth) => *count == nth,
                When::Every(nth) => nth > 0 && *count % nth == 0,
            };
            if fires && struck.is_none() {
                struck = Some(fault.what);
            }
        }
        struck
    }
}
