//! What goes wrong at a user's desk apart from signing in, and the exact words for it.

use crate::acme::small;
use crate::command::{User, serve, snapshots, stable};
use crate::wasm::test_connector;

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
        insta::assert_snapshot!(stable(&user, said.join("\n")), @"
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
        error: there is no item `page:1` that has been read; an item is named by its id, such as page:98765, or by the address of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it out (`weir connection show`), or it is newer than the last sync
        exit 1
        --- stderr
        error: there is no connector `akme`; there are: confluence. A component is installed with `weir connector add FILE`
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
        insta::assert_snapshot!(stable(&user, said), @"
        exit 0
        --- stderr
        nothing that ana@acme.example may read matches; `weir why ADDRESS --as ana@acme.example` tells why a page is not found
        no user of acme shows this e-mail; if the site hides it, find the account with `weir person list --connection acme` and link it with `weir person link ana@acme.example ACCOUNT-ID --connection acme`
        ")
    });
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.runs(&["status"]).ok()), @"
        exit 0
        --- stdout
        acme
          items    1 blogpost, 4 pages, 1 page-attachment, 2 page-comments, 2 spaces
          searched 10 of 10 items
          people   5 users, 4 without e-mail (0 of them named by an access), 0 linked; 4 groups
          files    1 with words, 0 waiting, 0 without
          state    active, next run WHEN
          last run WHEN complete
        ")
    });
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
        error: HOME/missing.wasm was not read: No such file or directory (os error 2)
        exit 1
        --- stderr
        error: HOME/missing.wasm was not read: No such file or directory (os error 2)
    ")
    });
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

          tip: some similar subcommands exist: 'serve', 'search'

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
        add(&["--set", site, "--login", "password", "--username", "me"]),
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
          /sight: There is no setting "sight".
        exit 1
        --- stderr
        error: the settings are refused:
          /site: The site needs https:// in front: https://your-site.atlassian.net.
        exit 1
        --- stderr
        error: the login needs --username (E-mail of the Atlassian account)
        exit 1
        --- stderr
        error: the connector has no login `password`; it offers api-token, oauth
        exit 1
        --- stderr
        error: the route `SITE` must be FROM=TO, as SITE=http://LOOPBACK
        exit 1
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        error: the route from https://a.example stands in for none of the origins of this connection (SITE, https://api.atlassian.com, https://api.media.atlassian.com)
        exit 1
        --- stderr
        error: the query has no word to search for; type at least one letter or digit
        "#)
    });
}

#[test]
fn what_a_component_asks_for_and_offers() {
    let user = User::new();
    let said = user.runs(&["connector", "inspect", "confluence"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(said, @"
        exit 0
        --- stdout
        Confluence Cloud (confluence-cloud 0.1.0)
          from      built in
          sha256    DIGEST
          signed    no
          contract  weir:connector@0.2.0, SIZE
        goes at most to
          https://*.atlassian.net (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        signs in by
          api-token: API token (E-mail of the Atlassian account and API token)
          oauth: OAuth 2.0 (OAuth 2.0: approved at https://auth.atlassian.com/authorize, tokens from https://auth.atlassian.com/oauth/token)
        reads
          changes: What changed (reads everything, since)
          directory: People and groups (reads everything)
          content: Spaces, pages, blog posts, comments and attachments (reads everything, inventory)
          audit: Audit log (reads everything, since)
        brings
          space: Spaces / Spaces
          page: Pages / Pages
          page-comment: Pages / Page comments
          page-attachment: Pages / Page attachments
          blogpost: Blog posts / Blog posts
          blogpost-comment: Blog posts / Blog post comments
          blogpost-attachment: Blog posts / Blog post attachments
          folder: Other content / Folders
          whiteboard: Other content / Whiteboards
          database: Other content / Databases
          embed: Other content / Smart Links
          place: Spaces / Places above what was chosen
        imports
          weir:connector/log@0.2.0
          weir:connector/types@0.2.0
          wasi:io/poll@0.2.6
          wasi:clocks/monotonic-clock@0.2.6
          wasi:io/error@0.2.6
          wasi:io/streams@0.2.6
          wasi:http/types@0.2.4
          wasi:http/outgoing-handler@0.2.4
          wasi:cli/environment@0.2.6
          wasi:cli/exit@0.2.6
          wasi:cli/stdin@0.2.6
          wasi:cli/stdout@0.2.6
          wasi:cli/stderr@0.2.6
          wasi:cli/terminal-input@0.2.6
          wasi:cli/terminal-output@0.2.6
          wasi:cli/terminal-stdin@0.2.6
          wasi:cli/terminal-stdout@0.2.6
          wasi:cli/terminal-stderr@0.2.6
          wasi:clocks/wall-clock@0.2.6
        is held to
          256 MB of memory, 30 s of computing and 900 s in all a call
          no files, no sockets, no environment; requests only through the gate, which adds the credential
        origins
          named once the settings are; give them with --set KEY=VALUE
        exports
          weir:connector/setup@0.2.0
          weir:connector/sync@0.2.0
          weir:connector/content@0.2.0
        ")
    });
}

#[test]
fn help_shows_examples() {
    let user = User::new();
    for arguments in [
        &["--help"] as &[&str],
        &["connection", "add", "--help"],
        &["sync", "--help"],
        &["search", "--help"],
        &["why", "--help"],
        &["person", "link", "--help"],
    ] {
        let help = user.runs(arguments).ok().stdout;
        assert!(help.contains("Example") && help.contains("\n  weir "), "{arguments:?}: {help}");
    }
    insta::assert_snapshot!(stable(&user, user.runs(&["--help"]).stdout), @r"
    Reads a company's knowledge out of the systems that hold it, and shows each person exactly what that
    person may read there

    Usage: weir [OPTIONS] <COMMAND>

    Commands:
      connection  Add, list, show or remove connections
      login       Sign in again, when a token has run out or was replaced; what was read stays
      estimate    Say about how much a first sync reads, and what it costs
      sync        Read one connection, or all of them
      replay      Repeat a run that `weir sync --record` recorded, without its source, and compare
      serve       Read whatever is due and serve the console, until it is stopped
      schedule    When connections are read, and how often
      pause       Do not read a connection on schedule any more
      resume      Read a connection on schedule again
      cancel      Stop the run of a connection that is under way, in whichever process
      runs        What was read when, with what result, in numbers
      status      What is stored, and how the last runs ended
      doctor      Look a connection over, and say what is wrong and what to do about it
      deletions   Deletions that are too many to be believed: list, approve or reject them
      failures    Items that could not be read, a line each, why, and when they are asked about again
      files       Files whose words cannot be found, a line each, and why
      search      Search as a person: only what that person may read is found
      items       List items, a line each
      why         Explain level by level why a person may or may not read an item
      why-not     Say at which step something was left out that a person does not find
      mcp         Let an agent search as the person whose token WEIR_TOKEN holds (MCP on stdin and
                  stdout)
      index       Say what of a connection is searched: kinds of items, or chosen items only
      activity    What the sources' audit logs tell, newest first
      acts        What was done in the console and over the API, and by whom, newest first
      person      Match people who search to users of a source
      token       What programs show to search or administer: make, list or revoke it
      backup      Copy the data folder into one file, while it is used
      restore     Make a data folder of a backup
      connector   Install connectors, look at them, and make them
      demo        Try everything on a simulated Confluence Cloud site: no account needed
      help        Print this message or the help of the given subcommand(s)

    Options:
          --data <DIR>  The data folder: the store, the search index and the key of the secrets [env:
                        WEIR_DATA=HOME/data]
          --json        Print data as JSON Lines
      -h, --help        Print help
      -V, --version     Print version

    Examples:
      weir demo                                   try everything on a simulated site
      weir connection add confluence --name acme --set site=SITE \
           --login api-token --username me@acme.com
      weir sync acme
      weir search parental leave --as ana@acme.com
      weir serve                                  all of this in a browser: http://127.0.0.1:8780

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but incomplete.
    ");
    assert!(user.runs(&["--version"]).ok().stdout.starts_with("weir "));
}
