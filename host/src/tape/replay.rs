//! Makes a recorded call again, with the tape as its only outside, and compares the answers.

use super::answer::{Answer, Sort, json, sha256};
use super::difference::{Difference, difference};
use super::format::{Asked, Header};
use super::player::Player;
use super::reader::Call;
use crate::model::Connection;
use crate::sandbox::{Connector, Way};

/// A call that was made again.
#[derive(Debug)]
pub struct Repeated {
    pub number: u64,
    pub asked: Asked,
    /// How many requests the tape has of it.
    pub exchanges: usize,
    /// What the connector answers now; none if that cannot be told.
    pub answer: Option<Answer>,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Byte for byte.
    Same,
    Differs(Difference),
    /// The recorded call was ended by a clock that no tape holds.
    NotRepeated,
}

/// Makes the call in a fresh instance.
pub async fn repeat(mut call: Call, header: &Header, connector: &Connector) -> Repeated {
    let exchanges = call.exchanges.len();
    let player = Player::new(&mut call, header.login_header.as_deref());
    let (number, asked) = (call.asking.call, call.asking.what);
    let recorded = call.answered.answer.get();
    let was: Option<Answer> = serde_json::from_str(recorded).ok();
    let mut repeated = Repeated { number, asked, exchanges, answer: None, verdict: Verdict::NotRepeated };
    if matches!(was, Some(Answer::Failed(super::answer::Failed::TooSlow))) {
        return repeated;
    }
    let now = made(&repeated.asked, &player, &connection(header), connector).await.unwrap_or_default();
    repeated.answer = serde_json::from_str(&now).ok();
    let changed = sha256(recorded.as_bytes()) != call.answered.sha256;
    // A later Weir may know more fields of an answer: then it is what is read that counts.
    let same = now == recorded || (was.is_some() && was == repeated.answer);
    repeated.verdict = if same && !changed {
        Verdict::Same
    } else {
        let asked = (player.missing(), player.unused());
        Verdict::Differs(difference(was.as_ref(), repeated.answer.as_ref(), changed, asked))
    };
    repeated
}

async fn made(
    asked: &Asked,
    player: &Player,
    connection: &Connection,
    connector: &Connector,
) -> serde_json::Result<String> {
    let way = || Way::new(std::sync::Arc::new(player.clone()));
    match asked {
        Asked::ListPartitions { dataset } => {
            json(Sort::Partitions, &connector.list_partitions(way(), connection, dataset).await.0)
        }
        Asked::ReadPage { partition, position, limit } => {
            json(Sort::Page, &connector.read_page(way(), connection, partition, position, *limit).await.0)
        }
        Asked::ReadItems { ids } => json(Sort::Items, &connector.read_items(way(), connection, ids).await.0),
        Asked::InScope { items } => json(Sort::InScope, &connector.in_scope(way(), connection, items).await),
    }
}

/// As much of the connection as a connector is told, and nothing else.
fn connection(header: &Header) -> Connection {
    Connection {
        id: 0,
        name: header.connection.clone(),
        connector: header.connector.given.clone(),
        settings: header.settings.clone(),
        session: header.session.clone(),
        login: header.login.clone(),
        username: None,
        account: String::new(),
        origins: header.origins.clone(),
        routes: Vec::new(),
        created: header.started,
    }
}
