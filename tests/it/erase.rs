//! A connection that is removed: nothing of it is left in the data folder, whenever the removal was cut off.

use std::path::Path;

use weir::store::Store;

use crate::acme::small;
use crate::command::{User, serve};

/// What only the connection brought: a word of its pages, a person, and the site.
const TOLD: [&str; 3] = ["flamingo", "ana@acme.example", "acme.atlassian.net"];

/// The files of a folder in which one of the words stands, in any case. The compiled components are not
/// the connection's, and the tests share them.
fn telling(folder: &Path) -> Vec<String> {
    let mut telling = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            telling.extend(self::telling(&path));
        } else if entry.file_type().unwrap().is_file() {
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            let holds = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
            let told = TOLD.into_iter().find(|word| holds(word));
            telling.extend(told.map(|word| format!("{}: {word}", path.display())));
        }
    }
    telling
}

/// How many files of the index hold words. They are packed, so that no word stands in them to the letter.
fn indexed(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let words = |path: &Path| path.extension().is_some_and(|end| end == "term" || end == "store");
    entries.map(|path| if path.is_dir() { indexed(&path) } else { usize::from(words(&path)) }).sum()
}

/// Recordings of this connection's runs, and of another's whose name begins like it.
fn tapes(user: &User) {
    let folder = user.data().join("tapes");
    std::fs::create_dir(&folder).unwrap();
    for name in ["acme-20260301T091500Z.tape", "acmeology-20260301T091500Z.tape"] {
        std::fs::write(folder.join(name), "recorded").unwrap();
    }
}

fn tapes_left(user: &User) -> Vec<String> {
    let entries = std::fs::read_dir(user.data().join("tapes")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_removed_connection_is_left_on_the_disk() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    tapes(&user);
    let before = telling(&user.data());
    assert!(before.iter().any(|file| file.contains("weir.db")), "{before:?}");
    assert!(indexed(&user.data().join("index")) > 0);
    user.runs(&["connection", "remove", "acme"]).ok();
    assert_eq!((telling(&user.data()), indexed(&user.data().join("index"))), (vec![], 0));
    assert_eq!(tapes_left(&user), ["acmeology-20260301T091500Z.tape"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_was_cut_off_goes_on_with_the_next_command() {
    let site = serve(small()).await;
    // Cut off after its first, its second and its last step.
    for steps in 0..3 {
        let user = User::synced(&site);
        tapes(&user);
        let store = Store::open(&user.data()).unwrap();
        let (removal, items) = store.begin_removal("acme").unwrap();
        assert_eq!(items, 10);
        if steps == 1 {
            assert!(!store.remove_some(removal.connection).unwrap());
        } else if steps == 2 {
            while !store.remove_some(removal.connection).unwrap() {}
        }
        drop(store);
        let found = user.runs(&["search", "flamingo", "--as", "ana@acme.example"]).ok();
        assert!(found.stdout.is_empty(), "{found}");
        assert!(found.stderr.contains("went on removing acme; it is gone"), "{found}");
        assert_eq!((telling(&user.data()), indexed(&user.data().join("index"))), (vec![], 0));
        assert_eq!(tapes_left(&user), ["acmeology-20260301T091500Z.tape"]);
        let listed = user.runs(&["connection", "list"]).ok();
        assert!(!listed.stderr.contains("went on"), "once is enough: {listed}");
        user.adds(&site.url()).ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_beside_the_removed_one_is_found_as_before() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let added = user.runs(&["connection", "show", "acme", "--json"]).ok().json();
    let store = Store::open(&user.data()).unwrap();
    let other = weir::store::NewConnection {
        name: "other".into(),
        connector: "confluence".into(),
        settings: added[0]["settings"].to_string(),
        session: String::new(),
        login: "api-token".into(),
        username: None,
        account: "Somebody".into(),
        origins: Vec::new(),
        routes: Vec::new(),
        setting_up: false,
    };
    store.add_connection(&other, 1).unwrap();
    drop(store);
    user.runs(&["connection", "remove", "other"]).ok();
    let found = user.runs(&["search", "flamingo", "--as", "ana@acme.example", "--json"]).ok();
    assert_eq!(found.json().len(), 8);
}
