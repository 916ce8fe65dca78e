//! Who may come in: tokens made and revoked, browsers signed out.

use super::Deed;
use crate::console::who::IDLE_MS_MAX;
use crate::console::{Console, Trouble, Viewer, make_token};
use crate::host::{Host, HostError};
use crate::store::{NewToken, Scope, SecretHash, TokenId, email_key, is_email};

/// A label is read in a line.
const LABEL_BYTES_MAX: usize = 100;

impl Deed {
    /// Something that concerns no connection.
    #[must_use]
    pub fn of_all(act: &'static str) -> Self {
        Self { act, connection: None, about: String::new() }
    }
}

impl Console {
    /// Makes a token: its number, and itself, which is shown once.
    ///
    /// # Errors
    ///
    /// When it has no label or scope, or searches as nobody.
    pub async fn make_token(&self, viewer: &Viewer, new: NewToken) -> Result<(TokenId, String), Trouble> {
        let new = tidy_token(new)?;
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        let whose = new.email.as_ref().map(|email| format!(" as {email}")).unwrap_or_default();
        let about = format!("{}{whose}: {}", new.label, scopes.join(", "));
        let deed = Deed::of_all("token-made").about(about);
        self.act_blocking(viewer, deed, move |host| make_token(host, &new)).await
    }

    /// Makes a token good for nothing; false if it was so already, or is none.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub async fn revoke_token(&self, viewer: &Viewer, id: TokenId) -> Result<bool, Trouble> {
        let deed = Deed::of_all("token-revoked").about(id.to_string());
        self.act_blocking(viewer, deed, move |host| Ok(host.store().revoke_token(id, host.now()?)?)).await
    }

    /// Signs one browser out, and says whose it was; nobody's if it had ended already.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub async fn end_session(&self, viewer: &Viewer, hash: SecretHash) -> Result<Option<String>, Trouble> {
        let whose = self.with_host(move |host| whose(host, hash)).await?;
        let Some(whose) = whose else { return Ok(None) };
        let deed = Deed::of_all("session-ended").about(whose.clone());
        self.act_blocking(viewer, deed, move |host| Ok(host.store().end_session(hash)?)).await?;
        Ok(Some(whose))
    }

    /// Signs every browser out, that of the viewer too, and says how many there were.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub async fn end_sessions(&self, viewer: &Viewer) -> Result<u64, Trouble> {
        let deed = Deed::of_all("sessions-ended");
        self.act_blocking(viewer, deed, move |host| Ok(host.store().end_sessions()?)).await
    }
}

/// Who is signed in with this cookie.
fn whose(host: &Host, hash: SecretHash) -> Result<Option<String>, HostError> {
    let sessions = host.store().sessions(host.now()?, IDLE_MS_MAX, u32::MAX)?;
    let session = sessions.into_iter().find(|session| session.hash == hash);
    Ok(session.map(|session| match (session.email, session.token) {
        (Some(email), _) => email,
        (None, token) => format!("token {}", token.unwrap_or_default()),
    }))
}

/// A token as it is kept.
///
/// # Errors
///
/// [`Trouble::Bad`] when it has no label or scope, or searches as nobody.
pub fn tidy_token(new: NewToken) -> Result<NewToken, Trouble> {
    let bad = |words: &str| Err(Trouble::Bad(words.to_owned()));
    let label = new.label.trim().to_owned();
    if label.is_empty() || label.len() > LABEL_BYTES_MAX || label.contains(char::is_control) {
        return bad("give the token a label of 1 to 100 printable characters, which says what it is for");
    }
    if new.scopes.is_empty() {
        return bad("choose what the token is good for: search, read or manage");
    }
    let email = new.email.map(|email| email_key(&email)).filter(|email| !email.is_empty());
    match &email {
        Some(email) if !is_email(email) => bad("that is not an e-mail address"),
        None if new.scopes.contains(&Scope::Search) => {
            bad("a token that searches needs the e-mail of the person it searches as")
        }
        _ => Ok(NewToken { label, email, ..new }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::tidy_token;
    use crate::store::{NewToken, Scope};

    #[test]
    fn a_token_has_a_label_a_scope_and_a_person_if_it_searches() {
        let token = |label: &str, email: Option<&str>, scopes: &[Scope]| NewToken {
            label: label.into(),
            email: email.map(str::to_owned),
            scopes: scopes.into(),
            expires: None,
        };
        let good = tidy_token(token(" agent ", Some(" Ana@acme.com"), &[Scope::Search])).unwrap();
        assert_eq!((good.label.as_str(), good.email.as_deref()), ("agent", Some("ana@acme.com")));
        assert!(tidy_token(token("ops", Some(" "), &[Scope::Manage])).unwrap().email.is_none());
        for refused in [
            token(" ", None, &[Scope::Read]),
            token("a\nb", None, &[Scope::Read]),
            token("agent", Some("ana@acme.com"), &[]),
            token("agent", None, &[Scope::Search]),
            token("agent", Some("ana"), &[Scope::Search]),
        ] {
            assert!(tidy_token(refused.clone()).is_err(), "{refused:?}");
        }
    }
}
