//! The configured connections.

use rusqlite::{ErrorCode, OptionalExtension, Row, Transaction, params};

use crate::model::{Connection, ConnectionId, Origin, Route, Timestamp};

use super::{Store, StoreError, schedules, setups, signed, unsigned};

/// Names are typed in commands and stand in tables.
const NAME_CHARS_MAX: usize = 100;

const COLUMNS: &str =
    "id, name, connector, settings, session, login, username, account, origins, routes, created";

/// What `connection add` has gathered; the same fields as [`Connection`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    pub name: String,
    pub connector: String,
    pub settings: String,
    pub session: String,
    pub login: String,
    pub username: Option<String>,
    pub account: String,
    pub origins: Vec<Origin>,
    pub routes: Vec<Route>,
    /// Not to be read before [`Store::finish_setup`].
    pub setting_up: bool,
}

impl Store {
    /// # Errors
    /// [`StoreError::NameTaken`], and [`StoreError::BadName`] for one nobody could type.
    pub fn add_connection(&self, new: &NewConnection, now: Timestamp) -> Result<Connection, StoreError> {
        check_name(&new.name)?;
        let origins = to_json(&new.origins)?;
        let routes = to_json(&new.routes)?;
        self.write("add the connection", |tx| {
            let sql = format!(
                "INSERT INTO connections ({COLUMNS}) VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            );
            let values = params![
                new.name,
                new.connector,
                new.settings,
                new.session,
                new.login,
                new.username,
                new.account,
                origins,
                routes,
                signed(now)
            ];
            match tx.execute(&sql, values) {
                Ok(_) => {
                    let connection = find(tx, &new.name)?;
                    if new.setting_up {
                        setups::begin(tx, connection.id)?;
                    }
                    Ok(connection)
                }
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    Err(StoreError::NameTaken { name: new.name.clone() })
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Says whether a connection may be called so, before anything is done for it.
    ///
    /// # Errors
    /// As [`Store::add_connection`], which asks again.
    pub fn check_new_name(&self, name: &str) -> Result<(), StoreError> {
        check_name(name)?;
        match self.connection(name) {
            Ok(_) => Err(StoreError::NameTaken { name: name.to_owned() }),
            Err(StoreError::UnknownConnection { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// All connections, by name.
    pub fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        self.read("list the connections", list)
    }

    /// # Errors
    /// [`StoreError::UnknownConnection`], which lists those there are.
    pub fn connection(&self, name: &str) -> Result<Connection, StoreError> {
        self.read("find the connection", |tx| find(tx, name))
    }

    /// Keeps what signing in again has returned, and the name it was done under.
    pub fn set_session(
        &self,
        connection: ConnectionId,
        session: &str,
        account: &str,
        username: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write("keep the session", |tx| {
            let sql = "UPDATE connections SET session = ?2, account = ?3, username = ?4 WHERE id = ?1 AND removing IS NULL";
            match tx.execute(sql, params![connection, session, account, username])? {
                0 => Err(StoreError::ConnectionGone { connection }),
                _ => schedules::signed_in(tx, connection),
            }
        })
    }

    /// Keeps changed settings with what their connector made of them. What was read stays.
    pub fn set_settings(
        &self,
        connection: ConnectionId,
        settings: &str,
        session: &str,
        account: &str,
        origins: &[Origin],
    ) -> Result<(), StoreError> {
        let origins = to_json(&origins)?;
        self.write("keep the settings", |tx| {
            let sql = "UPDATE connections SET settings = ?2, session = ?3, account = ?4, origins = ?5
                 WHERE id = ?1 AND removing IS NULL";
            match tx.execute(sql, params![connection, settings, session, account, origins])? {
                0 => Err(StoreError::ConnectionGone { connection }),
                _ => Ok(()),
            }
        })
    }
}

/// A foreign key would refuse the row too, but not in words.
pub(super) fn require(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached("SELECT 1 FROM connections WHERE id = ?1 AND removing IS NULL")?;
    if statement.exists([connection])? { Ok(()) } else { Err(StoreError::ConnectionGone { connection }) }
}

fn find(tx: &Transaction<'_>, name: &str) -> Result<Connection, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM connections WHERE name = ?1 AND removing IS NULL");
    let found = tx.query_row(&sql, [name], |row| Ok(read(row))).optional()?;
    match found {
        Some(connection) => connection,
        None => {
            let known = list(tx)?.into_iter().map(|connection| connection.name).collect();
            Err(StoreError::UnknownConnection { name: name.to_owned(), known })
        }
    }
}

pub(super) fn list(tx: &Transaction<'_>) -> Result<Vec<Connection>, StoreError> {
    let mut statement =
        tx.prepare(&format!("SELECT {COLUMNS} FROM connections WHERE removing IS NULL ORDER BY name"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

fn read(row: &Row<'_>) -> Result<Connection, StoreError> {
    let origins: String = row.get("origins")?;
    let routes: String = row.get("routes")?;
    Ok(Connection {
        id: row.get("id")?,
        name: row.get("name")?,
        connector: row.get("connector")?,
        settings: row.get("settings")?,
        session: row.get("session")?,
        login: row.get("login")?,
        username: row.get("username")?,
        account: row.get("account")?,
        origins: from_json("a connection's origins", &origins)?,
        routes: from_json("a connection's routes", &routes)?,
        created: unsigned(row.get("created")?),
    })
}

fn check_name(name: &str) -> Result<(), StoreError> {
    let chars = name.chars().count();
    let printable = !name.chars().any(char::is_control) && name.trim() == name;
    if (1..=NAME_CHARS_MAX).contains(&chars) && printable {
        return Ok(());
    }
    let name = name.chars().filter(|one| !one.is_control()).take(NAME_CHARS_MAX).collect();
    Err(StoreError::BadName { name, max: NAME_CHARS_MAX })
}

/// Our own values; that one cannot be written down is a defect, told as any other error.
pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)).into())
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::unreadable(what, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Origin, Route};
    use crate::store::NewConnection;
    use crate::store::testing::{fixture, new_connection};

    #[test]
    fn a_connection_comes_back_as_it_was_configured() {
        let site = fixture();
        let url = "https://beta.atlassian.net".to_owned();
        let new = NewConnection {
            username: Some("ada@beta.example".into()),
            origins: vec![Origin {
                url: url.clone(),
                credential: true,
                post: false,
                purpose: "its pages".into(),
            }],
            routes: vec![Route { from: url, to: "http://127.0.0.1:8790".into() }],
            ..new_connection("beta")
        };
        let added = site.store.add_connection(&new, 5).unwrap();
        assert_eq!((&added.origins, &added.routes, added.created), (&new.origins, &new.routes, 5));
        site.store.set_session(added.id, "cloud 7", "Ada at beta", Some("ada@acme.com")).unwrap();
        let session = site.store.connection("beta").unwrap();
        assert_eq!((session.session.as_str(), session.account.as_str()), ("cloud 7", "Ada at beta"));
    }

    #[test]
    fn names_that_are_taken_unknown_or_unprintable_are_told() {
        let site = fixture();
        let refusal = |name| site.store.add_connection(&new_connection(name), 1).unwrap_err().to_string();
        let unknown = site.store.connection("acne").unwrap_err().to_string();
        insta::assert_snapshot!([refusal("acme"), refusal(""), refusal(" a"), unknown].join("\n"), @"
        a connection named `acme` exists already; choose another name or remove that one first
        `` cannot name a connection; use 1 to 100 printable characters, without blanks at the ends
        ` a` cannot name a connection; use 1 to 100 printable characters, without blanks at the ends
        there is no connection named `acne`; there are: acme
        ");
    }
}
