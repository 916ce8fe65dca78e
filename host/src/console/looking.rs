//! With whose eyes somebody looks: one's own, or as an administrator somebody else's. That is noted before
//! anything is shown.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::acts::Deed;
use super::{Console, Trouble, Viewer};
use crate::host::{WhyAnswer, WhyNot};
use crate::model::Timestamp;

/// For this long one note stands for all that the same administrator looks at as the same person: results come
/// as somebody types, and a trail with a line for each letter would be read by nobody.
const NOTE_STANDS_MS: u64 = 10 * 60 * 1_000;
/// Notes remembered; forgetting one only means that another is made.
const NOTES_MAX: usize = 1_000;

/// Somebody who may read some things and not others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// In lower case.
    pub email: String,
    /// Whether these are somebody else's.
    pub lent: bool,
}

impl Eyes {
    /// Whose eyes these are, in addresses that lead on: None for one's own.
    #[must_use]
    pub fn lent(&self) -> Option<&str> {
        self.lent.then_some(self.email.as_str())
    }
}

/// Whose eyes somebody asks for; None where nobody was named and the viewer is nobody either, as whoever came
/// with an administrator's token.
///
/// # Errors
///
/// [`Trouble::Forbidden`] for somebody else's, unless the viewer is an administrator.
fn whose(viewer: &Viewer, named: Option<&str>) -> Result<Option<Eyes>, Trouble> {
    let named = named.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty());
    match named {
        None => Ok(viewer.email.clone().map(|email| Eyes { email, lent: false })),
        Some(email) if viewer.email.as_ref() == Some(&email) => Ok(Some(Eyes { email, lent: false })),
        Some(_) if !viewer.is_administrator() => {
            Err(Trouble::Forbidden("an administrator: others look with their own eyes"))
        }
        Some(email) if !email.contains('@') => {
            Err(Trouble::Bad(format!("`{email}` is no e-mail; a person is named as ana@acme.com")))
        }
        Some(email) => Ok(Some(Eyes { email, lent: true })),
    }
}

/// The notes that were made while this process serves.
#[derive(Default)]
pub struct Looks(Mutex<Notes>);

impl Looks {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who was noted to look as whom, and when.
#[derive(Default)]
struct Notes(HashMap<(String, String), Timestamp>);

impl Notes {
    /// Whether a note still stands.
    fn stands(&self, actor: &str, person: &str, now: Timestamp) -> bool {
        let noted = self.0.get(&(actor.to_owned(), person.to_owned()));
        // A clock that was put back makes another note.
        noted.is_some_and(|then| (*then..then.saturating_add(NOTE_STANDS_MS)).contains(&now))
    }

    fn note(&mut self, actor: &str, person: &str, now: Timestamp) {
        if self.0.len() >= NOTES_MAX {
            self.0.clear();
        }
        self.0.insert((actor.to_owned(), person.to_owned()), now);
    }
}

impl Console {
    /// The eyes with which the viewer looks. Somebody else's are noted in the audit trail first, with the
    /// person's e-mail and without what is looked for.
    ///
    /// # Errors
    ///
    /// [`Trouble::Forbidden`] for somebody else's, unless the viewer is an administrator; when it cannot be
    /// noted, since then nothing may be shown.
    pub async fn eyes(&self, viewer: &Viewer, named: Option<&str>) -> Result<Option<Eyes>, Trouble> {
        let eyes = whose(viewer, named)?;
        if let Some(person) = eyes.as_ref().and_then(Eyes::lent) {
            let now = self.with_host(|host| host.now()).await?;
            if !self.looks().notes().stands(&viewer.actor, person, now) {
                let deed = Deed { act: "looked-as", connection: None, about: person.to_owned() };
                self.act(viewer, deed, std::future::ready(Ok::<_, Trouble>(()))).await?;
                self.looks().notes().note(&viewer.actor, person, now);
            }
        }
        Ok(eyes)
    }

    /// Why something may be read. With one's own eyes, what may not be read is answered like what is not there;
    /// with lent ones it is told why it may not.
    ///
    /// # Errors
    ///
    /// [`Trouble::NotFound`], and as [`crate::host::Host::why`].
    pub async fn why(
        &self,
        eyes: &Eyes,
        item: String,
        connection: Option<String>,
    ) -> Result<WhyAnswer, Trouble> {
        let Eyes { email, lent } = eyes.clone();
        let connection = connection.filter(|name| !name.is_empty());
        let answer = self.with_host(move |host| match lent {
            true => host.why(&item, &email, connection.as_deref()).map(Some),
            false => host.own_why(&item, &email, connection.as_deref()),
        });
        answer.await?.ok_or(Trouble::NotFound)
    }

    /// At which step something was left out for somebody; for administrators.
    ///
    /// # Errors
    ///
    /// As [`Console::eyes`], and [`crate::host::Host::why_not`].
    pub async fn why_not(
        &self,
        viewer: &Viewer,
        item: &str,
        person: &str,
        connection: Option<&str>,
    ) -> Result<WhyNot, Trouble> {
        let eyes = self.eyes(viewer, Some(person)).await?;
        let eyes = eyes.ok_or_else(|| Trouble::Bad("say whose search it is, with `as`".to_owned()))?;
        let connection = connection.filter(|name| !name.is_empty());
        Ok(self.host().why_not(item, &eyes.email, connection).await?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::console::who::Way;
    use crate::store::Scope;

    fn viewer(email: Option<&str>, scopes: &[Scope]) -> Viewer {
        let email = email.map(str::to_owned);
        Viewer { email, scopes: scopes.to_vec(), way: Way::Bearer, actor: "token 1 (test)".to_owned() }
    }

    #[test]
    fn only_an_administrator_looks_with_somebody_else_s_eyes() {
        let ben = viewer(Some("ben@acme.com"), &[Scope::Search, Scope::Read]);
        let seen = |viewer: &Viewer, named| {
            whose(viewer, named).map(|eyes| eyes.map(|eyes| (eyes.email, eyes.lent)))
        };
        let own = || Some(("ben@acme.com".to_owned(), false));
        assert_eq!(seen(&ben, None).unwrap(), own());
        assert_eq!(seen(&ben, Some("  ")).unwrap(), own());
        assert_eq!(seen(&ben, Some(" Ben@Acme.com ")).unwrap(), own());
        assert!(matches!(seen(&ben, Some("ana@acme.com")), Err(Trouble::Forbidden(_))));
        let nobody = viewer(None, &[Scope::Manage]);
        assert_eq!(seen(&nobody, None).unwrap(), None);
        assert_eq!(seen(&nobody, Some("Ana@acme.com")).unwrap(), Some(("ana@acme.com".to_owned(), true)));
        assert!(matches!(seen(&nobody, Some("ana")), Err(Trouble::Bad(_))));
        assert_eq!(seen(&viewer(None, &[Scope::Search]), None).unwrap(), None);
    }

    #[test]
    fn a_note_stands_for_a_while_for_one_administrator_and_one_person() {
        let mut notes = Notes::default();
        assert!(!notes.stands("carl", "ana", 1_000));
        notes.note("carl", "ana", 1_000);
        assert!(notes.stands("carl", "ana", 1_000));
        assert!(notes.stands("carl", "ana", 1_000 + NOTE_STANDS_MS - 1));
        for (actor, person, now) in [
            ("carl", "ana", 1_000 + NOTE_STANDS_MS),
            ("carl", "ana", 999),
            ("carl", "ben", 1_000),
            ("dora", "ana", 1_000),
        ] {
            assert!(!notes.stands(actor, person, now), "{actor} {person} {now}");
        }
        for number in 0..NOTES_MAX {
            notes.note(&number.to_string(), "ana", 1);
        }
        assert!(notes.0.len() <= NOTES_MAX);
    }
}
