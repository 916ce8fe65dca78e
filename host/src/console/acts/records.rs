//! Choosing items for searches, and taking a choice back.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Host, HostError};
use crate::store::{IndexMode, ItemNum, StoreError};

impl Console {
    /// Lets searches find everything of a connection, or only what was chosen. One that stands so is left alone.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn set_index_mode(
        &self,
        viewer: &Viewer,
        name: String,
        mode: IndexMode,
    ) -> Result<(), Trouble> {
        let asked = name.clone();
        let before = self
            .with_host(move |host| Ok(host.store().index_mode(host.store().connection(&asked)?.id)?))
            .await?;
        if before == mode {
            return Ok(());
        }
        let deed = Deed::of("index-mode-set", &name).about(mode.as_str());
        self.act_blocking(viewer, deed, move |host| host.set_index_mode(&name, mode)).await
    }

    /// Chooses an item for manual mode, alone or with whatever lies below it.
    ///
    /// # Errors
    ///
    /// When the connection has no such item. One that searches everything keeps the choice for later.
    pub async fn choose(
        &self,
        viewer: &Viewer,
        name: String,
        id: String,
        with_descendants: bool,
    ) -> Result<(), Trouble> {
        let about = if with_descendants { format!("{id} with all below it") } else { id.clone() };
        let deed = Deed::of("item-chosen", &name).about(about);
        self.act_blocking(viewer, deed, move |host| {
            let num = present(host, &name, &id)?;
            Ok(host.store().choose(num, with_descendants)?)
        })
        .await
    }

    /// Takes a choice back; what was not chosen stays so.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or it never told of such an item.
    pub async fn unchoose(&self, viewer: &Viewer, name: String, id: String) -> Result<(), Trouble> {
        let deed = Deed::of("item-unchosen", &name).about(id.clone());
        self.act_blocking(viewer, deed, move |host| {
            let connection = host.store().connection(&name)?.id;
            let gone = || Ok::<_, StoreError>(host.store().gone_item(connection, &id)?.map(|gone| gone.num));
            let num = match present(host, &name, &id) {
                Ok(num) => num,
                // What is gone may still be chosen, and would be found if it came back.
                Err(error) => gone()?.ok_or(error)?,
            };
            host.store().unchoose(num)?;
            Ok(())
        })
        .await
    }
}

fn present(host: &Host, name: &str, id: &str) -> Result<ItemNum, HostError> {
    let connection = host.store().connection(name)?.id;
    let found = host.store().items_with_id(Some(connection), id)?.pop();
    Ok(found.ok_or_else(|| HostError::UnknownItem { id: id.to_owned() })?.num)
}
