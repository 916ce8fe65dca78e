//! What goes wrong at a user's desk, and the exact words: what was attempted, what came back,
//! what to do next. Nothing that was stored is lost by any of it.

use std::net::TcpListener;

use confluence_simulator::{CRAWLER_EMAIL, Fault, Knobs, Operation, Principal, What, When};

use crate::acme::{SITE, small};
use crate::command::{User, serve, snapshots, stable};
use crate::wasm::test_connector;

#[test]
fn addresses_that_are_not_a_site_s() {
    let user = User::new();
    let mut said = Vec::new();
    for site in [
        "http://acme.atlassian.net",
        "https://acme.atlassian.net/",
        "https://acme.atlassian.net/wiki",
        "https://acme.atlassian.net/wiki/spaces/ENG?a=b",
        "acme.atlassian.net",
        "https://wiki.acme.example",
        "https://atlassian.net",
        "https://acme.atlassian.net:8443",
        "https://me:secret@acme.atlassian.net",
        "",
    ] {
        let refused = user.adds_with("http://127.0.0.1:9", site, CRAWLER_EMAIL);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
        let words = refused.stderr.trim_end().trim_start_matches("error: the settings are refused:\n  ");
        said.push(format!("{site}\n    {words}"));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        http://acme.atlassian.net
            /site: The site must begin with https://, not http://: https://your-site.atlassian.net.
        https://acme.atlassian.net/
            /site: The site must not end with a slash; use https://acme.atlassian.net.
        https://acme.atlassian.net/wiki
            /site: The site must not have a path; remove "/wiki" and use https://acme.atlassian.net.
        https://acme.atlassian.net/wiki/spaces/ENG?a=b
            /site: The site must not have a path; remove "/wiki/spaces/ENG?a=b" and use https://acme.atlassian.net.
        acme.atlassian.net
            /site: The site needs https:// in front: https://your-site.atlassian.net.
        https://wiki.acme.example
            /site: wiki.acme.example is not a Confluence Cloud site; Confluence Cloud sites end in .atlassian.net.
        https://atlassian.net
            /site: The site's own name is missing; put your site's name before atlassian.net: https://your-site.atlassian.net.
        https://acme.atlassian.net:8443
            /site: The site must not name a port; remove :8443 after acme.atlassian.net.
        https://me:secret@acme.atlassian.net
            /site: The site must not hold a user name or password; enter e-mail and token as the login.

            /site: The site is empty; it looks like https://your-site.atlassian.net.
    "#);
    assert!(user.runs(&["connection", "list"]).stdout.is_empty(), "nothing was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_or_another_account_s_e_mail() {
    let site = serve(small()).await;
    let user = User { secret: Some("not-the-token".into()), ..User::new() };
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @r#"
        exit 1
        --- stderr
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"); check that the e-mail is the one of the account the token was made for, that the token was copied whole and made without scopes, and that it has not expired or been revoked
    "#)
    });
    assert_eq!(site.ledger().entries().len(), 1, "a wrong token is tried once");

    let user = User::new();
    let said = user.adds_with(&site.url(), SITE, "somebody-else@acme.example");
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @r#"
        exit 1
        --- stderr
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"); check that the e-mail is the one of the account the token was made for, that the token was copied whole and made without scopes, and that it has not expired or been revoked
    "#)
    });
    let said = user.adds_with(&site.url(), SITE, "crawler:acme");
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @r"
        exit 1
        --- stderr
        error: a username for basic authentication cannot contain `:` (RFC 7617); check --username
    ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_may_not_use_confluence() {
    let mut site = small();
    site.remove_group_member(confluence_simulator::USERS_GROUP, "crawler");
    site.remove_group_member(confluence_simulator::ADMINS_GROUP, "crawler");
    let (site, user) = (serve(site).await, User::new());
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @r"
        exit 1
        --- stderr
        error: failed to sign in: acme.atlassian.net did not accept the e-mail and the API token (asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Current user not permitted to use Confluence); check that the e-mail is the one of the account the token was made for, that the token was copied whole and made without scopes, and that it has not expired or been revoked
    ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_sees_no_space() {
    let mut site = small();
    let spaces: Vec<u64> = site.spaces.keys().copied().collect();
    for space in spaces {
        for reader in [Principal::all_licensed_users(), Principal::group("designers")] {
            site.remove_space_permission(space, &reader, &Operation::read_space());
        }
    }
    let (site, user) = (serve(site).await, User::new());
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @r"
        exit 1
        --- stderr
        error: failed to sign in: asked acme.atlassian.net for /wiki/api/v2/spaces and got none: Crawler (crawler@acme.example) on acme.atlassian.net can sign in but sees no space; ask a Confluence administrator to give this account access to the spaces that shall be searched
    ")
    });
}

#[test]
fn a_site_that_does_not_answer() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let user = User::new();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.adds(&url)), @r"
        exit 1
        --- stderr
        error: failed to sign in: asked acme.atlassian.net for /wiki/rest/api/user/current, but the connection was refused; check the address, and if it is right, try again later (GET SITE failed: no connection could be made (tcp connect error: Connection refused (os error 111)); check the address, and that nothing blocks it)
    ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_html_half_of_json_or_an_error() {
    let site = serve(small()).await;
    let user = User::new();
    let mut said = Vec::new();
    for what in [What::Html, What::TruncatedJson, What::Status { code: 500, retry_after_seconds: None }] {
        let fault = Fault { path: String::new(), when: When::Always, what };
        site.set_knobs(Knobs { faults: vec![fault], ..Knobs::default() });
        said.push(user.adds(&site.url()).to_string());
    }
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r#"
        exit 1
        --- stderr
        error: failed to sign in: asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (expected value at line 1 column 1): <!DOCTYPE html><html><head><title>Log in with Atlassian account</title></head><body><h1>Log in to continue</h1></body></html>; is acme.atlassian.net a Confluence Cloud site, and is Confluence part of its plan?
        exit 1
        --- stderr
        error: failed to sign in: asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (EOF while parsing a string at line 1 column 231): {"_expandable":{"operations":"","personalSpace":""},"_links":{"self":"SITE/wiki/rest/api/user?accountId=crawler"},"accountId":"crawler","accountStatus":"active","accountType":"at; is acme.atlassian.net a Confluence Cloud site, and is Confluence part of its plan?
        exit 1
        --- stderr
        error: failed to sign in: asked acme.atlassian.net for /wiki/rest/api/user/current and got 500: <html><head><title>500</title></head><body><h1>500</h1></body></html>; check the address, and if it is right, try again later
    "#)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_unknown_or_taken() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let mut said = vec![user.adds(&site.url())];
    for arguments in [
        &["sync", "akme"] as &[&str],
        &["connection", "show", "akme"],
        &["connection", "remove", "akme"],
        &["items", "--connection", "akme"],
        &["why", "page:1", "--as", "ana@acme.example"],
        &["connection", "add", "akme", "--name", "akme"],
        &["person", "link", "hidden@acme.example", "nobody", "--connection", "acme"],
    ] {
        said.push(user.runs(arguments));
    }
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r"
        exit 1
        --- stderr
        error: a connection named `acme` exists already; choose another name or remove that one first
        exit 1
        --- stderr
        error: failed to sync akme
          because there is no connection named `akme`; there are: acme
        exit 1
        --- stderr
        error: there is no connection named `akme`; there are: acme
        exit 1
        --- stderr
        error: there is no connection named `akme`; there are: acme
        exit 1
        --- stderr
        error: there is no connection named `akme`; there are: acme
        exit 1
        --- stderr
        error: there is no item `page:1` that has been read; ids look like page:98765, and `weir items` lists them
        exit 1
        --- stderr
        error: there is no connector `akme`: `confluence` is built in, anything else is a component file
          because No such file or directory (os error 2)
        exit 1
        --- stderr
        error: no account `nobody` is known at this connection (5 are); sync first, and check the id
    ")
    });
    assert_eq!(user.runs(&["items", "--connection", "acme"]).stdout.lines().count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_e_mails_are_hidden_so_nobody_matches() {
    let mut site = small();
    site.users.values_mut().for_each(|user| user.email_visible = false);
    let site = serve(site).await;
    let user = User::synced(&site);
    let said = user.runs(&["search", "flamingo", "--as", "ana@acme.example"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said), @r"
        exit 0
        --- stderr
        nothing that ana@acme.example may read matches
        no user of acme shows this e-mail; if the site hides it, find the account with `weir person list --connection acme` and link it with `weir person link ana@acme.example ACCOUNT-ID --connection acme`
    ")
    });
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.runs(&["status"]).ok()), @r"
        exit 0
        --- stdout
        acme
          items    1 blogpost, 4 pages, 1 page-attachment, 2 page-comments, 2 spaces
          people   5 users, 4 without e-mail (0 of them named by an access), 0 linked; 3 groups
          last run WHEN complete
    ")
    });
}

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

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_of_a_newer_weir() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let file = user.data().join("weir.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.runs(&["sync"])), @r"
        exit 1
        --- stderr
        error: failed to open the data folder HOME/data
          because the store HOME/data/weir.db was written by a newer Weir (format 99; this one knows 1); run that newer Weir
    ")
    });
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 1).unwrap();
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
    for file in std::fs::read_dir(user.data().join("index")).unwrap() {
        std::fs::write(file.unwrap().path(), "no index").unwrap();
    }
    assert_eq!(user.runs(&search).ok().stdout, before);
    std::fs::remove_dir_all(user.data().join("index")).unwrap();
    assert_eq!(user.runs(&search).ok().stdout, before);
}

#[test]
fn files_that_are_no_connectors() {
    let user = User::new();
    let place = |name: &str, bytes: &[u8]| {
        let file = user.home.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let half = test_connector().get(..test_connector().len() / 2).unwrap();
    let mut said = Vec::new();
    for file in [
        place("notes.txt", b"Dear diary"),
        place("module.wasm", b"\0asm\x01\0\0\0"),
        place("half.wasm", half),
        user.home.path().join("missing.wasm").to_str().unwrap().to_owned(),
    ] {
        said.push(user.runs(&["connector", "inspect", &file]).to_string());
        said.push(user.runs(&["connection", "add", &file, "--name", "x"]).to_string());
    }
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r"
        exit 1
        --- stderr
        error: HOME/notes.txt is no connector that this host can run
          because it is not a WebAssembly component but some other file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        exit 1
        --- stderr
        error: `HOME/notes.txt` is no connector that this host can run: it is not a WebAssembly component but some other file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        exit 1
        --- stderr
        error: HOME/module.wasm is no connector that this host can run
          because it is not a WebAssembly component but a core module: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        exit 1
        --- stderr
        error: `HOME/module.wasm` is no connector that this host can run: it is not a WebAssembly component but a core module: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        exit 1
        --- stderr
        error: HOME/half.wasm is no connector that this host can run
          because it could not be compiled (failed to parse WebAssembly module: wasm component contains an invalid module section: section is cut off): it may be damaged or use a feature this host does not run
        exit 1
        --- stderr
        error: `HOME/half.wasm` is no connector that this host can run: it could not be compiled (failed to parse WebAssembly module: wasm component contains an invalid module section: section is cut off): it may be damaged or use a feature this host does not run
        exit 1
        --- stderr
        error: failed to read HOME/missing.wasm
          because No such file or directory (os error 2)
        exit 1
        --- stderr
        error: there is no connector `HOME/missing.wasm`: `confluence` is built in, anything else is a component file
          because No such file or directory (os error 2)
    ")
    });
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
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r"
        exit 1
        --- stderr
        error: no secret was given: pipe it in with --secret-stdin, set WEIR_SECRET, or run this on a terminal
        exit 1
        --- stderr
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

#[test]
fn wrong_usage_is_exit_code_2() {
    let user = User::new();
    let mut said = Vec::new();
    for arguments in [
        &["serach"] as &[&str],
        &["search", "words"],
        &["search", "words", "--as", "me", "--limit", "0"],
        &["connection", "add"],
    ] {
        let wrong = user.runs(arguments);
        assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
        said.push(wrong.stderr);
    }
    insta::assert_snapshot!(said.join(""), @r"
        error: unrecognized subcommand 'serach'

          tip: a similar subcommand exists: 'search'

        Usage: weir [OPTIONS] <COMMAND>

        For more information, try '--help'.
        error: the following required arguments were not provided:
          --as <EMAIL>

        Usage: weir search --as <EMAIL> --data <DIR> <WORDS>...

        For more information, try '--help'.
        error: invalid value '0' for '--limit <LIMIT>': 0 is not in 1..=100

        For more information, try '--help'.
        error: the following required arguments were not provided:
          --name <NAME>
          <CONNECTOR>

        Usage: weir connection add --name <NAME> --data <DIR> <CONNECTOR>

        For more information, try '--help'.
    ");
}

#[test]
fn arguments_that_cannot_be_understood() {
    let user = User::new();
    let add = |more: &[&str]| {
        let mut arguments = vec!["connection", "add", "confluence", "--name", "acme"];
        arguments.extend(more);
        user.runs(&arguments).to_string()
    };
    let site = "site=https://acme.atlassian.net";
    let said = [
        add(&["--set", "site"]),
        add(&["--set", site, "--set", site, "--username", "me"]),
        add(&["--set", site, "--set", "sight=x", "--username", "me"]),
        add(&["--set", "site=[1", "--username", "me"]),
        add(&["--set", site]),
        add(&["--set", site, "--login", "oauth", "--username", "me"]),
        add(&["--set", site, "--username", "me", "--route", "https://acme.atlassian.net"]),
        add(&["--set", site, "--username", "me", "--route", "https://a.example=http://127.0.0.1:9"]),
        user.runs(&["search", "!!", "--as", "ana@acme.example"]).to_string(),
    ];
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, said.join("\n")), @r#"
        exit 1
        --- stderr
        error: `--set site` is not KEY=VALUE, as in --set site=SITE
        exit 1
        --- stderr
        error: `site` was set twice
        exit 1
        --- stderr
        error: the settings are refused:
          /sight: There is no setting "sight"; the only one is "site".
        exit 1
        --- stderr
        error: the value of `site` is no JSON
          because EOF while parsing a list at line 1 column 2
        exit 1
        --- stderr
        error: the login needs --username (E-mail of the Atlassian account)
        exit 1
        --- stderr
        error: the connector has no login `oauth`; it offers api-token
        exit 1
        --- stderr
        error: the route `SITE` must be FROM=TO, as SITE=http://LOOPBACK
        exit 1
        --- stderr
        error: the route from https://a.example stands in for none of the origins of this connection (SITE, https://api.media.atlassian.com)
        exit 1
        --- stderr
        error: the query has no word to search for; type at least one letter or digit
    "#)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_run_out() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    site.change(|site| site.users.get_mut("crawler").unwrap().api_token = None);
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.runs(&["sync"]).stderr), @r#"
        directory/people: asked acme.atlassian.net for /wiki/rest/api/group and got 403: com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"
        content/: asked acme.atlassian.net for /wiki/api/v2/spaces and got 404: Not Found
        directory/people: the run stops here
        error: failed to sync acme
          because the run stopped, and what was read is kept; if the token was revoked or has run out, remove the connection and add it again with a new one
          because asked acme.atlassian.net for /wiki/rest/api/group and got 403: com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"
    "#)
    });
    assert_eq!(user.runs(&["sync"]).code, 1);
    assert_eq!(user.runs(&["items", "--connection", "acme"]).stdout.lines().count(), 10, "nothing is lost");
}
