//! The whole store as one file, while others go on writing.

use std::path::Path;

use super::{Store, StoreError, create_file, open_reader};

impl Store {
    /// Writes one state of the store to a new file, which only its owner may read.
    ///
    /// By `VACUUM INTO`, which reads in one transaction that no writer waits for. SQLite's backup of pages begins anew
    /// whenever another process writes, and would copy empty pages too.
    ///
    /// # Errors
    ///
    /// When there is such a file already, or no room for it.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let attempt = || {
            // Empty files are taken, and this one's mode is kept.
            create_file(path)?;
            let reader = open_reader(&self.0.path)?;
            let to = path.to_str().ok_or_else(|| StoreError::Folder {
                path: path.into(),
                source: std::io::Error::other("its name is no UTF-8"),
            })?;
            reader.execute("VACUUM INTO ?1", [to])?;
            Ok(())
        };
        attempt().map_err(|error: StoreError| error.attempting("copy the store", &self.0.path))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use crate::store::testing::{fixture, page, upsert};
    use crate::store::{FILE_NAME, Store};

    #[test]
    fn a_copy_is_the_store_as_it_was() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "s"))]);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        site.store.copy_to(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        site.everything(&[upsert(page("page:1", "s")), upsert(page("page:2", "s"))]);
        let copy = Store::open(dir.path()).unwrap();
        copy.check().unwrap();
        assert_eq!(copy.folder_id().unwrap(), site.store.folder_id().unwrap());
        let items = |store: &Store| store.status().unwrap().connections[0].items_by_kind.clone();
        assert_ne!(items(&copy), items(&site.store));
        assert_eq!((copy.last_seq().unwrap(), copy.outbox_len_after(0).unwrap()), (1, 1));
        assert!(site.store.copy_to(&path).is_err(), "nothing is written over");
    }
}
