//! The browsers that are signed in, for administrators to look at and to end. Signing in is in `tokens`.

use rusqlite::params;

use crate::model::Timestamp;

use super::{SecretHash, Store, StoreError, TokenId, signed, unsigned};

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of its cookie, which names it and opens nothing.
    pub hash: SecretHash,
    /// The token it was begun with,
    pub token: Option<TokenId>,
    /// or the person somebody vouched for.
    pub email: Option<String>,
    /// token, oidc, header
    pub way: String,
    pub created: Timestamp,
    /// To some minutes.
    pub seen: Timestamp,
    pub expires: Timestamp,
}

impl Store {
    /// The latest sessions that have not ended, the one seen last first.
    pub fn sessions(&self, now: Timestamp, idle_max: u64, limit: u32) -> Result<Vec<Session>, StoreError> {
        self.read("list the sessions", |tx| {
            let sql = "SELECT hash, token, email, way, created, seen, expires FROM sessions
                       WHERE expires > ?1 AND seen > ?2 ORDER BY seen DESC, hash LIMIT ?3";
            let mut statement = tx.prepare_cached(sql)?;
            let oldest = signed(now) - signed(idle_max);
            let rows = statement.query_map(params![signed(now), oldest, limit], |row| {
                Ok(Session {
                    hash: row.get(0)?,
                    token: row.get(1)?,
                    email: row.get(2)?,
                    way: row.get(3)?,
                    created: unsigned(row.get(4)?),
                    seen: unsigned(row.get(5)?),
                    expires: unsigned(row.get(6)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Signs every browser out, and says how many there were.
    pub fn end_sessions(&self) -> Result<u64, StoreError> {
        self.write("end the sessions", |tx| Ok(tx.execute("DELETE FROM sessions", [])? as u64))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::store::SignedIn;
    use crate::store::testing::fixture;

    #[test]
    fn sessions_are_listed_until_they_end() {
        let site = fixture();
        let store = &site.store;
        let begin = |hash: u8, now| {
            store.begin_session([hash; 32], &SignedIn::Oidc("ana@acme.com".into()), now, now + 100).unwrap();
        };
        begin(1, 10);
        begin(2, 60);
        let listed = |now, idle| {
            let sessions = store.sessions(now, idle, 9).unwrap();
            sessions.into_iter().map(|session| session.hash[0]).collect::<Vec<_>>()
        };
        assert_eq!(listed(70, 100), [2, 1]);
        assert_eq!(listed(70, 30), [2], "the other was idle for longer");
        assert_eq!(listed(115, 1_000), [2], "the other has ended");
        assert_eq!(store.end_sessions().unwrap(), 2);
        assert_eq!(listed(70, 100), [0; 0]);
    }
}
