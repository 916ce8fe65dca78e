//! For those who keep it running: probes, metrics, logs, traces, and a stop that waits for what is under way.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use confluence_simulator::{API_TOKEN, Knobs};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;
use weir::console::ConsoleOptions;
use weir::store::Scope;

use super::{Answer, Desk, client};
use crate::acme::{ANA, SITE, small};
use crate::command::{User, serve};

const PATIENCE: Duration = Duration::from_secs(60);

/// `weir serve` in a process of its own, and what it says on stderr, a line each.
struct Serving {
    child: Child,
    lines: BufReader<ChildStderr>,
    said: Vec<String>,
}

impl Serving {
    fn start(user: &User, arguments: &[&str]) -> Self {
        let mut child = user.starts(&[&["serve", "--no-files"], arguments].concat());
        let lines = BufReader::new(child.stderr.take().unwrap());
        Self { child, lines, said: Vec::new() }
    }

    /// The line with these words, which may have been read already.
    fn says(&mut self, words: &str) -> String {
        loop {
            if let Some(line) = self.said.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "no {words:?} in {:?}", self.said);
            self.said.push(line.trim_end().to_owned());
        }
    }

    /// The console's address.
    fn url(&mut self) -> Url {
        let line = self.says("the console is at ");
        let url = line.split("the console is at ").nth(1).unwrap();
        Url::parse(url.split('"').next().unwrap()).unwrap()
    }

    fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// All it said, once it has ended well.
    fn ends(mut self) -> Vec<String> {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        self.said.extend(rest.lines().map(str::to_owned));
        assert!(self.child.wait().unwrap().success(), "{:?}", self.said);
        std::mem::take(&mut self.said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // A test that failed leaves no process behind; one that has ended cannot be killed.
        drop(self.child.kill());
    }
}

async fn get(url: &Url, path: &str) -> Answer {
    // Made once: that takes a while on a busy machine.
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(client);
    Answer::of(CLIENT.get(url.join(path).unwrap()).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_come_by_any_name_and_learn_only_what_is_not_ready() {
    let desk = Desk::empty(small()).await;
    let ask = async |path: &str| {
        let request = client().get(desk.at(path)).header("host", "weir.cluster.internal:8780");
        Answer::of(request.send().await.unwrap()).await
    };
    assert_eq!(
        (ask("/healthz").await.text.as_str(), ask("/connections").await.status),
        (r#"{"ok":true}"#, 421)
    );
    let began = Instant::now();
    while ask("/readyz").await.status != 200 {
        assert!(began.elapsed() < PATIENCE, "it never serves");
    }
    let head = Answer::of(client().head(desk.at("/readyz")).send().await.unwrap()).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));

    let index = desk.folder.path().join("index");
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::write(&index, "in the way").unwrap();
    let unready = ask("/readyz").await;
    assert_eq!((unready.status, unready.text.as_str()), (503, r#"{"ok":false,"not_ready":["index"]}"#));
    assert_eq!(ask("/healthz").await.status, 200, "restarting the process would not help");
    std::fs::remove_file(&index).unwrap();
    assert_eq!(ask("/readyz").await.status, 200);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_what_goes_on_and_name_no_page_and_no_person() {
    let desk = Desk::synced(small()).await;
    assert_eq!(get(&desk.url, "/metrics").await.status, 401);
    let (search, read) = (desk.token(Some(ANA), &[Scope::Search]), desk.token(None, &[Scope::Read]));
    assert_eq!(desk.get(&search, "/metrics").await.status, 403);
    desk.host.search("flamingo", ANA, 10).unwrap();
    desk.get(&read, "/api/v1/connections?q=secret").await;
    desk.get(&read, "/api/v1/nowhere/secret").await;
    let metrics = desk.get(&read, "/metrics").await;
    assert_eq!(metrics.status, 200);
    let lines = [
        r#"weir_connections{connection="acme",state="paused"} 1"#,
        r#"weir_items{connection="acme",kind="page"} 4"#,
        r#"weir_runs_total{connection="acme",outcome="complete"} 1"#,
        r#"weir_failed_items{connection="acme"} 0"#,
        r#"weir_waiting_deletions{connection="acme"} 0"#,
        r#"weir_http_requests_total{method="GET",route="/api/v1/connections",status="200"} 1"#,
        r#"weir_http_requests_total{method="GET",route="/metrics",status="403"} 1"#,
        "weir_search_duration_seconds_count 1",
        "weir_index_backlog 0.0",
        "# EOF",
    ];
    for line in lines {
        assert!(metrics.text.lines().any(|told| told == line), "{line} is not in\n{}", metrics.text);
    }
    let told = |name: &str| metrics.text.lines().any(|line| line.starts_with(name) && !line.ends_with(" 0"));
    let more =
        ["source_requests_total", "source_bytes_total", "store_bytes", "index_documents", "uptime_seconds"];
    for name in more {
        assert!(told(&format!("weir_{name}")), "{name} is not in\n{}", metrics.text);
    }
    for word in ["secret", ANA, "Parental"] {
        assert!(!metrics.text.contains(word), "{word} is in\n{}", metrics.text);
    }
    assert_eq!(metrics.header("x-request-id").len(), 16);
    desk.stop().await;

    let url = Url::parse("http://localhost/").unwrap();
    let open = ConsoleOptions { open_metrics: true, ..Desk::options(url) };
    let desk = Desk::with(small(), open).await;
    assert_eq!(get(&desk.url, "/metrics").await.status, 200);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_what_happens_a_json_object_a_line() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let mut serving = Serving::start(&user, &["--log-format", "json", "--log-level", "debug"]);
    let url = serving.url();
    get(&url, "/sign-in?to=%2Fsearch%3Fq%3Dparental").await;
    get(&url, "/readyz").await;
    serving.says("run ended");
    serving.terminate();
    let said = serving.ends();
    let events: Vec<Value> =
        said.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let find = |message: &str| {
        events
            .iter()
            .find(|event| event["message"] == message)
            .unwrap_or_else(|| panic!("{message}: {said:?}"))
    };
    let began = find("run began");
    assert_eq!((&began["connection"], &began["trigger"]), (&"acme".into(), &"schedule".into()), "{began}");
    let ended = find("run ended");
    assert_eq!((&ended["outcome"], &ended["added"]), (&"complete".into(), &10.into()), "{ended}");
    assert!(ended["timestamp"].is_string() && ended["level"] == "INFO", "{ended}");
    let page = find("answered");
    let told = (&page["method"], &page["route"], &page["status"], &page["who"]);
    assert_eq!(told, (&"GET".into(), &"/sign-in".into(), &200.into(), &"nobody".into()), "{page}");
    assert!(page["ms"].is_u64() && page["request_id"].as_str().unwrap().len() == 16, "{page}");
    assert!(events.iter().any(|event| event["route"] == "/readyz" && event["level"] == "DEBUG"), "{said:?}");
    find("stopped");
    for word in ["parental", API_TOKEN, "weir_"] {
        assert!(!said.iter().any(|line| line.contains(word)), "{word} is in {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_told_to_probes_and_waits_for_what_is_under_way() {
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    site.set_knobs(Knobs { latency_ms: 6_000, ..Knobs::default() });
    let mut serving = Serving::start(&user, &[]);
    let url = serving.url();
    serving.says("acme: begins");
    assert_eq!(get(&url, "/readyz").await.status, 200);
    serving.terminate();
    serving.says("1 run to be ended");
    let unready = get(&url, "/readyz").await;
    assert_eq!((unready.status, unready.text.as_str()), (503, r#"{"ok":false,"not_ready":["stopping"]}"#));
    assert_eq!(get(&url, "/healthz").await.status, 200);
    let said = serving.ends();
    assert!(said.iter().any(|line| line.contains("acme: interrupted in ")), "{said:?}");
}

/// Takes whatever is sent to it, and keeps the bodies.
async fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::<Mutex<Vec<u8>>>::default();
    let keeping = Arc::clone(&kept);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let keeping = Arc::clone(&keeping);
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                loop {
                    let read = socket.read(&mut buffer).await.unwrap_or_default();
                    if read == 0 {
                        break;
                    }
                    keeping.lock().unwrap().extend_from_slice(&buffer[..read]);
                    // Said early: an exporter reads it when it has sent all.
                    let head = buffer[..read].starts_with(b"POST /v1/traces");
                    if head
                        && socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.is_err()
                    {
                        break;
                    }
                }
            });
        }
    });
    (url, kept)
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_follow_a_run_down_to_its_requests() {
    let (url, kept) = collector().await;
    let site = serve(small()).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let mut serving = Serving::start(&user, &["--otlp", &url]);
    let console = serving.url();
    get(&console, "/sign-in?to=%2Fsearch%3Fq%3Dparental").await;
    serving.says("acme: complete");
    serving.terminate();
    serving.ends();
    let sent = kept.lock().unwrap().clone();
    let holds = |words: &str| sent.windows(words.len()).any(|window| window == words.as_bytes());
    let host = SITE.trim_start_matches("https://");
    for name in ["run", "partition", "read-page", &format!("GET {host}"), "GET /sign-in", "service.name"] {
        assert!(holds(name), "no span {name} in {} bytes", sent.len());
    }
    for word in ["/wiki/", "parental", API_TOKEN, "Handbook"] {
        assert!(!holds(word), "{word} was sent to the collector");
    }
}
