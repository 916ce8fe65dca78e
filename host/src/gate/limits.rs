//! Every limit of the gate, each with its reason.

use std::time::Duration;

/// Requests of one connection in flight at once to one origin. Atlassian advises five to ten; bursts
/// of 20 to 30 were answered with 429. The lower end leaves room for the site's people.
pub const WIDTH: usize = 5;

/// The most that a user may allow: more at once are answered with refusals, bursts of 20 to 30 were.
pub const WIDTH_MAX: usize = 20;

/// Good answers after which a width that a burst had halved grows by one: some seconds' worth, so
/// that a bucket that was emptied has filled again (Atlassian's give 100 requests a second).
pub const WIDEN_AFTER: u32 = 25;

/// The longest that an origin is left alone at its word. Quotas are of an hour, known services ask for
/// minutes; what says longer is a mistake, and is asked once a day whether it still is.
pub const REST_MAX: Duration = Duration::from_secs(24 * 3_600);

/// Of a told limit, how much is spent before a connection leaves the rest of the hour to others: people
/// and apps who share it, and whoever has to look at this site now. The last tenth also covers what is in
/// flight when the limit is met.
pub const QUOTA_PERCENT_MAX: u64 = 90;

/// Less than one in this many left is near the limit, as Atlassian's `X-RateLimit-NearLimit` has it.
pub const NEAR_SHARE: u64 = 5;

/// The most that one answer can be said to cost: a listing of 250 permissions is 501 points. A connector that
/// says more is mistaken, and shall not count a store's numbers over their end.
pub const SPENT_AT_ONCE_MAX: u64 = 1_000_000;

/// Requests a connector may send during one call. A page of changes needs a handful; a
/// thousand leaves room for one that must look at each of 250 items, and ends a loop.
pub const CALL_REQUESTS_MAX: u32 = 1_000;

/// A response's body, decompressed. The largest known answer is 250 pages with bodies,
/// some 5 MB; a page alone may have 5 MB, so that 64 MiB ends a bomb and nothing else.
pub const RESPONSE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Of a 401's body, to tell a missing scope from an ended token. Those known are under 1 KB.
pub const PEEKED_BYTES_MAX: usize = 16 * 1024;

/// A response's headers, names and values. Servers themselves stop at 8 to 32 KiB.
pub const RESPONSE_HEADER_BYTES_MAX: usize = 64 * 1024;

/// A request's headers, names and values: what most servers take.
pub const REQUEST_HEADER_BYTES_MAX: usize = 16 * 1024;

/// A request's body. The longest one known names 250 accounts in under 20 KB.
pub const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// A request's URL. Signed download addresses carry tokens of 2 to 4 KB; servers and the
/// proxies before them stop at 8 to 16 KiB.
pub const URL_BYTES_MAX: usize = 16 * 1024;

/// From the first packet to the end of the TLS handshake. A server that needs longer is down.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// For the first byte of an answer, and between two reads of its body. Gateways give up
/// with a 504 after 60 s; waiting a little longer lets their answer be the one that is seen.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(70);

/// For one attempt, from its start to the last byte of its body: enough for 64 MiB at 2 Mbit/s.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(300);

/// An idle connection is kept this long; servers commonly close theirs after 60 to 120 s.
pub const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(55);

/// Attempts after the first, for 429, 502, 503 and 504 (Atlassian's advice).
pub const RETRIES_MAX: u32 = 4;

/// Attempts after a bare 500, which is more often a defect than a passing state.
pub const SERVER_ERROR_RETRIES_MAX: u32 = 1;

/// Attempts after a connection that failed before an answer. Two cover a restart behind a
/// load balancer, and a mistyped site is still reported within seconds.
pub const CONNECT_RETRIES_MAX: u32 = 2;

/// Attempts after silence: each one costs `SILENCE_TIMEOUT`.
pub const SILENCE_RETRIES_MAX: u32 = 1;

/// The first wait that no server asked for; it doubles with every attempt (Atlassian's advice).
pub const BACKOFF_FIRST: Duration = Duration::from_secs(2);

/// The longest wait that no server asked for (Atlassian's advice).
pub const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// A wait is multiplied by something between these, so that many waiting clients do not
/// return at one moment (Atlassian's advice).
pub const JITTER: (f64, f64) = (0.7, 1.3);

/// All waits of one request together. A longer one is for the host's schedule: the
/// answer is handed to the connector, which says `throttled`, and the run can pause.
pub const WAIT_MAX: Duration = Duration::from_secs(60);

/// Endpoints the ledger tells apart; a connector that invents paths cannot fill the memory.
pub const LEDGER_ENDPOINTS_MAX: usize = 500;

/// Single exchanges the ledger keeps when asked to, at some 300 bytes each.
pub const LEDGER_EXCHANGES_MAX: usize = 100_000;

/// A value in a recorded URL's query that is longer than this may be a signature or a
/// token, and is left out.
pub const LEDGER_QUERY_VALUE_CHARS_MAX: usize = 32;
