//! A component in a registry, by the OCI distribution specification: a manifest, its one layer, and the
//! signatures that are kept beside it.
//!
//! `name` is what a person writes, `artifact` judges a manifest, `challenge` reads what a registry asks
//! for before it answers, `signed` finds signatures. The digests of manifest and layer are computed
//! here; a tag is resolved once, and everything else is asked for by digest.

mod artifact;
mod challenge;
mod name;
mod signed;

use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use url::Url;

use super::way::{Answer, Ask, Way};
use super::web::basic;
use super::{Digest, HttpFault, Options, RegistryFault, Supplied, SupplyError, hop, limits};
use crate::sandbox::limits::COMPONENT_BYTES_MAX;
use crate::secrets::Secret;
use artifact::Layer;
use challenge::Challenge;

pub(super) use artifact::component;
pub(super) use name::Artifact;

/// Every sort of manifest, so that it can be said which one is there.
const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
                         application/vnd.docker.distribution.manifest.v2+json, \
                         application/vnd.docker.distribution.manifest.list.v2+json";

pub(super) async fn bring(
    way: &Way<'_>,
    artifact: &Artifact,
    options: &Options,
) -> Result<Supplied, SupplyError> {
    let mut registry = Registry { way, artifact, login: options.login.as_ref(), authorization: None };
    let manifest = registry.manifest().await?;
    let found = Digest::of(&manifest);
    if let Some(wanted) = artifact.digest.filter(|wanted| *wanted != found) {
        let fault = RegistryFault::OtherManifest { wanted: wanted.to_string(), found: found.to_string() };
        return Err(registry.fault(fault));
    }
    let layer = component(&manifest).map_err(|fault| registry.fault(fault))?;
    let wasm = registry.blob("the component", &layer, COMPONENT_BYTES_MAX as u64).await?;
    let from = Artifact { digest: Some(found), ..artifact.clone() }.to_string();
    let signature = if options.signed { signed::find(&mut registry, &found, manifest).await } else { None };
    Ok(Supplied { sha256: layer.digest.hex(), wasm, from, signature })
}

/// One repository of a registry, as one login sees it.
struct Registry<'a> {
    way: &'a Way<'a>,
    artifact: &'a Artifact,
    login: Option<&'a (String, Secret)>,
    /// What the registry was last content with.
    authorization: Option<HeaderValue>,
}

/// What a token server answers (Docker's token specification; OAuth 2 has the second name).
#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl Registry<'_> {
    async fn manifest(&mut self) -> Result<Vec<u8>, SupplyError> {
        let name = match (&self.artifact.digest, &self.artifact.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, tag) => tag.clone().unwrap_or_default(),
        };
        self.get(&format!("manifests/{name}")).await?.success(limits::MANIFEST_BYTES_MAX).await
    }

    /// A layer's bytes: of the length and the digest that the manifest told.
    async fn blob(
        &mut self,
        what: &'static str,
        layer: &Layer,
        bytes_max: u64,
    ) -> Result<Vec<u8>, SupplyError> {
        let told = u64::try_from(layer.bytes).ok().filter(|told| (1..=bytes_max).contains(told));
        let told = told.ok_or_else(|| self.fault(RegistryFault::Size { told: layer.bytes, bytes_max }))?;
        let blob = match self.get(&format!("blobs/{}", layer.digest)).await?.success(told).await {
            Err(SupplyError::Http { fault: HttpFault::TooLarge { .. }, .. }) => {
                return Err(self.fault(RegistryFault::Longer { what, told }));
            }
            read => read?,
        };
        let came = blob.len() as u64;
        if came != told {
            return Err(self.fault(RegistryFault::Length { what, told, came }));
        }
        let found = Digest::of(&blob);
        if found != layer.digest {
            let (told, found) = (layer.digest.to_string(), found.to_string());
            return Err(self.fault(RegistryFault::Digest { what, told, found }));
        }
        Ok(blob)
    }

    /// Asks; if the registry wants a login or a token first, gets one and asks once more.
    async fn get(&mut self, path: &str) -> Result<Answer, SupplyError> {
        let repository = &self.artifact.repository;
        let mut url = self.artifact.base.clone();
        url.set_path(&format!("/v2/{repository}/{path}"));
        let answer = self.ask(&url).await?;
        // Only the registry itself is heard, not a storage that it led to.
        if answer.status != StatusCode::UNAUTHORIZED || answer.url.origin() != url.origin() {
            return Ok(answer);
        }
        self.authorization = Some(self.authorize(challenge::read(&answer.headers)).await?);
        self.ask(&url).await
    }

    async fn ask(&self, url: &Url) -> Result<Answer, SupplyError> {
        let authorization = self.authorization.as_ref();
        let named = &self.artifact.base;
        self.way.get(Ask { url, named, accept: MANIFESTS, authorization, hops_max: limits::HOPS_MAX }).await
    }

    async fn authorize(&self, challenge: Option<Challenge>) -> Result<HeaderValue, SupplyError> {
        match (challenge, self.login) {
            (Some(Challenge::Bearer { realm, service }), _) => self.token(&realm, service.as_deref()).await,
            (Some(Challenge::Basic), Some(login)) => Ok(basic(login)),
            (Some(Challenge::Basic), None) => Err(self.fault(RegistryFault::NeedsLogin)),
            (None, _) => Err(self.fault(RegistryFault::Challenge)),
        }
    }

    /// Asks the token server that the registry itself named, and no other one that it would lead to: the
    /// login is sent there. Whoever is the registry could have asked for the login itself, so that
    /// nothing is given away that was not given to it.
    async fn token(&self, realm: &str, service: Option<&str>) -> Result<HeaderValue, SupplyError> {
        let named = &self.artifact.base;
        let mut url = hop::next(named, realm).map_err(|fault| self.fault(RegistryFault::Realm(fault)))?;
        let scope = format!("repository:{}:pull", self.artifact.repository);
        url.query_pairs_mut()
            .extend_pairs(service.map(|service| ("service", service)))
            .append_pair("scope", &scope);
        let login = self.login.map(basic);
        let ask =
            Ask { url: &url, named, accept: "application/json", authorization: login.as_ref(), hops_max: 0 };
        let answer = self.way.get(ask).await?.success(limits::TOKEN_BYTES_MAX).await?;
        let token = serde_json::from_slice::<Token>(&answer).ok().and_then(|it| it.token.or(it.access_token));
        let header = token
            .and_then(|token| HeaderValue::from_str(Secret::new(format!("Bearer {token}")).expose()).ok());
        let mut header = header.ok_or_else(|| self.fault(RegistryFault::Token))?;
        header.set_sensitive(true);
        Ok(header)
    }

    fn fault(&self, fault: RegistryFault) -> SupplyError {
        SupplyError::Registry { from: self.artifact.to_string(), fault }
    }
}
