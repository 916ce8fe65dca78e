//! The conversion to Markdown, measured: on every body that is kept, and as the page `docs/markup.md` tells it.

mod bodies;
mod docs;
mod report;
mod samples;
