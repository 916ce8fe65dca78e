//! Reads Confluence Cloud for Weir.
