//! Everything that was read: listed, browsed, and looked at one by one.

use weir::store::{IndexMode, Scope};

use super::{Answer, Browser, Desk, client};
use crate::acme::{NAME, company, generated, page, page_id, small};

/// The address of an item's page, or something below it.
fn at(id: &str, rest: &str) -> String {
    format!("/records/acme/{}{rest}", id.replace(':', "%3A"))
}

/// What lies between two texts, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

/// The titles of a list's rows.
fn titles(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rows = between(&answer.text, "<tr><td><a href=\"/records/", "</a>");
    rows.into_iter().map(|row| row.split('>').nth(1).unwrap().to_owned()).collect()
}

async fn listed(browser: &Browser<'_>, query: &str) -> Vec<String> {
    titles(&browser.get(&format!("/records{query}")).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_listed_and_every_filter_narrows() {
    let desk = Desk::synced(small()).await;
    desk.host.catch_up().unwrap();
    let browser = desk.signed_in().await;
    assert_eq!(listed(&browser, "").await.len(), 10);
    let mut pages = listed(&browser, "?kind=page").await;
    pages.sort();
    assert_eq!(pages, ["Handbook", "Leave", "Palette", "Parental leave"]);
    let mut design = listed(&browser, "?space=design").await;
    design.sort();
    assert_eq!(design, ["Design", "Palette"]);
    assert_eq!(listed(&browser, "?title=PARENTAL&kind=page&label=").await, ["Parental leave"]);
    assert_eq!(listed(&browser, "?label=none").await, [""; 0]);
    assert_eq!(listed(&browser, "?from=1990-01-01&to=1990-12-31").await, [""; 0]);
    let found = listed(&browser, "?state=found").await.len();
    let off = listed(&browser, "?state=kind-off").await.len();
    assert_eq!((found + off, listed(&browser, "?state=waiting").await.len()), (10, 0));
    for bad in ["?state=lost", "?from=yesterday"] {
        assert_eq!(browser.get(&format!("/records{bad}")).await.status, 400, "{bad}");
    }
    assert_eq!(browser.get("/records?connection=beta").await.status, 404);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_leads_from_the_spaces_to_every_page() {
    let desk = Desk::synced(small()).await;
    let browser = desk.signed_in().await;
    let roots = browser.get("/records/tree?connection=acme").await;
    assert!(roots.text.contains("Design") && roots.text.contains("Open"), "{}", roots.text);
    let mut met = Vec::new();
    let mut open: Vec<String> = vec!["/records/tree?connection=acme".to_owned()];
    while let Some(level) = open.pop() {
        let answer = browser.get(&level).await;
        assert_eq!(answer.status, 200, "{level}");
        let tree = answer.text.split("id=\"level\"").nth(1).unwrap();
        met.extend(between(tree, "<a href=\"/records/acme/", "\">").into_iter().map(str::to_owned));
        let below = between(tree, "data-level=\"", "\"");
        open.extend(below.into_iter().map(|level| level.replace("&amp;", "&")));
    }
    met.sort();
    met.dedup();
    assert_eq!(met.len(), 10, "{met:?}");
    assert_eq!(browser.get("/records/tree?connection=beta").await.status, 404);
    assert_eq!(browser.get("/records/tree?connection=acme&below=page:0").await.status, 404);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_tells_its_words_its_place_its_readers_and_its_history() {
    let mut site = small();
    let leave = page(&site, "Leave");
    let palette = page_id(page(&site, "Palette"));
    site.edit_page(
        leave,
        "<p>Ask <ac:link><ri:user ri:account-id=\"ana\"/></ac:link>.</p>\
                           <p><a href=\"javascript:alert(1)\">run</a> <strong>bold</strong></p>",
    );
    let parental = page_id(page(&site, "Parental leave"));
    let desk = Desk::synced(site).await;
    let browser = desk.signed_in().await;
    let shown = browser.get(&at(&page_id(leave), "")).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    for part in [
        "@Ana",
        "<strong>bold</strong>",
        "Handbook</a>",
        "Open at the source",
        "all members",
        "Read for the first time",
        "Parental leave</a>",
    ] {
        assert!(shown.text.contains(part), "{part} is missing in {}", shown.text);
    }
    assert!(!shown.text.contains("javascript:"));
    let below = browser.get(&at(&parental, "")).await.text;
    assert!(below.contains("flamingo.txt") && below.contains("Below it"), "{below}");
    assert!(browser.get(&at(&palette, "")).await.text.contains("group designers"));
    let file = desk.host.store().nums_with_title("flamingo.txt").unwrap().iter().next().unwrap();
    let file = desk.host.store().items_by_num(&[file]).unwrap().pop().unwrap();
    let file = browser.get(&at(&file.id, "")).await.text;
    assert!(file.contains("text/plain") && file.contains("Words taken out of it"), "{file}");
    assert_eq!(browser.get(&at("page:0", "")).await.status, 404);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_says_when_it_went() {
    let site = small();
    let (leave, parental) = (page(&site, "Leave"), page(&site, "Parental leave"));
    let desk = Desk::synced(site).await;
    desk.site.change(|site| site.trash_page(parental));
    desk.syncs().await;
    let browser = desk.signed_in().await;
    let gone = browser.get(&at(&page_id(parental), "")).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert!(gone.text.contains("Moved to the bin") || gone.text.contains("Deleted"), "{}", gone.text);
    assert!(!gone.text.contains("Parental") && !gone.text.contains("flamingo"), "{}", gone.text);
    assert!(browser.get(&at(&page_id(leave), "")).await.text.contains("Read for the first time"));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_chosen_and_that_is_noted() {
    let desk = Desk::synced(small()).await;
    let leave = page_id(desk.site.change(|site| page(site, "Leave")));
    let browser = desk.signed_in().await;
    let shown = browser.get(&at(&leave, "")).await.text;
    assert!(shown.contains("/connections/acme/configure") && !shown.contains("Index it"));
    desk.host.set_index_mode(NAME, IndexMode::Manual).unwrap();
    assert!(browser.get(&at(&leave, "")).await.text.contains("Index it"));
    let sent = browser.sends(&at(&leave, "/choose"), &[("with_descendants", "true")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, at(&leave, "").as_str()));
    assert!(desk.host.chosen(NAME).unwrap()[0].with_descendants);
    let sent = browser.sends(&at(&leave, "/unchoose"), &[]).await;
    assert_eq!((sent.status, desk.host.chosen(NAME).unwrap().len()), (303, 0));
    let acts = desk.host.store().acts(None, 9).unwrap();
    let told: Vec<_> = acts.iter().map(|act| (act.act.as_str(), act.about.as_str())).collect();
    assert_eq!(
        told,
        [("item-unchosen", leave.as_str()), ("item-chosen", &format!("{leave} with all below it"))]
    );
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_list_items_and_read_them_whole() {
    let desk = Desk::synced(generated(3, &company())).await;
    let reader = desk.token(None, &[Scope::Read]);
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = desk.get(&reader, &format!("/api/v1/items?limit=100{cursor}")).await.json();
        ids.extend(
            answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = answer["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let connection = desk.host.store().connection(NAME).unwrap().id;
    assert_eq!(ids.len() as u64, desk.host.store().present_count(connection).unwrap());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u64, desk.host.store().present_count(connection).unwrap(), "each once");
    let (mut kinds, mut levels) = (0, 0);
    for id in ids.iter().step_by(25) {
        let address = format!("/api/v1/connections/acme/items/{}", id.replace(':', "%3A"));
        let item = desk.get(&reader, &address).await.json();
        assert_eq!((&item["id"], &item["presence"]), (&serde_json::json!(id), &serde_json::json!("present")));
        kinds += usize::from(item["body"]["format"] == "markdown");
        levels += item["access"].as_array().unwrap().len();
        let below = desk.get(&reader, &format!("{address}/children?limit=1")).await.json();
        assert!(below["items"].as_array().unwrap().len() <= 1, "{below}");
        assert_eq!(item["history"][0]["what"], "added");
        assert_eq!(desk.get(&reader, &address).await.status, 200);
    }
    assert!(kinds > 5 && levels > 30, "{kinds} {levels}");
    let file = ids.iter().find(|id| id.starts_with("attachment:")).unwrap();
    let address = format!("/api/v1/connections/acme/items/{}", file.replace(':', "%3A"));
    let answer = desk.get(&reader, &address).await;
    assert_eq!(answer.text.matches(r#""file":"#).count(), 1, "no name stands twice: {}", answer.text);
    assert!(answer.json()["file"]["name"].is_string() && answer.json()["file_state"].is_string());
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_for_those_who_may_look_and_changes_for_administrators() {
    let desk = Desk::synced(small()).await;
    let leave = page_id(desk.site.change(|site| page(site, "Leave")));
    let item = format!("/api/v1/connections/acme/items/{}", leave.replace(':', "%3A"));
    let status = async |scope: Scope, path: &str| {
        let token = desk.token(Some("ana@acme.example"), &[scope]);
        desk.get(&token, path).await.status
    };
    for path in ["/api/v1/items", &item, &format!("{item}/children")] {
        assert_eq!(
            (status(Scope::Search, path).await, status(Scope::Read, path).await),
            (403, 200),
            "{path}"
        );
    }
    let put = async |scope: Scope| {
        let request =
            client().put(desk.at(&format!("{item}/indexed"))).bearer_auth(desk.token(None, &[scope]));
        let request = request.header("content-type", "application/json").body("{\"with_descendants\":true}");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((put(Scope::Read).await, put(Scope::Manage).await), (403, 204));
    assert_eq!(desk.host.chosen(NAME).unwrap().len(), 1);
    let delete =
        client().delete(desk.at(&format!("{item}/indexed"))).bearer_auth(desk.token(None, &[Scope::Manage]));
    assert_eq!(delete.send().await.unwrap().status().as_u16(), 204);
    for path in ["/records".to_owned(), "/records/tree?connection=acme".to_owned(), at(&leave, "")] {
        assert_eq!(status(Scope::Search, &path).await, 403, "{path}");
        assert_eq!(status(Scope::Read, &path).await, 403, "{path}");
    }
    desk.stop().await;
}
