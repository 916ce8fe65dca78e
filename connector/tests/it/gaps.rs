//! Bodies that storage format leaves a gap in, and the editor's format does not.

use crate::fake::{Fake, named_404, no_roles, page_row, results, search_row};
use confluence::filter::{Filter, Wanted};
use confluence::model::{Change, Partition, Position};
use confluence::reading::{read_items, read_page};
use insta::assert_snapshot;

const PAGES: &str = r#"{"pages":{"spaces":[{"id":"8","key":"ENG","name":"Engineering","type":"global","status":"current"}]}}"#;

/// A node that nobody knows, with no word in it and no fallback.
const GAP: &str =
    r#"<p>Before</p><ac:adf-extension><ac:adf-node type='new-thing'></ac:adf-node></ac:adf-extension>"#;

fn storage(id: u64, body: &str, more: &str) -> String {
    page_row(id, more).replace("<p>Words</p>", body)
}

fn adf(id: u64, words: &str) -> String {
    let text = format!(r#"{{\"type\":\"text\",\"text\":\"{words}\"}}"#);
    let paragraph = format!(r#"{{\"type\":\"paragraph\",\"content\":[{text}]}}"#);
    format!(
        r#"{{"id":"{id}","body":{{"atlas_doc_format":{{"value":"{{\"type\":\"doc\",\"content\":[{paragraph}]}}"}}}}}}"#
    )
}

/// A live doc that was never published, a page that was never written, one with a gap, and a plain one.
fn rows() -> [String; 4] {
    [storage(1, "", r#","subtype":"live""#), storage(2, "", ""), storage(3, GAP, ""), page_row(4, "")]
}

fn site(pages: &str) -> Fake {
    let found: Vec<String> = (1..=4).map(|id| search_row(id, &[], &[], &[])).collect();
    no_roles(Fake::default())
        .on("/v2/pages? body-format=storage", pages)
        .on("/content/search", &results(&found, None))
}

fn bodies(changes: &[Change]) -> String {
    let line = |change: &Change| match change {
        Change::Upsert(item) => {
            // An inventory tells another version, so that it is asked for again.
            let gap = item.version.ends_with(";gap");
            format!("{} {:?}{}", item.id, item.body, if gap { ", with a gap" } else { "" })
        }
        other => format!("{other:?}"),
    };
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read(fake: &Fake) -> String {
    let partition = Partition { id: "pages-0".to_owned(), label: String::new(), token: PAGES.to_owned() };
    let position = Position::After(r#"{"walk":{"listing":0}}"#.to_owned());
    bodies(&read_page(&fake.site(), &Wanted::default(), &partition, &position, 1000).unwrap().changes)
}

#[test]
fn what_storage_format_does_not_tell_is_asked_for_in_the_editors() {
    let told = [adf(1, "Live words"), adf(3, "Before and after")];
    let fake = site(&results(&rows(), None)).on("atlas_doc_format", &results(&told, None));
    assert_snapshot!(read(&fake), @r#"
    page:1 Some("Live words")
    page:2 None
    page:3 Some("Before and after")
    page:4 Some("Words")
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    /wiki/api/v2/pages?id=1,3&status=current,archived&sort=id&body-format=atlas_doc_format&limit=250
    /wiki/rest/api/content/search?cql=id in (4,1,2,3)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    ");
}

#[test]
fn without_an_answer_storage_format_stands() {
    let fake =
        site(&results(&rows(), None)).status("atlas_doc_format", 400, r#"{"message":"no such format"}"#);
    assert_snapshot!(read(&fake), @r#"
    page:1 None, with a gap
    page:2 None
    page:3 Some("Before"), with a gap
    page:4 Some("Words")
    "#);
    assert_snapshot!(fake.logged(), @r#"
    Warn: bodies could not be read in the editor's format pages="2" reason="asked acme.atlassian.net for /wiki/api/v2/pages and got 400: no such format"
    Debug: markup that Markdown cannot express ac:adf-extension="1"
    "#);
}

#[test]
fn a_document_without_words_leaves_what_storage_format_told() {
    let nothing = r#"{"id":"3","body":{"atlas_doc_format":{"value":"{\"type\":\"doc\",\"content\":[]}"}}}"#;
    let fake = site(&results(&rows(), None)).on("atlas_doc_format", &results(&[nothing.to_owned()], None));
    assert_snapshot!(read(&fake), @r#"
    page:1 None, with a gap
    page:2 None
    page:3 Some("Before")
    page:4 Some("Words")
    "#);
}

#[test]
fn whatever_way_a_page_is_asked_for_its_gaps_are_filled() {
    let space = r#"{"id":"8","key":"ENG","name":"Engineering","status":"current"}"#.to_owned();
    let fake = site(&results(&rows(), None))
        .on("atlas_doc_format", &results(&[adf(1, "Live words"), adf(3, "Before and after")], None))
        .on("/v2/pages?", &results(&rows().map(|row| row.replace("storage", "")), None))
        .on("/v2/spaces? current", &results(&[space], None))
        .on("/v2/spaces? archived", &results(&[], None));
    let ids = ["page:1".to_owned(), "page:2".to_owned(), "page:3".to_owned()];
    let filter = r#"{"modified-after":"2020-01-01T00:00:00Z"}"#;
    let told = [Filter::default(), Filter::read(filter).unwrap()].map(|filter| {
        let wanted = Wanted { filter, now: 0 };
        bodies(&read_items(&fake.site(), &wanted, "ada", &ids).unwrap())
    });
    assert_snapshot!(told[0], @r#"
    page:1 Some("Live words")
    page:2 None
    page:3 Some("Before and after")
    "#);
    assert_eq!(told[0], told[1]);
}

#[test]
fn a_post_is_asked_for_among_the_posts() {
    let fake = Fake::default()
        .on("/v2/blogposts? body-format=storage", &results(&[storage(1, GAP, "")], None))
        .status("atlas_doc_format", 404, &named_404("no"))
        .on("/content/search", &results(&[search_row(1, &[], &[], &[])], None));
    let token = r#"{"blog-posts":{"keys":{"8":"ENG"}}}"#.to_owned();
    let partition = Partition { id: "blogposts".to_owned(), label: String::new(), token };
    read_page(&fake.site(), &Wanted::default(), &partition, &Position::Everything, 1000).unwrap();
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/blogposts?status=current&sort=id&body-format=storage&limit=250
    /wiki/api/v2/blogposts?id=1&status=current&sort=id&body-format=atlas_doc_format&limit=250
    /wiki/rest/api/content/search?cql=id in (1)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    ");
}
