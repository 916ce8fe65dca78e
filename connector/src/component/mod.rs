//! The door to the host: the only place that knows generated bindings.
//!
//! `convert` turns our values into the contract's and back, `http` is the transport over wasi:http, `log` the
//! contract's log. Decisions are absent.

mod convert;
mod http;
mod log;

mod bindings {
    // Generated code; the lints of hand-written code do not apply.
    #![allow(clippy::all, unsafe_code)]
    wit_bindgen::generate!({
        path: "../wit",
        world: "connector",
        generate_all,
    });

    use super::Component;
    export!(Component);
}

use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::{Filter, Wanted};
use crate::model::Connection;
use crate::{download, filter, reading, setup};
use bindings::exports::weir::connector as exported;
use bindings::wasi::clocks::wall_clock;
use bindings::wasi::io::streams::OutputStream;
use bindings::weir::connector::types;
use http::Http;
use log::HostLog;

struct Component;

/// What the settings ask for, now. The clock is read here and nowhere else.
fn wanted(settings: &str) -> Result<Wanted, types::Error> {
    let now = wall_clock::now();
    let now = now.seconds.saturating_mul(1000).saturating_add(u64::from(now.nanoseconds) / 1_000_000);
    Ok(Wanted { filter: Filter::read(settings)?, now })
}

/// What a call needs of its connection.
fn opened(connection: types::Connection) -> Result<setup::Opened, types::Error> {
    Ok(setup::open(&connection.into())?)
}

impl exported::setup::Guest for Component {
    fn describe() -> exported::setup::Description {
        setup::describe().into()
    }

    fn configure(settings: types::Json, login: String) -> Result<exported::setup::Plan, Vec<types::Issue>> {
        match setup::configure(&settings, &login) {
            Ok(plan) => Ok(plan.into()),
            Err(issues) => Err(issues.into_iter().map(Into::into).collect()),
        }
    }

    fn choices(
        connection: types::Connection,
        pointer: String,
        typed: String,
    ) -> Result<Vec<exported::setup::Choice>, types::Error> {
        let site = Site::new(opened(connection)?.site, &Http, &HostLog);
        let choices = setup::choices(&site, &pointer, &typed)?;
        Ok(choices.into_iter().map(Into::into).collect())
    }

    fn authenticate(settings: types::Json, login: String) -> Result<exported::setup::Account, types::Error> {
        let origin = setup::site(&settings).map_err(Error::InvalidSettings)?;
        let site = Site::new(origin, &Http, &HostLog);
        let account = setup::authenticate(&site, &login)?;
        // Through the gateway, if that is where the credential turned out to be good.
        let signed_in = Connection { settings: settings.clone(), session: account.session.clone() };
        let site = Site::new(setup::open(&signed_in)?.site, &Http, &HostLog);
        let unknown = filter::unknown_spaces(&site, &settings, &wanted(&settings)?.filter)?;
        if unknown.is_empty() { Ok(account.into()) } else { Err(Error::InvalidSettings(unknown).into()) }
    }

    fn diagnose(connection: types::Connection) -> Result<Vec<exported::setup::Finding>, types::Error> {
        let chosen = setup::chosen(&connection.settings);
        let opened = opened(connection)?;
        let site = Site::new(opened.site.clone(), &Http, &HostLog);
        let findings = setup::diagnose(&site, &opened, &chosen)?;
        Ok(findings.into_iter().map(Into::into).collect())
    }
}

impl exported::sync::Guest for Component {
    fn in_scope(
        connection: types::Connection,
        items: Vec<exported::sync::Lineage>,
    ) -> Result<Vec<bool>, types::Error> {
        let filter = wanted(&connection.settings)?.frozen();
        Ok(items.into_iter().map(|item| filter::in_scope(&filter, &item.into())).collect())
    }

    fn estimate(connection: types::Connection) -> Result<Vec<exported::sync::Amount>, types::Error> {
        let wanted = wanted(&connection.settings)?;
        let site = Site::new(opened(connection)?.site, &Http, &HostLog);
        let amounts = reading::estimate(&site, &wanted)?;
        Ok(amounts.into_iter().map(Into::into).collect())
    }

    fn list_partitions(
        connection: types::Connection,
        dataset: String,
    ) -> Result<Vec<exported::sync::Partition>, types::Error> {
        let wanted = wanted(&connection.settings)?;
        let site = Site::new(opened(connection)?.site, &Http, &HostLog);
        let partitions = reading::list_partitions(&site, &wanted, &dataset)?;
        Ok(partitions.into_iter().map(Into::into).collect())
    }

    fn read_page(
        connection: types::Connection,
        partition: exported::sync::Partition,
        position: exported::sync::Position,
        limit: u32,
    ) -> Result<exported::sync::Page, types::Error> {
        let wanted = wanted(&connection.settings)?;
        let site = Site::new(opened(connection)?.site, &Http, &HostLog);
        let page = reading::read_page(&site, &wanted, &partition.into(), &position.into(), limit)?;
        Ok(page.into())
    }

    fn read_items(
        connection: types::Connection,
        ids: Vec<types::ItemId>,
    ) -> Result<Vec<types::Change>, types::Error> {
        let wanted = wanted(&connection.settings)?;
        let opened = opened(connection)?;
        let site = Site::new(opened.site, &Http, &HostLog);
        let changes = reading::read_items(&site, &wanted, &opened.account, &ids)?;
        Ok(changes.into_iter().map(Into::into).collect())
    }
}

impl exported::content::Guest for Component {
    fn download(
        connection: types::Connection,
        link: String,
        sink: &OutputStream,
    ) -> Result<exported::content::Receipt, types::Error> {
        let site = Site::new(opened(connection)?.site, &Http, &HostLog);
        let receipt = download::download(&site, &link, |url| http::pour(url, sink))?;
        Ok(exported::content::Receipt { media_type: receipt.media_type, size: receipt.size })
    }
}
