//! Words that would be something else than words.

use serde_json::{Value, json};
use weir::host::SyncOptions;
use weir::model::Position;
use weir::sandbox::limits::{LOG_ENTRIES_MAX, LOG_FIELDS_MAX, LOG_MESSAGE_BYTES_MAX};
use weir::store::{Mode, Scope};
use weir::sync::Silent;

use std::sync::Arc;

use super::{Cage, add, all, connection};
use crate::acme::{ANA, small};
use crate::command::User;
use crate::console::{Answer, Desk, client};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_words_is_cut_off_and_counted() {
    let cage = Cage::new().await;
    let connection = connection("floods-the-log");
    let partition = all();
    let read = cage.connector.read_page(&cage.gate, &connection, &partition, &Position::Everything, 10);
    let (page, journal) = read.await;
    assert!(page.unwrap().changes.is_empty());
    assert_eq!((journal.entries.len(), journal.dropped), (LOG_ENTRIES_MAX, 100_000 - LOG_ENTRIES_MAX as u64));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_word_to_the_log_is_cut_and_obeyed_by_no_terminal() {
    let cage = Cage::new().await;
    let (connection, all) = (connection("shouts"), all());
    let read = cage.connector.read_page(&cage.gate, &connection, &all, &Position::Everything, 10).await;
    let entry = &read.1.entries[0];
    assert_eq!((entry.message.len(), entry.fields.len()), (LOG_MESSAGE_BYTES_MAX, LOG_FIELDS_MAX));
    assert!(entry.fields.iter().all(|(name, value)| name.len().max(value.len()) <= LOG_MESSAGE_BYTES_MAX));
    assert!(!entry.message.contains(char::is_control));
}

/// A console with a connection that behaves so, read once.
async fn desk(behaviour: &str) -> Desk {
    let desk = Desk::empty(small()).await;
    add(&desk.host, desk.folder.path(), "mallory", behaviour).await;
    desk.host.set_paused("mallory", true).unwrap();
    let connection = desk.host.store().connection("mallory").unwrap().id;
    let turned = desk.host.alone(connection).await;
    desk.host.sync("mallory", SyncOptions::by_hand(Mode::Everything), Arc::new(Silent)).await.unwrap();
    drop(turned);
    desk
}

/// Nothing that a browser would run, load, or obey; and a policy under which it would not.
fn assert_tame(path: &str, page: &Answer) {
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("script-src 'self';"), "{path}");
    let text = page.text.to_lowercase();
    for tag in
        ["<script>", "<svg onload", "<iframe", "<img src=x", "<style>", "evil.example\"", "action=//evil"]
    {
        assert!(!text.contains(tag), "{path} has {tag}: {}", page.text);
    }
    // As words it may stand there; as an address, or as an attribute of a tag, nowhere.
    for attribute in ["href=\"javascript:", "src=\"//", "href=\"//"] {
        assert!(!text.contains(attribute), "{path} has {attribute}");
    }
    for tag in text.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        // What stands between quotes is a value, and cannot end them.
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains("onerror") && !names.contains("onload"), "{path}: <{tag}>");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_console_runs_what_an_item_says() {
    let desk = desk("speaks-in-tags").await;
    let token = desk.token(Some(ANA), &[Scope::Manage, Scope::Search, Scope::Read]);
    let browser = desk.signed_in().await;
    for path in [
        "/connections",
        "/connections/mallory",
        "/connections/mallory/runs",
        "/connections/mallory/failures",
        "/records",
        "/records?connection=mallory",
        "/people?connection=mallory",
    ] {
        assert_tame(path, &browser.get(path).await);
    }
    let record = browser.get("/records?connection=mallory").await.text;
    let items: Vec<&str> = record.split("href=\"").filter_map(|rest| rest.split('"').next()).collect();
    let items: Vec<&&str> = items.iter().filter(|link| link.contains("thing%3A")).collect();
    assert!(items.len() >= 2, "{record}");
    for link in items {
        let page = browser.get(&link.replace("&amp;", "&")).await;
        assert_tame(link, &page);
        assert!(page.text.contains("flamingo") && page.text.contains("&lt;script&gt;"), "{}", page.text);
    }
    let searcher = desk.token(Some(ANA), &[Scope::Search]);
    let found = desk.get(&searcher, "/search?q=flamingo").await;
    assert_tame("/search", &found);
    assert!(found.text.contains("2 results"), "{}", found.text);
    let why = desk.get(&searcher, "/why?connection=mallory&item=thing%3Ahtml").await;
    assert_tame("/why", &why);
    // Programs get words as JSON, which no browser takes for a page.
    let api = desk.get(&token, "/api/v1/search?q=flamingo").await;
    assert_eq!(
        (api.header("content-type"), api.header("x-content-type-options")),
        ("application/json", "nosniff")
    );
    let search = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "search", "arguments": { "query": "flamingo" } } });
    let request = client().post(desk.at("/mcp")).header("accept", "application/json, text/event-stream");
    let request = request.header("content-type", "application/json").bearer_auth(&searcher);
    let answer = Answer::of(request.body(search.to_string()).send().await.unwrap()).await;
    let results: Value = answer.json()["result"]["structuredContent"]["results"].clone();
    assert_eq!(results.as_array().unwrap().len(), 2, "{}", answer.text);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_terminal_obeys_what_an_item_says() {
    let desk = desk("speaks-in-escapes").await;
    let user = User { home: tempfile::TempDir::new().unwrap(), secret: None, key: None };
    let data = desk.folder.path().to_str().unwrap().to_owned();
    for command in [
        &["search", "flamingo", "--as", ANA, "--data", &data][..],
        &["items", "--connection", "mallory", "--data", &data],
        &["why", "thing:1", "--as", ANA, "--data", &data],
        &["status", "--data", &data],
        &["runs", "mallory", "--data", &data],
    ] {
        let said = user.runs(command);
        assert_eq!(said.code, 0, "{command:?}: {said}");
        for text in [&said.stdout, &said.stderr] {
            let obeyed = |letter: char| {
                (letter.is_control() && !['\n', '\t'].contains(&letter)) || letter == '\u{202e}'
            };
            assert!(!text.contains(obeyed), "{command:?}: {text:?}");
            assert!(!text.lines().any(|line| line.starts_with("error: forged")), "{command:?}: {text}");
        }
    }
    desk.stop().await;
}
