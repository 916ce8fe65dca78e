//! The command as its users run it: a process, its output, its exit code.

use std::fmt;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Knobs, Running, Simulator, Site};
use tempfile::TempDir;

use crate::acme::{GATEWAY, MEDIA, SITE, compiled, engine};

/// What a command printed, and how it ended.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Display for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "exit {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(out, "\n--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

impl Said {
    /// Every line of stdout as JSON.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The order of items is that of their arrival, and partitions race.
    pub fn sorted(mut self) -> Self {
        let mut lines: Vec<&str> = self.stdout.lines().collect();
        lines.sort_unstable();
        self.stdout = lines.join("\n");
        self
    }

    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }
}

/// A user with a data folder of their own.
pub struct User {
    pub home: TempDir,
    pub secret: Option<String>,
    pub key: Option<String>,
}

impl User {
    pub fn new() -> Self {
        let user = Self { home: TempDir::new().unwrap(), secret: Some(API_TOKEN.into()), key: None };
        // The built-in component is compiled once for all users of this test.
        drop(engine());
        std::fs::create_dir(user.data()).unwrap();
        std::os::unix::fs::symlink(compiled(), user.data().join("compiled")).unwrap();
        user
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir-tests"));
        command.arg0("weir").args(arguments).env_clear();
        command.env("HOME", self.home.path()).env("WEIR_DATA", self.data());
        // A port of its own for each console: tests run side by side.
        command.env("WEIR_LISTEN", "127.0.0.1:0");
        command.envs(self.secret.iter().map(|secret| ("WEIR_SECRET", secret)));
        command.envs(self.key.iter().map(|key| ("WEIR_KEY", key)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn runs(&self, arguments: &[&str]) -> Said {
        self.ends(self.command(arguments).spawn().unwrap())
    }

    /// Runs with this on standard input.
    pub fn pipes(&self, input: &str, arguments: &[&str]) -> Said {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.ends(child)
    }

    pub fn starts(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    fn ends(&self, child: Child) -> Said {
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        Said { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// `weir connection add` for a site at this address.
    pub fn adds(&self, url: &str) -> Said {
        self.adds_with(url, SITE, CRAWLER_EMAIL)
    }

    pub fn adds_with(&self, url: &str, site: &str, email: &str) -> Said {
        let (set, routes) =
            (format!("site={site}"), [SITE, GATEWAY, MEDIA].map(|from| format!("{from}={url}")));
        self.runs(&[
            "connection",
            "add",
            "confluence",
            "--name",
            "acme",
            "--set",
            &set,
            "--login",
            "api-token",
            "--username",
            email,
            "--route",
            &routes[0],
            "--route",
            &routes[1],
            "--route",
            &routes[2],
        ])
    }

    /// A user whose connection to this site was added and synced.
    pub fn synced(site: &Running) -> Self {
        let user = Self::new();
        user.adds(&site.url()).ok();
        user.runs(&["sync"]).ok();
        user
    }
}

pub async fn serve(site: Site) -> Running {
    Simulator::start(site, Knobs::default()).await.unwrap()
}

/// Replaces what differs from run to run.
pub fn stable(user: &User, said: impl fmt::Display) -> String {
    let home = user.home.path().canonicalize().unwrap();
    let said = said.to_string().replace(path(&home), "HOME").replace(path(user.home.path()), "HOME");
    said.replace(SITE, "SITE")
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Snapshots without ports, times and amounts.
pub fn snapshots(assertions: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "LOOPBACK");
    settings.add_filter(r"\d+\.\d+ m?s\b", "TIME");
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN");
    settings.add_filter(r"\b\d+ kB", "SIZE");
    settings.add_filter(r"\b[0-9a-f]{64}\b", "DIGEST");
    settings.add_filter(r"this one knows \d+", "this one knows LESS");
    settings.add_filter(r"\b\d+ requests", "SOME requests");
    settings.add_filter(r"section range \d+\.\.\d+ is out of bounds \(bound = \d+\)", "section is cut off");
    settings.bind(assertions);
}
