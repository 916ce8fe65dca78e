//! Who is calling: `Authorization: Basic base64(e-mail:token)`. An unscoped
//! API token is good on the site and through the gateway alike.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answer::Answer;
use super::errors;
use crate::oracle::Reader;
use crate::site::{Site, User};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    V1,
    V2,
}

/// The account, or the refusal of the API's generation.
pub fn caller<'a>(
    site: &'a Site,
    api: Api,
    through_gateway: bool,
    header: Option<&str>,
) -> Result<&'a User, Answer> {
    let Some(header) = header else {
        return Err(rejected(api));
    };
    let Some(pair) = header.strip_prefix("Basic ") else {
        return Err(match through_gateway {
            true => errors::gateway(401, "Unauthorized"),
            false => errors::tomcat_unauthorized(),
        });
    };
    let pair = STANDARD.decode(pair.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.ok_or_else(errors::tomcat_unauthorized)?;
    let (email, token) = pair.split_once(':').ok_or_else(errors::tomcat_unauthorized)?;
    let user = site.user_by_email(email).filter(|user| user.api_token.as_deref() == Some(token));
    let user = user.ok_or_else(|| rejected(api))?;
    match Reader::new(site, &user.account_id) {
        Some(_) => Ok(user),
        None if api == Api::V1 => Err(errors::v1(403, "Current user not permitted to use Confluence")),
        None => Err(rejected(api)),
    }
}

fn rejected(api: Api) -> Answer {
    match api {
        Api::V1 => errors::v1_rejected(),
        Api::V2 => errors::v2_rejected(),
    }
}
