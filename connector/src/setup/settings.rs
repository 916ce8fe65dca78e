//! The settings: the site's address, each way to get it wrong with its own words, and the filter's.

use super::origins::{self, Origin};
use super::scopes::{self, Wanted};
use super::{API_TOKEN, Chosen, OAUTH};
use crate::error::Issue;
use crate::filter::{self, Filter};
use crate::item::page::Posting;
use serde_json::{Map, Value, json};
use url::Url;

const SHAPE: &str = "https://your-site.atlassian.net";

/// Labels of host names are no longer (RFC 1035).
const LABEL_BYTES_MAX: usize = 63;

/// Tidied settings, and where requests will go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// JSON.
    pub settings: String,
    pub origins: Vec<Origin>,
    /// What an OAuth login must be granted for these settings.
    pub scopes: Vec<String>,
}

/// Checks the settings. Spaces around the address and capitals in it are tidied, everything else is told.
pub fn configure(settings: &str, login: &str) -> Result<Plan, Vec<Issue>> {
    let site = site(settings);
    let mut issues = site.as_ref().err().cloned().unwrap_or_default();
    if ![API_TOKEN, OAUTH].contains(&login) {
        let message = format!("The login {login:?} does not exist; use {API_TOKEN:?} or {OAUTH:?}.");
        issues.push(issue("", message));
    }
    let given: Value = serde_json::from_str(settings).unwrap_or_default();
    let mut tidied = match given.as_object().map_or_else(|| Ok(Map::new()), filter::tidy) {
        Ok(tidied) => tidied,
        Err(found) => {
            issues.extend(found);
            Map::new()
        }
    };
    let (Ok(site), true) = (site, issues.is_empty()) else {
        return Err(issues);
    };
    let site = site.origin().ascii_serialization();
    tidied.insert("site".to_owned(), json!(site));
    let settings = Value::Object(tidied).to_string();
    Ok(Plan {
        scopes: if login == OAUTH { asked_for(&chosen(&settings).wanted) } else { Vec::new() },
        settings,
        origins: origins::of(site, login),
    })
}

/// What settings ask for that scopes and a diagnosis depend on.
///
/// Settings that cannot be read ask for what is usual: whoever reads next says what is wrong with them.
pub fn chosen(settings: &str) -> Chosen {
    let Ok(filter) = Filter::read(settings) else {
        return Chosen { wanted: Wanted::USUAL, space_keys: Vec::new() };
    };
    let trees = filter.is_fine(Posting::Page) || filter.is_fine(Posting::BlogPost);
    let wanted = Wanted {
        comments: filter.kinds.comments,
        attachments: filter.kinds.attachments,
        // As places in the tree they decide who may read what lies in them.
        nodes: true,
        trees,
        audit: filter.audit,
    };
    Chosen { wanted, space_keys: filter.spaces.only.iter().cloned().collect() }
}

/// What an app must be granted. Tokens bring their own scopes, and nobody can ask for more.
fn asked_for(wanted: &Wanted) -> Vec<String> {
    scopes::needed(wanted).map(|scope| scope.name.to_owned()).collect()
}

/// The site's address in some settings.
pub fn site(settings: &str) -> Result<Url, Vec<Issue>> {
    let settings: Value = serde_json::from_str(settings)
        .map_err(|error| vec![issue("", format!("The settings are not JSON: {error}."))])?;
    let Value::Object(settings) = settings else {
        let message = "The settings must be an object with the property \"site\".";
        return Err(vec![issue("", message.to_owned())]);
    };
    let site = match settings.get("site") {
        None => Err(format!("The site is missing; it looks like {SHAPE}.")),
        Some(Value::String(text)) => address(text),
        Some(_) => Err(format!("The site must be a text like {SHAPE}.")),
    };
    let mut issues = Vec::new();
    if let Err(message) = &site {
        issues.push(issue("/site", message.clone()));
    }
    for name in settings.keys().filter(|name| *name != "site" && !filter::knows(name)) {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let message = format!("There is no setting {name:?}.");
        issues.push(issue(&pointer, message));
    }
    match site {
        Ok(site) if issues.is_empty() => Ok(site),
        _ => Err(issues),
    }
}

fn issue(pointer: &str, message: String) -> Issue {
    Issue { pointer: pointer.to_owned(), message }
}

/// Reads `https://your-site.atlassian.net`, and says what is wrong with anything else.
///
/// By hand, since a lenient reader of addresses would make a good one out of several bad ones.
fn address(text: &str) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("The site is empty; it looks like {SHAPE}."));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(format!("The site needs https:// in front: {SHAPE}."));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => {}
        "http" => {
            return Err(format!("The site must begin with https://, not http://: {SHAPE}."));
        }
        _ => {
            return Err(format!("The site must begin with https://, not {scheme}://: {SHAPE}."));
        }
    }
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    let host = host(authority)?;
    nothing_after(after, &host)?;
    Url::parse(&format!("https://{host}"))
        .map_err(|error| format!("The site is not an address ({error}); it looks like {SHAPE}."))
}

fn host(authority: &str) -> Result<String, String> {
    if authority.contains('@') {
        let advice = "enter e-mail and token as the login";
        return Err(format!("The site must not hold a user name or password; {advice}."));
    }
    if let Some((host, port)) = authority.split_once(':') {
        return Err(format!("The site must not name a port; remove :{port} after {host}."));
    }
    let host = authority.to_ascii_lowercase();
    if host.is_empty() {
        return Err(format!("The site has no host name; it looks like {SHAPE}."));
    }
    if host == "atlassian.net" {
        let advice = "put your site's name before atlassian.net";
        return Err(format!("The site's own name is missing; {advice}: {SHAPE}."));
    }
    let Some(name) = host.strip_suffix(".atlassian.net") else {
        let advice = "Confluence Cloud sites end in .atlassian.net";
        return Err(format!("{host} is not a Confluence Cloud site; {advice}."));
    };
    let is_label = !name.is_empty()
        && name.len() <= LABEL_BYTES_MAX
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_label {
        let advice = "letters, digits and hyphens, without dots";
        return Err(format!("{name:?} cannot be the name of a site ({advice}): {SHAPE}."));
    }
    Ok(host)
}

fn nothing_after(after: &str, host: &str) -> Result<(), String> {
    let advice = format!("use https://{host}");
    if after.is_empty() {
        return Ok(());
    }
    if after == "/" {
        return Err(format!("The site must not end with a slash; {advice}."));
    }
    if after.starts_with('?') {
        return Err(format!("The site must not have a query; remove {after:?} and {advice}."));
    }
    if after.starts_with('#') {
        return Err(format!("The site must not have a fragment; remove {after:?} and {advice}."));
    }
    Err(format!("The site must not have a path; remove {after:?} and {advice}."))
}
