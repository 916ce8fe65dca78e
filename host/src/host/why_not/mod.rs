//! Why somebody does not find something: the five steps from the source to a result, and the one at which it was
//! left out.
//!
//! `facts` asks store, connector and index, and makes the value `known`, from which `steps` decides. For administrators alone: it tells of items that
//! the person may not read.

mod facts;
mod known;
mod steps;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use steps::{Passage, Step};

use super::{Host, HostError};

/// The answer, for one item and one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    /// What was asked about, as it was typed.
    pub meant: String,
    /// The person's e-mail.
    pub person: String,
    /// The item, if it is there.
    pub item: Option<Known>,
    /// Listing, filter, access, conversion, index, in this order; at most one of them stops.
    pub steps: Vec<Step>,
}

/// An item that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    pub connection: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
}

impl Host {
    /// At which step an item was left out, for a person. It is named by its id or the address of its page. The
    /// connector is asked whether the settings want it; the source is not asked.
    ///
    /// # Errors
    ///
    /// When several items are named so, there is no such connection, or store or index cannot be read.
    pub async fn why_not(
        &self,
        meant: &str,
        email: &str,
        connection: Option<&str>,
    ) -> Result<WhyNot, HostError> {
        let (item, facts) = self.facts(meant.trim(), email, connection).await?;
        Ok(WhyNot {
            meant: meant.trim().to_owned(),
            person: email.trim().to_lowercase(),
            item,
            steps: steps::steps(&facts),
        })
    }
}
