//! `docs/markup.md` says what the code does.

use super::bodies::{Converted, Format, Totals, convert_all, totals};
use super::samples::{SAMPLES, Sample};
use confluence::markup;
use std::path::Path;

const INTRODUCTION: &str = "# What becomes of a page's body

The connector turns bodies into Markdown, from Confluence's storage format, and from the editor's own format (ADF) where storage
format says nothing. This page is made by a test out of what the code does, and of the bodies in
`connector/tests/bodies`; `UPDATE_DOCS=1 cargo test -p confluence-connector --test it markup` writes it anew.

Not shown, as in Confluence: the table of contents, anchors, settings of macros, prompts for the author, hidden
excerpts (counted below all the same).
Colours, widths and alignment are left out, and a status is its words.

| What | Markdown |
| --- | --- |
";

const LOSSES: &str = "
## What is lost

Lost is an element whose words or meaning do not reach the Markdown. A placeholder is `[macro: NAME]`, with the title or file
that the macro names: what it shows is made elsewhere, by Confluence, an app, or another page.

";

/// Every line of the Markdown as code, since most of it would mean something inside of a table.
fn row(sample: &Sample) -> String {
    let adf = format!(r#"{{"type":"doc","content":[{}]}}"#, sample.adf);
    let (from_storage, from_adf) =
        (markup::to_markdown(sample.storage).text, markup::adf_to_markdown(&adf).text);
    if !sample.storage.is_empty() && !sample.adf.is_empty() {
        assert_eq!(from_storage, from_adf, "{} differs by format", sample.what);
    }
    let text = if sample.storage.is_empty() { from_adf } else { from_storage };
    let lines = text.split('\n').filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.map(|line| as_code(&line.replace('|', "\\|"))).collect();
    format!("| {} | {} |\n", sample.what, lines.join("<br>"))
}

fn as_code(line: &str) -> String {
    let fence = "`".repeat(if line.contains("```") {
        4
    } else if line.contains('`') {
        2
    } else {
        1
    });
    let space = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{line}{space}{fence}")
}

fn counts(title: &str, storage: &Totals, adf: &Totals) -> String {
    let mut table = format!("| {title} | In storage format | In the editor's |\n| --- | --- | --- |\n");
    let names: std::collections::BTreeSet<_> = storage.keys().chain(adf.keys()).collect();
    for name in names {
        let times = |totals: &Totals| totals.get(name).copied().unwrap_or_default();
        table += &format!("| `{name}` | {} | {} |\n", times(storage), times(adf));
    }
    table
}

fn page() -> String {
    let (storage, adf) = (convert_all(Format::Storage), convert_all(Format::Adf));
    let mut page = INTRODUCTION.to_owned();
    page.extend(SAMPLES.iter().map(row));
    page += LOSSES;
    for (title, bodies) in [("storage format", &storage), ("the editor's format", &adf)] {
        let whole = bodies.iter().filter(|body| body.markdown.lost.is_empty()).count();
        page += &format!("Of {} bodies in {title}, {whole} lose nothing. ", bodies.len());
    }
    page +=
        "Those of the editor's include Atlassian's own invalid ones; all the valid ones lose nothing.\n\n";
    let lost = |bodies: &[Converted]| totals(bodies, |markdown| &markdown.lost);
    page += &counts("Lost", &lost(&storage), &lost(&adf));
    page.push('\n');
    let placeholders = |bodies: &[Converted]| totals(bodies, |markdown| &markdown.placeholders);
    page += &counts("Placeholder", &placeholders(&storage), &placeholders(&adf));
    page
}

#[test]
fn the_page_about_markup_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/markup.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/markup.md is not what the code does; write it anew with UPDATE_DOCS=1");
}
