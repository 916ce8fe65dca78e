//! What is lost, held at its figure.

use super::bodies::{Converted, Format, Totals, convert_all, totals};
use insta::assert_snapshot;

/// Totals by name, and which bodies lost something.
fn report(bodies: &[Converted]) -> String {
    let whole = bodies.iter().filter(|body| body.markdown.lost.is_empty()).count();
    let plain = bodies.iter().filter(|body| body.markdown.placeholders.is_empty()).count();
    let written: usize = bodies.iter().filter(|body| !body.markdown.text.is_empty()).count();
    let mut report = format!(
        "bodies: {}\nwith words: {written}\nwithout loss: {whole}\nwithout placeholder: {plain}\n",
        bodies.len()
    );
    report += &list("lost", &totals(bodies, |markdown| &markdown.lost));
    report += &list("placeholder", &totals(bodies, |markdown| &markdown.placeholders));
    report += "\nlost in\n";
    for Converted { name, markdown } in bodies.iter().filter(|body| !body.markdown.lost.is_empty()) {
        let names: Vec<_> = markdown.lost.keys().map(String::as_str).collect();
        report += &format!("  {name}: {}\n", names.join(", "));
    }
    report
}

fn list(title: &str, totals: &Totals) -> String {
    let total: u32 = totals.values().sum();
    let lines: String = totals.iter().map(|(name, times)| format!("  {name} {times}\n")).collect();
    format!("\n{title} {total}\n{lines}")
}

#[test]
fn storage_bodies_lose_no_more_than_this() {
    assert_snapshot!(report(&convert_all(Format::Storage)));
}

#[test]
fn editor_bodies_lose_no_more_than_this() {
    assert_snapshot!(report(&convert_all(Format::Adf)));
}

#[test]
fn nothing_that_follows_the_schema_is_lost() {
    let bodies = convert_all(Format::Adf);
    let valid: Vec<_> = bodies.iter().filter(|body| body.name.contains("/valid_")).collect();
    assert!(valid.len() > 70);
    for body in valid {
        assert!(body.markdown.lost.is_empty(), "{}: {:?}", body.name, body.markdown.lost);
    }
}
