//! Everything that can let somebody in or keep somebody out, at least once in a
//! few seeds: what a host's own rule is held against, person by person and item
//! by item. The company of the other sizes comes first; this adds to it.
//!
//! The seed chooses how the site decides: without roles, before them, in the
//! transition, or by roles alone (seeds 0, 1, 2, 3 and so on by fours); and
//! whether people without an account are let in at all (not in every fifth).
//! The crawler is a product administrator and is named wherever a restriction
//! would shut it out, as a real one has to be.

mod history;
mod people;
mod restrictions;
mod roles;
mod spaces;
mod tree;

use super::spaces::Spaces;
use super::{Making, Size};
use crate::site::RoleMode;

pub(super) use history::write as history;

/// The spaces, the trees in them, and who is kept out of what.
pub(super) fn build(making: &mut Making, seed: u64, size: &Size, known: &Spaces) {
    let cast = people::hire(making);
    let mut spaces = spaces::open(making, &cast);
    let unseen = spaces::unseen(making, size.unseen_spaces);
    spaces.extend([known.open, known.engineering, known.private, known.partners]);
    let grown = tree::grow(making, &spaces);
    restrictions::chains(making, &spaces, &cast);
    restrictions::scatter(making, &grown, &cast);
    restrictions::on_blog_posts(making, &spaces, &cast);
    tree::transplant(making, &grown);
    tree::retire(making, &grown);
    for space in unseen {
        tree::plant(making, space);
    }
    making.site.delete_group(people::CONTRACTORS);
    making.site.anonymous_access = seed % 5 != 4;
    making.site.role_mode = match seed % 4 {
        0 => None,
        1 => Some(RoleMode::PreRoles),
        2 => Some(RoleMode::Transition),
        _ => Some(RoleMode::Roles),
    };
    roles::introduce(making, &cast);
}
