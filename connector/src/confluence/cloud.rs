//! Atlassian's gateway, and which of its tenants a site is.
//!
//! Apps and tokens with scopes reach a site only as `https://api.atlassian.com/ex/confluence/{cloudId}`. The id is told to
//! anybody by the site itself, and to an app by the list of what it was granted.

use super::answer::{Refusal, attempt};
use super::site::Site;
use crate::transport::Transport;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use url::Url;

/// The origin of the gateway.
pub const GATEWAY: &str = "https://api.atlassian.com";

/// Cloud ids are UUIDs; far more room than they take.
const CLOUD_ID_BYTES_MAX: usize = 64;

/// Letters, digits and hyphens only, so that it is safe in an address, whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CloudId(String);

impl CloudId {
    pub fn parse(text: &str) -> Option<CloudId> {
        let fits = !text.is_empty() && text.len() <= CLOUD_ID_BYTES_MAX;
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (fits && plain).then(|| CloudId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for CloudId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CloudId, D::Error> {
        let text = String::deserialize(deserializer)?;
        CloudId::parse(&text).ok_or_else(|| de::Error::custom("a cloud id that is not one"))
    }
}

/// A row of `GET https://api.atlassian.com/oauth/token/accessible-resources`. One site may come in several rows, each with
/// some of the scopes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Resource {
    pub id: CloudId,
    pub url: String,
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// The tenant behind a site's name: `GET https://acme.atlassian.net/_edge/tenant_info`.
pub fn tenant<T: Transport>(site: &Site<'_, T>) -> Result<CloudId, Refusal> {
    let url = site.of_people("_edge/tenant_info");
    let told: Value = site.get_one(&url)?;
    let id = told.get("cloudId").and_then(Value::as_str).and_then(CloudId::parse);
    id.ok_or_else(|| Refusal::unexpected(format!("{} and was told no cloud id", attempt(&url))))
}

/// Where an app learns which sites it was granted.
pub fn resources_url() -> Result<Url, Refusal> {
    Url::parse(GATEWAY)
        .and_then(|gateway| gateway.join("/oauth/token/accessible-resources"))
        .map_err(|error| Refusal::unexpected(format!("could not write an address down: {error}")))
}

/// One row for each site, its scopes together, in the order of the answer.
pub fn merged(rows: Vec<Resource>) -> Vec<Resource> {
    let mut sites: Vec<Resource> = Vec::new();
    for row in rows {
        match sites.iter_mut().find(|site| site.id == row.id) {
            Some(site) => site.scopes.extend(row.scopes),
            None => sites.push(row),
        }
    }
    sites
}
