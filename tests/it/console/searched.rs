//! Searching as two people, looking as somebody else, and why something is found or is not.

use weir::store::Scope;

use super::{Answer, Desk};
use crate::acme::{ANA, BEN, NAME, page, page_id, small};

const SITE: &str = "https://acme.atlassian.net/wiki";

/// Somebody who may search, and no more.
fn searcher(desk: &Desk, email: &str) -> String {
    desk.token(Some(email), &[Scope::Search])
}

async fn page_of(desk: &Desk, email: &str, path: &str) -> Answer {
    desk.get(&searcher(desk, email), path).await
}

/// How often `looked-as` was noted, and about whom last.
fn looks(desk: &Desk) -> (usize, Option<String>) {
    let acts = desk.host.store().acts(None, 100).unwrap();
    let looks: Vec<_> = acts.into_iter().filter(|act| act.act == "looked-as").collect();
    (looks.len(), looks.into_iter().next().map(|act| act.about))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_find_what_each_may_read() {
    let desk = Desk::synced(small()).await;
    let ana = page_of(&desk, ANA, "/search?q=flamingo").await;
    assert_eq!(ana.status, 200, "{}", ana.text);
    assert!(ana.text.contains("8 results") && ana.text.contains("Palette"), "{}", ana.text);
    assert!(ana.text.contains("<mark>flamingo</mark>"), "{}", ana.text);
    let ben = page_of(&desk, BEN, "/search?q=flamingo").await;
    assert!(ben.text.contains("7 results") && !ben.text.contains("Palette"), "{}", ben.text);
    let begun = page_of(&desk, BEN, "/search?q=flam").await;
    assert!(
        begun.text.contains("7 results") && begun.text.contains("<mark>flamingo</mark>"),
        "{}",
        begun.text
    );
    let strange = page_of(&desk, "nobody@acme.example", "/search?q=flamingo").await;
    assert!(strange.text.contains("No connection knows this e-mail"), "{}", strange.text);
    let empty = page_of(&desk, BEN, "/search?q=%3F%21").await;
    assert!(empty.text.contains("type at least one letter or digit"), "{}", empty.text);
    let hostile = page_of(&desk, BEN, "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!hostile.text.contains("<script>alert"), "{}", hostile.text);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_a_page_stands_below_it_and_filters_narrow() {
    let desk = Desk::synced(small()).await;
    let all = page_of(&desk, BEN, "/search?q=parent").await;
    let articles: Vec<&str> = all.text.split("<article").skip(1).collect();
    let parental = articles.iter().find(|article| article.contains(">Parental leave</a></h2>")).unwrap();
    assert!(
        parental.contains(r#"<ul class="below">"#) && parental.contains("Re: Parental leave"),
        "{parental}"
    );
    let comments = page_of(&desk, BEN, "/search?q=flamingo+kind%3Apage-comment").await;
    assert!(comments.text.contains("2 results"), "{}", comments.text);
    assert_eq!(comments.text.matches("<article").count(), 1, "both hang on one page");
    let total = async |query: &str| {
        let token = searcher(&desk, BEN);
        let path = format!("/search?q=flamingo&{query}");
        let text = desk.get(&token, &path).await.text;
        let status = text.split(r#"<p class="soft" role="status">"#).nth(1).unwrap_or("0 ");
        status.split(' ').next().unwrap().parse::<u32>().unwrap()
    };
    let pages = total("kind=Pages").await;
    let news = total("kind=Blog+posts").await;
    assert_eq!((pages, news), (6, 1));
    assert_eq!(total("kind=Pages&kind=Blog+posts").await, 7);
    assert_eq!((total("space=OPEN").await, total("space=DESIGN").await), (7, 0));
    assert_eq!((total("updated=2000-01-01").await, total("updated=2999-01-01").await), (7, 0));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_looks_as_somebody_else_and_it_is_noted_once() {
    let desk = Desk::synced(small()).await;
    let as_ana = "/search?q=palette&as=Ana%40acme.example";
    let refused = page_of(&desk, BEN, as_ana).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.text.contains("Palette"));
    let api = "/api/v1/search?q=palette&as=ana%40acme.example";
    assert_eq!(page_of(&desk, BEN, api).await.status, 403);
    let reader = desk.token(Some(BEN), &[Scope::Search, Scope::Read]);
    assert_eq!(desk.get(&reader, api).await.status, 403);
    assert_eq!(looks(&desk).0, 0);
    let browser = desk.signed_in().await;
    let own = browser.get("/search?q=palette").await;
    assert!(own.text.contains("Your token is nobody’s") && !own.text.contains("Palette"), "{}", own.text);
    for path in [as_ana, "/search?q=pal&as=ana%40acme.example", "/search?as=ana%40acme.example"] {
        let shown = browser.get(path).await;
        assert!(
            shown.text.contains("You are looking as <strong>ana@acme.example</strong>"),
            "{}",
            shown.text
        );
        assert_eq!(looks(&desk), (1, Some(ANA.to_owned())), "{path}");
    }
    assert!(browser.get(as_ana).await.text.contains("Palette"));
    assert!(!browser.get("/search?q=palette&as=ben%40acme.example").await.text.contains("1 result"));
    assert_eq!(looks(&desk), (2, Some(BEN.to_owned())));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_search_in_pages() {
    let desk = Desk::synced(small()).await;
    let token = searcher(&desk, ANA);
    let (mut cursor, mut ids) = (String::new(), Vec::new());
    loop {
        let path = format!("/api/v1/search?q=flamingo&limit=3{cursor}");
        let answer = desk.get(&token, &path).await;
        let answer = answer.json();
        assert_eq!(answer["total"], 8);
        ids.extend(answer["items"].as_array().unwrap().iter().map(|hit| hit["id"].clone()));
        let Some(next) = answer["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 8);
    let nobody = desk.token(None, &[Scope::Search]);
    assert_eq!(desk.get(&nobody, "/api/v1/search?q=flamingo").await.status, 400);
    assert_eq!(desk.get(&token, "/api/v1/search?q=").await.status, 422);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_is_told_of_what_one_may_read_and_of_nothing_else() {
    let site = small();
    let (palette, leave) = (page(&site, "Palette"), page(&site, "Leave"));
    let desk = Desk::synced(site).await;
    let own = page_of(&desk, BEN, &format!("/why?item={}", page_id(leave))).await;
    assert_eq!(own.status, 200);
    assert!(
        own.text.contains("Why you see this") && own.text.contains("everybody with an account"),
        "{}",
        own.text
    );
    assert!(!own.text.contains("ana"), "nobody else is named: {}", own.text);
    for kind in ["/why?item=", "/api/v1/why?item="] {
        let refused = page_of(&desk, BEN, &format!("{kind}{}", page_id(palette))).await;
        let missing = page_of(&desk, BEN, &format!("{kind}page:424242")).await;
        let elsewhere = page_of(&desk, BEN, &format!("{kind}{}&connection=beta", page_id(palette))).await;
        assert_eq!((refused.status, &refused.text), (404, &missing.text));
        assert_eq!((elsewhere.status, &elsewhere.text), (404, &missing.text));
    }
    let asked = format!("/api/v1/why?item={}&as={BEN}", page_id(palette));
    assert_eq!(page_of(&desk, ANA, &asked).await.status, 403);
    let administrator = desk.token(None, &[Scope::Manage]);
    let told = desk.get(&administrator, &asked).await.json();
    assert_eq!((told["readable"].as_bool(), looks(&desk).0), (Some(false), 1));
    assert_eq!(told["levels"][0]["refusal"], "the person is none of those named");
    desk.stop().await;
}

/// The state of each step, by a letter, and the words of the one that stops.
async fn steps(desk: &Desk, token: &str, item: &str, person: &str) -> (String, String) {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("item", item)
        .append_pair("as", person)
        .finish();
    let answer = desk.get(token, &format!("/api/v1/why-not?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    let steps = answer["steps"].as_array().unwrap();
    let letters = steps.iter().map(|step| &step["state"].as_str().unwrap()[..1]).collect();
    let stop = steps.iter().find(|step| step["state"] == "stopped");
    (letters, stop.map_or(String::new(), |step| step["words"].as_str().unwrap().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn why_not_names_the_step_at_which_something_was_left_out() {
    let site = small();
    let [palette, leave, parental] = ["Palette", "Leave", "Parental leave"].map(|title| page(&site, title));
    let desk = Desk::synced(site).await;
    let token = desk.token(None, &[Scope::Manage]);
    assert_eq!(desk.get(&searcher(&desk, ANA), "/api/v1/why-not?item=1&as=x%40y").await.status, 403);
    let ask = async |item: &str, person: &str| steps(&desk, &token, item, person).await;
    let told = async |item: &str, person: &str, letters: &str, words: &str| {
        let (found, said) = ask(item, person).await;
        assert_eq!(found, letters, "{item} as {person}: {said}");
        assert!(said.contains(words), "{item} as {person}: {said}");
    };
    // Listing.
    told("https://elsewhere.example/wiki/1", ANA, "snnnn", "No connection reads elsewhere.example").await;
    told(&format!("{SITE}/spaces/OPEN/pages/424242/New"), ANA, "snnnn", "No sync of acme has ever met it")
        .await;
    // Access.
    let address = format!("{SITE}/spaces/DESIGN/pages/{palette}/An+older+title?src=mail");
    told(&address, BEN, "ppsnn", "none of those named").await;
    told(&address, "nobody@acme.example", "ppsnn", "no user shows this e-mail").await;
    told(&address, ANA, "ppppp", "").await;
    // Conversion: a space has a title and no words.
    let space = desk.host.why(&page_id(leave), ANA, None).unwrap().explanation.steps.pop().unwrap().id;
    told(&space, ANA, "pppsn", "only its title is found").await;
    // Index.
    let connection = desk.host.store().connection(NAME).unwrap().id;
    desk.host.store().switch_kinds(connection, &["page".to_owned()], false).unwrap();
    told(&page_id(leave), ANA, "pppps", "its kind is not searched").await;
    desk.host.store().switch_kinds(connection, &["page".to_owned()], true).unwrap();
    // Filter: left out by settings that the next sync applies.
    let settings = format!(r#"{{"site":"https://acme.atlassian.net","pages":["{parental}"]}}"#);
    let drawn = desk.host.draw_settings(NAME, &settings).await.unwrap();
    desk.host.keep_settings(NAME, &drawn).await.unwrap();
    told(&page_id(palette), ANA, "psnnn", "the next sync removes it").await;
    told(&page_id(parental), ANA, "ppppp", "").await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_not_is_a_page_for_administrators_and_is_noted() {
    let site = small();
    let palette = page(&site, "Palette");
    let desk = Desk::synced(site).await;
    let browser = desk.signed_in().await;
    let path = format!("/why-not?item={}&as={BEN}", page_id(palette));
    let shown = browser.get(&path).await;
    assert!(shown.text.contains("it stopped at <strong>Access</strong>"), "{}", shown.text);
    assert_eq!(shown.text.matches("not reached").count(), 2);
    assert_eq!(looks(&desk), (1, Some(BEN.to_owned())));
    assert_eq!(page_of(&desk, ANA, &path).await.status, 403);
    let nonsense = browser.get("/why-not?item=1&as=ben").await;
    assert_eq!(nonsense.status, 400);
    assert!(nonsense.text.contains("is no e-mail"), "{}", nonsense.text);
    desk.stop().await;
}
