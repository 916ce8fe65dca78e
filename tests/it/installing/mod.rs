//! Connectors that are installed: shown and agreed to before they run, and then these bytes and no others.

mod agreeing;
mod backed_up;
mod changed;
mod signed;
mod upgrading;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::command::{Said, User};
use crate::wasm::{renamed, test_connector};

/// The test connector as its author improved it: other bytes, and nothing more demanded.
fn improved() -> Vec<u8> {
    renamed("Any word will do.", "Any word is good.")
}

/// The same as it goes elsewhere.
fn wider() -> Vec<u8> {
    renamed("https://agreed.example", "https://larger.example")
}

/// A user with component files to choose from.
struct Desk {
    user: User,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { user: User::new() };
        desk.file("test.wasm", test_connector());
        desk
    }

    /// A desk with the test connector installed, and a connection that goes by it.
    fn connected() -> Self {
        let desk = Self::new();
        desk.runs(&["connector", "add", &desk.place("test.wasm"), "--yes"]).ok();
        let add = ["connection", "add", "test", "--name", "mine", "--set", "behaviour=behaves", "--yes"];
        desk.runs(&add).ok();
        desk
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.place(name), bytes).unwrap();
        self.place(name)
    }

    fn place(&self, name: &str) -> String {
        self.user.home.path().join(name).to_str().unwrap().to_owned()
    }

    fn runs(&self, arguments: &[&str]) -> Said {
        self.user.runs(arguments)
    }

    /// `weir connector list --json` without the built-in one.
    fn installed(&self) -> Vec<serde_json::Value> {
        let listed = self.runs(&["connector", "list", "--json"]).ok().json();
        listed.into_iter().filter(|one| one["name"] != "confluence").collect()
    }

    /// The names of the files in the folder of components, sorted.
    fn components(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.user.data().join("connectors")) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn component(&self, bytes: &[u8]) -> PathBuf {
        self.user.data().join("connectors").join(format!("{}.wasm", digest(bytes)))
    }

    fn store(&self) -> Connection {
        Connection::open(self.user.data().join("weir.db")).unwrap()
    }

    /// Where the connection may go.
    fn origins(&self) -> Vec<String> {
        let shown = self.runs(&["connection", "show", "mine", "--json"]).ok().json();
        let origins = shown[0]["origins"].as_array().unwrap().iter();
        origins.map(|origin| origin["url"].as_str().unwrap().to_owned()).collect()
    }

    /// What a command said, without what differs from build to build.
    fn stable(&self, said: &Said) -> String {
        let home = self.user.home.path().canonicalize().unwrap();
        let mut text =
            said.to_string().replace(text(&home), "HOME").replace(text(self.user.home.path()), "HOME");
        for (bytes, name) in
            [(test_connector().to_vec(), "TEST"), (improved(), "IMPROVED"), (wider(), "WIDER")]
        {
            let digest = digest(&bytes);
            text = text.replace(&digest, name).replace(&digest[..12], name);
        }
        text
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn digest(bytes: &[u8]) -> String {
    weir::tape::sha256(bytes)
}
