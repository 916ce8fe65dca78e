//! Nothing that a person may not read is found, counted or hinted at: random documents
//! and queries against the plainest possible search.

use super::*;
use crate::access::seeded::Seeded;
use crate::index::Hits;

const WORDS: &[&str] = &["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
const LABELS: &[&str] = &["red", "green", "blue"];

fn draw_words(seeded: &mut Seeded, most: u64) -> Vec<&'static str> {
    (0..seeded.below(most + 1)).map(|_| *seeded.pick(WORDS)).collect()
}

fn draw_document(seeded: &mut Seeded, num: u32) -> Document {
    let (title, body) = (draw_words(seeded, 3).join(" "), draw_words(seeded, 8).join(" "));
    let label = seeded.pick(LABELS).to_string();
    Document { properties: vec![("label".into(), label)], ..page(num, &title, &body) }
}

/// What a clause asks of a document, given the scope of `label:red`.
type Ask = Box<dyn Fn(&Document, &NumSet) -> bool>;

fn draw_clause(seeded: &mut Seeded) -> (String, Ask) {
    let word = *seeded.pick(WORDS);
    let has = |text: &str, phrase: &[&str]| {
        text.split(' ').collect::<Vec<_>>().windows(phrase.len()).any(|window| window == phrase)
    };
    match seeded.below(5) {
        0 => (format!("title:{word}"), Box::new(move |page, _| has(&page.title, &[word]))),
        1 => {
            let second = *seeded.pick(WORDS);
            let phrase = [word, second];
            let ask =
                move |page: &Document, _: &NumSet| has(&page.title, &phrase) || has(&page.body, &phrase);
            (format!("\"{word} {second}\""), Box::new(ask))
        }
        2 => {
            let label = *seeded.pick(LABELS);
            // The scope of red reaches further than the label itself.
            let ask = move |page: &Document, scope: &NumSet| {
                page.properties[0].1 == label || label == "red" && scope.contains(page.num)
            };
            (format!("label:{label}"), Box::new(ask))
        }
        3 => {
            let prefix = &word[..2];
            let ask = move |page: &Document, _: &NumSet| {
                format!("{} {}", page.title, page.body).split(' ').any(|word| word.starts_with(prefix))
            };
            (format!("{prefix}*"), Box::new(ask))
        }
        _ => (word.into(), Box::new(move |page, _| has(&page.title, &[word]) || has(&page.body, &[word]))),
    }
}

fn draw_query(seeded: &mut Seeded) -> (String, Ask) {
    let mut text = Vec::new();
    let mut asks: Vec<(bool, Ask)> = Vec::new();
    for _ in 0..1 + seeded.below(3) {
        let negated = seeded.once_in(4);
        let (clause, ask) = draw_clause(seeded);
        text.push(format!("{}{clause}", if negated { "-" } else { "" }));
        asks.push((negated, ask));
    }
    let ask =
        move |page: &Document, scope: &NumSet| asks.iter().all(|(negated, ask)| ask(page, scope) != *negated);
    (text.join(" "), Box::new(ask))
}

fn draw_set(seeded: &mut Seeded, below: u32, once_in: u64) -> NumSet {
    (0..below).filter(|_| seeded.once_in(once_in)).collect()
}

#[test]
fn finds_exactly_what_matches_and_may_be_read() {
    let (mut found, mut withheld) = (0, 0);
    for seed in 0..25 {
        let mut seeded = Seeded::new(seed);
        let mut documents: Vec<Document> = (0..60).map(|num| draw_document(&mut seeded, num)).collect();
        let shelf = Shelf::new(&documents);
        // A second segment, with some documents replaced.
        let replaced: Vec<Document> =
            draw_set(&mut seeded, 60, 4).iter().map(|num| draw_document(&mut seeded, num)).collect();
        shelf.put(&replaced, 2);
        for document in replaced {
            let num = document.num as usize;
            documents[num] = document;
        }
        for _ in 0..20 {
            let often = 1 + seeded.below(5);
            let (readable, scope) = (draw_set(&mut seeded, 60, often), draw_set(&mut seeded, 60, 6));
            let (text, ask) = draw_query(&mut seeded);
            let query = Query::parse(&text).unwrap();
            let scopes = |name: &str, value: &str| ((name, value) == ("label", "red")).then(|| scope.clone());
            let matching: NumSet =
                documents.iter().filter(|page| ask(page, &scope)).map(|page| page.num).collect();
            let mut expected = matching.clone();
            expected.intersect(&readable);
            let Hits { hits, total } = shelf.index.search(&query, &readable, &scopes, 0, 100).unwrap();
            let nums: NumSet = hits.iter().map(|hit| hit.num).collect();
            assert_eq!(nums, expected, "seed {seed}: {text}");
            assert_eq!((total, hits.len()), (expected.len(), expected.len()), "seed {seed}: {text}");
            assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
            let pages: Vec<_> = (0..=total / 7)
                .flat_map(|at| shelf.index.search(&query, &readable, &scopes, at * 7, 7).unwrap().hits)
                .collect();
            assert_eq!(pages, hits, "seed {seed}: {text}");
            found += expected.len();
            withheld += matching.len() - expected.len();
        }
    }
    assert!(found > 1_000 && withheld > 1_000, "{found} found, {withheld} withheld");
}

#[test]
fn who_may_read_nothing_finds_nothing() {
    let shelf = Shelf::new(&[page(1, "secret", "secret")]);
    for (text, readable) in
        [("secret", set(&[])), ("secret", set(&[2, 9])), ("-other", set(&[0])), ("kind:page", set(&[7]))]
    {
        let hits = shelf
            .index
            .search(&Query::parse(text).unwrap(), &readable, &|_, _| Some(set(&[1])), 0, 10)
            .unwrap();
        assert_eq!(hits, Hits::default());
    }
}
