//! Reads Confluence Cloud for Weir.

pub mod markup;
