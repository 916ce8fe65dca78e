//! The door to the host: the exports, and the clockless way out over `wasi:http`. Decisions are absent.

mod http;

use crate::contract::exports::weir::connector::{content, setup, sync};
use crate::contract::wasi::io::streams::OutputStream;
use crate::contract::weir::connector::types::{Change, Connection, Error, Issue, Json};
use crate::fetch::Source;
use crate::setup::{ANONYMOUS, Settings};
use crate::{download, reading};
use http::Http;

struct Component;

/// What a call needs of its connection; the session is the login's name.
fn opened(settings: &str, login: &str) -> Result<(Source<'static, Http>, Settings), Error> {
    let settings = Settings::read(settings)?;
    let source = Source { web: &Http, anonymous: login == ANONYMOUS, origins: settings.origins() };
    Ok((source, settings))
}

impl setup::Guest for Component {
    fn describe() -> setup::Description {
        crate::setup::describe()
    }

    fn configure(settings: Json, login: String) -> Result<setup::Plan, Vec<Issue>> {
        crate::setup::configure(&settings, &login)
    }

    fn choices(_: Connection, _: String, _: String) -> Result<Vec<setup::Choice>, Error> {
        Ok(Vec::new())
    }

    fn authenticate(settings: Json, login: String) -> Result<setup::Account, Error> {
        let (source, settings) = opened(&settings, &login)?;
        crate::setup::authenticate(&source, &settings, &login)
    }

    fn diagnose(connection: Connection) -> Result<Vec<setup::Finding>, Error> {
        let (source, settings) = opened(&connection.settings, &connection.session)?;
        crate::setup::diagnose(&source, &settings)
    }
}

impl sync::Guest for Component {
    fn list_partitions(connection: Connection, dataset: String) -> Result<Vec<sync::Partition>, Error> {
        let (_, settings) = opened(&connection.settings, &connection.session)?;
        reading::list_partitions(&settings, &dataset)
    }

    fn read_page(
        connection: Connection,
        partition: sync::Partition,
        position: sync::Position,
        _: u32,
    ) -> Result<sync::Page, Error> {
        let (source, settings) = opened(&connection.settings, &connection.session)?;
        reading::read_page(&source, &settings, &partition, &position)
    }

    fn estimate(connection: Connection) -> Result<Vec<sync::Amount>, Error> {
        let (source, settings) = opened(&connection.settings, &connection.session)?;
        reading::estimate(&source, &settings)
    }

    fn read_items(connection: Connection, ids: Vec<String>) -> Result<Vec<Change>, Error> {
        let (source, settings) = opened(&connection.settings, &connection.session)?;
        reading::read_items(&source, &settings, &ids)
    }

    fn in_scope(connection: Connection, items: Vec<sync::Lineage>) -> Result<Vec<bool>, Error> {
        let (_, settings) = opened(&connection.settings, &connection.session)?;
        Ok(reading::in_scope(&settings, &items))
    }
}

impl content::Guest for Component {
    fn download(
        connection: Connection,
        link: String,
        sink: &OutputStream,
    ) -> Result<content::Receipt, Error> {
        let (source, _) = opened(&connection.settings, &connection.session)?;
        let receipt = download::download(&source, &link, |url| http::pour(url, sink))?;
        Ok(content::Receipt { media_type: receipt.media_type, size: receipt.size })
    }
}

// Generated glue, which talks to the host over raw pointers.
#[allow(unsafe_code)]
mod exported {
    use super::Component;
    crate::contract::export!(Component with_types_in crate::contract);
}
