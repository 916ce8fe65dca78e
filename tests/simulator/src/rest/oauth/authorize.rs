//! The consent page. What is wrong with the app or its callback is told to the person, for a wrong callback must
//! not be sent anything; what is wrong with the rest is told to the app.

use std::collections::BTreeSet;

use crate::rest::Request;
use crate::rest::answer::{Answer, Content};
use crate::rest::query::{Query, encode};
use crate::site::{AccountStatus, AccountType, App, Challenge, Consent, OTHER_SITE, Site};

/// Everything an authorization request says, checked.
struct Asked<'a> {
    app: &'a App,
    redirect_uri: &'a str,
    scopes: BTreeSet<String>,
    challenge: Option<Challenge>,
}

/// `GET /authorize?…`
pub fn page(site: &Site, request: &Request<'_>) -> Answer {
    let query = Query::parse(request.query);
    match asked(site, &query) {
        Ok(asked) => Answer::of(200, Content::Html(form(site, &query, &asked))),
        Err(refusal) => refusal,
    }
}

/// `/authorize/consent`: the same parameters, and `account`, `decision` and perhaps `site`, in the query of a GET
/// or the form of a POST.
pub fn consent(site: &mut Site, request: &Request<'_>) -> Answer {
    let sent = match request.method {
        "POST" => String::from_utf8_lossy(request.body).into_owned(),
        _ => request.query.to_owned(),
    };
    let query = Query::parse(&sent);
    let asked = match asked(site, &query) {
        Ok(asked) => asked,
        Err(refusal) => return refusal,
    };
    if query.get("decision") != Some("allow") {
        return back_with(asked.redirect_uri, &query, "access_denied", "User did not authorize the request");
    }
    let email = query.get("account").unwrap_or_default();
    let Some(user) = site.user_by_email(email).filter(|user| user.status == AccountStatus::Active) else {
        return told("Unknown account", "There is no such account here.");
    };
    let consent = Consent {
        client_id: asked.app.client_id.clone(),
        account_id: user.account_id.clone(),
        scopes: asked.scopes,
        site_url: query.get("site").unwrap_or(&site.url).to_owned(),
    };
    let (redirect_uri, challenge) = (asked.redirect_uri.to_owned(), asked.challenge);
    let code = site.approve(consent, &redirect_uri, challenge);
    back(&redirect_uri, &query, &[("code", &code)])
}

fn asked<'a>(site: &'a Site, query: &'a Query) -> Result<Asked<'a>, Answer> {
    let app = site.identity.app(query.get("client_id").unwrap_or_default());
    let app = app.ok_or_else(|| told("Unknown client", "The client_id is not that of a registered app."))?;
    let redirect_uri = query.get("redirect_uri").unwrap_or_default();
    if !app.callbacks.iter().any(|callback| callback == redirect_uri) {
        let words = "The redirect_uri is not the registered callback URL of this app.";
        return Err(told("Callback URL mismatch", words));
    }
    let refuse = |error: &str, words: &str| Err(back_with(redirect_uri, query, error, words));
    if query.get("state").unwrap_or_default().is_empty() {
        return refuse("invalid_request", "Missing required parameter: state");
    }
    if query.get("response_type") != Some("code") {
        return refuse("unsupported_response_type", "The response_type must be code");
    }
    if query.get("audience") != Some("api.atlassian.com") {
        return refuse("access_denied", "Service not found: the audience must be api.atlassian.com");
    }
    let scope = query.get("scope").unwrap_or_default();
    let scopes: BTreeSet<String> = scope.split_whitespace().map(str::to_owned).collect();
    if let Some(unknown) = scopes.iter().find(|scope| !app.scopes.contains(*scope)) {
        return refuse("invalid_scope", &format!("The app has not been given the scope {unknown}"));
    }
    if scopes.is_empty() {
        return refuse("invalid_scope", "No scope was asked for");
    }
    let challenge = match (query.get("code_challenge"), query.get("code_challenge_method")) {
        (None, _) => None,
        (Some(challenge), Some("S256")) => Some(Challenge::S256(challenge.into())),
        (Some(challenge), None | Some("plain")) => Some(Challenge::Plain(challenge.into())),
        (Some(_), Some(_)) => return refuse("invalid_request", "Unknown code_challenge_method"),
    };
    Ok(Asked { app, redirect_uri, scopes, challenge })
}

/// A page for people: the browser goes nowhere.
fn told(title: &str, words: &str) -> Answer {
    let page = format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>Something went wrong</h1>\
         <p>{words}</p></body></html>"
    );
    Answer::of(400, Content::Html(page))
}

fn back_with(redirect_uri: &str, query: &Query, error: &str, words: &str) -> Answer {
    back(redirect_uri, query, &[("error", error), ("error_description", words)])
}

/// To the app, with the state it sent.
fn back(redirect_uri: &str, query: &Query, parameters: &[(&str, &str)]) -> Answer {
    let state = ("state", query.get("state").unwrap_or_default());
    let pairs = parameters.iter().copied().chain([state]);
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    let location = format!("{redirect_uri}{separator}{}", pairs.join("&"));
    Answer::of(302, Content::Empty).with("location", location)
}

fn form(site: &Site, query: &Query, asked: &Asked<'_>) -> String {
    let scopes = asked.scopes.iter().map(|scope| format!("<li>{}</li>", text(scope)));
    let people = site
        .users
        .values()
        .filter(|user| user.account_type == AccountType::Person && user.status == AccountStatus::Active);
    let people =
        people.map(|user| format!("<option value=\"{}\">{}</option>", text(&user.email), text(&user.name)));
    let sites = [site.url.as_str(), OTHER_SITE].map(|url| format!("<option>{}</option>", text(url)));
    let kept = query.pairs().map(|(name, value)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", text(name), text(value))
    });
    format!(
        "<!DOCTYPE html><html><head><title>Authorize app</title></head><body><h1>{} asks for access</h1><ul>{}</ul>\
         <form method=\"post\" action=\"/authorize/consent\">{}<label>Account <select name=\"account\">{}</select>\
         </label><label>Site <select name=\"site\">{}</select></label>\
         <button name=\"decision\" value=\"allow\">Accept</button>\
         <button name=\"decision\" value=\"deny\">Cancel</button></form></body></html>",
        text(&asked.app.name),
        scopes.collect::<String>(),
        kept.collect::<String>(),
        people.collect::<String>(),
        sites.concat(),
    )
}

/// Safe between tags and in quotes.
fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
