//! A month of administrators' work before the site opens, for the audit log to tell.

use super::super::{Making, WRITTEN_UNTIL};
use crate::clock::{Clock, Millis};
use crate::site::{Id, Operation, Page, PageStatus, Principal, Restriction};

const DAY: Millis = 86_400_000;
const DAYS: i64 = 30;

/// One change a day, by turns of several sorts. All of it leaves the crawler its sight.
pub(in super::super) fn write(making: &mut Making) {
    let clock = Clock::standing_at(WRITTEN_UNTIL - DAYS * DAY);
    let opening = std::mem::replace(&mut making.site.clock, clock.clone());
    let open = |page: &&Page| page.restriction.is_none() && page.status == PageStatus::Current;
    let pages: Vec<Id> = making.site.pages.values().filter(open).map(|page| page.id).collect();
    let spaces: Vec<Id> = making.site.spaces.keys().copied().collect();
    let teams: Vec<String> = making.site.groups.keys().filter(|id| id.starts_with("2222")).cloned().collect();
    let mut restricted = None;
    for day in 0..DAYS {
        clock.advance(DAY - 1_000);
        let somebody = making.author();
        let (team, page) = (making.rng.choice(&teams).cloned(), making.rng.choice(&pages).copied());
        let (Some(team), Some(page), Some(space)) = (team, page, making.rng.choice(&spaces).copied()) else {
            return;
        };
        match day % 6 {
            0 => making.site.add_group_member(&team, &somebody),
            1 => making.site.remove_group_member(&team, &somebody),
            2 => {
                making.site.restrict_page(page, Some(Restriction::to_groups(&[&team])));
                restricted = Some(page);
            }
            3 => making.site.restrict_page(restricted.unwrap_or(page), None),
            4 => {
                let row = Operation::read_space();
                making.site.add_space_permission(space, Principal::User(somebody), row);
            }
            _ => {
                making.site.archive_page(page);
                making.site.unarchive_page(page);
            }
        }
    }
    making.site.clock = opening;
}
