//! `weir backup` beside `weir serve`, and `weir restore` elsewhere: processes, as their users run them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use confluence_simulator::Knobs;
use weir::store::{Outcome, Run, Store};

use crate::acme::{ANA, NAME, company, compiled, generated, small};
use crate::command::{User, serve};

/// Long enough for a busy machine; a test that comes here has failed.
const PATIENCE: Duration = Duration::from_secs(120);

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} never came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The newest first.
fn runs(folder: &Path) -> Vec<Run> {
    let store = Store::open(folder).unwrap();
    store.runs(store.connection(NAME).unwrap().id, 99).unwrap()
}

fn added(folder: &Path) -> u64 {
    runs(folder).iter().map(|run| run.counts.added).sum()
}

/// A backup of this user's folder, restored beside it.
fn restored(user: &User, backup: &Path, name: &str) -> PathBuf {
    let folder = user.home.path().join(name);
    let said = user.runs(&["restore", text(backup), "--data", text(&folder)]).ok();
    assert!(said.stderr.contains("next: `weir doctor`"), "{said}");
    std::os::unix::fs::symlink(compiled(), folder.join("compiled")).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_backed_up_while_it_is_served_and_goes_on_elsewhere() {
    let site = serve(generated(5, &company())).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    site.set_knobs(Knobs { latency_ms: 60, page_rows_max: Some(20), ..Knobs::default() });
    let mut serving = user.starts(&["serve", "--no-files"]);
    until("pages", || runs(&user.data()).first().is_some_and(|run| run.counts.added > 50)).await;

    let early = user.home.path().join("early.weir");
    user.runs(&["backup", text(&early), "--with-key"]).ok();
    assert!(runs(&user.data())[0].outcome.is_none(), "the run goes on meanwhile");
    site.set_knobs(Knobs::default());
    until("the end", || runs(&user.data())[0].outcome == Some(Outcome::Complete)).await;
    let late = user.home.path().join("late.weir");
    let said = user.runs(&["backup", text(&late), "--with-key"]).ok();
    assert!(said.stderr.contains("THE KEY IS IN IT"), "{said}");
    serving.kill().unwrap();
    serving.wait().unwrap();
    let all = runs(&user.data()).remove(0);

    // What was complete is the same elsewhere, and is not read again.
    let whole = restored(&user, &late, "whole");
    let at = text(&whole);
    for question in
        [&["items", "--connection", NAME] as &[&str], &["search", "policy", "--as", "crawler@acme.example"]]
    {
        let (here, there) = (
            user.runs(question).ok().sorted(),
            user.runs(&[question, &["--data", at]].concat()).ok().sorted(),
        );
        assert_eq!(here.stdout, there.stdout);
    }
    user.runs(&["sync", "--no-files", "--data", at]).ok();
    let next = runs(&whole).remove(0);
    assert_eq!((next.outcome, next.counts.added), (Some(Outcome::Complete), 0));
    assert!(
        next.counts.requests < all.counts.requests / 2,
        "{} of {}",
        next.counts.requests,
        all.counts.requests
    );

    // What was under way goes on where it was.
    let half = restored(&user, &early, "half");
    let kept = added(&half);
    assert!(kept > 50 && kept < all.counts.added, "{kept} of {}", all.counts.added);
    user.runs(&["sync", "--no-files", "--data", text(&half)]).ok();
    assert_eq!(added(&half), all.counts.added, "what it had was not new again");
    let rest = runs(&half).remove(0);
    assert_eq!(rest.counts.added, all.counts.added - kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_its_owners_and_has_no_key_unless_that_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let site = serve(small()).await;
    let user = User::synced(&site);
    let backup = user.home.path().join("acme.weir");
    let said = user.runs(&["backup", text(&backup)]).ok();
    assert!(said.stderr.contains("the key of the secrets is not in it"), "{said}");
    assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    let piped = user.command(&["backup", "-"]).output().unwrap();
    assert!(piped.status.success() && piped.stdout.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]), "a zstd frame");

    let folder = restored(&user, &backup, "elsewhere");
    let at = text(&folder);
    let found = user.runs(&["search", "flamingo", "--as", ANA, "--data", at]).ok();
    assert!(found.stdout.contains("Parental leave"), "the index was made anew: {found}");
    assert_ne!(user.runs(&["sync", "--data", at]).code, 0, "nobody can sign in with what is sealed");
    std::fs::copy(user.data().join("key"), folder.join("key")).unwrap();
    user.runs(&["sync", "--data", at]).ok();

    // A store that is there, a folder that is held, a file that was tampered with: nothing is changed.
    let refused = user.runs(&["restore", text(&backup), "--data", at]);
    assert!(refused.code == 1 && refused.stderr.contains("say --replace"), "{refused}");
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&backup, bytes).unwrap();
    let refused = user.runs(&["restore", text(&backup), "--replace", "--data", at]);
    assert!(refused.code == 1 && refused.stderr.contains("was not restored"), "{refused}");
    user.runs(&["search", "flamingo", "--as", ANA, "--data", at]).ok();
    let nowhere = user.runs(&["backup", text(&backup), "--data", text(&user.home.path().join("typo"))]);
    assert!(nowhere.code == 1 && nowhere.stderr.contains("there is no data folder"), "{nowhere}");
}
