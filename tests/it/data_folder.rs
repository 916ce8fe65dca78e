//! A data folder that is damaged, lost in part, or somebody else's: said in words, and nothing
//! that was stored is lost by it.

use crate::acme::small;
use crate::command::{User, serve, snapshots, stable};

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_is_damaged_or_somebody_else_s() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let file = user.data().join("weir.db");
    let good = std::fs::read(&file).unwrap();
    let mut torn = good.clone();
    torn[4_096..].fill(0xA5);
    let mut said = Vec::new();
    for bytes in [b"Dear diary, nobody else writes here.\n".repeat(99), torn] {
        std::fs::write(&file, &bytes).unwrap();
        for command in [&["status"] as &[&str], &["search", "flamingo", "--as", "ana@acme.example"]] {
            said.push(user.runs(command).to_string());
        }
        assert!(std::fs::read(&file).unwrap() == bytes, "nothing was written to it");
    }
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r"
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because HOME/data/weir.db is not Weir's store; nothing was written to it. Choose another data folder, or move that file aside
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because HOME/data/weir.db is not Weir's store; nothing was written to it. Choose another data folder, or move that file aside
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because the store HOME/data/weir.db is damaged (could not use the store: database disk image is malformed); restore the data folder from a backup, or move it aside, add its connections again and sync
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because the store HOME/data/weir.db is damaged (could not use the store: database disk image is malformed); restore the data folder from a backup, or move it aside, add its connections again and sync
    ")
    });
    std::fs::write(&file, good).unwrap();
    user.runs(&["search", "flamingo", "--as", "ana@acme.example"]).ok();
}

/// An empty store beside a key and an index was lost; to begin anew would look like an empty site.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_emptied_or_is_missing() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let file = user.data().join("weir.db");
    std::fs::write(&file, "").unwrap();
    let emptied = user.runs(&["status"]);
    std::fs::remove_file(&file).unwrap();
    let missing = user.runs(&["status"]);
    for said in [emptied, missing] {
        assert_eq!(said.code, 1);
        assert!(said.stderr.contains("weir.db is missing or empty"), "{}", said.stderr);
    }
    assert!(!file.exists(), "nothing is put in its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_of_a_newer_weir() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let file = user.data().join("weir.db");
    let open = || rusqlite::Connection::open(&file).unwrap();
    let ours: i64 = open().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    open().pragma_update(None, "user_version", 99).unwrap();
    let said = stable(&user, user.runs(&["sync"])).replace(&format!("knows {ours})"), "knows OURS)");
    snapshots(|| {
        insta::assert_snapshot!(said, @"
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because the store HOME/data/weir.db was written by a newer Weir (format 99; this one knows OURS); run that newer Weir
        ")
    });
    open().pragma_update(None, "user_version", ours).unwrap();
    user.runs(&["sync"]).ok();
}

#[test]
fn a_data_folder_that_is_a_file() {
    let user = User::new();
    let file = user.home.path().join("diary");
    std::fs::write(&file, "").unwrap();
    let said = user.runs(&["status", "--data", file.to_str().unwrap()]);
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @r"
        exit 1
        --- stderr
        error: failed to open the data folder HOME/diary
          because cannot use the data folder HOME/diary: File exists (os error 17); check that it exists and that you may write to it
    ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_damaged_is_made_anew() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let search = ["search", "flamingo", "--as", "ana@acme.example"];
    let before = user.runs(&search).ok().stdout;
    for store in std::fs::read_dir(user.data().join("index")).unwrap() {
        for file in std::fs::read_dir(store.unwrap().path()).unwrap() {
            std::fs::write(file.unwrap().path(), "no index").unwrap();
        }
    }
    assert_eq!(user.runs(&search).ok().stdout, before);
    std::fs::remove_dir_all(user.data().join("index")).unwrap();
    assert_eq!(user.runs(&search).ok().stdout, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_are_missing_empty_or_cannot_be_opened() {
    let site = serve(small()).await;
    let user = User { secret: None, ..User::new() };
    let mut said = vec![user.adds(&site.url())];
    let user = User { secret: Some(String::new()), ..user };
    said.push(user.adds(&site.url()));
    let user = User { secret: Some("simulated-api-token".into()), ..user };
    user.adds(&site.url()).ok();
    let key = std::fs::read(user.data().join("key")).unwrap();
    std::fs::remove_file(user.data().join("key")).unwrap();
    said.push(user.runs(&["sync"]));
    let user = User { key: Some("short".into()), ..user };
    said.push(user.runs(&["sync"]));
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @"
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: no secret was given: pipe it in with --secret-stdin, set WEIR_SECRET, or run this on a terminal
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: the secret is empty: create a token as the login describes, and give it in full
        exit 1
        --- stderr
        error: failed to sync acme
          because the secret `credential` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again
        exit 1
        --- stderr
        error: failed to sync acme
          because WEIR_KEY is not 32 bytes in base64; `openssl rand -base64 32` makes one
        ")
    });

    // The right key helps, wherever it comes from.
    use base64::Engine as _;
    let key = base64::engine::general_purpose::STANDARD.encode(key);
    User { key: Some(key), ..user }.runs(&["sync"]).ok();
}
