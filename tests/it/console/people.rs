//! Who is who, in the console and over its API: linked by hand, by a list, and refused.

use confluence_simulator::Restriction;
use serde_json::json;
use weir::store::{Match, Scope};

use super::{Answer, Desk, client};
use crate::acme::{ANA, HIDDEN, NAME, small};

impl Desk {
    fn matched(&self, email: &str) -> Match {
        let store = self.host.store();
        store.identity(store.connection(NAME).unwrap().id, email).unwrap().1
    }

    async fn imports(&self, token: &str, query: &str, csv: &str) -> Answer {
        let address = self.at(&format!("/api/v1/connections/acme/links/import{query}"));
        let request = client().post(address).bearer_auth(token).header("content-type", "text/csv");
        Answer::of(request.body(csv.to_owned()).send().await.unwrap()).await
    }

    fn noted(&self) -> Vec<String> {
        self.host.store().acts(None, 99).unwrap().into_iter().map(|act| act.act).collect()
    }
}

/// A page that names somebody whose e-mail is hidden.
fn site() -> confluence_simulator::Site {
    let mut site = small();
    let handbook = crate::acme::page(&site, "Handbook");
    site.restrict_page(handbook, Some(Restriction::to_users(&["hidden", "ana", "crawler"])));
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ones_to_link_come_first_and_are_linked_at_their_row() {
    let desk = Desk::synced(site()).await;
    let browser = desk.signed_in().await;
    let page = browser.get("/people").await.text;
    assert!(page.contains("aria-current=\"page\">To link <span class=\"count\">1</span>"), "{page}");
    assert!(page.contains("E-mail of Hidden") && !page.contains("E-mail of Ana"), "{page}");

    let fields = [("connection", NAME), ("account", "hidden"), ("list", "to-link")];
    let wrong = browser.sends("/people/link", &[&fields[..], &[("email", "hidden")]].concat()).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("`hidden` is not an e-mail address") && wrong.text.contains("aria-invalid"));
    let linked =
        browser.sends("/people/link", &[&fields[..], &[("email", " Hidden@acme.example")]].concat()).await;
    assert_eq!((linked.status, linked.header("location")), (303, "/people?connection=acme&list=to-link"));
    assert_eq!(desk.matched(HIDDEN), Match::Linked);
    let unlinked = browser.sends("/people/unlink", &[("connection", NAME), ("email", HIDDEN)]).await;
    assert_eq!(unlinked.status, 303);
    assert_eq!(desk.matched(HIDDEN), Match::Unknown);
    assert_eq!(desk.noted(), ["person-unlinked", "person-linked", "person-linked"]);

    let foreign =
        browser.sends("/people/link", &[("connection", "no/such"), ("account", "x"), ("email", "a@b")]).await;
    assert_eq!(foreign.status, 404);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_looked_over_before_it_is_applied() {
    let desk = Desk::synced(site()).await;
    let browser = desk.signed_in().await;
    let list = format!("Account;E-Mail\nhidden;{HIDDEN}\nana;{ANA}\nzoe;zoe@acme.example\nben;ben\n");
    let fields = [("connection", NAME), ("list", list.as_str())];
    let preview = browser.sends("/people/import", &fields).await;
    assert_eq!(preview.status, 200);
    for words in
        ["Make 1 link", "2 lines have a fault", "unknown account", "bad email", "shows this e-mail itself"]
    {
        assert!(preview.text.contains(words), "{words}: {}", preview.text);
    }
    assert_eq!(desk.matched(HIDDEN), Match::Unknown, "a preview does nothing");
    let applied = browser.sends("/people/import/apply", &fields).await;
    assert_eq!((applied.status, applied.header("location")), (303, "/people?connection=acme&list=matched"));
    assert_eq!(desk.matched(HIDDEN), Match::Linked);
    let export = browser.get("/people/export?connection=acme").await;
    assert_eq!(export.text, format!("email,account\r\n{HIDDEN},hidden\r\n"));
    let broken = browser.sends("/people/import", &[("connection", NAME), ("list", "email,name\n")]).await;
    assert!(broken.text.contains("names no column `account`"), "{}", broken.text);
    assert_eq!(desk.noted(), ["people-imported"]);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_list_link_and_import_people() {
    let desk = Desk::synced(site()).await;
    let (manage, read) = (desk.token(None, &[Scope::Manage]), desk.token(None, &[Scope::Read]));
    let first = desk.get(&read, "/api/v1/connections/acme/people?limit=2").await.json();
    let named = |page: &serde_json::Value| {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(named(&first), ["ana", "ben"]);
    let next = first["next"].as_str().unwrap();
    let second =
        desk.get(&read, &format!("/api/v1/connections/acme/people?limit=2&cursor={next}")).await.json();
    assert_eq!(named(&second), ["crawler", "guest"]);
    let to_link = desk.get(&read, "/api/v1/connections/acme/people?filter=to-link").await.json();
    assert_eq!(
        (named(&to_link), &to_link["items"][0]["matching"]),
        (vec!["hidden".to_owned()], &json!("hidden"))
    );
    assert_eq!(desk.get(&read, "/api/v1/connections/acme/people?filter=wrong").await.status, 400);

    let address = desk.at(&format!("/api/v1/connections/acme/links/{HIDDEN}"));
    let put = async |token: &str, account: &str| {
        let request =
            client().put(address.clone()).bearer_auth(token).header("content-type", "application/json");
        Answer::of(request.body(json!({ "account": account }).to_string()).send().await.unwrap()).await.status
    };
    assert_eq!(
        (put(&read, "hidden").await, put(&manage, "zoe").await, put(&manage, "hidden").await),
        (403, 422, 204)
    );
    let links = desk.get(&read, "/api/v1/connections/acme/links").await.json();
    assert_eq!(links["items"], json!([{ "email": HIDDEN, "account": "hidden", "name": "Hidden" }]));
    let csv = client()
        .get(desk.at("/api/v1/connections/acme/links"))
        .bearer_auth(&read)
        .header("accept", "text/csv");
    let csv = Answer::of(csv.send().await.unwrap()).await;
    assert_eq!((csv.header("content-type"), csv.text.lines().count()), ("text/csv; charset=utf-8", 2));
    let delete = async || {
        let request = client().delete(address.clone()).bearer_auth(&manage);
        Answer::of(request.send().await.unwrap()).await.status
    };
    assert_eq!((delete().await, delete().await), (204, 404));

    let dry = desk.imports(&manage, "?dry_run=true", &csv.text).await.json();
    assert_eq!((&dry["links"], &dry["lines"][0]["step"]), (&json!(1), &json!("links")));
    assert_eq!(desk.matched(HIDDEN), Match::Unknown);
    assert_eq!(desk.imports(&read, "", &csv.text).await.status, 403);
    assert_eq!(desk.imports(&manage, "", &csv.text).await.status, 200);
    assert_eq!(desk.matched(HIDDEN), Match::Linked);
    assert_eq!(desk.imports(&manage, "", "a,b,c").await.status, 400);
    desk.stop().await;
}
