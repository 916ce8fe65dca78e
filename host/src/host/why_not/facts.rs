//! What store, connector and index say of an item and a person.

use url::Url;

use super::Known;
use super::known::{Facts, Filter, Indexed, Present};
use crate::host::resolve::ids_in;
use crate::host::{Host, HostError, LeftOut, WhyAnswer};
use crate::index::{Query, text};
use crate::model::Connection;
use crate::sandbox::Way;
use crate::store::{AbsentItem, FailedRead, Standing, StoredItem};

impl Host {
    pub(super) async fn facts(
        &self,
        meant: &str,
        email: &str,
        connection: Option<&str>,
    ) -> Result<(Option<Known>, Facts), HostError> {
        let item = match self.item(meant, connection) {
            Ok(item) => item,
            Err(HostError::UnknownItem { .. }) => return Ok((None, self.absent(meant, connection)?)),
            Err(error) => return Err(error),
        };
        let filter = self.filter(&item).await?;
        let known = Known {
            connection: item.connection_name.clone(),
            id: item.id.clone(),
            kind: item.kind.clone(),
            title: item.title.clone(),
            url: item.url.clone(),
        };
        Ok((Some(known), Facts::Present(Box::new(self.present(item, filter, email)?))))
    }

    /// What is known of something that is not there.
    fn absent(&self, meant: &str, connection: Option<&str>) -> Result<Facts, HostError> {
        let address = Url::parse(meant).ok().filter(Url::has_host);
        let mut connections = match connection {
            Some(name) => vec![self.store.connection(name)?],
            None => self.store.connections()?,
        };
        if let Some(address) = &address {
            connections.retain(|connection| reads(connection, address));
            if connections.is_empty() {
                return Ok(Facts::NoSource { host: address.host_str().unwrap_or_default().to_owned() });
            }
        }
        // The last part of an address that names something is what was meant.
        let ids = address.as_ref().map_or_else(|| vec![meant.to_owned()], ids_in);
        for id in &ids {
            let id = std::slice::from_ref(id);
            for connection in &connections {
                if let Some(failed) = self.store.failed_reads(Some(connection.id), id, meant)?.pop() {
                    return Ok(failed_read(failed));
                }
                if let Some(absent) = self.store.absent_items(Some(connection.id), id)?.pop() {
                    return self.gone(absent);
                }
            }
        }
        let connections = connections.into_iter().map(|connection| connection.name).collect();
        Ok(Facts::Unmentioned { connections })
    }

    fn gone(&self, absent: AbsentItem) -> Result<Facts, HostError> {
        let connection = absent.connection_name;
        let Some(run) = absent.gone_in else { return Ok(Facts::OnlyMentioned { connection }) };
        if absent.binned {
            return Ok(Facts::Binned { connection });
        }
        let counts = self.store.run(run)?.map(|run| run.counts).unwrap_or_default();
        Ok(Facts::Gone { connection, deleted: counts.deleted, left_out: counts.left_out })
    }

    /// Whether the settings ask for an item that is there.
    async fn filter(&self, item: &StoredItem) -> Result<Filter, HostError> {
        let kinds = self.store.kinds(item.connection)?;
        if kinds.iter().any(|kind| kind.name == item.kind && !kind.offered) {
            return Ok(Filter::Place);
        }
        let connection = self.store.connection(&item.connection_name)?;
        let lineages = self.store.lineages(item.connection, std::slice::from_ref(&item.id))?;
        let connector = match self.connector(&connection.connector).await {
            Ok(connector) => connector,
            Err(error) => return Ok(Filter::Unsure(error.to_string())),
        };
        Ok(match connector.in_scope(Way::nowhere(), &connection, &lineages).await {
            Ok(answers) if answers == [true] => Filter::Asked,
            Ok(answers) if answers == [false] => Filter::LeftOut,
            Ok(_) => Filter::Unsure("the connector gave no answer".to_owned()),
            Err(error) => Filter::Unsure(error.to_string()),
        })
    }

    fn present(&self, item: StoredItem, filter: Filter, email: &str) -> Result<Present, HostError> {
        let standing = self.store.standing(item.num)?;
        let answer = self.why_of(item.clone(), email)?;
        let index = self.indexed(&item, answer.left_out, email)?;
        let has = |text: &Option<crate::model::Text>| {
            text.as_ref().is_some_and(|text| !text::plain(&text.value).trim().is_empty())
        };
        Ok(Present {
            connection: item.connection_name.clone(),
            doubts: doubts(&standing),
            filter,
            who: answer.who(),
            refusal: refusal(&answer),
            words: has(&item.body) || has(&item.words),
            file: standing.file,
            title: item.title,
            index,
        })
    }

    fn indexed(
        &self,
        item: &StoredItem,
        left_out: Option<LeftOut>,
        email: &str,
    ) -> Result<Indexed, HostError> {
        if let Some(left_out) = left_out {
            return Ok(Indexed::LeftOut(left_out));
        }
        let position = self.open_index()?.position()?;
        if self.store.waits_for_index(item.num, position)? {
            return Ok(Indexed::Waiting);
        }
        let query = Query::parse(&format!("connection:\"{}\" id:\"{}\"", item.connection_name, item.id))?;
        let found = self.find(&query, email, 0, 1)?;
        Ok(if found.hits.is_empty() { Indexed::Missing } else { Indexed::Found })
    }
}

/// Whether a connection's requests go where this address leads.
fn reads(connection: &Connection, address: &Url) -> bool {
    let origins = connection.origins.iter().filter_map(|origin| Url::parse(&origin.url).ok());
    origins.into_iter().any(|url| url.origin() == address.origin())
}

fn failed_read(failed: FailedRead) -> Facts {
    let FailedRead { connection_name, id, reason, refused, next } = failed;
    let next = i64::try_from(next).ok().and_then(chrono::DateTime::from_timestamp_millis);
    let next = next.map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M UTC").to_string());
    Facts::Failed { connection: connection_name, id, reason, refused, next }
}

fn doubts(standing: &Standing) -> Vec<String> {
    let mut doubts = Vec::new();
    if standing.archived {
        doubts.push("It is archived there.".to_owned());
    }
    if let Some(reason) = &standing.failed {
        doubts
            .push(format!("Its latest version could not be read: {reason}; what is shown is an older one."));
    }
    if standing.waits_for_deletion.is_some() {
        doubts.push(
            "A sync missed it, and a person has to decide whether it is gone (`weir deletions`).".to_owned(),
        );
    }
    doubts
}

/// The level that refuses, in words, and why.
fn refusal(answer: &WhyAnswer) -> Option<(String, crate::access::Reason)> {
    let refusal = answer.explanation.refusal?;
    let step = answer.explanation.steps.get(refusal.level);
    let level = step
        .map_or_else(String::new, |step| format!("{} {} is for {}", step.id, step.title, answer.level(step)));
    Some((level, refusal.reason))
}
