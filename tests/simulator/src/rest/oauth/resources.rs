//! Which sites a token is good for, and whose it is.

use serde_json::{Value, json};

use crate::rest::answer::Answer;
use crate::rest::{Request, credentials, errors};
use crate::site::{AccessToken, OTHER_CLOUD_ID, OTHER_SITE, Site};

/// `GET /oauth/token/accessible-resources`: our site in two rows, one for the classic scopes and one for the
/// granular ones, and the other site of the same people. Guests get an empty list (OAUTH20-2485).
pub fn list(site: &Site, request: &Request<'_>) -> Answer {
    let Some(token) = bearer(site, request) else {
        return errors::gateway(401, "Unauthorized");
    };
    if site.users.get(&token.consent.account_id).is_none_or(|user| user.guest) {
        return Answer::json(json!([]));
    }
    let scopes = token.consent.scopes.iter().filter(|scope| scope.contains("confluence"));
    let (granular, classic): (Vec<&String>, Vec<&String>) =
        scopes.partition(|scope| scope.ends_with(":confluence") && !scope.starts_with("search"));
    let mut rows = Vec::new();
    if token.consent.site_url == site.url {
        let halves = [&granular, &classic].into_iter().filter(|scopes| !scopes.is_empty());
        rows.extend(halves.map(|scopes| row(&site.cloud_id, &site.url, scopes)));
    }
    rows.insert(rows.len().min(1), row(OTHER_CLOUD_ID, OTHER_SITE, &granular));
    Answer::json(Value::Array(rows))
}

/// `GET /me`, which needs `read:me`.
pub fn me(site: &Site, request: &Request<'_>) -> Answer {
    let token = bearer(site, request);
    let user = token.and_then(|token| site.users.get(&token.consent.account_id));
    let (Some(token), Some(user)) = (token, user) else {
        return errors::gateway(401, "Unauthorized");
    };
    if !token.consent.scopes.contains("read:me") {
        return errors::missing_scope();
    }
    Answer::json(json!({
        "account_type": "atlassian",
        "account_id": user.account_id,
        "email": user.email,
        "name": user.name,
        "picture": format!("https://avatars.example/{}", user.account_id),
        "account_status": "active",
        "nickname": user.name,
        "zoneinfo": user.time_zone.name,
        "locale": "en-US",
    }))
}

fn bearer<'a>(site: &'a Site, request: &Request<'_>) -> Option<&'a AccessToken> {
    let shown = request.authorization?.strip_prefix("Bearer ")?;
    credentials::access_token(site, shown).filter(|token| site.clock.now() < token.expires)
}

fn row(cloud_id: &str, url: &str, scopes: &[&String]) -> Value {
    let name = url.trim_start_matches("https://").trim_end_matches(".atlassian.net");
    let avatar = "https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/flag.png";
    json!({ "id": cloud_id, "url": url, "name": name, "scopes": scopes, "avatarUrl": avatar })
}
