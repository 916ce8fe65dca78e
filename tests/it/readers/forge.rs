//! A forge, read by a component made of Python: teams, private repositories, a feed of changes, deletions.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex};

use weir::store::{Mode, Outcome};

use super::gitea::{Forge, SITE, TOKEN, Team};
use super::python;
use super::server::Server;
use super::{NAME, Scene, Wanted, set};
use crate::tools;

const ANA: &str = "ana@acme.example";
const BEN: &str = "ben@acme.example";
const CARL: &str = "carl@acme.example";
/// Somebody without an account.
const NOBODY: &str = "nobody@nowhere.example";

fn component() -> &'static PathBuf {
    static WASM: LazyLock<PathBuf> = LazyLock::new(python::forge);
    &WASM
}

type Shared = Arc<Mutex<Forge>>;

/// - acme/handbook, public: an issue about otters, and a comment on it that mentions Ana;
/// - acme/plans, private, for the team of planners, which Ana is in: an issue about beavers;
/// - ben/diary, private, Ben's own: an issue about herons.
///
/// Carl is restricted: he reads only what names him.
fn acme() -> Forge {
    let mut forge = Forge::default();
    forge.person(1, "crawler");
    forge.person(2, "ana");
    forge.person(3, "ben");
    forge.person(4, "carl").restricted = true;
    forge.organisations.push((10, "acme"));
    let team = |id, name, members, sees_issues| Team { id, organisation: "acme", name, members, sees_issues };
    forge.teams.extend([team(20, "planners", vec![2], true), team(21, "builders", vec![3], false)]);
    forge.repository(100, "acme", "handbook");
    let plans = forge.repository(101, "acme", "plans");
    (plans.private, plans.teams) = (true, vec![20, 21]);
    forge.repository(102, "ben", "diary").private = true;
    forge.open(100, 1, "Otters", "They float. `@ana` @nobody-known");
    forge.comment(500, 100, 1, "They also juggle, says @ana.");
    forge.open(101, 1, "Beavers", "They build.");
    forge.open(102, 1, "Herons", "They wait.");
    forge
}

fn settings(more: &str) -> String {
    format!(r#"{{"site":"{SITE}"{more}}}"#)
}

async fn connected(forge: Forge, more: &str) -> (Scene, Shared) {
    let shared = Arc::new(Mutex::new(forge));
    let served = Arc::clone(&shared);
    let scene = Scene::before(Server::start(move |asked| served.lock().unwrap().answer(asked)).await);
    scene.connect(&wanted(&settings(more))).await.unwrap();
    (scene, shared)
}

fn wanted(settings: &str) -> Wanted<'_> {
    let origins = &[SITE];
    Wanted { connector: component(), settings, login: "token", username: None, secret: TOKEN, origins }
}

/// The same, synced once.
async fn synced() -> (Scene, Shared) {
    let (scene, forge) = connected(acme(), "").await;
    scene.sync(Mode::Since).await;
    scene.server.asked();
    (scene, forge)
}

/// Without what all have in common.
fn paths(scene: &Scene) -> Vec<String> {
    let lines = scene.server.lines().into_iter();
    lines.map(|line| line.replace("GET git.acme.example/api/v1/", "")).collect()
}

#[test]
fn its_modules_pass_their_own_tests() {
    let mut tests = Command::new(tools::python());
    tests.current_dir(python::sources()).args(["-B", "-m", "unittest", "discover", "-s", "tests", "-t", "."]);
    let done = tests.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_what_the_forge_lets_them_read() {
    let (scene, _) = synced().await;
    for (words, readers) in
        [("float", &[ANA, BEN][..]), ("juggle", &[ANA, BEN]), ("build", &[ANA]), ("wait", &[BEN])]
    {
        let found =
            [ANA, BEN, CARL, NOBODY].into_iter().filter(|person| !scene.finds(words, person).is_empty());
        assert_eq!(found.collect::<Vec<_>>(), readers, "{words}");
    }
    let comment = scene.host.fetch("comment:100/500", BEN, Some(NAME)).unwrap().unwrap();
    assert_eq!(
        (comment.text.as_str(), comment.hangs_on.unwrap().title.as_str()),
        ("They also juggle, says @ana.", "acme/handbook")
    );
    let issue = scene.host.fetch("issue:100/1", BEN, Some(NAME)).unwrap().unwrap();
    assert_eq!(issue.text, "They float. `@ana` @nobody-known", "what is nobody's name stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_without_an_account_find_public_issues_where_an_administrator_says_so() {
    let (scene, _) = connected(acme(), r#","anonymous":true"#).await;
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("float", NOBODY), set(&["Otters"]));
    assert_eq!(scene.finds("build", NOBODY).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_sync_is_one_request_and_an_edit_or_a_comment_a_few_more() {
    let (scene, forge) = synced().await;
    forge.lock().unwrap().now += 3_600;
    scene.sync(Mode::Since).await;
    scene.server.asked();
    scene.sync(Mode::Since).await;
    insta::assert_snapshot!(paths(&scene).join("\n"), @"repos/issues/search?page=1&limit=50&state=all&type=issues&since=2026-01-05T12:59:04Z");

    forge.lock().unwrap().issue(100, 1).body = "They sleep holding hands.".to_owned();
    scene.sync(Mode::Since).await;
    // Teams and users are read side by side.
    let mut asked = paths(&scene);
    asked.sort_unstable();
    insta::assert_snapshot!(asked.join("\n"), @r"
        admin/orgs?page=1&limit=50
        admin/users?page=1&limit=50
        orgs/acme/teams?page=1&limit=50
        repos/acme/handbook/issues/comments?page=1&limit=50&since=2026-01-05T12:59:04Z
        repos/issues/search?page=1&limit=50&state=all&type=issues&since=2026-01-05T12:59:04Z
        repositories/100
        teams/20/members?page=1&limit=50
        teams/21/members?page=1&limit=50
    ");
    assert_eq!((scene.finds("holding", BEN), scene.finds("float", BEN).len()), (set(&["Otters"]), 0));

    forge.lock().unwrap().comment(501, 101, 1, "Dams, mostly.");
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("dams", ANA).len(), scene.finds("dams", BEN).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_comment_is_found_by_the_next_inventory() {
    let (scene, forge) = synced().await;
    forge.lock().unwrap().now += 3_600;
    scene.sync(Mode::Since).await;
    forge.lock().unwrap().comments[0].body = "They dance.".to_owned();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("dance", BEN).len(), 0, "it touches nothing");
    scene.an_hour_passes().await;
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("dance", BEN).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_that_is_deleted_is_gone_once_the_forge_denies_it() {
    let (scene, forge) = synced().await;
    {
        let mut forge = forge.lock().unwrap();
        forge.issues.retain(|issue| issue.repository != 100);
        forge.comments.clear();
        forge.trouble.push(("repositories/100".to_owned(), 500));
    }
    scene.an_hour_passes().await;
    let synced = scene.try_sync(Mode::Since).await;
    assert_eq!(synced.report.run.outcome, Some(Outcome::Incomplete));
    assert_eq!(scene.finds("float", BEN).len(), 1, "nobody could say");
    forge.lock().unwrap().trouble.clear();
    scene.server.asked();
    scene.sync(Mode::Inventory).await;
    let asked = paths(&scene);
    assert!(
        asked.contains(&"repos/acme/handbook/issues/1".to_owned()),
        "it was asked for by name: {asked:?}"
    );
    assert!(asked.contains(&"user".to_owned()), "and the token shown to be good");
    assert_eq!(scene.finds("float", BEN).len(), 0);
    assert_eq!(scene.titles(), set(&["acme/handbook", "acme/plans", "ben/diary", "Beavers", "Herons"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_made_private_is_closed_by_the_next_look_and_opened_for_the_invited() {
    let (scene, forge) = synced().await;
    forge.lock().unwrap().repositories[0].private = true;
    scene.an_hour_passes().await;
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("float", ANA).len(), scene.finds("juggle", BEN).len()), (0, 0));
    forge.lock().unwrap().repositories[0].collaborators = vec![4];
    scene.an_hour_passes().await;
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("float", CARL).len(), scene.finds("juggle", BEN).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_team_reads_nothing_of_it_any_more() {
    let (scene, forge) = synced().await;
    forge.lock().unwrap().teams[0].members = vec![3];
    scene.an_hour_passes().await;
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("build", ANA).len(), scene.finds("build", BEN).len()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_settings_leave_out_goes_and_comes_back() {
    let (scene, forge) = synced().await;
    forge.lock().unwrap().issue(100, 1).closed = true;
    scene.sync(Mode::Since).await;
    assert_eq!(scene.finds("float", ANA).len(), 1);
    scene.set(&settings(r#","closed":false,"repositories":["Acme/Handbook"]"#)).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!(scene.titles(), set(&["acme/handbook"]));
    let missing = scene.set(&settings(r#","repositories":["acme/nothing"]"#)).await.unwrap_err();
    insta::assert_snapshot!(missing, @r"
        the settings are refused:
          /repositories/0: there is no repository acme/nothing that this account may see: asked for /repos/acme/nothing and got 404 (The target couldn't be found.)
    ");
    let moved = scene.set(r#"{"site":"https://other.example"}"#).await.unwrap_err();
    insta::assert_snapshot!(moved, @"the setting `site` says which source `there` reads, and what was read of one must not meet the people of another: add another connection, and remove this one if it is of no more use");
    scene.set(&settings("")).await.unwrap();
    scene.sync(Mode::Since).await;
    assert_eq!((scene.finds("juggle", ANA).len(), scene.finds("wait", BEN).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_issues_come_in_pages_and_a_read_that_breaks_off_goes_on() {
    let mut forge = acme();
    forge.rows_max = 20;
    for number in 2..=1_500 {
        forge.open(100, number, &format!("Issue {number}"), "An otter pond.");
    }
    let (scene, _) = connected(forge, "").await;
    scene.cut_off_after("issues", 4).await;
    let before = paths(&scene).iter().filter(|path| path.starts_with("repos/acme/handbook/issues?")).count();
    let scene = scene.reopened();
    scene.sync(Mode::Since).await;
    let after = paths(&scene).iter().filter(|path| path.starts_with("repos/acme/handbook/issues?")).count();
    assert!(
        (75..=95).contains(&(before + after)),
        "{before} and {after} pages of 20, of which none is read twice"
    );
    let mut items = 0;
    scene
        .host
        .each_item(NAME, None, None, |_| {
            items += 1;
            true
        })
        .unwrap();
    assert_eq!(items, 1_500 + 2 + 3 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_told_in_the_right_case() {
    let (scene, forge) = synced().await;
    let mut said = Vec::new();
    for status in [401, 403, 404, 429, 500] {
        forge.lock().unwrap().trouble = vec![("repositories/101".to_owned(), status)];
        said.push(format!("{status}: {}", scene.trouble(Mode::Inventory).await));
        scene.an_hour_passes().await;
    }
    forge.lock().unwrap().trouble = vec![("repos/acme/plans/collaborators".to_owned(), 403)];
    said.push(format!("no readers: {}", scene.trouble(Mode::Inventory).await));
    insta::assert_snapshot!(said.join("\n"), @r"
        401: stopped: asked for /repositories/101 and got 401 (trouble): the token is not taken
        403: asked for /repositories/101 and got 403 (trouble): the token lacks a scope, or the account may not
        404: asked for /repositories/101 and got 404 (trouble)
        429: asked for /repositories/101 and got 429 (trouble)
        500: asked for /repositories/101 and got 500 (trouble)
        no readers:
    ");
    assert_eq!(scene.finds("build", ANA).len(), 0, "who may read it is unknown");
    assert_eq!(scene.finds("float", ANA).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_set_up_with_choices_looked_over_and_estimated() {
    let mut forge = acme();
    forge.admin = false;
    forge.people[2].hides_email = true;
    let (scene, _) = connected(forge, "").await;
    let choices = scene.host.choices(NAME, "/repositories", "").await.unwrap();
    let choices: Vec<String> =
        choices.into_iter().map(|choice| format!("{} {}", choice.value, choice.title)).collect();
    insta::assert_snapshot!(choices.join("\n"), @r#"
        "acme/handbook" acme/handbook
        "acme/plans" acme/plans
        "ben/diary" ben/diary
    "#);
    let estimate = scene.host.estimate(NAME).await.unwrap();
    let amounts =
        estimate.amounts.iter().map(|one| format!("{} {}, {} requests", one.items, one.what, one.requests));
    insta::assert_snapshot!(amounts.collect::<Vec<_>>().join("\n"), @r"
        3 repositories, 7 requests
        3 issues, 4 requests
        1 comments, 4 requests
    ");
    let findings = scene.host.doctor(NAME).await.unwrap();
    // Which bytes of it run is said too, with a digest that is another after each change.
    let findings = findings.iter().filter(|one| one.name != "connector");
    let findings = findings.map(|one| format!("{:?} {}: {}", one.verdict, one.name, one.message));
    insta::assert_snapshot!(findings.collect::<Vec<_>>().join("\n"), @r"
        Notice administrator: the account is no administrator: it sees its own organisations' teams, and no hidden e-mails
        Notice people: of 4 users looked at, 1 hide their e-mail
        Notice last-sync: nothing has been read yet
        Good settings: the settings of there are as its connector wants them
        Good sign-in: signed in as crawler
        Good repositories: the account sees 3 repositories
    ");
    let mut wrong = wanted(r#"{"site":"https://git.acme.example"}"#);
    wrong.secret = "guessed";
    let again = Scene::before(Server::start(|_| super::server::Reply::of(401)).await);
    insta::assert_snapshot!(again.connect(&wrong).await.unwrap_err(), @"failed to sign in: asked for /user and got 401: the token is not taken");
}
