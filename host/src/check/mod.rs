//! The laws every connector keeps, run against a connector with a recorded, simulated or real source.
//!
//! `weir connector check` calls [`check`], and whoever embeds Weir may. It goes in two steps. The effects come first: the
//! connector is called in every way that the host would call it, and in some that it would rather not
//! (`facts`, by way of `subject` and `trial`). What came of it is then judged by `laws`, pure functions of those facts,
//! which say [`Verdict`]s with [`Finding`]s.
//!
//! Invariants:
//! - Every law has a number that stays, and is broken by one behaviour of `tests/components/lawless`.
//! - What a source could not answer is never held against a connector: the law is *not judged*, and says which request was missing.
//! - A connector under check has no more rights than any other: same sandbox, same gate, no secret.
//!
//! Deliberately absent: whether what was read is *right* (only somebody who knows the source can say that), how fast it
//! was read, the host's own retries, and OAuth 2.0 (sign in with a token, or record the source).

mod asked;
mod difference;
mod facts;
mod finding;
mod law;
mod laws;
mod reading;
pub mod source;
mod subject;
mod trial;
mod trouble;
mod turn;

pub use finding::{Finding, Report, Verdict};
pub use law::{LAWS, Law, law};
pub use subject::{Subject, Unfit};

/// Calls the connector in every way the laws ask for, and judges what came of it: one report a law, in their order.
pub async fn check(subject: &Subject) -> Vec<Report> {
    let facts = facts::gather(subject).await;
    LAWS.iter().map(|law| Report { law, verdict: (law.judge)(&facts) }).collect()
}
