//! `weir doctor`: the whole output for a connection that is well, and for everything that can be
//! wrong with one what an administrator is told, and what to do about it.
//!
//! Long because there is a story for each thing that can be wrong, with the words that are printed.

use confluence_simulator::{
    ADMINS_GROUP, Fault, Knobs, Operation, Plan, Principal, Quota, Restriction, Running, SCOPED_TOKEN,
    SCOPES, Site, TimeZone, USERS_GROUP, What, When,
};

use crate::acme::{MEDIA, NAME, SITE, page, small};
use crate::command::{Said, User, serve, snapshots, stable};
use crate::consent::{approved_of, token_requests};

/// The small site, where nobody hides an e-mail.
fn open() -> Site {
    let mut site = small();
    site.users.get_mut("hidden").unwrap().email_visible = true;
    site
}

/// `weir doctor`, with everything that is well left out.
fn ill(user: &User) -> String {
    let said = user.runs(&["doctor", NAME]);
    let lines = said.stdout.lines().filter(|line| !line.contains("  ok    "));
    let stdout = lines.collect::<Vec<_>>().join("\n");
    stable(user, Said { stdout, ..said })
}

/// A user who synced with these settings too.
fn synced_with(site: &Running, settings: &[&str]) -> User {
    let user = User::new();
    user.adds(&site.url()).ok();
    if !settings.is_empty() {
        let settings = settings.iter().flat_map(|setting| ["--set", setting]);
        user.runs(&["connection", "set", NAME].into_iter().chain(settings).collect::<Vec<_>>()).ok();
    }
    user.runs(&["sync"]);
    site.ledger().clear();
    user
}

fn always(path: &str, what: What) -> Knobs {
    Knobs { faults: vec![Fault { path: path.into(), when: When::Always, what }], ..Knobs::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_well() {
    let site = serve(open()).await;
    let user = synced_with(&site, &["audit=true", "spaces=OPEN,DESIGN"]);
    let said = user.runs(&["doctor"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &said), @"
    exit 0
    --- stdout
    acme  ok      settings: the settings of acme are as its connector wants them
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with an API token without scopes
    acme  ok      site: acme.atlassian.net answers as Confluence
    acme  ok      spaces: the account sees 2 current spaces, 0 of them personal, and 0 archived; spaces it may not view are unknown to it, and so to the search
    acme  ok      chosen-spaces: every space that the settings name is visible
    acme  ok      scopes: the API token has no scopes: it may read whatever its account may
    acme  ok      space-roles: the site grants spaces by permissions
    acme  ok      restrictions: restrictions are read through the search, 200 pages at once
    acme  ok      audit-log: the account may read the audit log
    acme  ok      time-zone: the account's time zone is Etc/UTC, in which the search reads dates
    acme  ok      rate-limit: no answer told of a quota, as is usual with API tokens; bursts may still be slowed down
    acme  ok      people: all 5 users show an e-mail or are linked
    acme  ok      last-sync: the last sync read everything
    ")
    });
    assert_eq!(site.ledger().entries().len(), 7);
    let json = user.runs(&["doctor", "--json"]).ok().json();
    assert_eq!(json.len(), said.stdout.lines().count());
    assert!(json.iter().all(|line| line["finding"]["verdict"] == "good" && line["connection"] == NAME));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_well_and_one_that_lacks_a_scope() {
    let (site, user) = approved_of(open(), std::time::Duration::ZERO, "{}").await;
    user.runs(&["sync"]).ok();
    site.ledger().clear();
    let said = user.runs(&["doctor"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &said), @"
        exit 0
        --- stdout
        acme  ok      settings: the settings of acme are as its connector wants them
        acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
        acme  ok      site: acme.atlassian.net answers as Confluence
        acme  ok      spaces: the account sees 2 current spaces, 0 of them personal, and 0 archived; spaces it may not view are unknown to it, and so to the search
        acme  ok      scopes: the app has every scope that the settings need
        acme  ok      space-roles: the site grants spaces by permissions
        acme  ok      restrictions: restrictions are read through the search, 200 pages at once
        acme  ok      time-zone: the account's time zone is Etc/UTC, in which the search reads dates
        acme  ok      rate-limit: no answer told of a quota, as is usual with API tokens; bursts may still be slowed down
        acme  ok      sign-in-ends: nobody has to approve again soon
        acme  ok      people: all 5 users show an e-mail or are linked
        acme  ok      last-sync: the last sync read everything
        ")
    });
    assert_eq!(site.ledger().entries().len(), 6);

    let said = user.runs(&["connection", "set", NAME, "--set", "audit=true"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &said), @r#"
    exit 0
    --- stdout
    acme  {"audit":true,"site":"SITE"}
    --- stderr
    these settings need what the sign-in was not granted: read:audit-log:confluence; add it to the app, then approve it: weir login acme
    next: weir login acme
    "#)
    });
    assert_eq!(user.runs(&["sync"]).code, 3);
    assert_eq!(token_requests(&site), 0, "no new token brings a scope");
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     scopes: the app lacks read:audit-log:confluence (audit records)
                  -> add the scopes that are missing to the app, then sign in again (`weir login acme`) and approve them
        acme  notice  last-sync: the last sync left something out: audit/: asked api.atlassian.com for /ex/confluence/1324a887-45db-1bf4-1e99-ef0ff456d421/wiki/rest/api/audit and got 401: Unauthorized; scope does not match; the scope read:audit-log:confluence is missing (audit records); add it to the token or the app, and sign in again
                  -> run `weir sync acme` again; it goes on with what was left out
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_scopes_that_lacks_some() {
    let site = serve(open()).await;
    let lacks = ["read:comment:confluence", "read:folder:confluence"];
    let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| !lacks.contains(scope)).collect();
    site.change(|site| site.add_api_token("crawler", "few-scopes", Some(&scopes), None));
    let user = User { secret: Some("few-scopes".into()), ..User::new() };
    user.adds(&site.url()).ok();
    site.ledger().clear();
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     scopes: the API token lacks read:comment:confluence (comments and replies), read:folder:confluence (folders, through which pages inherit restrictions)
                  -> make a new token with the scopes that are missing, and sign in again (`weir login acme`) with it
        acme  notice  last-sync: nothing has been read yet
                  -> run `weir sync acme`
        ")
    });
    assert_eq!(
        site.ledger().entries().len(),
        17,
        "13 scopes show in no other request, and nothing else tells of them"
    );
    let well = User { secret: Some(SCOPED_TOKEN.into()), ..User::new() };
    well.adds(&site.url()).ok();
    let said = well.runs(&["doctor"]).ok();
    assert!(said.stdout.contains("has every scope that the settings need"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_no_good_any_more() {
    let site = serve(open()).await;
    let user = synced_with(&site, &[]);
    site.change(|site| site.users.get_mut("crawler").unwrap().api_token = None);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     sign-in: the sign-in is not accepted any more: asked acme.atlassian.net for /wiki/rest/api/user/current and got 403: Request rejected because caller cannot access Confluence
                  -> make a new token if this one has expired or was revoked, and sign in again (`weir login acme`) with it; where nobody can sign in with the new one either, the account may not use Confluence any more
        ")
    });
    assert_eq!(user.runs(&["doctor", "--json"]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_whose_key_is_lost() {
    let site = serve(open()).await;
    let user = synced_with(&site, &[]);
    std::fs::remove_file(user.data().join("key")).unwrap();
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     secret: the secret `credential` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again
                  -> run `weir login acme`
        ")
    });
    assert_eq!(site.ledger().entries().len(), 0);
    user.runs(&["login", NAME]).ok();
    user.runs(&["doctor"]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_does_not_answer_or_answers_something_else() {
    let site = serve(open()).await;
    let user = synced_with(&site, &[]);
    site.set_knobs(always("", What::Html));
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @r#"
        exit 1
        --- stdout
        acme  BAD     site: acme.atlassian.net does not answer as Confluence: asked acme.atlassian.net for /wiki/rest/api/user/current and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account"
                  -> check the address and that Confluence is part of the site's plan; if both are right, try again later
        "#)
    });
    site.stop().await;
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     source: asked acme.atlassian.net for /wiki/rest/api/user/current, but the connection was refused (GET SITE failed: no connection could be made (tcp connect error: Connection refused (os error 111)); check the address, and that nothing blocks it)
                  -> try again later
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_space_is_visible_any_more() {
    let site = serve(open()).await;
    let user = synced_with(&site, &[]);
    site.change(|site| {
        let spaces: Vec<u64> = site.spaces.keys().copied().collect();
        for space in spaces {
            for reader in [Principal::all_licensed_users(), Principal::group("designers")] {
                site.remove_space_permission(space, &reader, &Operation::read_space());
            }
        }
    });
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     spaces: the account sees no space
                  -> ask a Confluence administrator to give the account access to the spaces that shall be searched
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_of_the_settings_is_gone() {
    let site = serve(open()).await;
    let user = synced_with(&site, &["spaces=OPEN,DESIGN"]);
    site.set_knobs(Knobs { hidden_spaces: vec!["DESIGN".into()], ..Knobs::default() });
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     chosen-spaces: the settings name spaces that the account does not see: DESIGN
                  -> change the settings (`weir connection set acme --set KEY=VALUE`), or have the account given access to these spaces
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_hide_their_e_mail() {
    let mut site = small();
    let leave = page(&site, "Leave");
    site.restrict_page(leave, Some(Restriction::to_users(&["hidden", "ana", "crawler"])));
    let site = serve(site).await;
    let user = synced_with(&site, &[]);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 0
        --- stdout
        acme  notice  people: 1 of 5 users shows no e-mail, and finds only what anyone may read; a restriction or a space names this one
                  -> `weir person list --connection acme` shows them; match the ones that matter with `weir person link EMAIL ACCOUNT --connection acme`, or ask them to show their e-mail in their Atlassian profile
        ")
    });
    user.runs(&["person", "link", "hidden@acme.example", "hidden", "--connection", NAME]).ok();
    snapshots(|| insta::assert_snapshot!(ill(&user), @"exit 0"));
    assert!(user.runs(&["doctor"]).ok().stdout.contains("1 user is linked by hand"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_wanted_and_not_allowed() {
    let site = serve(open()).await;
    let user = synced_with(&site, &["audit=true"]);
    site.change(|site| site.plan = Plan::Free);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     audit-log: the audit log could not be read: asked acme.atlassian.net for /wiki/rest/api/audit and got 403: The audit log is not available on your plan
                  -> sign in again (`weir login acme`) as a Confluence administrator of a paid plan, or change the settings (`weir connection set acme --set KEY=VALUE`): without `audit` everything else is read, and changes of permissions are found by complete reads
        ")
    });
    site.change(|site| {
        site.plan = Plan::Standard;
        site.add_group_member(USERS_GROUP, "crawler");
        site.remove_group_member(ADMINS_GROUP, "crawler");
    });
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     audit-log: the audit log could not be read: asked acme.atlassian.net for /wiki/rest/api/audit and got 403: User does not have permission to view the audit log
                  -> sign in again (`weir login acme`) as a Confluence administrator of a paid plan, or change the settings (`weir connection set acme --set KEY=VALUE`): without `audit` everything else is read, and changes of permissions are found by complete reads
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn little_is_left_of_the_hour_s_points() {
    let site = serve(open()).await;
    let user = synced_with(&site, &[]);
    user.runs(&["doctor"]).ok();
    let cost: u64 = site.ledger().entries().iter().map(|entry| entry.points).sum();
    // Enough for another look, and hardly more.
    let points = cost + 1;
    site.set_knobs(Knobs { metered: Some(Quota { points, ..Quota::default() }), ..Knobs::default() });
    snapshots(|| {
        // Which answer is the last one is chance.
        let said = ill(&user).replace("1 of", "FEW of").replace("2 of", "FEW of");
        insta::assert_snapshot!(said, @"
        exit 0
        --- stdout
        acme  notice  rate-limit: FEW of 11 points are left until 2026-06-30T13:00:00Z
                  -> nothing, or fewer connections that share this app: what does not fit is read in the next hour
        ")
    });
    user.runs(&["doctor"]);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     rate-limit: acme.atlassian.net answers no more requests for now: asked acme.atlassian.net for /wiki/rest/api/user/current and got 429: Rate limit exceeded
                  -> try again later; if it stays so, fewer connections may share this account or app
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_another_time_zone() {
    let mut site = open();
    site.users.get_mut("crawler").unwrap().time_zone = TimeZone::ISTANBUL;
    let site = serve(site).await;
    let said = synced_with(&site, &[]).runs(&["doctor"]).ok();
    let zone = said.stdout.lines().find(|line| line.contains("time-zone")).unwrap();
    insta::assert_snapshot!(zone, @"acme  ok      time-zone: the account's time zone is Europe/Istanbul, in which the search reads dates");
}

/// That site, with a page in a folder.
fn with_folder() -> Site {
    let mut site = open();
    let open = site.space_by_key("OPEN").unwrap().id;
    let folder = site.add_folder(open, None, "Drafts");
    site.add_page(open, Some(folder), "Half done", "<p>A grey flamingo.</p>");
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn restrictions_of_folders_that_are_not_told() {
    let site = serve(with_folder()).await;
    site.set_knobs(Knobs { node_restrictions_unreadable: true, ..Knobs::default() });
    let user = synced_with(&site, &[]);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 0
        --- stdout
        acme  notice  access-unknown: of 1 item the source does not tell who may read them (folder:98317), so nobody may, nor what lies in them
                  -> see in the source that acme's account may view their restrictions, then run `weir sync acme`; `weir why folder:98317 --as EMAIL` shows what is known
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_not_read() {
    let site = serve(with_folder()).await;
    site.set_knobs(always("/folders/", What::Html));
    let user = synced_with(&site, &[]);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @r#"
        exit 0
        --- stdout
        acme  notice  failures: 1 item could not be read: folder:98317 (asked acme.atlassian.net for /wiki/api/v2/folders/98317 and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account")
                  -> run `weir sync acme --inventory`, which asks for them again
        acme  notice  parent-unread: 1 item lies in a folder that was not read, so nobody may read what is there
                  -> run `weir sync acme`; if it stays so, the account cannot see what holds them, or the settings leave it out
        "#)
    });
    site.set_knobs(Knobs::default());
    user.runs(&["sync", "acme", "--inventory"]).ok();
    assert_eq!(ill(&user), "exit 0", "what the remedy says is what helps");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_left_something_out_and_one_that_never_was() {
    let site = serve(with_folder()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
    exit 0
    --- stdout
    acme  notice  last-sync: nothing has been read yet
              -> run `weir sync acme`
    ")
    });
    site.set_knobs(always("/blogposts", What::Html));
    assert_eq!(user.runs(&["sync"]).code, 3);
    site.set_knobs(Knobs::default());
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @r#"
        exit 0
        --- stdout
        acme  notice  last-sync: the last sync left something out: content/blogposts: asked acme.atlassian.net for /wiki/api/v2/blogposts and got something else than the expected JSON (expected value at line 1 column 1): a page titled "Log in with Atlassian account"
                  -> run `weir sync acme` again; it goes on with what was left out
        "#)
    });
    user.runs(&["sync"]).ok();
    assert_eq!(ill(&user), "exit 0");
}

/// As a version kept it that knew no tokens with scopes.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_an_older_version_agreed_to_fewer_origins() {
    let site = serve(with_folder()).await;
    let user = synced_with(&site, &[]);
    let store = rusqlite::Connection::open(user.data().join("weir.db")).unwrap();
    let origins = format!(
        r#"[{{"url":"{SITE}","credential":true,"post":false,"purpose":"read"}},
            {{"url":"{MEDIA}","credential":false,"post":false,"purpose":"files"}}]"#
    );
    let routes = format!(r#"[{{"from":"{SITE}","to":"{0}"}},{{"from":"{MEDIA}","to":"{0}"}}]"#, site.url());
    store.execute("UPDATE connections SET origins = ?1, routes = ?2", [&origins, &routes]).unwrap();
    drop(store);
    snapshots(|| {
        insta::assert_snapshot!(ill(&user), @"
        exit 1
        --- stdout
        acme  BAD     settings: the connector now asks for what was never agreed to: requests to https://api.atlassian.com
                  -> look at them and agree: `weir connection set acme`
        ")
    });
    let said = user.runs(&["connection", "set", NAME]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &said), @r#"
    exit 0
    --- stdout
    acme  {"site":"SITE"}
    --- stderr
    requests will go to these origins and no others:
      SITE (reads, with the credential): read spaces, pages, comments, people and permissions
      https://api.atlassian.com (reads, with the credential): read the same with a token that has scopes
      https://api.media.atlassian.com (reads, without the credential): download attachments
    next: weir sync acme
    "#)
    });
    assert_eq!(ill(&user), "exit 0");
}
