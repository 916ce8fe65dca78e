//! The calls of one version of the contract, with the host's own types in and out.

use wasmtime::Store;
use wasmtime::component::{InstancePre, Resource};
use wasmtime_wasi::p2::DynOutputStream;

use super::generated::{Reader as World, ReaderPre as WorldPre};
use super::{answers, arguments};
use crate::model::{
    Account, Amount, Change, Choice, Connection, Description, Fault, Finding, Issue, Lineage, Page,
    Partition, Plan, Position,
};

/// A component whose imports are linked and whose exports were found.
pub struct CallsPre<T: 'static>(WorldPre<T>);

impl<T: Send + 'static> Clone for CallsPre<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Send + 'static> CallsPre<T> {
    /// # Errors
    ///
    /// When an export of the contract is missing, by name.
    pub fn new(pre: InstancePre<T>) -> wasmtime::Result<Self> {
        WorldPre::new(pre).map(Self)
    }

    /// A fresh instance. Type mismatches show here, not in `new`.
    ///
    /// # Errors
    ///
    /// When the component does not fit the contract, or memory for it cannot be had.
    pub async fn instantiate(&self, store: &mut Store<T>) -> wasmtime::Result<Calls> {
        self.0.instantiate_async(store).await.map(Calls)
    }
}

/// One instance, ready for one call. The outer result is the sandbox's (traps, limits), the
/// inner one is the connector's own answer.
pub struct Calls(World);

type Answer<T, E = Fault> = wasmtime::Result<Result<T, E>>;

impl Calls {
    pub async fn describe<T: Send + 'static>(&self, store: &mut Store<T>) -> wasmtime::Result<Description> {
        let setup = self.0.weir_connector_setup();
        Ok(answers::description(setup.call_describe(store).await?))
    }

    pub async fn configure<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        settings: &String,
        login: &str,
    ) -> Answer<Plan, Vec<Issue>> {
        let answer = self.0.weir_connector_setup().call_configure(store, settings, login).await?;
        Ok(answer.map(answers::plan).map_err(answers::issues))
    }

    pub async fn choices<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        pointer: &str,
        typed: &str,
    ) -> Answer<Vec<Choice>> {
        let connection = arguments::connection(connection);
        let setup = self.0.weir_connector_setup();
        let answer = setup.call_choices(store, &connection, pointer, typed).await?;
        Ok(answer.map(answers::choices).map_err(answers::fault))
    }

    pub async fn authenticate<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        settings: &String,
        login: &str,
    ) -> Answer<Account> {
        let answer = self.0.weir_connector_setup().call_authenticate(store, settings, login).await?;
        Ok(answer.map(answers::account).map_err(answers::fault))
    }

    pub async fn diagnose<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
    ) -> Answer<Vec<Finding>> {
        let connection = arguments::connection(connection);
        let answer = self.0.weir_connector_setup().call_diagnose(store, &connection).await?;
        Ok(answer.map(answers::findings).map_err(answers::fault))
    }

    pub async fn list_partitions<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        dataset: &str,
    ) -> Answer<Vec<Partition>> {
        let connection = arguments::connection(connection);
        let answer = self.0.weir_connector_sync().call_list_partitions(store, &connection, dataset).await?;
        Ok(answer.map(answers::partitions).map_err(answers::fault))
    }

    pub async fn estimate<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
    ) -> Answer<Vec<Amount>> {
        let connection = arguments::connection(connection);
        let answer = self.0.weir_connector_sync().call_estimate(store, &connection).await?;
        Ok(answer.map(answers::amounts).map_err(answers::fault))
    }

    pub async fn read_page<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        partition: &Partition,
        position: &Position,
        limit: u32,
    ) -> Answer<Page> {
        let connection = arguments::connection(connection);
        let partition = arguments::partition(partition);
        let position = arguments::position(position);
        let sync = self.0.weir_connector_sync();
        let answer = sync.call_read_page(store, &connection, &partition, &position, limit).await?;
        Ok(answer.map(answers::page).map_err(answers::fault))
    }

    pub async fn read_items<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        ids: &[String],
    ) -> Answer<Vec<Change>> {
        let connection = arguments::connection(connection);
        let answer = self.0.weir_connector_sync().call_read_items(store, &connection, ids).await?;
        Ok(answer.map(answers::changes).map_err(answers::fault))
    }

    pub async fn in_scope<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        items: &[Lineage],
    ) -> Answer<Vec<bool>> {
        let connection = arguments::connection(connection);
        let items: Vec<_> = items.iter().map(arguments::lineage).collect();
        let answer = self.0.weir_connector_sync().call_in_scope(store, &connection, &items).await?;
        Ok(answer.map_err(answers::fault))
    }

    /// The bytes go to `sink`, which stays the host's; the answer is the media type that the
    /// source gave and the number of bytes.
    pub async fn download<T: wasmtime_wasi::WasiView + Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        link: &str,
        sink: DynOutputStream,
    ) -> Answer<(Option<String>, u64)> {
        let connection = arguments::connection(connection);
        let sink = store.data_mut().ctx().table.push(sink)?;
        let lent = Resource::new_borrow(sink.rep());
        let answer =
            self.0.weir_connector_content().call_download(&mut *store, &connection, link, lent).await?;
        // The sink is closed here, whatever the connector did with it.
        drop(store.data_mut().ctx().table.delete(sink));
        Ok(answer.map(|receipt| (receipt.media_type, receipt.size)).map_err(answers::fault))
    }
}
