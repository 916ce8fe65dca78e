//! Pages and blog posts: bodies by v2, restrictions and labels by v1, side by side.

use super::block;
use super::cursor::{Cursor, Place};
use super::gaps;
use super::parents::{self, Parents};
use super::plans::Bodies;
use super::restrictions::Question;
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::item::body::Lost;
use crate::item::page::{self, Draft, Facts, Posting};
use crate::item::space::Space;
use crate::model::{Access, Change, Failure, Item};
use crate::transport::{Level, Transport};
use std::collections::BTreeMap;
use url::Url;

/// The most that v2 takes in `space-id`.
const SPACES_PER_LISTING: usize = 100;

pub type Keys = BTreeMap<Id, String>;

/// The pages of some spaces, archived ones included.
pub fn of_spaces<T: Transport>(
    site: &Site<'_, T>,
    spaces: &[Space],
    bodies: Bodies,
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let listings: Vec<Url> = spaces
        .chunks(SPACES_PER_LISTING)
        .map(|spaces| {
            let ids = join(spaces.iter().map(|space| &space.id));
            let mut query = vec![("space-id", ids.as_str()), ("status", "current,archived"), ("sort", "id")];
            query.extend(bodies.query());
            site.v2(&["pages"], &query)
        })
        .collect();
    let keys = spaces.iter().map(|space| (space.id.clone(), space.key.clone()));
    read(site, Posting::Page, &listings, &filled(keys), bodies, place, limit)
}

/// The blog posts of the whole site.
pub fn blog_posts<T: Transport>(
    site: &Site<'_, T>,
    keys: &Keys,
    bodies: Bodies,
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let mut query = vec![("status", "current"), ("sort", "id")];
    query.extend(bodies.query());
    let listing = site.v2(&["blogposts"], &query);
    read(site, Posting::BlogPost, &[listing], keys, bodies, place, limit)
}

fn read<T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    listings: &[Url],
    keys: &Keys,
    bodies: Bodies,
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let mut gathering = Gathering::new(site, posting, keys, bodies);
    let mut arrived = |list: Listing<'_>| gathering.take(list.read());
    let next = block::read(site, listings, place, limit, &mut arrived)?;
    let parents = std::mem::take(&mut gathering.parents);
    let mut changes = gathering.finish()?;
    changes.extend(parents::unmentioned(site, keys, parents)?);
    Ok((changes, next.map(Cursor::Walk)))
}

/// Rows become drafts as they arrive, while their restrictions are asked for; in the end the two meet.
pub struct Gathering<'s, 't, T: Transport> {
    site: &'s Site<'t, T>,
    posting: Posting,
    keys: &'s Keys,
    /// Whether rows are expected to bring their bodies.
    bodies: Bodies,
    question: Question<'s, 't, T>,
    /// What was asked for before, and holds.
    known: BTreeMap<Id, Facts>,
    /// What was asked for before the words were read: who may read them has to be asked again.
    earlier: BTreeMap<Id, Facts>,
    drafts: Vec<Draft>,
    /// Those whose words may come in the editor's format, each with whether it is archived: who may read them is
    /// asked after that.
    late: Vec<(Id, bool)>,
    failures: Vec<Change>,
    pub parents: Parents,
    lost: Lost,
}

impl<'s, 't, T: Transport> Gathering<'s, 't, T> {
    pub fn new(site: &'s Site<'t, T>, posting: Posting, keys: &'s Keys, bodies: Bodies) -> Self {
        Gathering {
            site,
            posting,
            keys,
            bodies,
            question: Question::new(site),
            known: BTreeMap::new(),
            earlier: BTreeMap::new(),
            drafts: Vec::new(),
            late: Vec::new(),
            failures: Vec::new(),
            parents: Parents::default(),
            lost: Lost::new(),
        }
    }

    /// Gathers rows without bodies whose restrictions and labels are known.
    pub fn knowing(
        site: &'s Site<'t, T>,
        posting: Posting,
        keys: &'s Keys,
        known: BTreeMap<Id, Facts>,
    ) -> Self {
        Gathering { known, ..Gathering::new(site, posting, keys, Bodies::None) }
    }

    /// Gathers rows with bodies of which something was asked before to judge them. It is asked again, after the
    /// words were read: nobody is shown words that were written once he was shut out.
    pub fn asking_again(
        site: &'s Site<'t, T>,
        posting: Posting,
        keys: &'s Keys,
        earlier: BTreeMap<Id, Facts>,
    ) -> Self {
        let question = if earlier.is_empty() { Question::new(site) } else { Question::with_above(site) };
        Gathering { question, earlier, ..Gathering::new(site, posting, keys, Bodies::Storage) }
    }

    pub fn take(&mut self, list: List<PageRow>) {
        // The requests first, so that they are on their way while the bodies are converted.
        for row in list.rows.iter().filter(|row| !self.known.contains_key(&row.id)) {
            let (id, archived) = (row.id.clone(), row.archived());
            if page::may_need_adf(row) {
                self.late.push((id, archived));
            } else {
                self.question.ask(id, archived);
            }
        }
        list.rows.iter().for_each(|row| self.parents.note(row));
        for row in list.rows {
            self.draft(row);
        }
        for odd in list.unreadable {
            match odd.id {
                Some(id) => self.fail(id, None, odd.reason),
                None => {
                    let fields = [("reason", odd.reason.as_str())];
                    self.site.log(Level::Warn, "skipped a row without an id", &fields);
                }
            }
        }
    }

    fn draft(&mut self, row: PageRow) {
        let id = row.id.clone();
        let key = row.space_id.as_ref().and_then(|space| self.keys.get(space));
        let webui = row.links.as_ref().and_then(|links| links.webui.as_deref());
        let url = self.site.page_for_people(webui);
        let key = key.map(String::as_str);
        let bodiless = self.bodies != Bodies::None && row.body.is_none();
        match page::draft(self.posting, row, key, url.clone(), &mut self.lost) {
            Ok(mut draft) => {
                // The site does not manage to tell it; another time it may.
                if bodiless {
                    draft.leave_gap();
                }
                self.drafts.push(draft);
            }
            Err(reason) => self.fail(id, Some(url), reason),
        }
    }

    fn fail(&mut self, id: Id, url: Option<String>, reason: String) {
        let id = self.posting.item_id(id).to_string();
        self.failures.push(Change::Failed(Failure { id, url, reason }));
    }

    /// The items in the order of the listing, then what failed.
    pub fn finish(self) -> Result<Vec<Change>, Error> {
        Ok(self.finish_telling()?.0)
    }

    /// The same, and what was learned of them.
    pub fn finish_telling(mut self) -> Result<(Vec<Change>, BTreeMap<Id, Facts>), Error> {
        gaps::fill(self.site, self.posting, &mut self.drafts, &mut self.lost)?;
        log_lost(self.site, &self.lost);
        for (id, archived) in self.late {
            self.question.ask(id, archived);
        }
        let mut facts = self.question.answers()?;
        facts.extend(self.known);
        for (id, facts) in facts.iter_mut().filter(|(_, facts)| facts.above.is_none()) {
            // What no search told this time, though the restriction was.
            if let Some(earlier) = self.earlier.remove(id) {
                (facts.labels, facts.above) = (earlier.labels, earlier.above);
            }
        }
        let complete = |draft: Draft| -> Item {
            let unknown = Facts { access: Access::Unknown, labels: Vec::new(), above: None };
            let facts = facts.get(&draft.id).cloned().unwrap_or(unknown);
            draft.finish(facts)
        };
        let items = self.drafts.into_iter().map(complete);
        let mut changes: Vec<Change> = items.map(|item| Change::Upsert(Box::new(item))).collect();
        changes.extend(self.failures);
        Ok((changes, facts))
    }
}

/// Says once for many bodies what the conversion to Markdown could not express.
pub fn log_lost<T: Transport>(site: &Site<'_, T>, lost: &Lost) {
    if lost.is_empty() {
        return;
    }
    let counts: Vec<_> = lost.iter().map(|(name, count)| (name, count.to_string())).collect();
    let fields: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), count.as_str())).collect();
    site.log(Level::Debug, "markup that Markdown cannot express", &fields);
}

/// Ids with commas between them, as v2 takes them.
pub fn join<'i>(ids: impl Iterator<Item = &'i Id>) -> String {
    ids.map(Id::as_str).collect::<Vec<_>>().join(",")
}
