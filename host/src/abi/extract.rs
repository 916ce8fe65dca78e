//! `weir:extract@0.1.0`, which only the host and its own extractor speak: both are built together, so there is
//! no other version to understand.

use wasmtime::Store;
use wasmtime::component::{HasSelf, InstancePre, Linker};

use crate::extract::{Reason, Words};
use crate::model::TextFormat;

mod generated {
    wasmtime::component::bindgen!({
        path: "extractor/wit",
        world: "extractor",
        imports: { default: trappable },
        exports: { default: async },
    });
}

use generated::weir::extract::types::Reason as TheirReason;
use generated::{Extractor as World, ExtractorPre as WorldPre};

pub use generated::weir::extract::file::Host as FileHost;
pub use generated::weir::extract::types::Host as TypesHost;

/// The component, linked and ready to be made.
pub struct ExtractPre<T: 'static>(WorldPre<T>);

impl<T: Send + 'static> ExtractPre<T> {
    /// # Errors
    ///
    /// When the component is another than this host was built with.
    pub fn new(pre: InstancePre<T>) -> wasmtime::Result<Self> {
        WorldPre::new(pre).map(Self)
    }

    /// One file in a fresh instance. The outer result is the sandbox's.
    ///
    /// # Errors
    ///
    /// A trap, or a limit of the store.
    pub async fn extract(
        &self,
        store: &mut Store<T>,
        name: &str,
        media_type: &str,
    ) -> wasmtime::Result<Result<Words, Reason>> {
        let instance: World = self.0.instantiate_async(&mut *store).await?;
        let answer = instance.call_extract(store, name, media_type).await?;
        let format = |markdown| if markdown { TextFormat::Markdown } else { TextFormat::Plain };
        Ok(answer
            .map(|words| Words { format: format(words.markdown), text: words.text, cut: words.cut })
            .map_err(reason))
    }
}

fn reason(reason: TheirReason) -> Reason {
    match reason {
        TheirReason::Encrypted => Reason::Encrypted,
        TheirReason::Scanned => Reason::Scanned,
        TheirReason::Unsupported(what) => Reason::Unsupported(what),
        TheirReason::Expands => Reason::Expands,
        TheirReason::Damaged(what) => Reason::Damaged(what),
        TheirReason::Empty => Reason::Empty,
    }
}

/// Links the file, the only import that is not WASI.
///
/// # Errors
///
/// When the linker already has it.
pub fn link_file<T: FileHost + TypesHost + Send + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    generated::Extractor::add_to_linker::<T, HasSelf<T>>(linker, |state| state)
}
