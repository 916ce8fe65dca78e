//! A source that stands in a file.

use bytes::Bytes;
use http::Request;

use super::pattern::Sent;
use super::{Asked, Reply, Source, SourceFile};
use crate::gate::BoxFuture;

/// Answers from the file; the first entry that fits.
pub struct Recorded(SourceFile);

impl Recorded {
    pub fn new(file: SourceFile) -> Self {
        Self(file)
    }

    fn find(&self, asked: &Asked, edited: bool) -> Reply {
        let url = Sent::of(&asked.url);
        let first = if edited { self.0.edited.as_slice() } else { &[] };
        let mut entries = first.iter().chain(&self.0.answers);
        entries
            .find(|entry| entry.fits(asked, &url))
            .map_or(Reply::Unknown, |entry| Reply::Answer(entry.answer.clone()))
    }
}

impl Source for Recorded {
    fn answer<'a>(&'a self, request: &'a Request<Bytes>, edited: bool) -> BoxFuture<'a, Reply> {
        Box::pin(std::future::ready(self.find(&Asked::of(request), edited)))
    }

    fn unedited(&self) -> Option<&'static str> {
        self.0.edited.is_empty().then_some("the recorded source has no `edited` answers")
    }
}
