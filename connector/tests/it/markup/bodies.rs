//! The bodies in `tests/bodies`, and what became of each.

use confluence::markup::{self, Markdown};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Storage,
    Adf,
}

/// A body's name and its conversion.
pub struct Converted {
    pub name: String,
    pub markdown: Markdown,
}

/// Names and how often they were met in all bodies of a format.
pub type Totals = BTreeMap<String, u32>;

/// All of a format, by name.
pub fn convert_all(format: Format) -> Vec<Converted> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bodies");
    let folder = root.join(if format == Format::Storage { "storage" } else { "adf" });
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let convert = |path: &PathBuf| {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap();
        let markdown = match format {
            Format::Storage => markup::to_markdown(&body(text)),
            Format::Adf => markup::adf_to_markdown(&text),
        };
        Converted { name, markdown }
    };
    files.iter().map(convert).collect()
}

pub fn totals(bodies: &[Converted], counts: impl Fn(&Markdown) -> &Totals) -> Totals {
    let mut totals = Totals::new();
    for (name, times) in bodies.iter().flat_map(|body| counts(&body.markdown)) {
        *totals.entry(name.clone()).or_default() += times;
    }
    totals
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_body = path.extension().is_some_and(|ending| ending != "md");
        if path.is_dir() {
            collect(&path, files);
        } else if is_body {
            files.push(path);
        }
    }
}

/// Some files keep the body among what a test of theirs expects beside it.
fn body(text: String) -> String {
    if !text.starts_with('{') {
        return text;
    }
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    kept["html"].as_str().unwrap().to_owned()
}
