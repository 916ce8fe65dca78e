//! A secret appears nowhere: not on stdout, not on stderr, not in a file of the data folder.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Fault, Knobs, What, When};

use crate::acme::small;
use crate::command::{User, serve};

/// The token, and the two forms in which it might be written down.
fn forms(token: &str) -> [String; 3] {
    let pair = format!("{CRAWLER_EMAIL}:{token}");
    [token.to_owned(), STANDARD.encode(&pair), STANDARD.encode(token)]
}

fn assert_absent(bytes: &[u8], token: &str, place: &str) {
    for form in forms(token) {
        let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
        assert!(!found, "{form} is in {place}");
    }
}

/// Every file below, links followed no further.
fn search_files(folder: &Path, token: &str) -> usize {
    let mut searched = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            searched += search_files(&entry.path(), token);
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            assert_absent(&bytes, token, &entry.path().display().to_string());
            searched += 1;
        }
    }
    searched
}

#[tokio::test(flavor = "multi_thread")]
async fn is_in_no_output_and_no_file() {
    let site = serve(small()).await;
    let wrong = "wrong-token-of-a-user";
    let user = User { secret: Some(wrong.into()), ..User::new() };
    let refused = user.adds(&site.url());
    assert_eq!(refused.code, 1);
    assert_absent(refused.to_string().as_bytes(), wrong, "what a refused sign-in says");
    search_files(&user.data(), wrong);

    let user = User { secret: Some(API_TOKEN.into()), ..user };
    let mut said = user.adds(&site.url()).ok().to_string();
    for json in [&[] as &[&str], &["--json"]] {
        for command in [
            &["connection", "list"] as &[&str],
            &["connection", "show", "acme"],
            &["sync"],
            &["status"],
            &["items", "--connection", "acme"],
            &["search", "flamingo", "--as", "ana@acme.example"],
            &["person", "list", "--connection", "acme"],
        ] {
            said += &user.runs(&[command, json].concat()).ok().to_string();
        }
    }
    // Also when everything goes wrong.
    for what in [What::Html, What::Status { code: 401, retry_after_seconds: None }] {
        let fault = Fault { path: String::new(), when: When::Always, what };
        site.set_knobs(Knobs { faults: vec![fault], ..Knobs::default() });
        said += &user.runs(&["sync"]).to_string();
        said += &user.runs(&["status", "--json"]).to_string();
    }
    assert_absent(said.as_bytes(), API_TOKEN, "what was printed");
    assert!(said.contains(CRAWLER_EMAIL), "the search is not blind");
    assert!(search_files(&user.data(), API_TOKEN) > 5);
}
