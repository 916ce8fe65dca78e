//! What a connection may spend at its source.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::model::Allowance;

impl Console {
    /// Allows a connection this from its next request on.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn allow(&self, viewer: &Viewer, name: String, allowance: Allowance) -> Result<(), Trouble> {
        let said = |number: Option<String>| number.unwrap_or_else(|| "the host's choice".to_owned());
        let width = said(allowance.width.map(|width| width.to_string()));
        let points = said(allowance.points_per_hour.map(|points| points.to_string()));
        let about = format!("requests at once: {width}; points an hour: {points}");
        let deed = Deed::of("limits-set", &name).about(about);
        self.act_blocking(viewer, deed, move |host| host.allow(&name, allowance)).await
    }
}
