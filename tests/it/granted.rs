//! A connection that keeps itself signed in: renewals, the ways in which they end, and who is told.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use confluence_simulator::{CRAWLER_EMAIL, Fault, Knobs, OAUTH_CLIENT_SECRET, Running, What, When};
use weir::host::SyncOptions;
use weir::store::Mode;
use weir::sync::Silent;

use crate::acme::{ANA, BEN, NAME};
use crate::command::{Said, User, snapshots, stable};
use crate::consent::{
    DAY, HOUR, allows, answers, approved, callback, host, kept, refresh_tokens, token_requests,
};

const MINUTE_MS: i64 = 60_000;

fn items(user: &User) -> usize {
    user.runs(&["items", "--connection", NAME]).ok().stdout.lines().count()
}

/// The last words of a command that failed. Which dataset notices first is chance.
fn last(user: &User, said: &Said) -> String {
    assert_eq!(said.code, 1, "{said}");
    stable(user, said.stderr.split_once("error: ").unwrap_or_else(|| panic!("{said}")).1)
}

fn faulty(path: &str, when: When, what: What) -> Knobs {
    Knobs { faults: vec![Fault { path: path.into(), when, what }], ..Knobs::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_between_two_syncs_costs_one_request_for_tokens() {
    let (site, user) = approved(2 * HOUR).await;
    user.runs(&["sync"]).ok();
    assert_eq!(token_requests(&site), 1);
    let (given, kept) = refresh_tokens(&site, &user);
    assert_eq!(given, kept);
    user.runs(&["sync"]).ok();
    assert_eq!(token_requests(&site), 1, "the new token is an hour's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_refresh_token_is_kept_before_the_new_access_token_is_used() {
    let (site, user) = approved(2 * HOUR).await;
    site.set_knobs(faulty(
        "/ex/confluence/",
        When::Always,
        What::Status { code: 404, retry_after_seconds: None },
    ));
    assert_eq!(user.runs(&["sync"]).code, 1);
    let (given, kept) = refresh_tokens(&site, &user);
    assert_eq!((given, token_requests(&site)), (kept, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_sign_in_stops_the_run_and_what_was_read_stays() {
    let (site, user) = approved(2 * HOUR).await;
    user.runs(&["sync"]).ok();
    let before = items(&user);
    site.change(|site| site.revoke_grants("crawler"));
    let said = user.runs(&["sync"]);
    snapshots(|| {
        insta::assert_snapshot!(last(&user, &said), @"
        failed to sync acme
          because the run stopped, and what was read is kept; if the token was revoked or has run out, sign in with a new one: weir login acme
          because the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.atlassian.com answered 403 invalid_grant (Unknown or invalid refresh token.): the code or the refresh token is unknown, was used before, or has ended; it was revoked, or the same person has approved the same app elsewhere, or another copy of this data folder has used it; a refresh token that is used twice ends the whole sign-in)
        ")
    });
    assert_eq!(items(&user), before);
    assert!(user.runs(&["search", "flamingo", "--as", ANA]).ok().stdout.contains("Palette"));
    assert!(!user.runs(&["search", "flamingo", "--as", BEN]).ok().stdout.contains("Palette"));
    let doctor = user.runs(&["doctor", NAME]);
    let bad = doctor.stdout.lines().skip_while(|line| !line.contains("BAD")).take(2).collect::<Vec<_>>();
    insta::assert_snapshot!(bad.join("\n"), @"
    acme  BAD     sign-in: the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.atlassian.com answered 403 invalid_grant (Unknown or invalid refresh token.): the code or the refresh token is unknown, was used before, or has ended; it was revoked, or the same person has approved the same app elsewhere, or another copy of this data folder has used it; a refresh token that is used twice ends the whole sign-in)
              -> run `weir login acme`
    ");
    let asked = token_requests(&site);
    let again = user.runs(&["sync"]);
    assert_eq!((again.code, token_requests(&site)), (1, asked), "what has ended is not asked for again");

    let said = logs_in(&user, &[], CRAWLER_EMAIL).ok();
    assert!(said.stderr.contains("signed in as Crawler"), "{said}");
    assert!(user.runs(&["sync"]).ok().stdout.contains("0 new, 0 changed"));
}

/// `weir login` with the client that is kept, approved as this account.
fn logs_in(user: &User, more: &[&str], account: &str) -> Said {
    let callback = kept(user).0.redirect;
    answers(user.starts(&[&["login", NAME], more].concat()), &callback, &allows(account))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_refused_unless_it_is_meant() {
    let (site, mut user) = approved(Duration::ZERO).await;
    // The client is kept, so its secret need not be given again.
    user.secret = None;
    user.runs(&["sync"]).ok();
    let refused = logs_in(&user, &[], ANA);
    snapshots(
        || insta::assert_snapshot!(last(&user, &refused), @"this sign-in is another account's: `acme` reads as Crawler (crawler@acme.example) on acme.atlassian.net, and the approval was given by Ana (ana@acme.example) on acme.atlassian.net; approve as the same account, add another connection, or say --other-account if this one is to be read as Ana (ana@acme.example) on acme.atlassian.net from now on"),
    );
    let before = items(&user);
    assert!(user.runs(&["sync"]).ok().stdout.contains("0 gone"), "the sign-in before still holds");
    let said = logs_in(&user, &["--other-account"], ANA).ok();
    assert!(said.stderr.contains("signed in as Ana"), "{said}");
    user.runs(&["sync"]).ok();
    assert_eq!(items(&user), before, "Ana sees as much here");
    assert_eq!(token_requests(&site), 2, "one for each code");
}

/// A copy of the data folder, as a backup makes it.
fn copied(user: &User) -> PathBuf {
    let copy = user.home.path().join("copy");
    let (from, to) = (user.data(), copy.clone());
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
    copy
}

fn restore(user: &User, copy: PathBuf) {
    std::fs::remove_dir_all(user.data()).unwrap();
    std::fs::rename(copy, user.data()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_of_the_folder_ends_the_sign_in_and_says_why() {
    let (site, user) = approved(2 * HOUR).await;
    let copy = copied(&user);
    user.runs(&["sync"]).ok();
    site.read(|site| site.clock.advance(20 * MINUTE_MS));
    restore(&user, copy);
    let said = user.runs(&["sync"]);
    snapshots(|| {
        insta::assert_snapshot!(last(&user, &said), @"
        failed to sync acme
          because the run stopped, and what was read is kept; if the token was revoked or has run out, sign in with a new one: weir login acme
          because the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.atlassian.com answered 403 unauthorized_client (refresh_token is invalid): the code or the refresh token is unknown, was used before, or has ended; it was revoked, or the same person has approved the same app elsewhere, or another copy of this data folder has used it; a refresh token that is used twice ends the whole sign-in)
        ")
    });
    assert_eq!(token_requests(&site), 2, "the old token is sent once, and what has ended not again");
    assert!(site.read(|site| site.identity.grants.iter().all(|grant| grant.revoked)));
    logs_in(&user, &[], CRAWLER_EMAIL).ok();
    user.runs(&["sync"]).ok();
}

/// Runs until the site has rotated the tokens and the command has not heard of it, and kills it then.
fn killed_in_a_renewal(site: &Running, mut child: Child) {
    while token_requests(site) == 0 {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_answer_and_the_store_costs_nothing_for_ten_minutes() {
    let (site, user) = approved(2 * HOUR).await;
    let lost = What::Status { code: 503, retry_after_seconds: Some(60) };
    site.set_knobs(faulty("/oauth/token", When::Always, lost));
    killed_in_a_renewal(&site, user.starts(&["sync"]));
    let (given, held) = refresh_tokens(&site, &user);
    assert_ne!(given, held, "the site has gone on");
    assert!(kept(&user).1.renewing_since.is_some(), "and it is written down that it may have");
    site.set_knobs(Knobs::default());
    user.runs(&["sync"]).ok();
    let (given, held) = refresh_tokens(&site, &user);
    assert_eq!(given, held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_that_is_not_made_good_in_time_is_what_is_told() {
    let (site, user) = approved(2 * HOUR).await;
    let lost = What::Status { code: 503, retry_after_seconds: None };
    site.set_knobs(faulty("/oauth/token", When::Always, lost));
    let earlier = host(&user.data(), Duration::from_secs(20 * 60));
    let synced = earlier.sync(NAME, SyncOptions::by_hand(Mode::Since), Arc::new(Silent)).await.unwrap();
    assert!(!synced.report.is_complete());
    drop(earlier);
    site.set_knobs(Knobs::default());
    site.read(|site| site.clock.advance(20 * MINUTE_MS));
    let said = user.runs(&["sync"]);
    snapshots(|| {
        insta::assert_snapshot!(last(&user, &said), @"
        failed to sync acme
          because the run stopped, and what was read is kept; if the token was revoked or has run out, sign in with a new one: weir login acme
          because the sign-in of acme does not work any more; sign in again: weir login acme (https://auth.atlassian.com answered 403 unauthorized_client (refresh_token is invalid): the code or the refresh token is unknown, was used before, or has ended; a renewal that began 20 minutes ago was cut off before its answer could be kept, and its refresh token may be sent again only for ten minutes: after that the source ends the whole sign-in)
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_find_the_same_token_ended_renew_it_once() {
    let (site, user) = approved(2 * HOUR).await;
    site.set_knobs(Knobs { latency_ms: 50, ..Knobs::default() });
    let ask = || user.starts(&["connection", "choices", NAME, "spaces"]);
    let asking: Vec<Child> = (0..4).map(|_| ask()).collect();
    for child in asking {
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && stdout.contains("OPEN"), "{stdout}");
    }
    assert_eq!(token_requests(&site), 1);
}

/// A sign-in that was approved so many days ago, and used once so many days ago.
async fn aged(approved_days: u32, used_days: u32) -> (Running, User) {
    let (site, user) = approved(DAY * approved_days).await;
    let then = host(&user.data(), DAY * used_days);
    then.choices(NAME, "spaces", "").await.unwrap();
    drop(then);
    site.change(confluence_simulator::Site::expire_access_tokens);
    (site, user)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_sign_in_is_told_ahead() {
    let mut told = Vec::new();
    for (approved_days, used_days) in [(329, 1), (331, 1), (100, 80), (366, 10), (200, 95)] {
        let (_site, user) = aged(approved_days, used_days).await;
        told.push(format!("# approved {approved_days} days ago, used {used_days} days ago"));
        let sign_in = |text: &str| {
            text.lines()
                .filter(|line| line.contains("sign-in"))
                .map(|line| line.trim().to_owned())
                .collect::<Vec<_>>()
        };
        told.extend(sign_in(&user.runs(&["status"]).ok().stdout));
        told.extend(sign_in(&user.runs(&["doctor", NAME]).stdout));
        told.extend(sign_in(&user.runs(&["sync"]).stderr));
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d\d-\d\d", "DAY");
    settings.bind(|| insta::assert_snapshot!(told.join("\n"), @"
    # approved 329 days ago, used 1 days ago
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    acme  ok      sign-in-ends: nobody has to approve again soon
    # approved 331 days ago, used 1 days ago
    sign-in  the sign-in of acme ends on DAY, a year after it was approved; sign in again before that: weir login acme
    acme  notice  sign-in-ends: the sign-in of acme ends on DAY, a year after it was approved
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    the sign-in of acme ends on DAY, a year after it was approved; sign in again before that: weir login acme
    # approved 100 days ago, used 80 days ago
    sign-in  the sign-in of acme ends on DAY because nothing has used it for long; `weir sync acme` keeps it, or sign in again: weir login acme
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    acme  ok      sign-in-ends: nobody has to approve again soon
    # approved 366 days ago, used 10 days ago
    sign-in  the sign-in of acme ended on DAY; sign in again: weir login acme
    acme  BAD     sign-in-ends: the sign-in of acme ended on DAY
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    the sign-in of acme ended on DAY; sign in again: weir login acme
    # approved 200 days ago, used 95 days ago
    sign-in  the sign-in of acme ended on DAY; sign in again: weir login acme
    acme  ok      sign-in: signed in as Crawler (crawler@acme.example) on acme.atlassian.net, with OAuth 2.0, through api.atlassian.com
    acme  ok      sign-in-ends: nobody has to approve again soon
    "));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_token_is_printed_or_written_down() {
    let (site, user) = approved(2 * HOUR).await;
    let mut said = Vec::new();
    let mut run = |arguments: &[&str]| {
        said.push(user.runs(arguments).to_string());
        said.push(user.runs(&[arguments, &["--json"]].concat()).to_string());
    };
    run(&["sync"]);
    run(&["connection", "show", NAME]);
    run(&["status"]);
    run(&["doctor"]);
    // Also when everything goes wrong.
    site.set_knobs(faulty("", When::Always, What::Status { code: 401, retry_after_seconds: None }));
    run(&["sync"]);
    run(&["doctor"]);
    site.set_knobs(Knobs::default());
    site.change(|site| site.revoke_grants("crawler"));
    run(&["sync"]);
    run(&["status"]);
    let login = logs_in(&user, &[], CRAWLER_EMAIL).ok().to_string();
    run(&["doctor"]);
    said.push(login);
    let mut secrets = site.read(|site| {
        let identity = &site.identity;
        let refresh = identity.grants.iter().flat_map(|grant| &grant.refresh_tokens);
        let access = identity.access_tokens.iter().map(|token| token.value.clone());
        refresh.map(|token| token.value.clone()).chain(access).collect::<Vec<_>>()
    });
    assert!(secrets.len() >= 4, "{}", secrets.len());
    let (client, grant) = kept(&user);
    secrets.extend([OAUTH_CLIENT_SECRET.to_owned(), grant.access.expose().to_owned()]);
    assert_eq!(client.secret.expose(), OAUTH_CLIENT_SECRET, "the search is not blind");
    for secret in secrets {
        assert_eq!(user.keeps(&secret), None, "{secret}");
        assert!(said.iter().all(|said| !said.contains(&secret)), "{secret} in {said:?}");
    }
    assert!(user.keeps(CRAWLER_EMAIL).is_some(), "the search is not blind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_told_and_mended_by_another_consent() {
    let (site, user) = approved(Duration::ZERO).await;
    user.runs(&["sync"]).ok();
    std::fs::remove_file(user.data().join("key")).unwrap();
    let mut told = Vec::new();
    for command in [&["status"] as &[&str], &["doctor", NAME], &["sync"]] {
        let said = user.runs(command).to_string();
        // Which dataset of a sync notices first is chance.
        let lines = said.lines().map(str::trim).skip_while(|line| {
            let names = ["changes", "content", "directory"];
            !line.contains(" key") || names.iter().any(|name| line.starts_with(name))
        });
        told.extend(lines.take(2).map(str::to_owned));
        told.push("--".into());
    }
    insta::assert_snapshot!(told.join("\n"), @"
    sign-in  the sign-in that is kept cannot be used: the secret `oauth-client` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again
    --
    acme  BAD     secret: the sign-in that is kept cannot be used: the secret `oauth-client` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again
    -> run `weir login acme`
    --
    because the sign-in kept for acme cannot be used: it could not be read: the secret `oauth-client` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again
    --
    ");
    // The client's secret is lost too; its id is not secret.
    let callback = callback(&site);
    let login = user.starts(&["login", NAME, "--redirect", &callback]);
    answers(login, &callback, &allows(CRAWLER_EMAIL)).ok();
    assert!(user.runs(&["sync"]).ok().stdout.contains("0 new, 0 changed"));
    user.runs(&["doctor", NAME]).ok();
}
