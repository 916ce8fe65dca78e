//! Why somebody is not signed in, in words that say what to do.

use std::error::Error;

use axum::http::StatusCode;

/// What a provider says is shown no longer than this.
const SAID_CHARS_MAX: usize = 200;

/// None of them holds a secret, a code or a token.
#[derive(Debug, thiserror::Error)]
pub enum OidcFault {
    #[error(
        "`{issuer}` cannot be an OpenID provider: {detail}; give its issuer as `--oidc-issuer https://…`"
    )]
    Issuer { issuer: String, detail: String },
    #[error(
        "the sign-in service {issuer} could not be read: {detail}. Try again; if that does not help, an administrator \
         should check `--oidc-issuer`, and that this machine reaches it"
    )]
    Unread { issuer: String, detail: String },
    #[error(
        "this sign-in was begun more than ten minutes ago, in another browser, or was used already. Begin it again"
    )]
    Stale,
    #[error("the sign-in service did not let you in: {0}. Try again, or ask whoever runs it")]
    Refused(String),
    #[error(
        "the sign-in service did not take what it gave: {detail}. An administrator should check `--oidc-client-id` and \
         WEIR_OIDC_SECRET, and that {redirect} is registered there as redirect URL"
    )]
    Exchange { detail: String, redirect: String },
    #[error(
        "what the sign-in service said of you cannot be trusted: {0}. Begin again; if that does not help, an \
         administrator should check `--oidc-issuer`, `--oidc-client-id` and the clocks"
    )]
    Untrusted(String),
    #[error(
        "the sign-in service tells no e-mail of you, and people are known by it here. An administrator should let the \
         app there have the scope and the claim `email`"
    )]
    NoEmail,
    #[error(
        "the sign-in service does not say that {0} is verified. Verify it there; if nobody can choose it there, an \
         administrator may start Weir with `--oidc-trust-email`"
    )]
    Unverified(String),
    #[error("{0} is of none of the domains that may sign in here. Sign in with your company's account")]
    Domain(String),
}

impl OidcFault {
    /// What the provider's page brought back instead of a code.
    #[must_use]
    pub fn refused(error: &str, description: Option<&str>) -> Self {
        let words = description.filter(|words| !words.trim().is_empty()).unwrap_or(error);
        let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
        Self::Refused(words.chars().take(SAID_CHARS_MAX).map(plain).collect())
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unread { .. } | Self::Exchange { .. } | Self::Untrusted(_) => StatusCode::BAD_GATEWAY,
            Self::Stale | Self::Issuer { .. } => StatusCode::BAD_REQUEST,
            Self::Refused(_) | Self::NoEmail | Self::Unverified(_) | Self::Domain(_) => StatusCode::FORBIDDEN,
        }
    }
}

/// An error with its causes, outermost first, each once.
pub fn words(error: &dyn Error) -> String {
    let mut all: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let words = error.to_string();
        if !all.iter().any(|said| said.contains(&words)) {
            all.push(words);
        }
        next = error.source();
    }
    all.join(": ")
}
