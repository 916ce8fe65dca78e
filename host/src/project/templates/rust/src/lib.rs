//! The door to the host: what the world `connector` exports, each function handed on to the file that knows the answer.

mod describe;
mod item;
mod meaning;
mod reading;
mod request;

mod bindings {
    wit_bindgen::generate!({
        path: "wit",
        world: "connector",
        generate_all,
        additional_derives: [PartialEq],
        // It holds a handle of the host's, and two of those are never the same.
        additional_derives_ignore: ["stream-error"],
    });
}

use bindings::exports::weir::connector::{content, setup, sync};
use bindings::wasi::io::streams::OutputStream;
use bindings::weir::connector::types::{Change, Connection, Error, Issue};
use request::Http;

struct Connector;

fn http(settings: &str) -> Result<Http, Error> {
    Ok(Http { site: describe::site(settings)? })
}

impl setup::Guest for Connector {
    fn describe() -> setup::Description {
        describe::describe()
    }

    fn configure(settings: String, _: String) -> Result<setup::Plan, Vec<Issue>> {
        describe::configure(&settings)
    }

    /// No setting is chosen from a list.
    fn choices(_: Connection, _: String, _: String) -> Result<Vec<setup::Choice>, Error> {
        Ok(Vec::new())
    }

    fn authenticate(settings: String, _: String) -> Result<setup::Account, Error> {
        reading::account(&http(&settings)?, &describe::site(&settings)?)
    }

    fn diagnose(connection: Connection) -> Result<Vec<setup::Finding>, Error> {
        reading::findings(&http(&connection.settings)?)
    }
}

impl sync::Guest for Connector {
    fn list_partitions(_: Connection, dataset: String) -> Result<Vec<sync::Partition>, Error> {
        Ok(reading::partitions(dataset))
    }

    fn read_page(
        connection: Connection,
        partition: sync::Partition,
        position: sync::Position,
        limit: u32,
    ) -> Result<sync::Page, Error> {
        reading::read(&http(&connection.settings)?, &partition.token, position, limit)
    }

    fn estimate(connection: Connection) -> Result<Vec<sync::Amount>, Error> {
        reading::estimate(&http(&connection.settings)?)
    }

    fn read_items(connection: Connection, ids: Vec<String>) -> Result<Vec<Change>, Error> {
        reading::read_items(&http(&connection.settings)?, &ids)
    }

    /// The settings leave nothing out.
    fn in_scope(_: Connection, items: Vec<sync::Lineage>) -> Result<Vec<bool>, Error> {
        Ok(items.iter().map(|_| true).collect())
    }
}

impl content::Guest for Connector {
    fn download(
        connection: Connection,
        link: String,
        sink: &OutputStream,
    ) -> Result<content::Receipt, Error> {
        http(&connection.settings)?.download(&link, sink)
    }
}

// Only a component has a host to export to; unit tests are ordinary programs.
#[cfg(target_arch = "wasm32")]
bindings::export!(Connector with_types_in bindings);
