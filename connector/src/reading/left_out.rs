//! Pages that a host asks for and the filter does not choose: gone for it, unless they hold others up.

use super::judge::Judge;
use super::places;
use super::plans::IDS_PER_LISTING;
use crate::confluence::id::Id;
use crate::confluence::page::PageRow;
use crate::confluence::restriction::ContentRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::page::{Facts, Posting};
use crate::model::Change;
use crate::transport::{Level, Transport};
use std::collections::{BTreeMap, BTreeSet};

/// Requests for the pages that lie below; trees wider than these can show are taken to hold others up.
const SEARCHES_MAX: usize = 5;

/// A change for each of these rows without bodies: a place for a page of a wanted space that others lie below,
/// since one of those may be wanted; else a deletion.
pub fn changes<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    rows: Vec<PageRow>,
    facts: BTreeMap<Id, Facts>,
) -> Result<Vec<Change>, Error> {
    let may_hold = |row: &PageRow| judge.posting == Posting::Page && judge.keeps_space_of(row);
    let (open, gone): (Vec<_>, Vec<_>) = rows.into_iter().partition(may_hold);
    let holding = holding(site, &open)?;
    let (places, more_gone): (Vec<_>, Vec<_>) = open.into_iter().partition(|row| holding.contains(&row.id));
    let mut changes = places::of_rows(site, &judge.keys, places, facts)?;
    let gone = gone.into_iter().chain(more_gone);
    changes.extend(gone.map(|row| Change::Delete(judge.posting.item_id(row.id).to_string())));
    Ok(changes)
}

/// Those that something lies right below. When the search fails, all of them: a place says nothing that its
/// readers must not know, and a missing one hides what lies below it.
fn holding<T: Transport>(site: &Site<'_, T>, rows: &[PageRow]) -> Result<BTreeSet<Id>, Error> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id.clone()).collect();
    let mut holding = BTreeSet::new();
    for ids in ids.chunks(IDS_PER_LISTING) {
        let all = || ids.iter().cloned();
        let cql = format!("parent in ({})", super::pages::join(ids.iter()));
        let query = [("cql", &*cql), ("limit", "200"), ("expand", "ancestors")];
        let mut url = Some(site.v1(&["content", "search"], &query));
        for _ in 0..SEARCHES_MAX {
            let Some(asked) = url.take() else { break };
            match site.get_list::<ContentRow>(&asked) {
                Ok(list) => {
                    let above = list.rows.iter().filter_map(ContentRow::above);
                    holding.extend(above.filter_map(|above| above.last().cloned()));
                    url = list.next.filter(|_| !list.rows.is_empty());
                }
                Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
                Err(refusal) => {
                    let reason = refusal.error.message();
                    site.log(
                        Level::Warn,
                        "could not tell what lies below some pages",
                        &[("reason", &reason)],
                    );
                    holding.extend(all());
                }
            }
        }
        if url.is_some() {
            holding.extend(all());
        }
    }
    Ok(holding)
}
