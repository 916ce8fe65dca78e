//! Which sites somebody granted an app, and the one that the settings mean.

use super::authenticate::about_site;
use crate::confluence::answer::Refusal;
use crate::confluence::cloud::{self, Resource};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::transport::Transport;

/// The sites granted, each once.
pub fn granted<T: Transport>(site: &Site<'_, T>) -> Result<Vec<Resource>, Refusal> {
    let rows: Vec<Resource> = site.get_one(&cloud::resources_url()?)?;
    Ok(cloud::merged(rows))
}

/// The site of the settings among those granted. The user chooses one on the consent page, so it may well be another.
pub fn choose<'r>(granted: &'r [Resource], site: &str) -> Result<&'r Resource, Error> {
    let same = |resource: &&Resource| resource.url.trim_end_matches('/').eq_ignore_ascii_case(site);
    let Some(chosen) = granted.iter().find(same) else {
        return Err(Error::Forbidden(elsewhere(granted, site)));
    };
    if chosen.scopes.iter().any(|scope| scope.contains("confluence")) {
        return Ok(chosen);
    }
    Err(Error::Forbidden(format!(
        "the app was granted {site}, but nothing of its Confluence; add the Confluence API with its scopes to the app, \
         and sign in again"
    )))
}

fn elsewhere(granted: &[Resource], site: &str) -> String {
    if granted.is_empty() {
        return format!(
            "the app was granted no site at all: whoever approved it is a guest of {site}, whom Atlassian lets approve \
             nothing, or has no account there; sign in as a licensed user of {site}"
        );
    }
    let sites: Vec<&str> = granted.iter().map(|resource| resource.url.as_str()).collect();
    format!(
        "the app was granted {}, but not {site}; sign in again and choose {site} at the top of the consent page, or \
         change the setting",
        sites.join(", ")
    )
}

/// Why an app was refused.
pub fn explain(host: &str, refusal: Refusal) -> Error {
    about_site(host, ended(host, refusal.error))
}

/// A credential that is no good any more, in words for whoever gave it.
pub fn ended(host: &str, error: Error) -> Error {
    match error {
        Error::Unauthenticated(message) => Error::Unauthenticated(format!(
            "the sign-in to {host} was not accepted; sign in again: the app may have been taken off the account, or its \
             permission may have ended ({message})"
        )),
        error => error,
    }
}
