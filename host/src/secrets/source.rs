//! Where the gate gets today's credential from, each time it sends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderName;

use super::Credential;
use crate::gate::BoxFuture;
use crate::model::Fault;

/// A credential that may be another one tomorrow.
///
/// `Debug` is asked for so that a plan can be printed; it shows no value, as everywhere here.
pub trait Credentials: Send + Sync + fmt::Debug {
    /// The header that a connector may neither set nor read, whatever today's value is.
    fn header(&self) -> &HeaderName;

    /// The credential to send now.
    ///
    /// # Errors
    /// [`Lack`] says who has to do what. The request must not go out then.
    fn current(&self) -> BoxFuture<'_, Result<Arc<Credential>, Lack>>;

    /// What was sent last, to find its echo in answers. None if nothing was.
    fn latest(&self) -> Option<Arc<Credential>>;

    /// Whether [`Credentials::refused`] can bring another one.
    fn is_renewable(&self) -> bool {
        false
    }

    /// A source answered 401 to `_used`, and not because a scope is missing. Another credential
    /// to try once with, or none if the answer has to stand.
    ///
    /// # Errors
    /// As [`Credentials::current`].
    fn refused(&self, _used: &Credential) -> BoxFuture<'_, Result<Option<Arc<Credential>>, Lack>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// Why there is no credential. The words are for users and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// A person has to sign in again.
    #[error("{0}")]
    SignIn(String),
    /// The server that gives out tokens is down or busy; holds how long it asked to be left alone.
    #[error("{words}")]
    Later { words: String, wait: Option<Duration> },
    /// This host's own store or key failed.
    #[error("{0}")]
    Host(String),
}

impl Lack {
    /// What the call that needed the credential comes to, in the contract's words.
    pub fn fault(&self) -> Fault {
        match self {
            // A host that cannot keep a renewed token must stop as well: going on would use it up.
            Self::SignIn(words) | Self::Host(words) => Fault::Unauthenticated(words.clone()),
            Self::Later { words, wait: None } => Fault::Unavailable(words.clone()),
            Self::Later { words, wait: Some(wait) } => Fault::Throttled {
                message: words.clone(),
                wait: Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            },
        }
    }
}

/// A password or a token that stays the same until somebody gives another.
pub struct Fixed(Arc<Credential>);

impl Fixed {
    /// The source for a gate's plan.
    #[must_use]
    pub fn source(credential: Credential) -> Arc<dyn Credentials> {
        Arc::new(Self(Arc::new(credential)))
    }
}

impl Credentials for Fixed {
    fn header(&self) -> &HeaderName {
        self.0.header()
    }

    fn current(&self) -> BoxFuture<'_, Result<Arc<Credential>, Lack>> {
        Box::pin(std::future::ready(Ok(Arc::clone(&self.0))))
    }

    fn latest(&self) -> Option<Arc<Credential>> {
        Some(Arc::clone(&self.0))
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixed({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Lack;
    use crate::model::Fault;

    #[test]
    fn who_must_act_decides_what_the_run_does() {
        let words = || "words".to_owned();
        assert_eq!(Lack::SignIn(words()).fault(), Fault::Unauthenticated(words()));
        assert_eq!(Lack::Host(words()).fault(), Fault::Unauthenticated(words()));
        assert_eq!(Lack::Later { words: words(), wait: None }.fault(), Fault::Unavailable(words()));
        let wait = Some(Duration::from_secs(7));
        let throttled = Fault::Throttled { message: words(), wait: Some(7_000) };
        assert_eq!(Lack::Later { words: words(), wait }.fault(), throttled);
    }
}
