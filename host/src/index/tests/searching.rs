//! What is found, and in which order.

use super::*;

/// Sorted, where the order is not the point.
fn sorted(mut nums: Vec<u32>) -> Vec<u32> {
    nums.sort_unstable();
    nums
}

#[test]
fn a_title_beats_a_body_that_repeats_itself() {
    let shelf = Shelf::new(&[
        page(1, "Notes", &"vpn ".repeat(200)),
        page(2, "Setting up the VPN on your new company laptop", "Ask the desk."),
        page(3, "Lunch", "Nothing of the kind."),
    ]);
    assert_eq!(shelf.find("vpn"), [2, 1]);
}

#[test]
fn all_words_must_match_but_for_words_of_questions() {
    let shelf = Shelf::new(&[
        page(1, "Deployment", "Deploying the billing service"),
        page(2, "Billing", "Invoices"),
        page(3, "How to", "the of and"),
    ]);
    assert_eq!(shelf.find("deploy billing"), [1]);
    assert_eq!(shelf.find("how do I deploy the billing"), [1]);
    assert_eq!(shelf.find("how to"), [3]);
    assert_eq!(shelf.find("deploy lunch"), [0u32; 0]);
}

#[test]
fn words_that_stand_together_come_first() {
    let filler = "word ".repeat(30);
    let shelf = Shelf::new(&[
        page(1, "Apart", &format!("release {filler} train {filler}")),
        page(2, "Close", &format!("the release train {filler} {filler}")),
        page(3, "Apart too", &format!("train {filler} release {filler}")),
    ]);
    assert_eq!(shelf.find("release train")[0], 2);
    assert_eq!(sorted(shelf.find("release train")), [1, 2, 3]);
    assert_eq!(shelf.find("\"release train\""), [2]);
}

#[test]
fn identifiers_and_addresses_are_found_whole_and_in_parts() {
    let shelf = Shelf::new(&[
        page(1, "Limits", "Set `max_width` to 80, see PROJ-123 or write anna.b@acme.com"),
        page(2, "Width", "The max of a width; PROJ 9, 123"),
    ]);
    assert_eq!(shelf.find("max_width"), [1]);
    assert_eq!(shelf.find("PROJ-123"), [1]);
    assert_eq!(shelf.find("anna.b@acme.com"), [1]);
    assert_eq!(shelf.find("acme"), [1]);
    assert_eq!(sorted(shelf.find("proj")), [1, 2]);
}

#[test]
fn endings_accents_and_scripts_do_not_matter() {
    let shelf = Shelf::new(&[page(1, "Zürich offices", "naïve approaches"), page(2, "東京タワー", "")]);
    assert_eq!(shelf.find("zurich office naive approach"), [1]);
    assert_eq!(shelf.find("ZÜRICH"), [1]);
    assert_eq!(shelf.find("京タ"), [2]);
    assert_eq!(shelf.find("タ京"), [0u32; 0]);
}

#[test]
fn a_prefix_finds_words_whose_ending_the_index_has_cut() {
    let shelf = Shelf::new(&[
        page(1, "Deployments", ""),
        page(2, "", "running late"),
        page(3, "Car", "on-call rotation"),
    ]);
    for prefix in ["dep*", "deploy*", "deploym*", "deployme*", "deploymen*", "deployment*", "deployments*"] {
        assert_eq!(shelf.find(prefix), [1], "{prefix}");
    }
    assert_eq!(shelf.find("runn*"), [2]);
    assert_eq!(shelf.find("card*"), [0u32; 0]);
    assert_eq!(shelf.find("on-cal*"), [3]);
    assert_eq!(shelf.find("title:ca*"), [3]);
}

#[test]
fn fields_narrow_what_is_found() {
    let comment = Document {
        id: "comment:456".into(),
        kind: "page-comment".into(),
        authors: vec!["557058:A-1".into(), "Anna Schmidt".into()],
        ..page(2, "Re: Plan", "fine")
    };
    let labelled =
        Document { properties: vec![("label".into(), "HowTo".into())], ..page(3, "Other", "plan") };
    let file = Document {
        file: Some("Q3_budget-final.xlsx".into()),
        connection: "Beta".into(),
        ..page(4, "Sheet", "")
    };
    let shelf = Shelf::new(&[page(1, "Plan", "the plan"), comment, labelled, file]);

    assert_eq!(sorted(shelf.find("plan")), [1, 2, 3]);
    assert_eq!(sorted(shelf.find("title:plan")), [1, 2]);
    assert_eq!(shelf.find("title:\"re plan\""), [2]);
    assert_eq!(shelf.find("kind:comment"), [2]);
    assert_eq!(shelf.find("kind:page-comment"), [2]);
    assert_eq!(sorted(shelf.find("kind:page")), [1, 3, 4]);
    assert_eq!(shelf.find("id:comment:456"), [2]);
    assert_eq!(shelf.find("id:98003"), [3]);
    assert_eq!(shelf.find("author:anna"), [2]);
    assert_eq!(shelf.find("author:\"anna schmidt\""), [2]);
    assert_eq!(shelf.find("author:557058:a-1"), [2]);
    assert_eq!(shelf.find("label:howto"), [3]);
    assert_eq!(shelf.find("LABEL:\"howto\" plan"), [3]);
    assert_eq!(shelf.find("connection:beta budget"), [4]);
    assert_eq!(sorted(shelf.find("plan -kind:comment")), [1, 3]);
    assert_eq!(sorted(shelf.find("-plan")), [4]);
    assert_eq!(sorted(shelf.find("-\"the plan\" -label:howto")), [2, 4]);
    assert_eq!(shelf.find("label:nothing"), [0u32; 0]);
}

#[test]
fn a_property_reaches_all_that_lies_under_a_root_with_it() {
    let space = |document| Document { properties: vec![("space".into(), "ENG".into())], ..document };
    let shelf = Shelf::new(&[
        space(page(1, "Engineering", "")),
        page(2, "A comment", "ship it"),
        page(3, "Elsewhere", "ship it"),
        space(page(4, "A page", "ship it")),
    ]);
    let scopes = |name: &str, value: &str| ((name, value) == ("space", "eng")).then(|| set(&[1, 2]));
    assert_eq!(sorted(shelf.find_in("space:ENG", &scopes)), [1, 2, 4]);
    assert_eq!(sorted(shelf.find_in("ship space:eng", &scopes)), [2, 4]);
    assert_eq!(shelf.find_in("ship -space:eng", &scopes), [3]);
    assert_eq!(sorted(shelf.find("space:eng")), [1, 4]);
}

#[test]
fn equal_hits_come_newest_first_then_by_number() {
    let at = |updated, document| Document { updated, ..document };
    let shelf = Shelf::new(&[
        at(Some(5), page(3, "same", "")),
        at(None, page(1, "same", "")),
        at(Some(9), page(4, "same", "")),
        at(Some(5), page(2, "same", "")),
    ]);
    assert_eq!(shelf.find("same"), [4, 2, 3, 1]);
    assert_eq!(shelf.find("kind:page"), [4, 2, 3, 1]);
}

#[test]
fn hits_come_in_portions() {
    let pages: Vec<Document> = (0..25).map(|num| page(num, "same", "")).collect();
    let shelf = Shelf::new(&pages);
    let query = Query::parse("same").unwrap();
    let readable = (0..20).collect();
    let portion = |offset, limit| {
        let hits = shelf.index.search(&query, &readable, &|_, _| None, offset, limit).unwrap();
        assert_eq!(hits.total, 20);
        hits.hits.into_iter().map(|hit| hit.num).collect::<Vec<_>>()
    };
    assert_eq!([portion(0, 8), portion(8, 8), portion(16, 8)].concat(), (0..20).collect::<Vec<_>>());
    assert_eq!(portion(20, 8), [0u32; 0]);
    assert_eq!(portion(0, 0), [0u32; 0]);
    assert_eq!(portion(usize::MAX, usize::MAX), [0u32; 0]);
}

#[test]
fn what_is_put_again_replaces_and_what_is_removed_is_gone() {
    let shelf = Shelf::new(&[page(1, "Draft", "old words"), page(2, "Other", "old words")]);
    let mut writer = shelf.index.writer().unwrap();
    writer.put(&page(1, "Final", "new words")).unwrap();
    writer.remove(2);
    writer.remove(77);
    assert_eq!(sorted(shelf.find("old")), [1, 2], "not before the commit");
    writer.commit(2).unwrap();
    assert_eq!(shelf.find("old"), [0u32; 0]);
    assert_eq!(shelf.find("words"), [1]);
    assert_eq!(shelf.index.len(), 1);
    writer.close().unwrap();
}

#[test]
fn no_query_is_too_strange() {
    let shelf =
        Shelf::new(&[page(1, "A title", "a body with words a a b"), page(2, "*:\"-", "\u{0} \u{fffd}")]);
    let mut queries: Vec<String> = [
        "\"",
        "\"\"\"",
        "a\"b",
        "\"a",
        "a:",
        "a:b:c",
        ":::",
        "a*b*",
        "**",
        "a**",
        "-a*",
        "--a",
        "a -",
        "a a a",
        "a a",
        "\"a a\"",
        "\"the the\"",
        "title:\"\"",
        "title:*",
        "label:*",
        "label:\"x\u{0}y\"",
        "kind:\u{7}",
        "\u{202e}a",
        "a\u{301}",
        "\u{301}",
        "(a OR b) AND NOT c",
        "[a TO b]",
        "a~2^3",
        "\\",
        "\\\"a\\\"",
        "😀",
        "-a -b",
        "東* a",
        "🦀:rust",
        "x:\u{a0}y",
        "'a' `b`",
        "<script>",
        "%_%",
        "'; drop table items; --",
    ]
    .map(String::from)
    .into();
    queries.extend([
        "a".repeat(10_000),
        "\"".repeat(10_000),
        "*".repeat(10_000),
        "a:".repeat(5_000),
        "a ".repeat(5_000),
        "a* ".repeat(3_000),
        format!("\"{}\"", "a b ".repeat(2_000)),
        "東".repeat(10_000),
        "-".repeat(10_000),
    ]);
    for text in queries {
        // Empty or not: neither an engine's error nor a panic.
        if let Ok(query) = Query::parse(&text) {
            let all = (0..1_000).collect();
            let scopes = |_: &str, _: &str| Some(set(&[1]));
            shelf
                .index
                .search(&query, &all, &scopes, 0, 10)
                .unwrap_or_else(|error| panic!("{text:?}: {error}"));
            crate::index::snippet("a body with **words** a a b 東京", &query);
        }
    }
}

#[test]
fn the_word_itself_comes_before_what_only_begins_with_it() {
    let shelf = Shelf::new(&[
        page(1, "Parking", "Where to park, and parks, and parking"),
        page(2, "Park", "A park"),
        page(3, "Parkour", "Over walls"),
        page(4, "Lunch", "In the canteen"),
    ]);
    let begun = |text: &str| {
        let query = Query::parse_begun(text).unwrap();
        let hits = shelf.index.search(&query, &(0..1_000).collect(), &|_, _| None, 0, 100).unwrap();
        hits.hits.into_iter().map(|hit| hit.num).collect::<Vec<_>>()
    };
    assert_eq!(sorted(begun("par")), [1, 2, 3]);
    assert_eq!(begun("park").last(), Some(&3));
    assert_eq!(begun("park "), shelf.find("park"));
    assert_eq!(begun("lunch parko"), [0u32; 0]);
}

#[test]
fn kinds_may_be_several_and_days_bound_a_search() {
    let kind = |num, kind: &str, updated| Document { kind: kind.into(), updated, ..page(num, "Plan", "x") };
    let day = 86_400_000;
    let shelf = Shelf::new(&[
        kind(1, "page", Some(day)),
        kind(2, "blogpost", Some(2 * day)),
        kind(3, "comment", Some(3 * day - 1)),
        kind(4, "page", None),
    ]);
    let found = |query: &str| sorted(shelf.find(query));
    // Their ids are all pages', and a kind is also the word before an id's colon.
    assert_eq!(found("plan kind:blogpost,comment"), [2, 3]);
    assert_eq!(found("plan kind:\"blogpost, comment\""), [2, 3]);
    assert_eq!(found("plan -kind:blogpost,comment"), [1, 4]);
    assert_eq!(found("updated:>1970-01-03"), [2, 3]);
    assert_eq!(found("updated:<1970-01-03"), [1]);
    assert_eq!(found("plan updated:>1970-01-02 updated:<1970-01-03"), [1]);
    assert_eq!(found("updated:>1900-01-01"), [1, 2, 3], "what tells no time is neither newer nor older");
    assert_eq!(found("plan -updated:>1900-01-01"), [4]);
    assert_eq!(found("updated:<1969-01-01"), [0u32; 0]);
}
