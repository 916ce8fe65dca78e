//! What a connector did when it was called in every way the laws ask for. Gathered with effects, judged without.
//!
//! `gather` stops where going on would only repeat a failure: nothing is read when signing in fails, and nothing but one
//! read is there to judge when that does not come to its end.

mod edits;
mod pure;
mod read;
mod troubles;

pub use edits::{Edited, Edits};
pub use pure::{Purely, Wrong};
pub use read::{Rest, UNKNOWN};
pub use troubles::Troubled;

use super::asked::Call;
use super::reading::{Manner, Reads};
use super::subject::Subject;
use super::trial::Scene;
use super::turn::{Told, Turn};
use crate::model::{Description, Issue, Plan};

/// All there is to judge.
pub struct Facts {
    pub description: Description,
    /// The given settings.
    pub settings: String,
    /// The same call under different clocks and chance, the first as it is ever after.
    pub described: Vec<Purely<Description>>,
    pub configured: Vec<Purely<Result<Plan, Vec<Issue>>>>,
    /// `configure` of what `configure` answered.
    pub configured_again: Option<Purely<Result<Plan, Vec<Issue>>>>,
    pub wrong: Vec<Wrong>,
    pub signed: Turn,
    /// None if signing in failed.
    pub everything: Option<Reads>,
    /// None if everything could not be read.
    pub rest: Option<Rest>,
}

/// Calls the connector in every way.
pub async fn gather(subject: &Subject) -> Facts {
    let described = pure::describe(subject).await;
    let configured = pure::configure(subject).await;
    let configured_again = pure::configure_again(subject, &configured).await;
    let wrong = pure::configure_wrongly(subject).await;
    let mut facts = Facts {
        description: subject.connector.description().clone(),
        settings: subject.settings.clone(),
        described,
        configured,
        configured_again,
        wrong,
        signed: subject.call(&subject.trial(Scene::default()), &subject.connection, Call::Authenticate).await,
        everything: None,
        rest: None,
    };
    let Ok(Told::Account(account)) = &facts.signed.outcome else { return facts };
    let mut connection = subject.connection.clone();
    connection.session.clone_from(&account.session);
    let trial = subject.trial(Scene::default());
    let everything = subject.read(&trial, &connection, &Manner::Everything).await;
    if everything.is_whole() {
        let requests = trial.requests();
        facts.rest = Some(read::rest(subject, &connection, &facts.signed, &everything, requests).await);
    }
    facts.everything = Some(everything);
    facts
}

/// At most so many of a row, evenly from the first to the last.
fn spread<T>(row: Vec<T>, most: usize) -> Vec<T> {
    let (length, last) = (row.len(), most.saturating_sub(1).max(1));
    if length <= most {
        return row;
    }
    let chosen: std::collections::BTreeSet<usize> = (0..most).map(|at| at * (length - 1) / last).collect();
    row.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_long_row_is_thinned_and_keeps_its_ends() {
        assert_eq!(spread((0..4).collect::<Vec<_>>(), 4), [0, 1, 2, 3]);
        assert_eq!(spread((0..10).collect::<Vec<_>>(), 4), [0, 3, 6, 9]);
        assert_eq!(spread(Vec::<u8>::new(), 4), Vec::<u8>::new());
    }
}
