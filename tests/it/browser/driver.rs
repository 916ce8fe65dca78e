//! One chromedriver for one browser. Both end with it, also when a story fails.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// Nothing of the machine's: no account, no cache, no update, no proxy, and no host but this one, so that a page with
/// content from elsewhere fails here as it would in a closed network.
const ARGUMENTS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-proxy-server",
    "--lang=en-US",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

const STARTED: &str = "was started successfully on port ";

/// How long the driver may take to end its browser.
const ENDING: Duration = Duration::from_secs(10);

pub struct Driver {
    child: Child,
    port: u16,
    // Open, because the driver must not fail to say what it says later.
    _said: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts at a port that is free, with `home` as the home folder.
    pub fn start(home: &Path) -> Self {
        let path = tool("CHROMEDRIVER", "/usr/bin/chromedriver");
        let mut command = Command::new(&path);
        command.arg("--port=0").env("HOME", home).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("{} cannot be run: {error}", path.display()));
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let port = std::iter::from_fn(|| {
            let mut line = String::new();
            said.read_line(&mut line).ok().filter(|bytes| *bytes > 0).map(|_| line)
        })
        .find_map(|line| line.split(STARTED).nth(1)?.trim_end().trim_end_matches('.').parse().ok())
        .unwrap_or_else(|| panic!("{} ends instead of listening", path.display()));
        Self { child, port, _said: said }
    }

    /// A new browser.
    pub async fn session(&self, profile: &Path) -> Client {
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.join("profile").display()));
        let wanted = json!({
            "goog:chromeOptions": {"binary": tool("CHROMIUM", "/usr/bin/chromium"), "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let Value::Object(wanted) = wanted else { unreachable!("it is written above") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{}", self.port)).await;
        client.unwrap_or_else(|error| panic!("Chromium does not start: {error}"))
    }
}

impl Drop for Driver {
    /// A driver that is merely killed leaves its browser running.
    fn drop(&mut self) {
        let ask = || {
            let mut driver = TcpStream::connect(("127.0.0.1", self.port))?;
            driver.set_read_timeout(Some(ENDING))?;
            driver.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
            driver.read_to_end(&mut Vec::new())
        };
        if ask().is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

fn tool(variable: &str, usual: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| PathBuf::from(usual), PathBuf::from);
    assert!(
        path.exists(),
        "{} is missing: `apt-get install chromium chromium-driver`, or say where it is in {variable}",
        path.display()
    );
    path
}

/// A command of Chrome's own protocol.
#[derive(Debug)]
pub struct Cdp {
    pub command: &'static str,
    pub parameters: Value,
}

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.command, "params": self.parameters}).to_string()))
    }
}

/// What the browser's console took down since it was last asked.
#[derive(Debug)]
pub struct Log;

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}
