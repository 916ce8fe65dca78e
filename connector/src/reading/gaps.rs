//! Bodies that storage format leaves a gap in, read in the editor's format: a request for each 250 of them, and none
//! where there are none, which is nearly everywhere.

use super::block;
use super::plans::{self, Bodies, IDS_PER_LISTING};
use crate::confluence::id::Id;
use crate::confluence::list::Listing;
use crate::confluence::page::{Body, PageRow};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::body::{self, Lost};
use crate::item::page::{Draft, Posting};
use crate::transport::{Level, Transport};
use std::collections::BTreeMap;
use url::Url;

/// Gives the drafts that need it the body that the editor's format tells. What it does not tell, or cannot be read,
/// leaves a draft with what storage format told.
pub fn fill<T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    drafts: &mut [Draft],
    lost: &mut Lost,
) -> Result<(), Error> {
    let open = drafts.iter().filter(|draft| draft.needs_adf);
    let ids: Vec<Id> = open.map(|draft| draft.id.clone()).collect();
    let chunks = ids.chunks(IDS_PER_LISTING);
    let listings: Vec<Url> = chunks.map(|ids| plans::by_id(site, posting, ids.iter(), Bodies::Adf)).collect();
    let mut told: BTreeMap<Id, Option<String>> = BTreeMap::new();
    let read = block::read_whole(site, &listings, &mut |list: Listing<'_>| {
        for row in list.read::<PageRow>().rows {
            if let Some(adf) = row.body.as_ref().and_then(Body::adf) {
                told.insert(row.id, body::from_adf(adf, lost));
            }
        }
    });
    for draft in drafts.iter_mut().filter(|draft| draft.needs_adf) {
        match told.remove(&draft.id) {
            Some(Some(markdown)) => draft.replace_body(markdown),
            // The editor's format has no words either.
            Some(None) => {}
            None => draft.leave_gap(),
        }
    }
    match read {
        Err(error @ (Error::Unauthenticated(_) | Error::Throttled { .. })) => Err(error),
        Err(error) => {
            let fields = [("pages", &*ids.len().to_string()), ("reason", &error.message())];
            site.log(Level::Warn, "bodies could not be read in the editor's format", &fields);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
