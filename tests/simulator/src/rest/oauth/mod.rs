//! Plays auth.atlassian.com and the two addresses of api.atlassian.com that tell an app where it is:
//! the consent page, the token endpoint, the sites granted, and who granted them.
//!
//! Two of these change what the site remembers, so they take it by `&mut`: [`change`]. The rest only look:
//! [`look`]. Absent on purpose: logging in; whoever opens the consent page says whose account it is.

mod authorize;
mod resources;
mod token;

use super::{Answer, Request};
use crate::site::Site;

/// Whether a request may change what the site remembers of sign-ins.
pub fn changes(path: &str) -> bool {
    matches!(path, "/authorize/consent" | "/oauth/token")
}

/// The endpoint's template and the answer, for paths that [`changes`] names.
pub fn change(site: &mut Site, request: &Request<'_>) -> (&'static str, Answer) {
    match request.path {
        "/oauth/token" => ("/oauth/token", token::answer(site, request)),
        _ => ("/authorize/consent", authorize::consent(site, request)),
    }
}

/// The other paths of both hosts.
pub fn look(site: &Site, request: &Request<'_>) -> Option<(&'static str, Answer)> {
    Some(match request.path {
        "/authorize" => ("/authorize", authorize::page(site, request)),
        "/oauth/token/accessible-resources" => {
            ("/oauth/token/accessible-resources", resources::list(site, request))
        }
        "/me" => ("/me", resources::me(site, request)),
        _ => return None,
    })
}
