//! `POST /oauth/token`, in JSON as Atlassian documents it or as a form (RFC 6749), with the refusals measured.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::rest::answer::{Answer, Content};
use crate::rest::{Request, errors};
use crate::site::{Site, TokenRefusal, Tokens};

/// `expires_in`, in seconds.
const EXPIRES_IN: u32 = 3_600;

pub fn answer(site: &mut Site, request: &Request<'_>) -> Answer {
    if request.method != "POST" {
        return errors::gateway(405, "Method Not Allowed");
    }
    let fields = fields(request.body);
    let field = |name: &str| fields.get(name).map(String::as_str);
    let client_id = field("client_id").unwrap_or_default();
    let app = site.identity.app(client_id);
    if app.is_none_or(|app| field("client_secret") != Some(app.client_secret.as_str())) {
        return refusal(401, "access_denied", "Unauthorized");
    }
    let tokens = match field("grant_type") {
        Some("authorization_code") => site.exchange(
            client_id,
            field("code").unwrap_or_default(),
            field("redirect_uri").unwrap_or_default(),
            field("code_verifier"),
        ),
        Some("refresh_token") => site.refresh(client_id, field("refresh_token").unwrap_or_default()),
        _ => return refusal(400, "unsupported_grant_type", "Unsupported grant type"),
    };
    match tokens {
        Ok(tokens) => granted(tokens),
        Err(reason) => refused(reason),
    }
}

fn fields(body: &[u8]) -> HashMap<String, String> {
    match serde_json::from_slice::<HashMap<String, Value>>(body) {
        Ok(object) => {
            object.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
        }
        Err(_) => url::form_urlencoded::parse(body).into_owned().collect(),
    }
}

fn granted(tokens: Tokens) -> Answer {
    let scopes: Vec<String> = tokens.scopes.into_iter().collect();
    let mut body = json!({
        "access_token": tokens.access,
        "expires_in": EXPIRES_IN,
        "scope": scopes.join(" "),
        "token_type": "Bearer",
    });
    if let Some(refresh) = tokens.refresh {
        body["refresh_token"] = json!(refresh);
    }
    Answer::json(body).with("cache-control", "no-store")
}

fn refused(reason: TokenRefusal) -> Answer {
    match reason {
        TokenRefusal::Replaced => refusal(403, "unauthorized_client", "refresh_token is invalid"),
        TokenRefusal::Ended => refusal(403, "invalid_grant", "Unknown or invalid refresh token."),
        TokenRefusal::Code => refusal(403, "invalid_grant", "Invalid authorization code"),
        TokenRefusal::RedirectUri => {
            refusal(403, "invalid_grant", "The redirect_uri is not the one the code was sent to")
        }
        TokenRefusal::Verifier => refusal(403, "invalid_grant", "Failed to verify code verifier"),
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Answer {
    let body = json!({ "error": error, "error_description": description });
    Answer::of(status, Content::Json(body)).with("cache-control", "no-store")
}
