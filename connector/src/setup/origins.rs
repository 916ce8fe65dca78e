//! Where requests go, by the way of signing in.

use super::{API_TOKEN, MEDIA_ORIGIN};
use crate::confluence::cloud::GATEWAY;

/// None takes POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub url: String,
    pub credential: bool,
    pub purpose: &'static str,
}

/// Every site, whichever way of signing in.
pub fn bounds() -> Vec<Origin> {
    of("https://*.atlassian.net".to_owned(), API_TOKEN)
}

/// An API token shows only when used whether it is one for the site or one for the gateway, so both are asked for; an app
/// never speaks to the site itself.
pub fn of(site: String, login: &str) -> Vec<Origin> {
    let credential = true;
    let media = Origin { url: MEDIA_ORIGIN.to_owned(), credential: false, purpose: "download attachments" };
    let gateway = |purpose| Origin { url: GATEWAY.to_owned(), credential, purpose };
    let reading = "read spaces, pages, comments, people and permissions";
    if login == API_TOKEN {
        let site = Origin { url: site, credential, purpose: reading };
        vec![site, gateway("read the same with a token that has scopes"), media]
    } else {
        vec![gateway(reading), media]
    }
}
