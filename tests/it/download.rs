//! The bytes of an attachment: fetched in two requests, the second without the credential.

use std::sync::Arc;

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Knobs, Site};
use weir::gate::{Client, Doors, Gate, GatePlan};
use weir::model::Connection;
use weir::sandbox::{CallError, Connector};
use weir::secrets::{Credential, Fixed, Secret};

use crate::acme::{Acme, Middle, NAME, small};

struct Fetching {
    acme: Acme,
    connector: Connector,
    connection: Connection,
    gate: Gate,
    link: String,
}

/// A synced site with one file, and all that is needed to fetch it.
async fn fetching(site: Site) -> Fetching {
    let acme = Acme::new(site).await;
    acme.sync().await;
    let connector = acme.host.connector("confluence").await.unwrap();
    let connection = acme.host.store().connection(NAME).unwrap();
    let scheme = &connector.description().logins[0].scheme;
    let credential = Credential::new(scheme, Some(CRAWLER_EMAIL), Some(&Secret::new(API_TOKEN))).unwrap();
    let (origins, routes) = (connection.origins.clone(), connection.routes.clone());
    let doors = Doors {
        transport: Arc::new(Client::default()),
        clock: Arc::clone(&acme.clock) as _,
        chance: Arc::new(Middle),
    };
    let gate = Gate::new(
        GatePlan { origins, routes, credential: credential.map(Fixed::source), ..GatePlan::default() },
        doors,
    )
    .unwrap();
    let file = acme.items(None).into_iter().find(|id| id.starts_with("attachment:")).unwrap();
    let link = acme.host.item(&file, None).unwrap().file.unwrap().link;
    acme.site.ledger().clear();
    Fetching { acme, connector, connection, gate, link }
}

impl Fetching {
    async fn fetch(&self, bytes_max: usize) -> Result<(Vec<u8>, Option<String>), CallError> {
        self.connector.download(&self.gate, &self.connection, &self.link, bytes_max).await
    }

    fn bytes(&self) -> Vec<u8> {
        self.acme.site.read(|site| site.attachments.values().next().unwrap().bytes())
    }

    /// What was asked, and whether it came with the credential.
    fn asked(&self) -> Vec<(u16, bool, bool)> {
        let entries = self.acme.site.ledger().entries();
        entries.iter().map(|entry| (entry.status, entry.authorization, entry.leaked)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_are_the_site_s_and_the_media_host_sees_no_credential() {
    let fetching = fetching(small()).await;
    let (bytes, media_type) = fetching.fetch(1 << 20).await.unwrap();
    assert_eq!(bytes, fetching.bytes());
    assert_eq!(media_type.as_deref(), Some("text/plain"));
    assert_eq!(fetching.asked(), [(302, true, false), (200, false, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_be_as_large_as_allowed_and_no_larger() {
    let fetching = fetching(small()).await;
    let size = fetching.bytes().len();
    assert_eq!(fetching.fetch(size).await.unwrap().0.len(), size);
    let refused = fetching.fetch(size - 1).await.unwrap_err().to_string();
    assert_eq!(refused, format!("the file is larger than the limit of {} bytes", size - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_ran_out_and_a_file_that_went() {
    let fetching = fetching(small()).await;
    fetching.acme.site.set_knobs(Knobs { signed_url_ms: -1, ..Knobs::default() });
    insta::assert_snapshot!(fetching.fetch(1 << 20).await.unwrap_err(), @"asked api.media.atlassian.com for a file and got 403");
    fetching.acme.site.set_knobs(Knobs::default());
    fetching.acme.site.change(|site| site.attachments.clear());
    insta::assert_snapshot!(fetching.fetch(1 << 20).await.unwrap_err(), @"asked acme.atlassian.net for /wiki/rest/api/content/98309/child/attachment/att98312/download and got 404: No content found with id: ContentId{id=att98312}");
}
