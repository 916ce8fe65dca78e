//! What is written on the simulated site: topics of a company's everyday life
//! (`content/prose`), joined into pages in storage format, with real bodies
//! (`content/mark` and others, see `content/NOTICE`) woven in.
//!
//! The same generator state gives the same text. None of it contains the
//! words of the demo's story, which must stay countable.

mod bodies;
mod markup;
mod words;

use std::sync::LazyLock;

pub use bodies::BODIES;
pub use markup::escape;
pub use words::{code_name, service};

use fastrand::Rng;
use words::pick;

/// Titles, labels and paragraphs about one thing, with places left for names.
struct Topic {
    titles: Vec<&'static str>,
    labels: Vec<&'static str>,
    paragraphs: Vec<&'static str>,
}

/// How many topics there are.
pub const TOPICS: usize = SOURCES.len();

const SOURCES: [&str; 12] = [
    include_str!("../../content/prose/onboarding.txt"),
    include_str!("../../content/prose/incidents.txt"),
    include_str!("../../content/prose/holidays.txt"),
    include_str!("../../content/prose/deployment.txt"),
    include_str!("../../content/prose/security.txt"),
    include_str!("../../content/prose/pricing.txt"),
    include_str!("../../content/prose/architecture.txt"),
    include_str!("../../content/prose/support.txt"),
    include_str!("../../content/prose/meetings.txt"),
    include_str!("../../content/prose/product.txt"),
    include_str!("../../content/prose/office.txt"),
    include_str!("../../content/prose/data.txt"),
];

static ALL: LazyLock<Vec<Topic>> = LazyLock::new(|| SOURCES.iter().map(|text| parse(text)).collect());

/// Titles, labels and paragraphs are separated by a line of three dashes.
fn parse(text: &'static str) -> Topic {
    let mut parts = text.split("\n---\n");
    Topic {
        titles: parts.next().unwrap_or_default().lines().collect(),
        labels: parts.next().unwrap_or_default().split(", ").map(str::trim).collect(),
        paragraphs: parts.next().unwrap_or_default().split("\n\n").map(str::trim).collect(),
    }
}

/// A page or blog post before it has an id.
pub struct Draft {
    pub title: String,
    pub labels: Vec<String>,
    /// Storage format.
    pub body: String,
}

/// Somebody whom a page may mention.
#[derive(Clone, Copy)]
pub struct Mention<'a> {
    pub account_id: &'a str,
    pub name: &'a str,
}

/// A page of about 2 to 8 KB on one topic (and, from its middle on, on a second).
pub fn draft(rng: &mut Rng, topic: usize, people: &[Mention<'_>]) -> Draft {
    let fill = words::Filling::new(rng, people);
    let first = topic_at(topic);
    let second = topic_at(rng.usize(0..TOPICS));
    let title = pick(rng, &first.titles);
    let title = fill.fill(rng, title);
    let title = format!("{title} ({})", code_name(rng));
    let mut body = markup::opening(rng, &title, people);
    let mut paragraphs: Vec<&str> = first.paragraphs.clone();
    rng.shuffle(&mut paragraphs);
    let sections = rng.usize(2..=3);
    for (index, chunk) in paragraphs.chunks(paragraphs.len().div_ceil(sections)).enumerate() {
        body.push_str(&markup::heading(rng, index));
        for paragraph in chunk {
            body.push_str(&markup::paragraph(&fill.fill(rng, paragraph)));
        }
        body.push_str(&markup::garnish(rng, &fill));
    }
    if rng.usize(0..3) == 0 {
        body.push_str("<h2>See also</h2>");
        let paragraph = pick(rng, &second.paragraphs);
        body.push_str(&markup::paragraph(&fill.fill(rng, paragraph)));
    }
    if rng.usize(0..4) == 0 {
        body.push_str("<h2>Reference</h2>");
        body.push_str(pick(rng, BODIES));
    }
    let labels = if rng.usize(0..3) == 0 {
        first.labels.iter().map(|label| label.to_string()).collect()
    } else {
        Vec::new()
    };
    Draft { title, labels, body }
}

/// A comment's body: one sentence or two of somebody who has read the page.
pub fn remark(rng: &mut Rng, people: &[Mention<'_>]) -> String {
    let topic = topic_at(rng.usize(0..TOPICS));
    let fill = words::Filling::new(rng, people);
    let paragraph = pick(rng, &topic.paragraphs);
    let paragraph = fill.fill(rng, paragraph);
    let sentence = paragraph.split_inclusive(". ").nth(rng.usize(0..3)).unwrap_or(&paragraph).trim();
    let opening = pick(rng, words::REMARKS);
    format!("<p>{} {}</p>", escape(opening), escape(sentence))
}

/// The first words of a paragraph, as they stand in the markup: what an inline
/// comment is about. Empty where no paragraph begins with plain words.
pub fn selection(body: &str) -> &str {
    let paragraphs = body.match_indices("<p>").skip(1);
    let mut texts = paragraphs.filter_map(|(at, tag)| body.get(at + tag.len()..)?.split('<').next());
    let text = texts.find(|text| text.matches(' ').count() > 4).unwrap_or_default();
    let end = text.match_indices(' ').nth(3).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Paragraphs without markup, for files.
pub fn plain_text(rng: &mut Rng, paragraphs: usize) -> String {
    let fill = words::Filling::new(rng, &[]);
    let mut text = Vec::new();
    for _ in 0..paragraphs {
        let topic = topic_at(rng.usize(0..TOPICS));
        let paragraph = pick(rng, &topic.paragraphs);
        text.push(fill.fill(rng, paragraph));
    }
    text.join("\n\n")
}

fn topic_at(index: usize) -> &'static Topic {
    static NONE: Topic = Topic { titles: Vec::new(), labels: Vec::new(), paragraphs: Vec::new() };
    ALL.get(index % TOPICS).unwrap_or(&NONE)
}
