//! Storage format around the words.

use fastrand::Rng;

use super::Mention;
use super::words::{Filling, pick};

const HEADINGS: [[&str; 3]; 3] = [
    ["In short", "What this is about", "Before you begin"],
    ["How it is done", "What happened", "In detail"],
    ["What to remember", "Afterwards", "Open questions"],
];

/// XML's own three, and the entities that Confluence writes for typography.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&rsquo;")
        .replace('—', "&mdash;")
}

pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escape(text))
}

pub fn heading(rng: &mut Rng, index: usize) -> String {
    format!("<h2>{}</h2>", pick(rng, HEADINGS.get(index % HEADINGS.len()).map_or(&[][..], |row| row)))
}

/// The line under the title: owner, state, date.
pub fn opening(rng: &mut Rng, title: &str, people: &[Mention<'_>]) -> String {
    let (state, colour) =
        pick(rng, &[("DRAFT", "Grey"), ("IN REVIEW", "Yellow"), ("AGREED", "Green"), ("OUTDATED", "Red")]);
    let owner = match people {
        [] => String::from("nobody yet"),
        people => {
            let id = people.get(rng.usize(0..people.len())).map_or("", |person| person.account_id);
            format!("<ac:link><ri:user ri:account-id=\"{id}\" /></ac:link>")
        }
    };
    let date = format!("2026-{:02}-{:02}", rng.u32(1..13), rng.u32(1..29));
    format!(
        "<p>Owner of &ldquo;{}&rdquo;: {owner}, state <ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\">\
         <ac:parameter ac:name=\"title\">{state}</ac:parameter><ac:parameter ac:name=\"colour\">{colour}</ac:parameter>\
         </ac:structured-macro>, to be looked at again on <time datetime=\"{date}\" />.</p>",
        escape(title)
    )
}

/// A list, table, panel, code or tasks, as pages have between their paragraphs.
pub fn garnish(rng: &mut Rng, fill: &Filling) -> String {
    match rng.usize(0..6) {
        0 => list(rng, fill),
        1 => table(rng, fill),
        2 => panel(rng, fill),
        3 => code(rng, fill),
        4 => tasks(rng, fill),
        _ => String::new(),
    }
}

fn list(rng: &mut Rng, fill: &Filling) -> String {
    let items = ["ask {person} first", "write down what you saw in {ticket}", "tell {team} before {day}"];
    let items: String =
        items.iter().map(|item| format!("<li><p>{}</p></li>", escape(&fill.fill(rng, item)))).collect();
    format!("<ul>{items}</ul>")
}

fn table(rng: &mut Rng, fill: &Filling) -> String {
    let rows: String = ["staging", "canary", "production"]
        .iter()
        .map(|stage| {
            format!(
                "<tr><td><p>{stage}</p></td><td><p>{}</p></td><td><p>{}</p></td></tr>",
                fill.service(),
                rng.u32(2..400)
            )
        })
        .collect();
    format!(
        "<table data-layout=\"default\"><tbody><tr><th><p>Stage</p></th><th><p>Service</p></th>\
         <th><p>Instances</p></th></tr>{rows}</tbody></table>"
    )
}

fn panel(rng: &mut Rng, fill: &Filling) -> String {
    let name = pick(rng, &["info", "note", "warning", "tip"]);
    let text = fill.fill(rng, "This page is kept by {team}. Corrections are welcome, best on {day}.");
    format!(
        "<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\"><ac:rich-text-body><p>{}</p>\
         </ac:rich-text-body></ac:structured-macro>",
        escape(&text)
    )
}

fn code(rng: &mut Rng, fill: &Filling) -> String {
    let command =
        format!("deploy {} --canary 2% && watch errors < {}", fill.service().to_lowercase(), rng.u32(1..90));
    format!(
        "<ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\"><ac:parameter ac:name=\"language\">bash\
         </ac:parameter><ac:plain-text-body><![CDATA[{command}]]></ac:plain-text-body></ac:structured-macro>"
    )
}

fn tasks(rng: &mut Rng, fill: &Filling) -> String {
    let texts = ["close {ticket}", "read the minutes of {day}", "thank {person}"];
    let tasks: String = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let state = if rng.bool() { "complete" } else { "incomplete" };
            format!(
                "<ac:task><ac:task-id>{}</ac:task-id><ac:task-status>{state}</ac:task-status><ac:task-body>{}\
                 </ac:task-body></ac:task>",
                index + 1,
                escape(&fill.fill(rng, text))
            )
        })
        .collect();
    format!("<ac:task-list>{tasks}</ac:task-list>")
}
