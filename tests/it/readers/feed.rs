//! Feeds: a source that shows a window, and says nothing of its readers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use sha2::{Digest as _, Sha256};
use weir::extract::Limits;
use weir::store::{Mode, Outcome};
use weir::sync::{Silent, Stop};

use super::server::{Asked, Reply, Server};
use super::{NAME, Scene, Wanted, set};
use crate::wasm::component;

const ANA: &str = "ana@acme.com";
const BEN: &str = "ben@acme.com";
const BLOG: &str = "https://blog.example";
const NEWS: &str = "https://blog.example/news.xml";

fn feed() -> &'static PathBuf {
    static WASM: LazyLock<PathBuf> = LazyLock::new(|| component("feed-connector", "feed.wasm"));
    &WASM
}

/// What stands at which address, by host and path. Tests change it while it is served.
#[derive(Clone, Default)]
struct Web(Arc<Mutex<BTreeMap<String, Reply>>>);

impl Web {
    fn put(&self, at: &str, reply: Reply) {
        self.0.lock().unwrap().insert(at.to_owned(), reply);
    }

    /// A document with its own `ETag`, as servers of files give one.
    fn publish(&self, at: &str, document: &str) {
        let tag = format!(
            "\"{:x}\"",
            Sha256::digest(document)[0..8].iter().fold(0_u64, |tag, byte| tag << 8 | u64::from(*byte))
        );
        let reply = Reply::of(200).with("content-type", "application/atom+xml").with("etag", &tag);
        self.put(at, reply.body(document));
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let page = asked.parameter("page").map_or(String::new(), |page| format!("?page={page}"));
        let found = self.0.lock().unwrap().get(&format!("{}{}{page}", asked.host, asked.path)).cloned();
        let reply = found.unwrap_or_else(|| Reply::of(404));
        let known = asked.header("if-none-match");
        let tag = reply.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.as_str());
        if reply.status == 200 && known.is_some() && known == tag { Reply::of(304) } else { reply }
    }
}

/// An Atom feed of these entries: number, title, words.
fn atom(entries: &[(u32, &str, &str)], more: &str) -> String {
    let entry = |(number, title, words): &(u32, &str, &str)| {
        format!(
            "<entry><id>tag:blog.example,2026:{number}</id><title>{title}</title>\
             <link href='https://blog.example/{number}'/><updated>2026-01-{number:02}T12:00:00Z</updated>\
             <content>{words}</content></entry>"
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{more}{entries}</feed>")
}

/// A blog that anyone may read, synced once.
async fn blog(document: &str) -> (Scene, Web) {
    let web = Web::default();
    web.publish("blog.example/news.xml", document);
    let scene = connected(&web, &format!(r#"{{"feeds":["{NEWS}"]}}"#)).await;
    scene.sync(Mode::Since).await;
    scene.server.asked();
    (scene, web)
}

async fn connected(web: &Web, settings: &str) -> Scene {
    let served = web.clone();
    let scene = Scene::before(Server::start(move |asked| served.answer(asked)).await);
    scene.connect(&anonymous(settings)).await.unwrap();
    scene.server.asked();
    scene
}

fn anonymous(settings: &str) -> Wanted<'_> {
    let origins = &[BLOG, "https://other.example"];
    Wanted { connector: feed(), settings, login: "anonymous", username: None, secret: "", origins }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_feed_is_found_by_anyone_and_costs_one_request_a_sync() {
    let (scene, web) = blog(&atom(&[(2, "Otters", "They float."), (1, "Beavers", "They build.")], "")).await;
    assert_eq!(scene.finds("float", "nobody@nowhere.example"), set(&["Otters"]));
    assert_eq!(scene.titles(), set(&["News", "Otters", "Beavers"]));

    scene.sync(Mode::Since).await;
    let [asked] = &scene.server.asked()[..] else { panic!("one request") };
    assert!(asked.header("if-none-match").is_some(), "it was answered with 304");

    web.publish("blog.example/news.xml", &atom(&[(2, "Otters", "They juggle stones.")], ""));
    let synced = scene.sync(Mode::Since).await;
    assert_eq!(scene.server.lines(), ["GET blog.example/news.xml"]);
    assert_eq!(synced.report.run.counts.changed, 1);
    assert_eq!(scene.finds("juggle", ANA), set(&["Otters"]));
    assert_eq!(scene.finds("build", ANA), set(&["Beavers"]), "it left the window, and is not gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn named_readers_are_the_only_ones_and_a_change_of_them_holds_with_the_next_sync() {
    let web = Web::default();
    web.publish("blog.example/news.xml", &atom(&[(1, "Otters", "They float.")], ""));
    let scene = connected(&web, &format!(r#"{{"feeds":["{NEWS}"],"readers":["Ana@Acme.com"]}}"#)).await;
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("float", ANA).len(), scene.finds("float", BEN).len()), (1, 0));

    scene.set(&format!(r#"{{"feeds":["{NEWS}"],"readers":["ben@acme.com"]}}"#)).await.unwrap();
    scene.server.asked();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.server.asked().len(), 1, "a 304 is enough");
    assert_eq!((scene.finds("float", ANA).len(), scene.finds("float", BEN).len()), (0, 1));

    scene.set(&format!(r#"{{"feeds":["{NEWS}"],"readers":["everyone"]}}"#)).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("float", "nobody@nowhere.example").len(), 1);
    scene.set(&format!(r#"{{"feeds":["{NEWS}"],"readers":["ana@acme.com"]}}"#)).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("float", ANA).len(), scene.finds("float", BEN).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_slides_and_nothing_is_lost() {
    let days = |first: u32| {
        atom(&[(first + 1, &format!("Day {}", first + 1), "w"), (first, &format!("Day {first}"), "w")], "")
    };
    let (scene, web) = blog(&days(1)).await;
    for day in 2..9 {
        web.publish("blog.example/news.xml", &days(day));
        scene.an_hour_passes().await;
        scene.sync(Mode::Since).await;
    }
    assert_eq!((scene.titles().len(), scene.finds("w", BEN).len()), (10, 9), "the feed and nine days");
    scene.server.asked();

    // Even who reads everything again, and asks the feed about each, deletes nothing.
    let synced = scene.try_sync(Mode::Everything).await;
    assert_eq!(synced.report.run.outcome, Some(Outcome::Incomplete));
    insta::assert_snapshot!(synced.report.skipped[0].reason, @"of 5 items that were not mentioned any more, the source could not say of 5 whether they are there; they stay as they were, and are asked about again later");
    assert_eq!(scene.finds("w", BEN).len(), 9);
    scene.sync(Mode::Since).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_slid_past_between_two_syncs_is_read_from_older_documents() {
    let older = |page: u32| format!("<link rel='next' href='/news.xml?page={page}'/>");
    let (scene, web) = blog(&atom(&[(2, "Two", "w"), (1, "One", "w")], "")).await;
    web.publish("blog.example/news.xml", &atom(&[(8, "Eight", "w"), (7, "Seven", "w")], &older(2)));
    web.publish("blog.example/news.xml?page=2", &atom(&[(6, "Six", "w"), (5, "Five", "w")], &older(3)));
    web.publish("blog.example/news.xml?page=3", &atom(&[(4, "Four", "w"), (2, "Two", "w")], &older(4)));
    scene.sync(Mode::Since).await;
    let page = |page: u32| format!("GET blog.example/news.xml?page={page}");
    let first = "GET blog.example/news.xml".to_owned();
    assert_eq!(
        scene.server.lines(),
        [first.clone(), page(2), page(3)],
        "it ends where something known stands"
    );
    assert_eq!(scene.titles(), set(&["News", "Eight", "Seven", "Six", "Five", "Four", "Two", "One"]));
    scene.sync(Mode::Since).await;
    assert_eq!(scene.server.lines(), [first]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_breaks_off_between_documents_goes_on_in_the_next_process() {
    let older = |page: u32| format!("<link rel='prev-archive' href='/news.xml?page={page}'/>");
    let web = Web::default();
    web.publish("blog.example/news.xml", &atom(&[(3, "Three", "w")], &older(2)));
    web.publish("blog.example/news.xml?page=2", &atom(&[(2, "Two", "w")], &older(1)));
    web.publish("blog.example/news.xml?page=1", &atom(&[(1, "One", "w")], ""));
    let scene = connected(&web, &format!(r#"{{"feeds":["{NEWS}"]}}"#)).await;
    scene.cut_off_after("feeds", 1).await;
    let mut lines = scene.server.lines();
    let scene = scene.reopened();
    scene.sync(Mode::Since).await;
    lines.extend(scene.server.lines());
    // What was under way when the process ended may be asked again.
    lines.dedup();
    let page = |page: u32| format!("GET blog.example/news.xml?page={page}");
    let root = || "GET blog.example/news.xml".to_owned();
    assert_eq!(lines, [root(), page(2), page(1), root()], "at last it is asked who may read the feed");
    assert_eq!(scene.finds("w", BEN), set(&["Three", "Two", "One"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_feed_s_own_word_deletes() {
    let tombstone = |when: &str| {
        format!(
            "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' \
             ref='tag:blog.example,2026:1' when='{when}'/>"
        )
    };
    let (scene, web) = blog(&atom(&[(2, "Two", "w"), (1, "One", "w")], "")).await;
    // The entry was written again after it had been taken back.
    web.publish(
        "blog.example/news.xml",
        &atom(&[(2, "Two", "w"), (1, "One", "w")], &tombstone("2025-12-31T00:00:00Z")),
    );
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("w", ANA), set(&["One", "Two"]));
    web.publish("blog.example/news.xml", &atom(&[(2, "Two", "w")], &tombstone("2026-01-09T00:00:00Z")));
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("w", ANA), set(&["Two"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_asked_about_is_gone_if_its_address_or_a_complete_feed_says_so() {
    let rss = |items: &[&str], more: &str| {
        let item = |name: &&str| {
            format!(
                "<item><title>{name}</title><guid>{BLOG}/{name}</guid><description>w</description></item>"
            )
        };
        let items: String = items.iter().map(item).collect();
        format!("<rss version='2.0'><channel><title>News</title>{more}{items}</channel></rss>")
    };
    let (scene, web) = blog(&rss(&["kept", "moved", "withdrawn"], "")).await;
    web.put("blog.example/moved", Reply::of(404));
    web.put("blog.example/withdrawn", Reply::of(410));
    web.publish("blog.example/news.xml", &rss(&["kept"], ""));
    scene.try_sync(Mode::Everything).await;
    assert_eq!(scene.titles(), set(&["News", "kept", "moved"]), "404 is not enough");
    let complete = "<fh:complete xmlns:fh='http://purl.org/syndication/history/1.0'/>";
    web.publish("blog.example/news.xml", &rss(&["kept"], complete));
    scene.try_sync(Mode::Everything).await;
    assert_eq!(scene.titles(), set(&["News", "kept"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_entry_is_one_failure_and_is_read_once_it_is_mended() {
    let awkward = include_str!("../../components/feed/tests/feeds/awkward-atom.xml");
    let web = Web::default();
    web.publish("blog.example/news.xml", awkward);
    let scene = connected(&web, &format!(r#"{{"feeds":["{NEWS}"]}}"#)).await;
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("beaver", ANA), set(&["An xhtml title"]));
    let reasons: Vec<String> = scene.failures().into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    web.publish("blog.example/news.xml", &awkward.replace("Not <b>closed", "Now closed"));
    scene.sync(Mode::Since).await;
    assert!(scene.titles().contains("Now closed"));
    assert_eq!(scene.failures().len(), 1, "nothing names the other one");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_fetched_from_the_feed_s_own_site_hop_by_hop() {
    let entry = format!(
        "<entry><id>tag:blog.example,2026:1</id><title>Plans</title><updated>2026-01-01T00:00:00Z</updated>\
         <link rel='enclosure' href='{BLOG}/plan' type='text/plain'/>\
         <link rel='enclosure' href='{BLOG}/leads-away' type='text/plain'/>\
         <link rel='enclosure' href='https://cdn.example/film.txt' type='text/plain'/></entry>"
    );
    let (scene, web) = blog(&atom(&[], &entry)).await;
    web.put("blog.example/plan", Reply::of(302).with("location", "/files/plan.txt"));
    web.put(
        "blog.example/files/plan.txt",
        Reply::of(200).with("content-type", "text/plain").body("A walrus pond."),
    );
    web.put("blog.example/leads-away", Reply::of(302).with("location", "https://cdn.example/secret.txt"));
    web.put("cdn.example/secret.txt", Reply::of(200).body("An unagreed pond."));
    let read =
        scene.host.read_files(NAME, Limits::default(), &Stop::never(), Arc::new(Silent)).await.unwrap();
    assert_eq!((read.taken, read.unfetched), (1, 1));
    assert_eq!(scene.finds("walrus", BEN), set(&["plan"]));
    assert_eq!(scene.titles(), set(&["News", "Plans", "plan", "leads-away"]), "elsewhere is no file");
    assert!(scene.server.lines().iter().all(|line| !line.contains("cdn.example")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_taken_out_of_the_settings_goes_with_all_it_said() {
    let web = Web::default();
    web.publish("blog.example/news.xml", &atom(&[(1, "Otters", "w")], ""));
    web.publish("blog.example/rivals.xml", &atom(&[(1, "Rivals", "w")], ""));
    let scene =
        connected(&web, &format!(r#"{{"feeds":["{NEWS}","https://blog.example/rivals.xml"]}}"#)).await;
    scene.sync(Mode::Since).await;
    // This one came after the first read.
    web.publish("blog.example/rivals.xml", &atom(&[(2, "Rivals again", "w")], ""));
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("w", ANA), set(&["Otters", "Rivals", "Rivals again"]));
    scene.set(&format!(r#"{{"feeds":["{NEWS}"]}}"#)).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.titles(), set(&["News", "Otters"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_of_one_feed_is_told_and_the_others_are_read() {
    let web = Web::default();
    web.publish("blog.example/news.xml", &atom(&[(1, "Otters", "w")], ""));
    web.publish("other.example/feed", &atom(&[(1, "Rivals", "w")], ""));
    let scene = connected(&web, &format!(r#"{{"feeds":["https://other.example/feed","{NEWS}"]}}"#)).await;
    let mut said = Vec::new();
    for reply in [
        Reply::of(401),
        Reply::of(403),
        Reply::of(404),
        Reply::of(410),
        Reply::of(429).with("retry-after", "7200"),
        Reply::of(500),
        Reply::of(301).with("location", "https://cdn.example/feed"),
        Reply::of(302).with("location", "/feed"),
        Reply::of(200).body("<html><body>We moved</body></html>"),
        Reply::of(200).body("<feed xmlns='http://www.w3.org/2005/Atom'><entry>"),
    ] {
        let status = reply.status;
        web.put("other.example/feed", reply);
        said.push(format!("{status}: {}", scene.trouble(Mode::Since).await));
        // Until then the site is left alone.
        scene.an_hour_passes().await;
        scene.an_hour_passes().await;
    }
    assert_eq!(scene.finds("w", ANA), set(&["Otters"]));
    insta::assert_snapshot!(said.join("\n"), @r"
        401: asked for https://other.example/feed and got 401: it wants a name and a password; give this feed a connection of its own that signs in
        403: asked for https://other.example/feed and got 403: this feed may not be read from here
        404: asked for https://other.example/feed and got 404: no feed is there; look on its site for the new address
        410: asked for https://other.example/feed and got 410: the feed was given up; take it out of the settings
        429: asked for https://other.example/feed and got 429; it asks to be left alone for 7200s
        500: asked for https://other.example/feed and got 500
        301: asked for https://other.example/feed, and was redirected to https://cdn.example/feed, which is at another site: if that is where the feed is now, change the settings
        302: asked for https://other.example/feed, and was redirected more than 5 times
        200: asked for the feed https://other.example/feed, and what is there is a web page: look on it for the address of its feed
        200: asked for the feed https://other.example/feed, and what is there breaks off before its end
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_goes_to_one_site_and_asks_who_may_read() {
    let served = |asked: &Asked| match asked.header("authorization") {
        Some("Basic YW5hOnN3b3JkZmlzaA==") => Reply::of(200).body(atom(&[(1, "Inside", "w")], "")),
        _ => Reply::of(401),
    };
    let scene = Scene::before(Server::start(served).await);
    let one = format!(r#"{{"feeds":["{NEWS}"]}}"#);
    let two = format!(r#"{{"feeds":["{NEWS}","https://other.example/x"],"readers":["everyone"]}}"#);
    let named = format!(r#"{{"feeds":["{NEWS}"],"readers":["{ANA}"]}}"#);
    let basic = |settings| Wanted { login: "basic", username: Some("ana"), ..anonymous(settings) };
    let mut said = Vec::new();
    for wanted in [
        basic(&one),
        basic(&two),
        Wanted { secret: "wrong", ..basic(&named) },
        anonymous(&one),
        anonymous(r#"{"feeds":["http://blog.example/x","https://u:p@blog.example/","x"],"readers":["Ana"]}"#),
        anonymous(r#"{"feeds":[]}"#),
    ] {
        said.push(scene.connect(&wanted).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        the settings are refused:
          /readers: behind a sign-in a feed does not say who may read it: name e-mails, or `everyone`
        the settings are refused:
          /feeds: these feeds are at 2 sites, and one password would be sent to all of them; give each site a connection of its own
        failed to sign in: asked for https://blog.example/news.xml and got 401: the name or the password is not taken any more
        the settings are refused:
          /feeds/0: asked for https://blog.example/news.xml and got 401: it wants a name and a password; give this feed a connection of its own that signs in
        the settings are refused:
          /feeds/0: "http://blog.example/x" has to begin with https://, like https://blog.example/feed.xml
          /feeds/1: an address without a name and a password in it; those belong to the sign-in
          /feeds/2: "x" is no address, like https://blog.example/feed.xml
          /readers: "ana" is neither an e-mail nor `everyone`
        the settings are refused:
          /feeds: name at least one feed
    "#);
    scene.connect(&Wanted { secret: "swordfish", ..basic(&named) }).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("w", ANA).len(), scene.finds("w", BEN).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_over_the_feeds_and_an_estimate() {
    let (scene, web) = blog(&atom(&[(2, "Two", "w"), (1, "One", "w")], "")).await;
    let estimate = scene.host.estimate(NAME).await.unwrap();
    assert_eq!((estimate.amounts[0].items, estimate.amounts[0].requests), (2, 1));
    let told = async || {
        let findings = scene.host.doctor(NAME).await.unwrap();
        let feeds = findings.into_iter().filter(|finding| finding.name == "feed");
        feeds
            .map(|finding| format!("{:?} {} / {:?}", finding.verdict, finding.message, finding.remedy))
            .collect::<String>()
    };
    insta::assert_snapshot!(told().await, @r#"Notice https://blog.example/news.xml: “News” shows its newest 2 entries / Some("older ones cannot be read; sync more often than it publishes that many")"#);
    web.put("blog.example/news.xml", Reply::of(404));
    insta::assert_snapshot!(told().await, @r#"Bad https://blog.example/news.xml: asked for https://blog.example/news.xml and got 404: no feed is there; look on its site for the new address / Some("change the settings (`weir connection set there --set KEY=VALUE`)")"#);
}
