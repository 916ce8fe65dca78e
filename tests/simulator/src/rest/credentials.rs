//! Who is calling, and with which scopes.
//!
//! `Basic base64(e-mail:token)`: a token without scopes is good on the site and through the gateway alike, one
//! with scopes through the gateway alone. `Bearer` with an app's access token: through the gateway alone.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answer::Answer;
use super::errors;
use crate::oracle::Reader;
use crate::site::{AccessToken, Site, User};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    V1,
    V2,
}

pub struct Caller<'a> {
    pub user: &'a User,
    /// `None`: all that the account may do.
    pub scopes: Option<BTreeSet<String>>,
}

/// The account, or the refusal of the API's generation.
pub fn caller<'a>(
    site: &'a Site,
    api: Api,
    through_gateway: bool,
    header: Option<&str>,
) -> Result<Caller<'a>, Answer> {
    let header = header.ok_or_else(|| rejected(api))?;
    let caller = match (header.strip_prefix("Basic "), header.strip_prefix("Bearer ")) {
        (Some(pair), _) => basic(site, api, through_gateway, pair)?,
        (None, Some(token)) if through_gateway => bearer(site, api, token)?,
        _ if through_gateway => return Err(errors::gateway(401, "Unauthorized")),
        _ => return Err(errors::tomcat_unauthorized()),
    };
    match Reader::new(site, &caller.user.account_id) {
        Some(_) => Ok(caller),
        None if api == Api::V1 => Err(errors::v1(403, "Current user not permitted to use Confluence")),
        None => Err(rejected(api)),
    }
}

fn basic<'a>(site: &'a Site, api: Api, through_gateway: bool, pair: &str) -> Result<Caller<'a>, Answer> {
    let pair = STANDARD.decode(pair.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.ok_or_else(errors::tomcat_unauthorized)?;
    let (email, secret) = pair.split_once(':').ok_or_else(errors::tomcat_unauthorized)?;
    let user = site.user_by_email(email).ok_or_else(|| rejected(api))?;
    let token = site.api_token(user, secret, site.clock.now()).ok_or_else(|| rejected(api))?;
    if token.scopes.is_some() && !through_gateway {
        return Err(errors::tomcat_unauthorized());
    }
    Ok(Caller { user, scopes: token.scopes })
}

/// A token whose hour is over is refused in the words of wrong credentials; one that never was, or was revoked,
/// with 401.
fn bearer<'a>(site: &'a Site, api: Api, shown: &str) -> Result<Caller<'a>, Answer> {
    let token = access_token(site, shown).ok_or_else(|| errors::gateway(401, "Unauthorized"))?;
    if token.expires <= site.clock.now() {
        return Err(rejected(api));
    }
    let ours = token.consent.site_url == site.url;
    let user = site.users.get(&token.consent.account_id).filter(|_| ours);
    let user = user.ok_or_else(|| errors::gateway(401, "Unauthorized"))?;
    Ok(Caller { user, scopes: Some(token.consent.scopes.clone()) })
}

/// An access token that was handed out and not taken back, whether or not its hour is over.
pub fn access_token<'a>(site: &'a Site, shown: &str) -> Option<&'a AccessToken> {
    site.identity.access_tokens.iter().find(|token| token.value == shown)
}

fn rejected(api: Api) -> Answer {
    match api {
        Api::V1 => errors::v1_rejected(),
        Api::V2 => errors::v2_rejected(),
    }
}
