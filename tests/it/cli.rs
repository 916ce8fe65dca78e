//! The command from its first use to its last, word for word.

use confluence_simulator::{Fault, Knobs, What, When};

use crate::acme::{Acme, page, page_id, small};
use crate::command::{User, serve, snapshots, stable};

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_connection_to_its_removal() {
    let site = serve(small()).await;
    let user = User::new();
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    snapshots(|| {
        insta::assert_snapshot!(says(&["connection", "list"]), @r"
            exit 0
            --- stderr
            no connections yet; see `weir connection add --help`, or try `weir demo`
        ");
        insta::assert_snapshot!(says(&["sync"]), @r"
            exit 0
            --- stderr
            nothing to sync: no connections yet; see `weir connection add --help`
        ");
        insta::assert_snapshot!(stable(&user, user.adds(&site.url())), @"
        exit 0
        --- stdout
        added acme
        --- stderr
        requests will go to these origins and no others:
          SITE (reads, with the credential): read spaces, pages, comments, people and permissions
          https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
          https://api.media.atlassian.com (reads, without the credential): download attachments
        signed in as Crawler (crawler@acme.example) on acme.atlassian.net
        next: weir sync acme
        ");
        insta::assert_snapshot!(says(&["connection", "list"]), @r"
            exit 0
            --- stdout
            acme	confluence	Crawler (crawler@acme.example) on acme.atlassian.net
        ");
        insta::assert_snapshot!(says(&["connection", "show", "acme"]), @r#"
            exit 0
            --- stdout
            name       acme
            connector  confluence
            settings   {"site":"SITE"}
            login      api-token crawler@acme.example
            account    Crawler (crawler@acme.example) on acme.atlassian.net
            added      WHEN
            secret     kept, sealed
            origin     SITE (reads, with the credential): read spaces, pages, comments, people and permissions
            origin     https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
            origin     https://api.media.atlassian.com (reads, without the credential): download attachments
            route      SITE to http://LOOPBACK
            route      https://api.atlassian.com to http://LOOPBACK
            route      https://api.media.atlassian.com to http://LOOPBACK
        "#);
        insta::assert_snapshot!(says(&["status"]), @r"
            exit 0
            --- stdout
            acme
              items    nothing yet
              people   0 users, 0 without e-mail (0 of them named by an access), 0 linked; 0 groups
              state    active, due: `weir serve` reads it, or `weir sync acme`
              last run none; start one with `weir sync`
        ");
        let synced = user.runs(&["sync", "acme"]);
        assert_eq!(synced.stderr.lines().count(), 10, "{synced}");
        insta::assert_snapshot!(stable(&user, synced.stdout), @"
        acme: read 1 blogpost, 4 pages, 1 page-attachment, 2 page-comments, 2 spaces
          10 new, 0 changed, 0 moved, 0 with other readers, 0 as before, 0 gone, 0 failed
          SOME requests (0 retried), SIZE, in TIME
        acme: looked into 1 file
          1 with words, 0 waiting, 0 without
        ");
        insta::assert_snapshot!(says(&["status"]), @"
        exit 0
        --- stdout
        acme
          items    1 blogpost, 4 pages, 1 page-attachment, 2 page-comments, 2 spaces
          searched 10 of 10 items
          people   5 users, 1 without e-mail (0 of them named by an access), 0 linked; 4 groups
          files    1 with words, 0 waiting, 0 without
          state    active, next run WHEN
          last run WHEN complete
        ");
        insta::assert_snapshot!(stable(&user, user.runs(&["items", "--connection", "acme", "--kind", "page"]).sorted()), @r"
            exit 0
            --- stdout
            page:98307	page	Handbook	SITE/wiki/spaces/OPEN/pages/98307/Handbook
            page:98308	page	Leave	SITE/wiki/spaces/OPEN/pages/98308/Leave
            page:98309	page	Parental leave	SITE/wiki/spaces/OPEN/pages/98309/Parental+leave
            page:98316	page	Palette	SITE/wiki/spaces/DESIGN/pages/98316/Palette
        ");
        insta::assert_snapshot!(stable(&user, user.runs(&["items", "--connection", "acme", "--as", "ben@acme.example"]).sorted()), @r"
            exit 0
            --- stdout
            attachment:att98312	page-attachment	flamingo.txt	SITE/wiki/pages/viewpageattachments.action?pageId=98309&preview=%2F98309%2F98312%2Fflamingo.txt
            blogpost:98313	blogpost	Flamingo news	SITE/wiki/spaces/OPEN/blog/2026/06/30/98313/Flamingo+news
            comment:98310	page-comment	Re: Parental leave	SITE/wiki/spaces/OPEN/pages/98309/Parental+leave?focusedCommentId=98310
            comment:98311	page-comment	Re: Parental leave	SITE/wiki/spaces/OPEN/pages/98309/Parental+leave?focusedCommentId=98311
            page:98307	page	Handbook	SITE/wiki/spaces/OPEN/pages/98307/Handbook
            page:98308	page	Leave	SITE/wiki/spaces/OPEN/pages/98308/Leave
            page:98309	page	Parental leave	SITE/wiki/spaces/OPEN/pages/98309/Parental+leave
            space:98305	space	Open	SITE/wiki/spaces/OPEN
        ");
        insta::assert_snapshot!(says(&["search", "pink logo", "--as", "ana@acme.example"]), @r"
            exit 0
            --- stdout
              1. Palette  page:98316 (acme, WHEN)
                 The flamingo *pink* of the *logo*.
                 SITE/wiki/spaces/DESIGN/pages/98316/Palette
        ");
        insta::assert_snapshot!(stable(&user, user.runs(&["search", "flamingo", "--as", "ben@acme.example", "--limit", "1"]).stderr), @"1 of 7 results; --limit shows more");
        insta::assert_snapshot!(says(&["search", "giraffe", "--as", "ben@acme.example"]), @"
        exit 0
        --- stderr
        nothing that ben@acme.example may read matches; `weir why ADDRESS --as ben@acme.example` tells why a page is not found
        ");
        insta::assert_snapshot!(says(&["sync", "--everything"]).lines().nth(3).unwrap_or_default(), @"  0 new, 0 changed, 0 moved, 0 with other readers, 10 as before, 0 gone, 0 failed");
        insta::assert_snapshot!(says(&["connection", "remove", "acme"]), @r"
            exit 0
            --- stderr
            removed acme with 10 items
        ");
        insta::assert_snapshot!(says(&["search", "pink logo", "--as", "ana@acme.example"]), @"
        exit 0
        --- stderr
        nothing is here to be found: no connections yet; see `weir connection add --help`
        ");
        insta::assert_snapshot!(says(&["connection", "list"]), @r"
            exit 0
            --- stderr
            no connections yet; see `weir connection add --help`, or try `weir demo`
        ");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn why_somebody_may_or_may_not_read() {
    let mut site = small();
    let handbook = page(&site, "Handbook");
    let few = confluence_simulator::Restriction::to_users(&["ana", "crawler"]);
    site.restrict_page(handbook, Some(few));
    let parental = page_id(page(&site, "Parental leave"));
    let palette = page_id(page(&site, "Palette"));
    let site = serve(site).await;
    let user = User::synced(&site);
    let why = |item: &str, email: &str| stable(&user, user.runs(&["why", item, "--as", email]));
    snapshots(|| {
        insta::assert_snapshot!(why(&parental, "ana@acme.example"), @r"
            exit 0
            --- stdout
            ana@acme.example may read page:98309 (Parental leave)
              who      user ana of acme, by e-mail
              yes  space:98305 Open: all members, through all members
              yes  page:98307 Handbook: only Ana, Crawler of the parent's readers, through Ana
              yes  page:98308 Leave: as its parent
              yes  page:98309 Parental leave: as its parent
        ");
        insta::assert_snapshot!(why(&parental, "ben@acme.example"), @r"
            exit 0
            --- stdout
            ben@acme.example may not read page:98309 (Parental leave)
              who      user ben of acme, by e-mail
              yes  space:98305 Open: all members, through all members
              no   page:98307 Handbook: only Ana, Crawler of the parent's readers  <- the person is none of those named
              no   page:98308 Leave: as its parent
              no   page:98309 Parental leave: as its parent
        ");
        insta::assert_snapshot!(why(&palette, "hidden@acme.example"), @r"
            exit 0
            --- stdout
            hidden@acme.example may not read page:98316 (Palette)
              who      nobody that acme knows: no user shows this e-mail; if it is hidden there, `weir person link`
              no   space:98314 Design: group designers  <- the person is none of those named
              no   page:98316 Palette: as its parent
        ");
        insta::assert_snapshot!(why(&palette, "closed@acme.example"), @r"
            exit 0
            --- stdout
            closed@acme.example may not read page:98316 (Palette)
              who      nobody that acme knows: no user shows this e-mail; if it is hidden there, `weir person link`
              no   space:98314 Design: group designers  <- the person is none of those named
              no   page:98316 Palette: as its parent
        ");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_linked_and_unlinked() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    let link = ["person", "link", "hidden@acme.example", "hidden", "--connection", "acme"];
    let unlink = ["person", "unlink", "hidden@acme.example", "--connection", "acme"];
    let search = ["search", "parents", "--as", "hidden@acme.example"];
    insta::assert_snapshot!(says(&search), @"
    exit 0
    --- stderr
    nothing that hidden@acme.example may read matches; `weir why ADDRESS --as hidden@acme.example` tells why a page is not found
    no user of acme shows this e-mail; if the site hides it, find the account with `weir person list --connection acme` and link it with `weir person link hidden@acme.example ACCOUNT-ID --connection acme`
    ");
    insta::assert_snapshot!(says(&link), @r"
        exit 0
        --- stderr
        hidden@acme.example is hidden at acme
    ");
    assert_eq!(user.runs(&search).ok().stdout.lines().count(), 9, "three lines for each of three");
    insta::assert_snapshot!(says(&["person", "list", "--connection", "acme"]), @r"
        exit 0
        --- stdout
        ana	Ana	ana@acme.example	
        ben	Ben	ben@acme.example	
        crawler	Crawler	crawler@acme.example	
        guest	Guest	guest@agency.example	
        hidden	Hidden	(hidden)	hidden@acme.example
    ");
    insta::assert_snapshot!(says(&unlink), @r"
        exit 0
        --- stderr
        the link is gone
    ");
    insta::assert_snapshot!(says(&unlink), @r"
        exit 0
        --- stderr
        there was no such link
    ");
    assert!(user.runs(&search).ok().stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_json_every_line_is_an_object_and_talk_stays_on_stderr() {
    let site = serve(small()).await;
    let user = User::new();
    let url = site.url();
    let routes = ["https://acme.atlassian.net", "https://api.media.atlassian.com"];
    let routes = routes.map(|from| format!("{from}={url}"));
    let parental = page_id(site.read(|site| page(site, "Parental leave")));
    let ana = "ana@acme.example";
    let add = ["connection", "add", "confluence", "--name", "acme", "--username", "crawler@acme.example"];
    let set = ["--set", "site=https://acme.atlassian.net", "--route", &routes[0], "--route", &routes[1]];
    let add = [&add as &[&str], &set].concat();
    let mut keys = Vec::new();
    for (lines, arguments) in [
        (1, add.as_slice()),
        (1, &["connection", "list"]),
        (1, &["connection", "show", "acme"]),
        (2, &["sync"]),
        (1, &["status"]),
        (10, &["items", "--connection", "acme"]),
        (8, &["search", "flamingo", "--as", ana]),
        (1, &["why", &parental, "--as", ana]),
        (5, &["person", "list", "--connection", "acme"]),
        (1, &["connector", "inspect", "confluence"]),
        (0, &["connection", "remove", "acme"]),
    ] {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let records = user.runs(&with_json).ok().json();
        assert_eq!(records.len(), lines, "{arguments:?}");
        if let Some(first) = records.first().and_then(|record| record.as_object()) {
            let names: Vec<&str> = first.keys().map(String::as_str).collect();
            keys.push(format!(
                "{} {}: {}",
                arguments[0],
                arguments[1..].first().unwrap_or(&""),
                names.join(" ")
            ));
        }
    }
    insta::assert_snapshot!(keys.join("\n"), @"
    connection add: account connector created login name origins routes settings username
    connection list: account connector created login name origins routes settings username
    connection show: account connector created login name origins routes settings username
    sync : connection failures held indexed milliseconds overclaimed run skipped traffic waiting
    status : activities connection failures files groups index_mode items last_run next_run people reads_under_way searchable state stored
    items --connection: file id kind searchable title updated url
    search flamingo: connection hangs_on id kind properties snippet title updated url
    why page:98309: connection explanation id left_out matched names properties title url user
    person list: linked user
    connector inspect: agreed bytes contract description exports from imports installed limits origins sha256 signed_by
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_may_come_from_standard_input() {
    let site = serve(small()).await;
    let user = User { secret: None, ..User::new() };
    let route = format!("https://acme.atlassian.net={}", site.url());
    let add = ["connection", "add", "confluence", "--name", "acme", "--username", "crawler@acme.example"];
    let set = ["--set", "site=https://acme.atlassian.net", "--route", &route, "--secret-stdin"];
    user.pipes("simulated-api-token\r\n", &[&add as &[&str], &set].concat()).ok();
    user.runs(&["sync"]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_leaves_something_out_is_exit_code_3() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let fault = Fault { path: "footer-comments".into(), when: When::Always, what: What::Html };
    site.set_knobs(Knobs { faults: vec![fault], ..Knobs::default() });
    let said = user.runs(&["sync"]);
    assert_eq!(said.code, 3);
    let last = said.stderr.lines().last().unwrap();
    insta::assert_snapshot!(last, @r#"left out: content/footer-comments: asked acme.atlassian.net for /wiki/api/v2/footer-comments and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account"; the next sync goes on there"#);
    assert!(!user.runs(&["search", "flamingo", "--as", "ben@acme.example"]).ok().stdout.is_empty());
    site.set_knobs(Knobs::default());
    user.runs(&["sync"]).ok();
}

#[test]
fn the_demonstration_ends_with_three_different_answers() {
    let user = User::new();
    let said = user.runs(&["demo", "--once"]).ok();
    let answers: Vec<&str> = said.stdout.lines().filter(|line| line.contains("searches for")).collect();
    insta::assert_snapshot!(answers.join("\n"), @r"
        ana@acme.example (people team) searches for `salary` and may read 9 of what matches:
        ben@acme.example (engineering manager) searches for `salary` and may read 4 of what matches:
        chloe@acme.example (guest from an agency) searches for `salary` and may read 1 of what matches:
    ");
    assert!(!user.data().join("weir.db").exists(), "it keeps to a folder of its own");
}

/// Killed in the middle, as a machine that loses power; the next process goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_killed_can_be_run_again() {
    let acme = Acme::unconnected(small()).await;
    let user = User::new();
    user.adds(&acme.site.url()).ok();
    acme.site.set_knobs(Knobs { latency_ms: 30, page_rows_max: Some(1), ..Knobs::default() });
    acme.site.ledger().clear();
    let mut sync = user.starts(&["sync"]);
    while acme.site.ledger().entries().len() < 20 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    sync.kill().unwrap();
    sync.wait().unwrap();
    acme.site.set_knobs(Knobs::default());
    user.runs(&["sync"]).ok();
    let items = user.runs(&["items", "--connection", "acme"]).ok();
    assert_eq!(items.stdout.lines().count(), 10, "{items}");
    let found = user.runs(&["search", "flamingo", "--as", "ben@acme.example", "--json"]).ok();
    assert_eq!(found.json().len(), 7);
}
