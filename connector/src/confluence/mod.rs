//! What Confluence Cloud says: one resource a file, as structs that ignore what they do not know.
//!
//! `site` asks, `cloud` knows the gateway to it, `answer` tells good from bad, `list` takes listings apart row by row and `next` finds
//! the way to the following page. A row of the wrong shape spoils itself, never its neighbours.
//! What any of it means for the host is absent: that is `item`.

pub mod anonymous;
pub mod answer;
pub mod attachment;
pub mod audit;
pub mod cloud;
pub mod comment;
pub mod found;
pub mod group;
pub mod id;
pub mod list;
pub mod next;
pub mod node;
pub mod objects;
pub mod page;
pub mod permission;
pub mod points;
pub mod restriction;
pub mod role;
pub mod site;
pub mod space;
pub mod user;
