//! Tokens and browsers that are signed in. What is secret of them is hashed before it comes here.

use rusqlite::{OptionalExtension, Row, params};

use crate::model::Timestamp;

use super::{Store, StoreError, connections, people::email_key, signed, unsigned};

/// How exactly is noted when a token or a session was last used: a write for each request would be too many.
const USED_WITHIN_MS: u64 = 5 * 60 * 1_000;

/// The number of a token.
pub type TokenId = i64;

/// The SHA-256 of a token or of a session's cookie.
pub type SecretHash = [u8; 32];

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Search, and fetch what was found, as the person of the token.
    Search,
    /// Look at connections, runs, records and people.
    Read,
    /// All that an administrator does.
    Manage,
}

impl Scope {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Search, Self::Read, Self::Manage];

    /// Its name, as people type it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Read => "read",
            Self::Manage => "manage",
        }
    }
}

/// A token as it may be shown: the token itself is known to whoever was given it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Token {
    pub id: TokenId,
    pub label: String,
    pub email: Option<String>,
    /// Sorted, each once.
    pub scopes: Vec<Scope>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub used: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// A token that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub label: String,
    pub email: Option<String>,
    pub scopes: Vec<Scope>,
    pub expires: Option<Timestamp>,
}

/// How somebody came to be signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    Token(TokenId),
    /// A person whom the OpenID provider named.
    Oidc(String),
    /// A person whom a trusted proxy named.
    Header(String),
}

impl Token {
    /// Whether it still opens anything.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| expires > now)
    }
}

impl Store {
    pub fn add_token(&self, hash: SecretHash, new: &NewToken, now: Timestamp) -> Result<TokenId, StoreError> {
        let mut scopes = new.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let scopes = connections::to_json(&scopes)?;
        let email = new.email.as_deref().map(email_key);
        self.write("keep the token", |tx| {
            let sql = "INSERT INTO tokens (hash, label, email, scopes, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            tx.execute(sql, params![hash, new.label, email, scopes, signed(now), new.expires.map(signed)])?;
            Ok(tx.last_insert_rowid())
        })
    }

    /// All tokens, the newest first, revoked ones too.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read("list the tokens", |tx| {
            let sql = format!("SELECT {COLUMNS} FROM tokens ORDER BY id DESC");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| Ok(token(row)))?;
            rows.map(|row| row?).collect()
        })
    }

    /// The token with this hash, if it is good; that it was used is noted.
    pub fn good_token(&self, hash: SecretHash, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let found = self.read("find the token", |tx| {
            let sql = format!("SELECT {COLUMNS} FROM tokens WHERE hash = ?1");
            let row = tx.prepare_cached(&sql)?.query_row([hash], |row| Ok(token(row))).optional()?;
            row.transpose()
        })?;
        let Some(token) = found.filter(|token| token.is_good(now)) else { return Ok(None) };
        if token.used.is_none_or(|used| used.saturating_add(USED_WITHIN_MS) < now) {
            self.write("note that the token was used", |tx| {
                tx.execute("UPDATE tokens SET used = ?2 WHERE id = ?1", params![token.id, signed(now)])?;
                Ok(())
            })?;
        }
        Ok(Some(token))
    }

    /// Makes a token good for nothing, and ends the sessions that were begun with it; false if there is none
    /// that was good.
    pub fn revoke_token(&self, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
        self.write("revoke the token", |tx| {
            tx.execute("DELETE FROM sessions WHERE token = ?1", [id])?;
            let sql = "UPDATE tokens SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
            Ok(tx.execute(sql, params![id, signed(now)])? > 0)
        })
    }

    /// Keeps a session, and forgets those that have ended.
    pub fn begin_session(
        &self,
        hash: SecretHash,
        who: &SignedIn,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        let (token, email, way) = match who {
            SignedIn::Token(token) => (Some(*token), None, "token"),
            SignedIn::Oidc(email) => (None, Some(email_key(email)), "oidc"),
            SignedIn::Header(email) => (None, Some(email_key(email)), "header"),
        };
        self.write("keep the session", |tx| {
            tx.execute("DELETE FROM sessions WHERE expires <= ?1", [signed(now)])?;
            let sql = "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)";
            tx.execute(sql, params![hash, token, email, way, signed(now), signed(expires)])?;
            Ok(())
        })
    }

    /// Who is signed in with this cookie; nobody if the session has ended, was idle for longer than `idle_max`
    /// milliseconds, or its token is good no more.
    pub fn session(
        &self,
        hash: SecretHash,
        now: Timestamp,
        idle_max: u64,
    ) -> Result<Option<SignedIn>, StoreError> {
        let found = self.read("find the session", |tx| {
            let sql = "SELECT s.token, s.email, s.way, s.seen FROM sessions s LEFT JOIN tokens t ON t.id = s.token
                       WHERE s.hash = ?1 AND s.expires > ?2 AND s.seen > ?3
                           AND (s.token IS NULL OR (t.revoked IS NULL AND (t.expires IS NULL OR t.expires > ?2)))";
            let oldest = signed(now) - signed(idle_max);
            let mut statement = tx.prepare_cached(sql)?;
            let row = statement.query_row(params![hash, signed(now), oldest], |row| {
                let (token, email): (Option<TokenId>, Option<String>) = (row.get(0)?, row.get(1)?);
                let way: String = row.get(2)?;
                let who = match (token, email, way.as_str()) {
                    (Some(token), ..) => Some(SignedIn::Token(token)),
                    (None, Some(email), "oidc") => Some(SignedIn::Oidc(email)),
                    (None, Some(email), "header") => Some(SignedIn::Header(email)),
                    // Written by nothing that is known here: nobody.
                    _ => None,
                };
                Ok((who, unsigned(row.get(3)?)))
            });
            Ok(row.optional()?)
        })?;
        let Some((Some(who), seen)) = found else { return Ok(None) };
        if seen.saturating_add(USED_WITHIN_MS) < now {
            self.write("note that the session goes on", |tx| {
                tx.execute("UPDATE sessions SET seen = ?2 WHERE hash = ?1", params![hash, signed(now)])?;
                Ok(())
            })?;
        }
        Ok(Some(who))
    }

    pub fn end_session(&self, hash: SecretHash) -> Result<(), StoreError> {
        self.write("end the session", |tx| {
            tx.execute("DELETE FROM sessions WHERE hash = ?1", [hash])?;
            Ok(())
        })
    }
}

const COLUMNS: &str = "id, label, email, scopes, created, expires, used, revoked";

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    let scopes: String = row.get("scopes")?;
    let time = |name: &str| row.get::<_, Option<i64>>(name).map(|time| time.map(unsigned));
    Ok(Token {
        id: row.get("id")?,
        label: row.get("label")?,
        email: row.get("email")?,
        scopes: serde_json::from_str(&scopes)
            .map_err(|error| StoreError::unreadable("a token's scopes", error))?,
        created: unsigned(row.get("created")?),
        expires: time("expires")?,
        used: time("used")?,
        revoked: time("revoked")?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{NewToken, Scope, SignedIn};
    use crate::store::testing::fixture;

    const HOUR: u64 = 60 * 60 * 1_000;

    fn new(expires: Option<u64>) -> NewToken {
        let scopes = vec![Scope::Manage, Scope::Search, Scope::Manage];
        NewToken { label: "first".into(), email: Some(" Ana@acme.com".into()), scopes, expires }
    }

    #[test]
    fn a_token_is_good_until_it_expires_or_is_revoked() {
        let site = fixture();
        let store = &site.store;
        let id = store.add_token([1; 32], &new(Some(HOUR)), 5).unwrap();
        let good = store.good_token([1; 32], 7).unwrap().unwrap();
        assert_eq!(
            (good.email.as_deref(), &good.scopes[..]),
            (Some("ana@acme.com"), &[Scope::Search, Scope::Manage][..])
        );
        assert_eq!(store.tokens().unwrap()[0].used, Some(7));
        assert_eq!(store.good_token([2; 32], 7).unwrap(), None);
        assert_eq!(store.good_token([1; 32], HOUR).unwrap(), None, "it has expired");
        let other = store.add_token([3; 32], &new(None), 5).unwrap();
        assert!(store.revoke_token(other, 8).unwrap() && !store.revoke_token(other, 9).unwrap());
        assert_eq!(store.good_token([3; 32], 9).unwrap(), None);
        assert!(store.tokens().unwrap().iter().any(|token| token.id == id && token.is_good(9)));
    }

    #[test]
    fn a_session_ends_by_time_by_idleness_and_with_its_token() {
        let site = fixture();
        let store = &site.store;
        let token = store.add_token([1; 32], &new(None), 0).unwrap();
        let who = |cookie: u8, now| store.session([cookie; 32], now, HOUR).unwrap();
        store.begin_session([7; 32], &SignedIn::Token(token), 0, 3 * HOUR).unwrap();
        store.begin_session([8; 32], &SignedIn::Oidc("Ben@acme.com".into()), 0, 3 * HOUR).unwrap();
        assert_eq!(who(7, HOUR / 2), Some(SignedIn::Token(token)));
        assert_eq!(who(7, HOUR), Some(SignedIn::Token(token)), "it was seen half an hour ago");
        assert_eq!(who(8, HOUR), None, "idle for an hour");
        assert_eq!(who(9, 1), None);
        assert_eq!(who(7, 3 * HOUR), None, "it has ended");
        store.revoke_token(token, HOUR).unwrap();
        assert_eq!(who(7, HOUR), None);
        store.begin_session([6; 32], &SignedIn::Header("cleo@acme.com".into()), 0, HOUR).unwrap();
        assert_eq!(who(6, 1), Some(SignedIn::Header("cleo@acme.com".into())));
        store.end_session([6; 32]).unwrap();
        assert_eq!(who(6, 1), None);
    }
}
