//! Bytes: a redirect to another host, which wants no credential but its own.

use confluence_simulator::{Clock, Container, FileKind, Principal, Site};

use crate::client::{Client, NOON, start};

#[tokio::test(flavor = "multi_thread")]
async fn the_media_host_refuses_and_notes_a_forwarded_credential() {
    let clock = Clock::standing_at(NOON);
    let mut site = Site::new(clock.clone());
    site.add_person("ann", "Ann", "ann@acme.example");
    let space = site.add_space("S", "S", &[Principal::user("ann")]);
    let page = site.add_page(space, None, "Page", "");
    let files: Vec<u64> = FileKind::ALL
        .iter()
        .map(|kind| site.add_attachment(Container::Page(page), &format!("a {}", kind.extension()), *kind))
        .collect();
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let anonymous = Client::with_header(&running, None);
    for file in &files {
        let reply = client.get(&format!("/wiki/rest/api/content/{page}/child/attachment/att{file}/download"));
        assert_eq!((reply.status, reply.body.len()), (302, 0));
        let location = reply.header("location").unwrap();
        let target = location.strip_prefix("https://api.media.atlassian.com").expect("the media host");
        let bytes = anonymous.get(target);
        let row = client.get(&format!("/wiki/api/v2/attachments/att{file}")).json();
        assert_eq!((bytes.status, bytes.header("content-type")), (200, row["mediaType"].as_str()));
        assert_eq!(bytes.body.len() as u64, row["fileSize"].as_u64().unwrap());
        assert_eq!(client.get(target).status, 400);
        assert_eq!(anonymous.get(&target.replace("token=", "token=x")).status, 403);
        let last = running.ledger().entries().into_iter().filter(|entry| entry.leaked).count();
        assert_eq!(last, files.iter().position(|it| it == file).unwrap() + 1);
    }
    let reply =
        client.get(&format!("/wiki/rest/api/content/{page}/child/attachment/att{}/download", files[0]));
    let target = reply.header("location").unwrap().replace("https://api.media.atlassian.com", "");
    clock.advance(running.knobs().signed_url_ms);
    assert_eq!(anonymous.get(&target).status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_servlet_and_the_wrong_page_are_refused() {
    let mut site = Site::new(Clock::standing_at(NOON));
    site.add_person("ann", "Ann", "ann@acme.example");
    let space = site.add_space("S", "S", &[Principal::user("ann")]);
    let page = site.add_page(space, None, "Page", "");
    let other = site.add_page(space, None, "Other", "");
    let file = site.add_attachment(Container::Page(page), "a.txt", FileKind::Text);
    let running = start(site).await;
    let client = Client::new(&running, "ann@acme.example");
    let row = client.get(&format!("/wiki/api/v2/attachments/att{file}")).json();
    let reply = client.get(&format!("/wiki{}", row["downloadLink"].as_str().unwrap()));
    assert_eq!(reply.status, 401);
    assert_eq!(reply.header("www-authenticate"), Some("OAuth realm=\"https://acme.atlassian.net/wiki\""));
    assert_eq!(
        client.get(&format!("/wiki/rest/api/content/{other}/child/attachment/att{file}/download")).status,
        404
    );
}
