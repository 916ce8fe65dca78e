//! The contract's log.

use super::bindings::weir::connector::log::{self, Level as HostLevel};
use crate::transport::{Level, Log};

pub struct HostLog;

impl Log for HostLog {
    fn write(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        let level = match level {
            Level::Debug => HostLevel::Debug,
            Level::Info => HostLevel::Info,
            Level::Warn => HostLevel::Warn,
        };
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields: Vec<(String, String)> = fields.iter().map(owned).collect();
        log::write(level, message, &fields);
    }

    fn spend(&self, points: u64) {
        log::spend(points);
    }
}
