//! What a browser brings back from the source. Pure.

use url::form_urlencoded;

use super::answer::harmless;
use crate::secrets::Secret;

/// What a person's approval is worth: once, and only together with the verifier.
pub struct Code(pub(super) Secret);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackFault {
    #[error(
        "this is no answer to a sign-in: it has no `code` and no `error`, or one of them twice; copy the whole address at which the browser ended"
    )]
    Shape,
    /// Anybody may call a loopback address; only who saw the authorize URL knows the state.
    #[error(
        "this answers another sign-in: its `state` is not the one that was sent; start again, and use the address of this attempt"
    )]
    State,
    #[error("the sign-in was not approved; nothing was kept. Start again to be asked once more")]
    Denied,
    #[error("the app may not ask for one of these scopes{}; add them to the app's permissions, and start again", if .0.is_empty() { String::new() } else { format!(" ({})", .0) })]
    Scope(String),
    #[error("the source did not sign in: {error}{}; look at the app's settings, then start again", if .description.is_empty() { String::new() } else { format!(" ({description})") })]
    Refused { error: String, description: String },
}

impl CallbackFault {
    /// Whether the one that was asked has answered, so that waiting for another is in vain.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Denied | Self::Scope(_) | Self::Refused { .. })
    }
}

/// Reads the query of a callback (RFC 6749 4.1.2). An error counts only with the right state too:
/// nobody else may end a sign-in.
pub(super) fn read(query: &str, state: &str) -> Result<Code, CallbackFault> {
    let one = |name: &str| {
        let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, value)), None) => Ok(Some(value.into_owned())),
            (Some(_), Some(_)) => Err(CallbackFault::Shape),
        }
    };
    let (code, error) = (one("code")?.filter(|code| !code.is_empty()), one("error")?);
    if code.is_none() && error.is_none() {
        return Err(CallbackFault::Shape);
    }
    if one("state")?.is_none_or(|given| given != state) {
        return Err(CallbackFault::State);
    }
    match (code, error) {
        (Some(code), None) => Ok(Code(Secret::new(code))),
        (_, Some(error)) if error == "access_denied" => Err(CallbackFault::Denied),
        (_, Some(error)) => {
            let description = one("error_description")?.unwrap_or_default();
            let (error, description) = (harmless(&error, &[]), harmless(&description, &[]));
            Err(match error.as_str() {
                "invalid_scope" => CallbackFault::Scope(description),
                _ => CallbackFault::Refused { error, description },
            })
        }
        (None, None) => Err(CallbackFault::Shape),
    }
}

#[cfg(test)]
mod tests {
    use super::{CallbackFault, read};

    fn result(query: &str) -> Result<String, CallbackFault> {
        read(query, "right").map(|code| code.0.expose().to_owned())
    }

    #[test]
    fn a_code_comes_with_the_right_state_or_not_at_all() {
        use CallbackFault::{Denied, Shape, State};
        let refused = |error: &str, description: &str| {
            Err(CallbackFault::Refused { error: error.into(), description: description.into() })
        };
        let table = [
            ("code=ab%2Fc+d&state=right", Ok("ab/c d".to_owned())),
            ("state=right&code=eyJ.a.b&extra=1", Ok("eyJ.a.b".to_owned())),
            ("code=a&state=wrong", Err(State)),
            ("code=a&state=", Err(State)),
            ("code=a", Err(State)),
            ("code=a&state=right2", Err(State)),
            ("code=a&state=right&state=right", Err(Shape)),
            ("code=a&code=b&state=right", Err(Shape)),
            ("code=&state=right", Err(Shape)),
            ("state=right", Err(Shape)),
            ("", Err(Shape)),
            ("error=access_denied&state=right", Err(Denied)),
            ("error=access_denied", Err(State)),
            ("error=access_denied&state=wrong", Err(State)),
            ("code=a&error=access_denied&state=right", Err(Denied)),
            (
                "error=server_error&error_description=it+broke%0d%0a&state=right",
                refused("server_error", "it broke"),
            ),
        ];
        for (query, expected) in table {
            assert_eq!(result(query), expected, "{query}");
        }
    }
}
