//! Who was sent to the provider, and has not come back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use openidconnect::Nonce;

use crate::console::who::hash;
use crate::model::Timestamp;
use crate::store::SecretHash;

/// Signing in takes this long at most, a second factor that has to be looked for included.
pub const PENDING_MS_MAX: u64 = 10 * 60 * 1_000;
/// People on their way at once. When there are more, the one who left first is forgotten, and begins again.
const PENDING_MAX: usize = 1_000;

/// What is needed once somebody comes back.
pub struct Sent {
    pub nonce: Nonce,
    /// Of PKCE.
    pub verifier: String,
    pub to: String,
}

/// By the state that comes back. Both it and the browser's cookie are kept as hashes.
#[derive(Default)]
pub struct Pending(Mutex<HashMap<SecretHash, Waiting>>);

struct Waiting {
    browser: SecretHash,
    sent: Sent,
    left: Timestamp,
}

impl Pending {
    pub fn keep(&self, state: &str, browser: &str, sent: Sent, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, waiting| now.saturating_sub(waiting.left) < PENDING_MS_MAX);
        if all.len() >= PENDING_MAX {
            let first = all.iter().min_by_key(|(_, waiting)| waiting.left).map(|(state, _)| *state);
            all.remove(&first.unwrap_or_default());
        }
        all.insert(hash(state), Waiting { browser: hash(browser), sent, left: now });
    }

    /// What was sent with this state, once, if it comes back soon and in the same browser.
    pub fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<Sent> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash(state))?;
        let soon = now.saturating_sub(waiting.left) < PENDING_MS_MAX;
        (soon && waiting.browser == hash(browser)).then_some(waiting.sent)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use openidconnect::Nonce;

    use super::{PENDING_MAX, PENDING_MS_MAX, Pending, Sent};

    fn sent(to: &str) -> Sent {
        Sent { nonce: Nonce::new("n".into()), verifier: "v".into(), to: to.into() }
    }

    #[test]
    fn a_state_counts_once_soon_and_in_its_browser() {
        let pending = Pending::default();
        let keep = |state| pending.keep(state, "cookie", sent(state), 1_000);
        let take = |state, browser, now| pending.take(state, browser, now).map(|sent| sent.to);
        keep("a");
        assert_eq!(take("a", "cookie", 2_000).as_deref(), Some("a"));
        assert_eq!(take("a", "cookie", 2_000), None, "it was used");
        keep("b");
        assert_eq!(take("b", "another", 2_000), None);
        assert_eq!(take("b", "cookie", 2_000), None, "one wrong attempt is the last");
        keep("c");
        assert_eq!(take("c", "cookie", 1_000 + PENDING_MS_MAX), None, "too late");
        assert_eq!(take("d", "cookie", 1_000), None, "never sent");
    }

    #[test]
    fn so_many_are_remembered_and_no_more() {
        let pending = Pending::default();
        for number in 0..=PENDING_MAX as u64 {
            pending.keep(&number.to_string(), "cookie", sent(""), number);
        }
        let now = PENDING_MAX as u64;
        assert!(pending.take("0", "cookie", now).is_none(), "the first one is forgotten");
        assert!(pending.take("1", "cookie", now).is_some());
        pending.keep("late", "cookie", sent(""), 2 * PENDING_MS_MAX);
        assert_eq!(pending.0.lock().unwrap().len(), 1, "what is too old is forgotten");
    }
}
