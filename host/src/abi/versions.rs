//! The calls of the contract in whichever version a component speaks.

use wasmtime::Store;
use wasmtime::component::InstancePre;
use wasmtime_wasi::p2::DynOutputStream;

use super::{v0_1, v0_2};
use crate::model::{
    Account, Amount, Change, Choice, Connection, Description, Fault, Finding, Issue, Lineage, Page,
    Partition, Plan, Position,
};

/// The versions of `weir:connector` that this host speaks, the newest first.
pub const SPOKEN: [&str; 2] = [v0_2::VERSION, v0_1::VERSION];

/// A component whose imports are linked and whose exports were found.
pub enum CallsPre<T: 'static> {
    V0_1(v0_1::CallsPre<T>),
    V0_2(v0_2::CallsPre<T>),
}

impl<T: Send + 'static> Clone for CallsPre<T> {
    fn clone(&self) -> Self {
        match self {
            Self::V0_1(pre) => Self::V0_1(pre.clone()),
            Self::V0_2(pre) => Self::V0_2(pre.clone()),
        }
    }
}

impl<T: Send + 'static> CallsPre<T> {
    /// `version` is one of [`SPOKEN`]; any other is taken for the newest, which then lacks exports.
    ///
    /// # Errors
    ///
    /// When an export of the contract is missing, by name.
    pub fn new(pre: InstancePre<T>, version: &str) -> wasmtime::Result<Self> {
        match version {
            v0_1::VERSION => v0_1::CallsPre::new(pre).map(Self::V0_1),
            _ => v0_2::CallsPre::new(pre).map(Self::V0_2),
        }
    }

    /// A fresh instance. Type mismatches show here, not in `new`.
    ///
    /// # Errors
    ///
    /// When the component does not fit the contract, or memory for it cannot be had.
    pub async fn instantiate(&self, store: &mut Store<T>) -> wasmtime::Result<Calls> {
        match self {
            Self::V0_1(pre) => pre.instantiate(store).await.map(Calls::V0_1),
            Self::V0_2(pre) => pre.instantiate(store).await.map(Calls::V0_2),
        }
    }
}

/// One instance, ready for one call. The outer result is the sandbox's (traps, limits), the
/// inner one is the connector's own answer.
pub enum Calls {
    V0_1(v0_1::Calls),
    V0_2(v0_2::Calls),
}

type Answer<T, E = Fault> = wasmtime::Result<Result<T, E>>;

/// The same call of whichever version it is.
macro_rules! call {
    ($calls:expr, $name:ident ( $($argument:expr),* )) => {
        match $calls {
            Calls::V0_1(calls) => calls.$name($($argument),*).await,
            Calls::V0_2(calls) => calls.$name($($argument),*).await,
        }
    };
}

impl Calls {
    pub async fn describe<T: Send + 'static>(&self, store: &mut Store<T>) -> wasmtime::Result<Description> {
        call!(self, describe(store))
    }

    pub async fn configure<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        settings: &String,
        login: &str,
    ) -> Answer<Plan, Vec<Issue>> {
        call!(self, configure(store, settings, login))
    }

    pub async fn choices<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        pointer: &str,
        typed: &str,
    ) -> Answer<Vec<Choice>> {
        call!(self, choices(store, connection, pointer, typed))
    }

    pub async fn authenticate<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        settings: &String,
        login: &str,
    ) -> Answer<Account> {
        call!(self, authenticate(store, settings, login))
    }

    pub async fn diagnose<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
    ) -> Answer<Vec<Finding>> {
        call!(self, diagnose(store, connection))
    }

    pub async fn list_partitions<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        dataset: &str,
    ) -> Answer<Vec<Partition>> {
        call!(self, list_partitions(store, connection, dataset))
    }

    pub async fn estimate<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
    ) -> Answer<Vec<Amount>> {
        call!(self, estimate(store, connection))
    }

    pub async fn read_page<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        partition: &Partition,
        position: &Position,
        limit: u32,
    ) -> Answer<Page> {
        call!(self, read_page(store, connection, partition, position, limit))
    }

    pub async fn read_items<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        ids: &[String],
    ) -> Answer<Vec<Change>> {
        call!(self, read_items(store, connection, ids))
    }

    pub async fn in_scope<T: Send + 'static>(
        &self,
        store: &mut Store<T>,
        connection: &Connection,
        items: &[Lineage],
    ) -> Answer<Vec<bool>> {
        call!(self, in_scope(store, connection, items))
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
        call!(self, download(store, connection, link, sink))
    }
}
