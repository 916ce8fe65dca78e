//! What is demanded of each page: that everybody can use it, in light and dark, at a desk and on a phone.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Chrome, WINDOW};

/// Also in `tests/run`.
const AXE_VERSION: &str = "4.14.1";

/// A small phone, held upright.
const PHONE: (u32, u32) = (390, 844);

/// The rules of WCAG 2.2 up to AA, and what axe-core advises besides.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const AXE: &str = "
    const [tags, done] = arguments;
    axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
        .then(found => done(found.violations), error => done(String(error)));";

/// Whatever makes the page scroll sideways.
const WIDER: &str = "
    const room = window.innerWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 0.5);
    return wide.slice(0, 8).map(e => e.outerHTML.slice(0, 160));";

/// What every PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Chrome {
    /// Looks this page over: axe-core finds nothing serious in light, in dark and on a phone, nothing scrolls sideways
    /// there, and the browser complained about nothing. `page` is what a failure calls it.
    pub async fn inspect(&mut self, page: &str) {
        self.axe(page).await;
        self.dark(true).await;
        self.axe(&format!("{page}, in dark")).await;
        self.dark(false).await;
        self.sized(PHONE).await;
        self.axe(&format!("{page}, on a phone")).await;
        let wider = self.run(WIDER, Vec::new()).await;
        assert_eq!(wider, json!([]), "{page} scrolls sideways on a phone");
        self.sized(WINDOW).await;
        self.is_quiet().await;
    }

    /// Colours as somebody has them who prefers dark, or light again.
    pub async fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        // Without motion, so that no colour is caught on its way.
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// The window of a phone, or that of the stories again.
    pub async fn on_a_phone(&self, phone: bool) {
        self.sized(if phone { PHONE } else { WINDOW }).await;
    }

    async fn axe(&self, page: &str) {
        if self.run("return typeof window.axe;", Vec::new()).await == "undefined" {
            self.run(&axe_core(), Vec::new()).await;
        }
        let found = self.client.execute_async(AXE, vec![json!(TAGS)]).await.unwrap();
        let all = found.as_array().unwrap_or_else(|| panic!("axe-core fails: {found}"));
        let grave = |fault: &&Value| matches!(fault["impact"].as_str(), Some("serious" | "critical"));
        let grave: Vec<&Value> = all.iter().filter(grave).collect();
        assert!(grave.is_empty(), "{page} is not for everybody:\n{}", list(&grave));
    }

    /// Keeps this page as `docs/screenshots/NAME.png` if `UPDATE_DOCS` is set; otherwise there has to be one.
    pub async fn screenshot(&self, name: &str) {
        // The cursor blinks.
        self.run("document.activeElement?.blur(); scrollTo(0, 0);", Vec::new()).await;
        let picture = self.client.screenshot().await.unwrap();
        assert!(picture.starts_with(PNG) && picture.len() > 1_000, "{name}: no picture");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
        let path = folder.join(format!("{name}.png"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, picture).unwrap();
        }
        assert!(path.exists(), "docs/screenshots/{name}.png is missing; see this folder's mod.rs");
    }
}

fn axe_core() -> String {
    let usual =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/browser/node_modules/axe-core/axe.min.js");
    let path = std::env::var_os("AXE_CORE").map_or(usual, PathBuf::from);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: `npm install --no-save --prefix target/browser axe-core@{AXE_VERSION}`, or say where \
             axe.min.js is in AXE_CORE",
            path.display()
        )
    })
}

fn list(faults: &[&Value]) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut list = String::new();
    for fault in faults {
        let (id, impact) = (text(&fault["id"]), text(&fault["impact"]));
        writeln!(list, "- {id} ({impact}): {}, {}", text(&fault["help"]), text(&fault["helpUrl"])).unwrap();
        for node in fault["nodes"].as_array().into_iter().flatten() {
            let why = text(&node["failureSummary"]).replace('\n', " ");
            writeln!(list, "    {} {}\n      {why}", node["target"], text(&node["html"])).unwrap();
        }
    }
    list
}
