//! Projects in which somebody writes a connector: a small whole one to begin with, in one of three languages.
//!
//! `weir connector new` calls [`create`]; nothing else does. The projects are real files under `templates`, one folder
//! a language, which build and pass their tests as they stand there; making one is copying them with a name, beside
//! the texts of the contract that this host speaks.
//!
//! Deliberately absent: building, which is the language's own tools' business, and judging, which is `check`'s.

mod contract;
mod language;
mod name;
mod template;
mod write;

pub use language::Language;
pub use name::{Name, NameError};
pub use template::{File, files};
pub use write::{ProjectError, create};
