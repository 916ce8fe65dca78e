//! Each request that a connector sends, gone wrong in each way.

use std::collections::BTreeMap;

use super::spread;
use crate::check::asked::Call;
use crate::check::source::Asked;
use crate::check::subject::Subject;
use crate::check::trial::Scene;
use crate::check::trouble::Trouble;
use crate::check::turn::Turn;
use crate::model::{Connection, Next, Position};

/// One call made again while one of its requests went wrong.
pub struct Troubled {
    pub asked: Asked,
    pub trouble: Trouble,
    /// Whether the credential goes where it was sent.
    pub signed: bool,
    /// What the call came to on a good day, and the pages that followed it.
    pub good: Vec<Turn>,
    /// What it came to now, and the pages that followed it.
    pub bad: Vec<Turn>,
}

/// Requests that are made to go wrong; of more, so many from the first to the last.
const REQUESTS_MAX: usize = 100;

/// `turns` are the calls of a good day, in their order.
pub async fn meet(subject: &Subject, connection: &Connection, turns: &[&Turn]) -> Vec<Troubled> {
    let mut first: BTreeMap<&Asked, usize> = BTreeMap::new();
    for (at, turn) in turns.iter().enumerate().filter(|(_, turn)| turn.outcome.is_ok()) {
        // What no gate lets out is answered by nobody.
        let strays =
            |asked: &&Asked| turn.strays.iter().any(|stray| stray.starts_with(&format!("{asked}: ")));
        for asked in turn.asked.iter().filter(|asked| !strays(asked)) {
            first.entry(asked).or_insert(at);
        }
    }
    let mut places: Vec<(usize, &Asked)> = first.into_iter().map(|(asked, at)| (at, asked)).collect();
    places.sort();
    let mut met = Vec::new();
    for (at, asked) in spread(places, REQUESTS_MAX) {
        let good = followed(turns, at);
        let signed = subject.stage.is_signed(asked);
        for trouble in Trouble::ALL {
            if matches!(turns[at].call, Call::Download { .. }) && !trouble.shows_in_bytes() {
                continue;
            }
            let bad = again(subject, connection, turns[at], asked, trouble).await;
            met.push(Troubled { asked: asked.clone(), trouble, signed, good: good.clone(), bad });
        }
    }
    met
}

/// The call there, and the later pages of the same read.
fn followed(turns: &[&Turn], at: usize) -> Vec<Turn> {
    let same = |turn: &&&Turn| match (&turns[at].call, &turn.call) {
        (
            Call::Page { dataset, partition, start, .. },
            Call::Page { dataset: of, partition: part, start: kind, .. },
        ) => dataset == of && partition.id == part.id && start == kind,
        _ => false,
    };
    let later = turns[at + 1..].iter().take_while(same).map(|turn| (*turn).clone());
    std::iter::once(turns[at].clone()).chain(later).collect()
}

async fn again(
    subject: &Subject,
    connection: &Connection,
    good: &Turn,
    asked: &Asked,
    trouble: Trouble,
) -> Vec<Turn> {
    let scene = Scene { trouble: Some((asked.clone(), trouble)), ..Scene::default() };
    let trial = subject.trial(scene);
    let turn = subject.call(&trial, connection, good.call.clone()).await;
    let differs = turn.outcome != good.outcome;
    let next = turn.page().map(|page| page.next.clone());
    let mut bad = vec![turn];
    // Something was made of it: what is missing may still come on a later page.
    if let (true, Some(Next::More(cursor)), Call::Page { dataset, partition, start, .. }) =
        (differs, next, &good.call)
    {
        let position = Position::After(cursor);
        bad.extend(
            subject.read_on(&trial, connection, dataset, partition.clone(), start, position).await.turns,
        );
    }
    bad
}
