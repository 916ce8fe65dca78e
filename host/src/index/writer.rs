//! The one who writes: documents in, and the outbox's position with every commit.

use std::path::PathBuf;

use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexWriter, SegmentReader, Term};

use super::open::payload;
use super::schema::Fields;
use super::{Document, Error, Index};

/// One thread indexes faster than any source sends, and the second core of a small
/// machine belongs to the sync itself.
const INDEX_THREADS: usize = 1;

/// What a thread gathers before it writes a segment: some 5,000 documents of 6 KB, so a
/// first sync makes few segments. It counts against the 200 MB of the whole process.
const INDEX_MEMORY_BYTES: usize = 40_000_000;

/// Merges read what was written long ago; one at a time keeps their memory to one.
const MERGE_THREADS: usize = 1;

/// A segment with more of its documents deleted than this is rewritten. The engine's own
/// default never does, and words that were deleted at the source should not stay on disk
/// for years.
const DELETED_RATIO_MAX: f32 = 0.25;

/// A commit costs 20 ms at least and some tenths of a second after many documents. While
/// more is coming, commit when this many are waiting ...
pub const COMMIT_DOCUMENTS: usize = 5_000;

/// ... or this much text: the engine queues documents without regard to their size, so
/// only a commit bounds the memory of that queue.
pub const COMMIT_TEXT_BYTES: usize = 16 << 20;

/// Holds the writer's lock. Dropped, it forgets what was not committed.
pub struct Writer {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
    dir: PathBuf,
    waiting: Waiting,
}

#[derive(Default)]
struct Waiting {
    documents: usize,
    text_bytes: usize,
}

impl Writer {
    /// `Error::Busy` while another writer is alive, here or in another process.
    pub(super) fn new(index: &Index) -> Result<Self, Error> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(INDEX_THREADS)
            .memory_budget_per_thread(INDEX_MEMORY_BYTES)
            .num_merge_threads(MERGE_THREADS)
            .build();
        let dir = index.dir.clone();
        let writer: IndexWriter =
            index.index.writer_with_options(options).map_err(Error::engine("write to", &dir))?;
        let mut merges = LogMergePolicy::default();
        merges.set_del_docs_ratio_before_merge(DELETED_RATIO_MAX);
        writer.set_merge_policy(Box::new(merges));
        let (reader, fields) = (index.reader.clone(), index.fields);
        Ok(Writer { writer, reader, fields, dir, waiting: Waiting::default() })
    }

    /// Adds a document, in place of the one with the same number.
    pub fn put(&mut self, document: &Document) -> Result<(), Error> {
        self.remove(document.num);
        self.waiting.text_bytes += document.title.len() + document.body.len();
        let filled = self.fields.fill(document);
        self.writer.add_document(filled).map_err(Error::engine("write to", &self.dir))?;
        Ok(())
    }

    /// Takes out the document of this number, if there is one.
    pub fn remove(&mut self, num: u32) {
        self.waiting.documents += 1;
        self.writer.delete_term(Term::from_field_u64(self.fields.num, num.into()));
    }

    /// Whether so much is waiting that it should be committed before more is put.
    /// How long it has waited is for the caller to say, who has the clock.
    pub fn is_due(&self) -> bool {
        self.waiting.documents >= COMMIT_DOCUMENTS || self.waiting.text_bytes >= COMMIT_TEXT_BYTES
    }

    /// Writes down all that was put and removed, together with the position in the
    /// outbox up to which that is; from now on searches see it.
    pub fn commit(&mut self, position: u64) -> Result<(), Error> {
        let mut prepared = self.writer.prepare_commit().map_err(Error::engine("write to", &self.dir))?;
        prepared.set_payload(&payload(position));
        prepared.commit().map_err(Error::engine("commit", &self.dir))?;
        self.waiting = Waiting::default();
        self.reader.reload().map_err(Error::engine("read", &self.dir))
    }

    /// Rewrites every segment that holds documents which were taken out, so that their words are gone from the
    /// disk and not only from searches. Costs as much as what those segments hold besides.
    pub fn purge(mut self) -> Result<(), Error> {
        let failed = || Error::engine("rewrite a part of", &self.dir);
        for segment in self.segments_with_deleted() {
            self.writer.merge(&[segment]).wait().map_err(failed())?;
        }
        // Files are kept as long as a searcher may read them.
        self.reader.reload().map_err(failed())?;
        self.writer.garbage_collect_files().wait().map_err(failed())?;
        self.writer.wait_merging_threads().map_err(Error::engine("merge", &self.dir))
    }

    /// A searcher keeps files alive, so none is held here.
    fn segments_with_deleted(&self) -> Vec<SegmentId> {
        let searcher = self.reader.searcher();
        let deleted = searcher.segment_readers().iter().filter(|segment| segment.num_deleted_docs() > 0);
        deleted.map(SegmentReader::segment_id).collect()
    }

    /// Waits until segments are merged. A process that syncs and ends calls this, or its
    /// merges are cut off every time and segments pile up.
    pub fn close(self) -> Result<(), Error> {
        self.writer.wait_merging_threads().map_err(Error::engine("merge", &self.dir))
    }
}
