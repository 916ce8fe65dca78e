//! The ways to sign in, best first.
//!
//! An API token comes first: it takes a minute, needs no administrator and no app, and Atlassian charges its requests
//! no points. OAuth 2.0 wants an app to be registered, and then leaves no secret of a person behind.

use super::describe::{Basic, Login, OAuth2, Scheme};
use super::scopes::{self, Generation};

/// An API token, with or without scopes: which of the two it is shows when it is used.
pub const API_TOKEN: &str = "api-token";

/// An app that somebody approves in the browser ("3LO" in Atlassian's words).
pub const OAUTH: &str = "oauth";

const AUTHORIZE_URL: &str = "https://auth.atlassian.com/authorize";
const TOKEN_URL: &str = "https://auth.atlassian.com/oauth/token";

/// `audience` names the API that the token is for; `prompt` has the sites offered every time, so that a wrong choice can be
/// mended by signing in again.
const PARAMETERS: [(&str, &str); 2] = [("audience", "api.atlassian.com"), ("prompt", "consent")];

pub fn logins() -> Vec<Login> {
    vec![api_token(), oauth()]
}

fn api_token() -> Login {
    let of_tokens = scopes::SCOPES.iter().filter(|scope| scope.generation != Generation::Account);
    let of_tokens: Vec<&str> = of_tokens.map(|scope| scope.name).collect();
    Login {
        name: API_TOKEN,
        title: "API token",
        help: format!(
            "Create a token at https://id.atlassian.com/manage-profile/security/api-tokens while signed in as the \
             account that Weir shall read with. Weir reads what that account may view, and nothing else. A token \
             ends after a year at the latest. Without scopes is simplest; a token with scopes can be held to reading \
             and needs these, of which read:audit-log:confluence only for audit records: {}.",
            of_tokens.join(", ")
        ),
        scheme: Scheme::Basic(Basic { username: "E-mail of the Atlassian account", password: "API token" }),
    }
}

fn oauth() -> Login {
    Login {
        name: OAUTH,
        title: "OAuth 2.0",
        help: "Create an OAuth 2.0 integration at https://developer.atlassian.com/console/myapps. Under \
               Permissions add the Confluence API with the scopes that are asked for, classic and granular; under \
               Authorization enter the callback URL exactly as it is shown here; under Settings find the client id \
               and the secret. Then approve it as the account that Weir shall read with, and choose the site at the \
               top of that page. Guests cannot approve."
            .to_owned(),
        scheme: Scheme::OAuth2(OAuth2 {
            authorize_url: AUTHORIZE_URL,
            token_url: TOKEN_URL,
            scopes: scopes::SCOPES.iter().map(|scope| scope.name).collect(),
            parameters: PARAMETERS.to_vec(),
        }),
    }
}
