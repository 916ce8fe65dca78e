//! What a connection may spend at its source.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::gate::limits::WIDTH_MAX;
use crate::model::Allowance;

impl Console {
    /// Allows a connection this from its next request on.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or so many requests at once are more than a source takes.
    pub async fn allow(&self, viewer: &Viewer, name: String, allowance: Allowance) -> Result<(), Trouble> {
        if allowance.width.is_some_and(|width| !(1..=WIDTH_MAX).contains(&width)) {
            return Err(Trouble::Bad(format!("requests at once are 1 to {WIDTH_MAX}")));
        }
        let said = |number: Option<String>| number.unwrap_or_else(|| "the host's choice".to_owned());
        let width = said(allowance.width.map(|width| width.to_string()));
        let points = said(allowance.points_per_hour.map(|points| points.to_string()));
        let about = format!("requests at once: {width}; points an hour: {points}");
        let deed = Deed::of("limits-set", &name).about(about);
        self.act_blocking(viewer, deed, move |host| host.allow(&name, allowance)).await
    }
}
