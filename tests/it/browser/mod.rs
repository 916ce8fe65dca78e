//! The console in real Chromium, headless, as people meet it: with its script, its style and its policy.
//!
//! A story opens a [`Chrome`] beside a [`Desk`](crate::console::Desk), does what a person does (`goes`, `fills`, `clicks`,
//! `sees`), has each page looked over (`inspect`), and ends with `close`. `driver` runs Debian's chromedriver, `acting`
//! has what a person does, `looking` what is demanded of each page, `noise` what the browser complained about.
//!
//! Without Chromium, its driver or axe-core a story fails and says what to install; it never skips:
//!
//! ```text
//! apt-get install chromium chromium-driver
//! npm install --no-save --prefix target/browser axe-core@4.14.1
//! ```
//!
//! `CHROMIUM`, `CHROMEDRIVER` and `AXE_CORE` name them where they are elsewhere. `UPDATE_DOCS=1 cargo test -p weir-tests
//! browser` makes the pictures under `docs/screenshots` anew.
//!
//! Deliberately absent: what a page can be asked for without a script (`console`), which is quicker there.

#![allow(dead_code, reason = "a story uses what it needs")]

mod acting;
mod driver;
mod looking;
mod noise;
mod people;
mod recorded;
mod searched;
mod setting_up;
mod signing_in;
mod watching;

use std::future::Future;
use std::time::{Duration, Instant};

use fantoccini::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::console::Desk;
use driver::{Cdp, Driver};

/// Two cores bear two browsers.
static ROOM: Semaphore = Semaphore::const_new(2);

/// How long a page may take to show what a story waits for, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// The window of the stories and pictures.
const WINDOW: (u32, u32) = (1280, 800);

/// A browser that nobody has used before, at a console.
pub struct Chrome {
    client: Client,
    url: Url,
    /// Words of complaints that the story brings about itself.
    expected: Vec<String>,
    closed: bool,
    // The driver ends the browser before the profile goes, and then there is room for another.
    _driver: Driver,
    _profile: TempDir,
    _room: SemaphorePermit<'static>,
}

impl Chrome {
    /// Nobody is signed in.
    pub async fn open(desk: &Desk) -> Self {
        Self::at(&desk.url).await
    }

    /// The same for a console that another process serves.
    pub async fn at(url: &Url) -> Self {
        let room = ROOM.acquire().await.unwrap();
        let profile = TempDir::new().unwrap();
        let driver = Driver::start(profile.path());
        let client = driver.session(profile.path()).await;
        let chrome = Self {
            client,
            url: url.clone(),
            expected: Vec::new(),
            closed: false,
            _driver: driver,
            _profile: profile,
            _room: room,
        };
        chrome.sized(WINDOW).await;
        chrome
    }

    /// Ends the story: the browser has complained about nothing.
    pub async fn close(mut self) {
        self.is_quiet().await;
        self.closed = true;
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    async fn cdp(&self, command: &'static str, parameters: Value) {
        self.client.issue_cmd(Cdp { command, parameters }).await.unwrap();
    }

    async fn sized(&self, (width, height): (u32, u32)) {
        // Not `mobile`, which would zoom out of a page that is too wide instead of letting it scroll.
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Asks again until there is an answer; `what` is said when there is none in time.
    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, mut ask: impl FnMut() -> F) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            if Instant::now() > deadline {
                let (place, words) = (self.client.current_url().await.unwrap(), self.words().await);
                panic!("{what}: not in {PATIENCE:?} at {place}, which says:\n{words}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        assert!(self.closed || std::thread::panicking(), "a story ends with `chrome.close().await`");
    }
}
