//! A simulated Confluence Cloud site.
