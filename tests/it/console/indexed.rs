//! What of what was read is searched: everything or what was chosen, and files that have no words.

use confluence_simulator::{Container, FileKind};
use serde_json::json;
use weir::store::Scope;

use super::{Desk, client};
use crate::acme::{ANA, BEN, page, page_id, small};

#[tokio::test(flavor = "multi_thread")]
async fn searches_find_only_what_is_chosen_once_somebody_says_so() {
    let desk = Desk::synced(small()).await;
    let leave = page_id(desk.site.change(|site| page(site, "Leave")));
    let browser = desk.signed_in().await;
    let (reader, manager) = (desk.token(None, &[Scope::Read]), desk.token(None, &[Scope::Manage]));
    let found = || desk.host.search("flamingo kind:page", BEN, 9).unwrap().total;
    assert_eq!(found(), 3);
    let shown = browser.get("/connections/acme/configure").await.text;
    assert!(
        shown.contains(r#"id="searched-everything" type="radio" name="searched" value="everything" checked"#)
    );
    let fields = [
        ("mode", "manual"),
        ("every", "60"),
        ("set/personal-spaces", "yes"),
        ("set/archived-spaces", "yes"),
        ("set/archived-pages", "yes"),
        ("set/read-pages", "yes"),
        ("kind", "page"),
        ("searched", "manual"),
    ];
    let sent = browser.sends("/connections/acme/configure", &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(found(), 0, "nothing was chosen");
    let choose = format!("/records/acme/{}/choose", leave.replace(':', "%3A"));
    assert_eq!(browser.sends(&choose, &[("with_descendants", "true")]).await.status, 303);
    assert_eq!(found(), 2, "Leave and Parental leave, and not Handbook above them");
    let index = desk.get(&reader, "/api/v1/connections/acme/index").await.json();
    let chosen = json!([{ "id": leave, "title": "Leave", "kind": "page", "with_descendants": true }]);
    assert_eq!(index, json!({ "mode": "manual", "chosen": chosen }));

    let put = async |token: &str, body: &str| {
        let request = client().put(desk.at("/api/v1/connections/acme/index")).bearer_auth(token);
        let request = request.header("content-type", "application/json").body(body.to_owned());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(put(&reader, r#"{"mode":"everything"}"#).await, 403);
    assert_eq!(put(&manager, r#"{"mode":"some"}"#).await, 400);
    assert_eq!((put(&manager, r#"{"mode":"everything"}"#).await, found()), (200, 3));
    assert_eq!(put(&manager, r#"{"mode":"everything"}"#).await, 200, "and again, which changes nothing");
    let acts = desk.host.store().acts(None, 99).unwrap();
    let modes: Vec<_> = acts.iter().filter(|act| act.act == "index-mode-set").map(|act| &act.about).collect();
    assert_eq!(modes, ["everything", "manual"]);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_without_words_are_told_to_programs_with_the_reason() {
    let mut site = small();
    let handbook = page(&site, "Handbook");
    for name in ["logo.png", "map.png"] {
        site.add_attachment(Container::Page(handbook), name, FileKind::Png);
    }
    let desk = Desk::synced(site).await;
    let reader = desk.token(None, &[Scope::Read]);
    let files = async |query: &str| {
        let answer = desk.get(&reader, &format!("/api/v1/connections/acme/files?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer = answer.json();
        let line =
            |file: &serde_json::Value| format!("{} {}", file["title"], file["reason"]).replace('"', "");
        let lines: Vec<String> = answer["items"].as_array().unwrap().iter().map(line).collect();
        (lines, answer["next"].as_str().map(str::to_owned))
    };
    let (mut lines, next) = files("limit=1&reason=unsupported").await;
    let (more, end) = files(&format!("limit=1&reason=unsupported&cursor={}", next.unwrap())).await;
    assert_eq!(end, None);
    lines.extend(more);
    lines.sort();
    assert_eq!(lines, ["logo.png unsupported", "map.png unsupported"]);
    assert_eq!(files("reason=encrypted").await, (vec![], None));
    assert_eq!(files("").await.0.len(), 2, "flamingo.txt has words");
    let searcher = desk.token(Some(ANA), &[Scope::Search]);
    assert_eq!(desk.get(&searcher, "/api/v1/connections/acme/files").await.status, 403);
    desk.stop().await;
}
