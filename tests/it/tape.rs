//! A run on a tape: repeated when its site is gone, changed, cut off, full of failures; and nothing secret on it.
//!
//! A little long because all stories record and repeat with the same few functions.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Fault, Knobs, OAUTH_CLIENT_SECRET, Size, What, When};
use weir::gate::{Client, Doors, Gate, GatePlan};
use weir::host::{CONFLUENCE, Record, SyncOptions, Synced};
use weir::model::{Change, Connection, Origin, Partition, Position};
use weir::sandbox::Connector;
use weir::store::Mode;
use weir::sync::{Remote, Silent, Source as _};
use weir::tape::{Component, FORMAT, Header, Recorder, Repeated, Tape, Verdict, repeat};

use crate::acme::{Acme, Hands, Middle, NAME, company, engine, generated, small};
use crate::command::{User, serve, snapshots, stable};
use crate::consent::{HOUR, approved, kept};
use crate::wasm::test_connector;

async fn recorded(acme: &Acme, path: &Path) -> Synced {
    let record = Record::File { path: path.to_path_buf(), force: false };
    acme.host.sync(NAME, recording(record), Arc::new(Silent)).await.unwrap()
}

fn recording(record: Record) -> SyncOptions {
    SyncOptions { record: Some(record), ..SyncOptions::by_hand(Mode::Since) }
}

/// Every call of a tape, made again, and whether the tape has its end.
async fn replayed(path: &Path) -> (Vec<Repeated>, bool) {
    let connector = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let mut tape = Tape::open(path).unwrap();
    let (header, mut repeated) = (tape.header().clone(), Vec::new());
    while let Some(call) = tape.next_call().unwrap() {
        repeated.push(repeat(call, &header, &connector).await);
    }
    (repeated, tape.is_whole())
}

/// Enough for several pages of each listing.
fn team() -> Size {
    Size {
        spaces: 3,
        pages: 60,
        blog_posts: 5,
        comments: 50,
        attachments: 45,
        people: 10,
        groups: 4,
        ..company()
    }
}

fn assert_same(repeated: &[Repeated]) {
    let different: Vec<&Repeated> = repeated.iter().filter(|it| it.verdict != Verdict::Same).collect();
    assert!(different.is_empty(), "{different:?}");
}

fn changes(repeated: &[Repeated]) -> Vec<&Change> {
    repeated.iter().flat_map(|it| it.answer.as_ref().unwrap().changes()).collect()
}

fn unpacked(path: &Path) -> String {
    String::from_utf8(zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap()).unwrap()
}

/// The same tape with one text replaced by another.
fn forged(path: &Path, from: &str, to: &str) -> PathBuf {
    let text = unpacked(path);
    assert!(text.contains(from), "{from} is not on the tape");
    let forged = path.with_extension("forged");
    std::fs::write(&forged, zstd::encode_all(text.replacen(from, to, 1).as_bytes(), 1).unwrap()).unwrap();
    forged
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_repeated_when_the_site_is_gone() {
    let acme = Acme::new(generated(3, &team())).await;
    let tapes = [1, 2].map(|number| acme.folder.path().join(format!("{number}.tape")));
    let first = recorded(&acme, &tapes[0]).await;
    assert!(first.report.is_complete(), "{:?}", first.report);
    let page = acme.site.read(|site| *site.pages.keys().next().unwrap());
    acme.site.change(|site| site.edit_page(page, "<p>Words that were written between two tapes.</p>"));
    let second = recorded(&acme, &tapes[1]).await;
    let recorded = first.tape.unwrap().unwrap();
    assert_eq!(recorded.exchanges, first.traffic.requests);
    assert_eq!(second.report.run.counts.changed, 1);
    acme.assert_faithful();

    let Acme { site, folder, host, .. } = acme;
    drop((site, host));
    for tape in &tapes {
        let (repeated, whole) = replayed(tape).await;
        assert!(whole && !repeated.is_empty());
        assert_same(&repeated);
    }
    let (repeated, _) = replayed(&tapes[1]).await;
    let edited = |change: &&Change| {
        matches!(change, Change::Upsert(item)
            if item.body.as_ref().is_some_and(|body| body.value.contains("between two tapes")))
    };
    assert_eq!(changes(&repeated).into_iter().filter(edited).count(), 1);
    assert_eq!(std::fs::metadata(&tapes[0]).unwrap().permissions().mode() & 0o777, 0o600);
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_records_and_repeats() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let tape = user.home.path().join("run.tape");
    let tape = tape.to_str().unwrap();
    let said = user.runs(&["sync", NAME, "--record", tape]).ok();
    assert!(said.stderr.contains("it holds the words of pages: weir replay "), "{said}");
    let items = user.runs(&["items", "--connection", NAME]).ok().stdout.lines().count();
    let again = user.runs(&["sync", NAME, "--record", tape]);
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &again), @"
        exit 1
        --- stderr
        error: failed to sync acme
          because HOME/run.tape exists already; name another file, or say --force to write over it
        ")
    });
    user.runs(&["sync", NAME, "--everything", "--record", tape, "--force"]).ok();
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, user.runs(&["sync", "--record", NAME])), @"
        exit 1
        --- stderr
        error: `acme` would be the file to record in; did you mean `weir sync acme --record`?
        ");
    });
    drop(site);

    let stranger = User { secret: None, ..User::new() };
    let said = stranger.runs(&["replay", tape]).ok();
    assert!(said.stdout.lines().all(|line| line.ends_with("\tthe same")), "{said}");
    assert!(said.stdout.lines().count() > 5 && said.stderr.contains(" 0 different"), "{said}");
    let said = stranger.runs(&["replay", tape, "--changes"]).ok().json();
    assert_eq!(said.iter().filter(|change| change.get("upsert").is_some()).count(), items);
    let calls = stranger.runs(&["replay", tape, "--json"]).ok().json();
    assert!(calls.iter().all(|call| call["verdict"] == "same"), "{calls:?}");
    assert_eq!(std::fs::read_dir(stranger.data()).unwrap().count(), 1, "no data folder is made of it");

    let forged = forged(Path::new(tape), "Both flamingo parents", "Both pelican parents");
    let said = stranger.runs(&["replay", forged.to_str().unwrap(), "--changes"]);
    assert_eq!(said.code, 1);
    // Calls side by side are numbered as chance has it.
    let (_, differs) = said.stderr.split_once(" differs: ").unwrap();
    let (differs, sum) = differs.split_once("\nacme, read on ").unwrap();
    insta::assert_snapshot!(differs, @r#"
    change 3 of 3: upsert page:98309
            "body": {
              "format": "markdown",
      -       "value": "Both flamingo parents."
      +       "value": "Both pelican parents."
    "#);
    assert!(sum.contains(" the same, 1 different"), "{sum}");
    let said = stranger.runs(&["replay", "/dev/null"]);
    insta::assert_snapshot!(said, @"
    exit 1
    --- stderr
    error: /dev/null is no tape; `weir sync N --record FILE` makes one
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tape_that_cannot_be_written_leaves_the_run_alone() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let said = user.runs(&["sync", NAME, "--no-files", "--record", "/dev/full", "--force"]);
    assert!(said.stdout.contains("10 new, 0 changed"), "{said}");
    let last = said.stderr.lines().rev().take(3).collect::<Vec<_>>();
    insta::assert_snapshot!(last.join("\n"), @"
      because the run itself is not hurt, but its recording failed; the reason stands above
    error: failed to sync acme
    the tape /dev/full could not be written to its end (No space left on device (os error 28)); what it has up to there can be replayed, and what was read is kept all the same
    ");
    assert_eq!(user.runs(&["items", "--connection", NAME]).ok().stdout.lines().count(), 10);
    assert!(user.runs(&["status"]).ok().stdout.contains("complete"));
    let said = user.runs(&["sync", NAME, "--record", "/nowhere/run.tape"]);
    snapshots(|| {
        insta::assert_snapshot!(stable(&user, &said), @"
        exit 1
        --- stderr
        error: failed to sync acme
          because the tape /nowhere/run.tape could not be made: No such file or directory (os error 2); check that you may write there
        ")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_on_a_tape_is_told() {
    let acme = Acme::new(small()).await;
    let tape = acme.folder.path().join("run.tape");
    recorded(&acme, &tape).await;
    // A page's words, a page's answer, and a request that is on no tape any more.
    for (from, to, place) in [
        ("<p>Holidays and flamingo days.</p>", "<p>Holidays and pelican days.</p>", "upsert page:98308"),
        ("\"value\":\"Holidays and flamingo", "\"value\":\"Holidays and pelican", "(the tape was changed)"),
        ("/wiki/api/v2/footer-comments?", "/wiki/api/v2/foot-comments?", "the answer"),
    ] {
        let (repeated, _) = replayed(&forged(&tape, from, to)).await;
        let differ = |it: &Repeated| match &it.verdict {
            Verdict::Differs(difference) => Some(format!("{difference:?}")),
            _ => None,
        };
        let said: Vec<String> = repeated.iter().filter_map(differ).collect();
        assert!(said.len() == 1 && said[0].contains(place), "{from}: {said:?}");
        assert_eq!(said[0].contains("footer-comments"), from.contains("footer-comments"), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tape_cut_in_the_middle_is_repeated_up_to_there() {
    let acme = Acme::new(generated(2, &team())).await;
    let tape = acme.folder.path().join("run.tape");
    recorded(&acme, &tape).await;
    let (all, _) = replayed(&tape).await;
    let bytes = std::fs::read(&tape).unwrap();
    std::fs::write(&tape, &bytes[..bytes.len() / 2]).unwrap();
    let (half, whole) = replayed(&tape).await;
    assert!(!whole && !half.is_empty() && half.len() < all.len(), "{} of {}", half.len(), all.len());
    assert_same(&half);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_on_the_tape_as_the_connector_met_them() {
    let fault = |path: &str, when, what| Fault { path: path.into(), when, what };
    let status = |code| What::Status { code, retry_after_seconds: None };
    let faults = [
        // The gate tries again: the connector meets one answer, and the tape has one exchange.
        vec![fault("/wiki/api/v2/pages", When::Nth(1), status(503))],
        vec![fault("footer-comments", When::Always, status(503))],
        vec![fault("attachments", When::Always, What::Reset)],
        vec![fault("inline-comments", When::Always, What::TruncatedJson)],
        vec![fault("", When::Every(4), What::Status { code: 429, retry_after_seconds: Some(7) })],
        vec![fault("attachments?cursor=", When::Always, What::BadCursor)],
        vec![fault("", When::Always, status(500))],
    ];
    for faults in faults {
        let acme = Acme::new(generated(2, &team())).await;
        let page_rows_max = Some(20);
        acme.site.set_knobs(Knobs { faults: faults.clone(), page_rows_max, ..Knobs::default() });
        let tape = acme.folder.path().join("run.tape");
        let traffic = recorded(&acme, &tape).await.traffic;
        let (repeated, whole) = replayed(&tape).await;
        assert!(whole);
        assert_same(&repeated);
        if faults[0].when == When::Nth(1) {
            let exchanges: usize = repeated.iter().map(|it| it.exchanges).sum();
            assert_eq!((traffic.retries, exchanges as u64), (1, traffic.requests));
        }
    }
    // A site that is gone is a failure too, and the same one when it is repeated.
    let acme = Acme::new(small()).await;
    let tape = acme.folder.path().join("gone.tape");
    let Acme { site, host, clock, folder } = acme;
    drop(site);
    let record = Record::File { path: tape.clone(), force: false };
    let gone = host.sync(NAME, recording(record), Arc::new(Silent)).await;
    assert!(!gone.unwrap().report.is_complete());
    let (repeated, _) = replayed(&tape).await;
    assert!(!repeated.is_empty());
    assert_same(&repeated);
    drop((clock, folder));
}

fn assert_absent(tape: &Path, secrets: &[String]) {
    let text = unpacked(tape);
    // The first line names the header of the login.
    let (_, calls) = text.split_once('\n').unwrap();
    for secret in secrets {
        assert!(secret.len() > 8 && !text.contains(secret.as_str()), "{secret} is on the tape");
    }
    for name in ["authorization", "Authorization", "set-cookie", "Bearer ", "Basic "] {
        let found = calls.find(name).map(|at| calls.get(at.saturating_sub(80)..at + 80));
        assert_eq!(found, None, "{name} is on the tape");
    }
    assert!(text.contains("flamingo") && text.contains("/wiki/api/v2/pages"), "the search is not blind");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_on_a_tape() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let tape = user.home.path().join("token.tape");
    user.runs(&["sync", NAME, "--record", tape.to_str().unwrap()]).ok();
    let pair = format!("{CRAWLER_EMAIL}:{API_TOKEN}");
    assert_absent(&tape, &[API_TOKEN.to_owned(), STANDARD.encode(pair), STANDARD.encode(API_TOKEN)]);

    // Two hours after the approval, so that the run renews its token first.
    let (site, user) = approved(2 * HOUR).await;
    let mut secrets = vec![OAUTH_CLIENT_SECRET.to_owned()];
    let mut know = || {
        let (_, grant) = kept(&user);
        secrets.extend([grant.access.expose().to_owned(), grant.refresh.unwrap().expose().to_owned()]);
    };
    know();
    let tape = user.home.path().join("oauth.tape");
    user.runs(&["sync", NAME, "--record", tape.to_str().unwrap()]).ok();
    know();
    assert_eq!(secrets.len(), 5);
    assert_ne!(secrets[1], secrets[3], "the token was renewed");
    assert_absent(&tape, &secrets);
    drop(site);
    assert_same(&replayed(&tape).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tapes_in_the_data_folder_go_with_their_connection() {
    let acme = Acme::new(small()).await;
    for _ in 0..2 {
        let options = recording(Record::InDataFolder);
        acme.host.sync(NAME, options, Arc::new(Silent)).await.unwrap().tape.unwrap().unwrap();
    }
    let tapes = acme.host.tapes_of(NAME).unwrap();
    assert_eq!(tapes.len(), 2, "{tapes:?}");
    assert_same(&replayed(&tapes[1]).await.0);
    assert!(acme.host.tapes_of("ac").unwrap().is_empty());
    assert_eq!(acme.host.remove_tapes("acme-2").unwrap(), 0);
    assert_eq!(acme.host.remove_tapes(NAME).unwrap(), 2);
    assert_eq!(acme.host.remove_tapes(NAME).unwrap(), 0);
    assert!(!tapes[0].exists());
}

/// What another connector does: it crashes, asks where it may not, and looks at clocks and chance.
#[tokio::test(flavor = "multi_thread")]
async fn time_chance_crashes_and_refusals_are_repeated() {
    let folder = tempfile::TempDir::new().unwrap();
    let connector = Connector::load(&engine(), test_connector()).await.unwrap();
    let doors = Doors {
        transport: Arc::new(Client::default()),
        clock: Arc::<Hands>::default(),
        chance: Arc::new(Middle),
    };
    let origin = Origin {
        url: "https://agreed.example".into(),
        credential: false,
        post: false,
        purpose: "test".into(),
    };
    let plan = GatePlan { origins: vec![origin], ..GatePlan::default() };
    let gate = Gate::new(plan, doors).unwrap();
    for behaviour in [
        "tells-time-and-chance",
        "crashes",
        "hoards-memory",
        "dials https://other.example/",
        "sets-header x-a",
        "behaves",
    ] {
        let path = folder.path().join(format!("{}.tape", behaviour.split(' ').next().unwrap()));
        let settings = format!(r#"{{"behaviour":"{behaviour}"}}"#);
        let tape = Recorder::create(&path, false, header(&settings)).unwrap();
        let remote = Remote {
            connector: connector.clone(),
            gate: gate.clone(),
            connection: connection(&settings),
            tape: Some(Arc::clone(&tape)),
        };
        let partition = Partition { id: "all".into(), label: "All".into(), token: String::new() };
        let (answer, _) = remote.page(&partition, &Position::Everything, 10).await;
        tape.finish().unwrap();
        let mut tape = Tape::open(&path).unwrap();
        let again = repeat(tape.next_call().unwrap().unwrap(), &header(&settings), &connector).await;
        assert_eq!(again.verdict, Verdict::Same, "{behaviour}: {answer:?}, again {again:?}");
        assert_eq!(answer.is_ok(), behaviour == "behaves", "{answer:?}");
    }
}

fn header(settings: &str) -> Header {
    let connector = Component {
        given: "t.wasm".into(),
        name: "test".into(),
        version: String::new(),
        sha256: String::new(),
    };
    Header {
        format: FORMAT,
        weir: String::new(),
        connector,
        connection: "test".into(),
        settings: settings.into(),
        session: String::new(),
        login: "token".into(),
        login_header: None,
        origins: Vec::new(),
        mode: "since".into(),
        started: 0,
    }
}

fn connection(settings: &str) -> Connection {
    Connection {
        id: 1,
        name: "test".into(),
        connector: "t.wasm".into(),
        settings: settings.into(),
        session: String::new(),
        login: "token".into(),
        username: None,
        account: String::new(),
        origins: Vec::new(),
        routes: Vec::new(),
        created: 0,
    }
}
