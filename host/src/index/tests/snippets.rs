//! What is shown of a hit.

use super::*;
use crate::index::snippet;

/// The snippet with its marks as brackets.
fn show(markdown: &str, query: &str) -> String {
    let snippet = snippet(markdown, &Query::parse(query).unwrap());
    let show = |fragment: &crate::index::Fragment| match fragment.matched {
        true => format!("[{}]", fragment.text),
        false => fragment.text.clone(),
    };
    snippet.fragments.iter().map(show).collect()
}

#[test]
fn marks_stems_and_accents_in_readable_text() {
    let markdown = "# Zürich\n\nWe are **deploying** the [guide](https://deploy.test) from Zu\u{308}rich.";
    assert_eq!(
        show(markdown, "deployed zurich -guide"),
        "[Zürich] We are [deploying] the guide from [Zu\u{308}rich]."
    );
}

#[test]
fn marks_phrases_as_one_and_prefixes_by_the_word() {
    assert_eq!(
        show("to be or not to be; the on-call rota", "\"not to be\" rot*"),
        "to be or [not to be]; the on-call [rota]"
    );
    assert_eq!(show("Deployment of on-call tools", "deployme* on-cal*"), "[Deployment] of [on-call] tools");
    assert_eq!(show("the end of the day", "the day"), "the end of the [day]");
    assert_eq!(show("the end of it", "the of"), "[the] end [of] it");
    assert_eq!(show("東京タワー", "京タ"), "東[京タ]ワー");
}

#[test]
fn shows_where_most_of_the_words_are() {
    let filler = "lorem ipsum dolor ".repeat(40);
    let markdown = format!("vpn {filler} the vpn needs a token {filler}");
    let shown = show(&markdown, "vpn token");
    assert!(shown.contains("the [vpn] needs a [token]"), "{shown}");
    assert!(shown.starts_with("… ") && shown.ends_with(" …"), "{shown}");
    assert!((150..230).contains(&shown.chars().count()), "{shown}");
}

#[test]
fn begins_at_the_beginning_when_only_the_title_matched() {
    let markdown = format!("First words. {}", "more text ".repeat(50));
    let shown = show(&markdown, "title:vpn kind:page elsewhere");
    assert!(shown.starts_with("First words. more text") && shown.ends_with("more …"), "{shown}");
    assert_eq!(show("", "vpn"), "");
}

#[test]
fn never_splits_a_character_nor_needs_spaces() {
    for text in
        ["東京".repeat(300), "é".repeat(900), "e\u{301}".repeat(900), "👩‍💻 ".repeat(300), "a".repeat(200_000)]
    {
        for query in ["東京", "é*", "a*", "nothing"] {
            let shown = snippet(&text, &Query::parse(query).unwrap());
            let length: usize = shown.fragments.iter().map(|fragment| fragment.text.chars().count()).sum();
            assert!((150..=210).contains(&length), "{length}: {shown:?}");
        }
    }
}

#[test]
fn a_match_at_the_very_end_keeps_what_precedes_it() {
    let markdown = format!("{} token", "word ".repeat(200));
    let shown = show(&markdown, "token");
    assert!(shown.starts_with("… word") && shown.ends_with("word [token]"), "{shown}");
    assert!(shown.chars().count() > 180, "{shown}");
}
