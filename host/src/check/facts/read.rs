//! What there is to see once everything was read: the same again, in other ways, and of single things.

use std::collections::BTreeMap;
use std::time::Duration;

use super::edits::{self, Edits};
use super::spread;
use super::troubles::{self, Troubled};
use crate::check::asked::Call;
use crate::check::reading::{Manner, Reads};
use crate::check::subject::Subject;
use crate::check::trial::Scene;
use crate::check::turn::Turn;
use crate::model::{Connection, Item, Lineage, Outline, Position};

/// Everything but the first read.
pub struct Rest {
    /// Under another chance.
    pub again: Reads,
    /// Each page that follows a cursor, and the same asked for much later, out of order, under another chance.
    pub resumed: Vec<(Turn, Turn)>,
    pub inventory: Reads,
    /// What changed since everything was read: nothing did.
    pub since: Reads,
    pub edits: Edits,
    pub items: Vec<Turn>,
    pub unknown: Turn,
    /// None if no item was read.
    pub scope: Option<Turn>,
    pub estimate: Turn,
    pub downloads: Vec<Turn>,
    pub troubles: Vec<Troubled>,
}

/// An id that no source has.
pub const UNKNOWN: &str = "weir-check-none";

/// Pages that are asked for again; of more, so many from the first to the last.
const RESUMED_MAX: usize = 200;

/// Items that are asked for again by `read-items`, which takes 100 at a time.
const ITEMS_MAX: usize = 300;
const ITEMS_OF_A_CALL: usize = 100;

/// Items that `in-scope` is asked about: what one call takes.
const SCOPE_MAX: usize = 1_000;

/// Files that are downloaded.
const DOWNLOADS_MAX: usize = 10;

/// Holders above an item; more is a circle.
const ABOVE_MAX: usize = 100;

pub async fn rest(
    subject: &Subject,
    connection: &Connection,
    signed: &Turn,
    everything: &Reads,
    requests: usize,
) -> Rest {
    let quiet = || subject.trial(Scene::default());
    let other = subject.trial(Scene { chance: 0xa5, ..Scene::default() });
    let again = subject.read(&other, connection, &Manner::Everything).await;
    let inventory = subject.read(&quiet(), connection, &Manner::Inventory).await;
    let resumed = resume(subject, connection, &[everything, &inventory]).await;
    let later = subject.trial(Scene { later: Duration::from_secs(requests as u64), ..Scene::default() });
    let since = subject.read(&later, connection, &Manner::Since(everything.checkpoints())).await;
    let found = everything.items();
    let items: Vec<&Item> = found.values().map(|(_, item)| *item).collect();
    let ids = spread(items.iter().map(|item| item.id.clone()).collect(), ITEMS_MAX);
    let mut asked = Vec::new();
    for ids in ids.chunks(ITEMS_OF_A_CALL) {
        asked.push(subject.call(&quiet(), connection, Call::Items { ids: ids.to_vec() }).await);
    }
    let unknown = Call::Items { ids: vec![UNKNOWN.to_owned()] };
    let unknown = subject.call(&quiet(), connection, unknown).await;
    let lineages: Vec<Lineage> = items.iter().take(SCOPE_MAX).map(|item| lineage(item, &found)).collect();
    let sealed = subject.trial(Scene { sealed: true, ..Scene::default() });
    let scope = match lineages.is_empty() {
        true => None,
        false => Some(subject.call(&sealed, connection, Call::InScope { items: lineages }).await),
    };
    let estimate = subject.call(&quiet(), connection, Call::Estimate).await;
    let mut downloads = Vec::new();
    let files = items.iter().filter_map(|item| Some((item.id.clone(), item.file.as_ref()?.link.clone())));
    for (item, link) in spread(files.collect(), DOWNLOADS_MAX) {
        downloads.push(subject.call(&quiet(), connection, Call::Download { link, item }).await);
    }
    let mut turns: Vec<&Turn> = vec![signed];
    turns.extend(
        everything.turns().chain(inventory.turns()).chain(since.turns()).chain(&asked).chain(&downloads),
    );
    let troubles = troubles::meet(subject, connection, &turns).await;
    // Last, because a source that is not a file stays edited.
    let edits = edits::edit(subject, connection, requests).await;
    Rest {
        again,
        resumed,
        inventory,
        since,
        edits,
        items: asked,
        unknown,
        scope,
        estimate,
        downloads,
        troubles,
    }
}

async fn resume(subject: &Subject, connection: &Connection, reads: &[&Reads]) -> Vec<(Turn, Turn)> {
    let follows = |turn: &&Turn| matches!(turn.call, Call::Page { position: Position::After(_), .. });
    let turns = reads.iter().flat_map(|reads| reads.turns()).filter(follows).collect();
    let mut resumed = Vec::new();
    for turn in spread::<&Turn>(turns, RESUMED_MAX).into_iter().rev() {
        let scene = Scene { chance: 0x5a, later: Duration::from_secs(3_600), ..Scene::default() };
        let again = subject.call(&subject.trial(scene), connection, turn.call.clone()).await;
        resumed.push((turn.clone(), again));
    }
    resumed
}

/// An item as the host keeps it, and what holds it.
fn lineage(item: &Item, items: &BTreeMap<&str, (&Turn, &Item)>) -> Lineage {
    let holder = |item: &&Item| item.parent.as_deref().and_then(|id| items.get(id)).map(|(_, item)| *item);
    let above = std::iter::successors(holder(&item), holder).take(ABOVE_MAX).map(outline).collect();
    Lineage { item: outline(item), above }
}

fn outline(item: &Item) -> Outline {
    let Item { id, kind, created, updated, properties, .. } = item.clone();
    Outline { id, kind, created, updated, properties }
}
