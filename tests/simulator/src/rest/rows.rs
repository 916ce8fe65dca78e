//! Parts that rows of several resources share.

use serde_json::{Value, json};

use super::answer::Answer;
use super::errors;
use super::exchange::Exchange;
use crate::clock::iso;
use crate::site::{Site, User, Version};

pub fn version(version: &Version) -> Value {
    json!({
        "number": version.number,
        "message": version.message,
        "minorEdit": version.minor,
        "authorId": version.author,
        "createdAt": iso(version.at),
        // In no published schema, and on the wire of every site.
        "ncsStepVersion": version.number.to_string(),
    })
}

/// The formats of bodies that `body-format` may name here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BodyFormat {
    Storage,
    /// Pages and blog posts only.
    AtlasDocFormat,
}

/// The `body-format` asked for.
pub fn body_format(cx: &Exchange<'_>) -> Result<Option<BodyFormat>, Answer> {
    match cx.query.get("body-format") {
        Some("atlas_doc_format") => Ok(Some(BodyFormat::AtlasDocFormat)),
        _ => Ok(wants_storage(cx)?.then_some(BodyFormat::Storage)),
    }
}

/// The body of a page or blog post. One of which nobody wrote the editor's format is an empty document in it.
pub fn body_in(format: Option<BodyFormat>, storage: &str, adf: Option<&str>) -> Value {
    let Some(BodyFormat::AtlasDocFormat) = format else { return body(storage, format.is_some()) };
    let value = adf.unwrap_or(r#"{"type":"doc","version":1,"content":[]}"#);
    json!({ "atlas_doc_format": { "representation": "atlas_doc_format", "value": value } })
}

/// Whether bodies were asked for, of what is only told in `storage` here.
pub fn wants_storage(cx: &Exchange<'_>) -> Result<bool, Answer> {
    match cx.query.get("body-format") {
        None => Ok(false),
        Some("storage") => Ok(true),
        Some(_) => Err(errors::v2_bad_parameter("body-format", "PrimaryBodyRepresentation")),
    }
}

/// `{"storage": {…}}`, or the empty object where no format was asked for.
pub fn body(text: &str, storage: bool) -> Value {
    if storage { json!({ "storage": { "representation": "storage", "value": text } }) } else { json!({}) }
}

/// The statuses asked for, of those the route allows.
pub fn statuses<'a>(
    cx: &'a Exchange<'_>,
    allowed: &[&str],
    default: &'a [&'a str],
) -> Result<Vec<&'a str>, Answer> {
    let asked = cx.query.all("status");
    if asked.iter().any(|status| !allowed.contains(status)) {
        return Err(errors::v2_bad_parameter("status", "ContentStatus"));
    }
    Ok(if asked.is_empty() { default.to_vec() } else { asked })
}

/// An id filter: absent lets everything through, too long a list is refused.
pub fn id_filter<'a>(cx: &'a Exchange<'_>, name: &str, max: usize) -> Result<Option<Vec<&'a str>>, Answer> {
    let ids = cx.query.all(name);
    if ids.len() > max {
        return Err(errors::v2_bad_parameter(name, &format!("List of at most {max}")));
    }
    Ok(if ids.is_empty() { None } else { Some(ids) })
}

pub fn passes(filter: Option<&Vec<&str>>, id: u64) -> bool {
    filter.is_none_or(|ids| ids.iter().any(|wanted| wanted.parse() == Ok(id)))
}

/// A title in a path: words joined by plus signs, as the product writes them.
pub fn slug(title: &str) -> String {
    super::query::encode(title)
}

pub fn space_key(site: &Site, space: u64) -> &str {
    site.spaces.get(&space).map_or("", |space| space.key.as_str())
}

/// Adds `_links.base`, which single reads carry and rows of lists do not.
pub fn single(cx: &Exchange<'_>, mut row: Value) -> Answer {
    row["_links"]["base"] = json!(cx.base());
    Answer::json(row).with("link", format!("<{}>; rel=\"base\"", cx.base())).holding(1)
}

pub fn labels(site: &Site, names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!({ "id": label_id(site, name), "name": name, "prefix": "global" })).collect()
}

/// Labels have ids of their own on a real site; here the name makes one.
fn label_id(_: &Site, name: &str) -> String {
    let hash =
        name.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    hash.to_string()
}

/// A user as v1 shows one. `own` is the caller, whose address is never hidden from itself.
pub fn v1_user(site: &Site, user: &User, own: bool) -> Value {
    let self_link = format!("{}/wiki/rest/api/user?accountId={}", site.url, user.account_id);
    let mut row = json!({
        "type": "known",
        "accountId": user.account_id,
        "accountType": account_type(user),
        "accountStatus": account_status(user),
        "publicName": user.name,
        "displayName": user.name,
        "profilePicture": {
            "path": format!("/wiki/aa-avatar/{}", user.account_id), "width": 48, "height": 48, "isDefault": false,
        },
        "isExternalCollaborator": user.guest,
        "isGuest": user.guest,
        "_expandable": { "operations": "", "personalSpace": "" },
        "_links": { "self": self_link },
    });
    if own || user.email_visible {
        row["email"] = json!(user.email);
    }
    if own {
        row["timeZone"] = json!(user.time_zone.name);
    }
    row
}

/// What v1 shows where an account is named that no longer exists.
pub fn v1_unknown_user(account_id: &str) -> Value {
    json!({ "type": "unknown", "accountId": account_id, "accountType": "unknown", "displayName": "Former user",
            "publicName": "Former user" })
}

pub fn account_type(user: &User) -> &'static str {
    match user.account_type {
        crate::site::AccountType::Person => "atlassian",
        crate::site::AccountType::App => "app",
    }
}

pub fn account_status(user: &User) -> &'static str {
    match user.status {
        crate::site::AccountStatus::Active => "active",
        crate::site::AccountStatus::Inactive => "inactive",
        crate::site::AccountStatus::Closed => "closed",
    }
}
