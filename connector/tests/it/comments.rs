//! Comments and attachments: walks through the whole site.

use crate::fake::{Fake, named_404, read_all, results, story};
use confluence::model::{Change, Partition};
use insta::assert_snapshot;

fn partition(token: &str) -> Partition {
    Partition { id: "a-walk".to_owned(), label: String::new(), token: format!("{token:?}") }
}

fn row(id: u64, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","status":"current","title":"Re: Plan","version":{{"number":1,"authorId":"ada",
        "createdAt":"2026-01-02T00:00:00Z"}},"body":{{"storage":{{"value":"<p>Yes</p>"}}}},
        "_links":{{"webui":"/spaces/ENG/pages/1?focusedCommentId={id}"}},{more}}}"#
    )
}

#[test]
fn comments_hang_on_what_they_answer() {
    let rows = [
        row(10, r#""pageId":"1""#),
        row(11, r#""pageId":"1","parentCommentId":"10""#),
        row(12, r#""blogPostId":"2""#),
        row(13, r#""attachmentId":"att3""#),
        row(14, r#""attachmentId":"4""#),
        row(15, r#""customContentId":"5""#),
        row(16, r#""parentCommentId":"11""#),
        row(17, r#""pageId":null"#),
        row(18, r#""pageId":{"odd":true}"#),
    ];
    let fake = Fake::default().on("/footer-comments", &results(&rows, None));
    assert_snapshot!(story(&read_all(&fake.site(), &partition("footer-comments"), 1000)), @r#"
    page-comment comment:10 in page:1, "Re: Plan", inherited: thread=comment:10
    page-comment comment:11 in comment:10, "Re: Plan", inherited: thread=comment:10
    blogpost-comment comment:12 in blogpost:2, "Re: Plan", inherited: thread=comment:12
    page-comment comment:13 in attachment:att3, "Re: Plan", inherited: thread=comment:13
    page-comment comment:14 in attachment:att4, "Re: Plan", inherited: thread=comment:14
    page-comment comment:16 in comment:11, "Re: Plan", inherited: thread=comment:10
    failed comment:17: it names no container
    failed comment:18: invalid type: map, expected an id at line 3 column 79
    "#);
    assert_snapshot!(fake.asked(), @"/wiki/api/v2/footer-comments?sort=created-date&body-format=storage&limit=250");
    assert_snapshot!(fake.logged(), @r#"Info: skipped what belongs to custom content list="footer-comments" count="1""#);
}

#[test]
fn inline_comments_keep_the_words_they_are_about() {
    let told = r#""pageId":"1","resolutionStatus":"resolved","properties":{"inlineMarkerRef":"m",
        "inlineOriginalSelection":"two words","inline-original-selection":"two words"}"#;
    let fake = Fake::default()
        .on("/inline-comments/10/children", &results(&[], None))
        .on("/inline-comments", &results(&[row(10, told)], None));
    assert_snapshot!(story(&read_all(&fake.site(), &partition("inline-comments"), 1000)), @r#"page-comment comment:10 in page:1, "Re: Plan", inherited: thread=comment:10 resolution=resolved selection=two words"#);
}

fn inline(told: &str) -> confluence::model::Item {
    let fake = Fake::default()
        .on("/inline-comments/10/children", &results(&[], None))
        .on("/inline-comments", &results(&[row(10, told)], None));
    match read_all(&fake.site(), &partition("inline-comments"), 1000).remove(0).changes.remove(0) {
        Change::Upsert(item) => *item,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_words_a_comment_is_about_stand_above_it_as_words() {
    let about = |words: &str, more: &str| {
        let words = format!("{words:?}");
        inline(&format!(r#""pageId":"1","properties":{{"inlineOriginalSelection":{words}}}{more}"#)).body
    };
    assert_eq!(about("two words", ""), Some("> two words\n\nYes".to_owned()));
    assert_eq!(about("a < b & <b>c</b> *d*", ""), Some("> a < b & \\<b>c\\</b> \\*d\\*\n\nYes".to_owned()));
    assert_eq!(about("  ", ""), Some("Yes".to_owned()));
    // A reply repeats the selection of what it answers.
    assert_eq!(about("two words", r#","parentCommentId":"9""#), Some("Yes".to_owned()));
}

#[test]
fn a_resolution_makes_a_new_version_and_says_whose_it_is() {
    let open = inline(r#""pageId":"1","resolutionStatus":"open""#);
    let resolved = inline(
        r#""pageId":"1","resolutionStatus":"resolved","resolutionLastModifierId":"bo",
        "resolutionLastModifiedAt":"2026-02-01T00:00:00.000Z""#,
    );
    let again = inline(
        r#""pageId":"1","resolutionStatus":"reopened","resolutionLastModifierId":"bo",
        "resolutionLastModifiedAt":"2026-02-02T00:00:00.000Z""#,
    );
    assert_snapshot!(format!("{:?}\n{:?}\n{:?}", open.properties, resolved.properties, again.properties), @r#"
    [("thread", "comment:10"), ("resolution", "open")]
    [("thread", "comment:10"), ("resolution", "resolved"), ("resolution-by", "bo"), ("resolution-at", "1769904000000")]
    [("thread", "comment:10"), ("resolution", "reopened"), ("resolution-by", "bo"), ("resolution-at", "1769990400000")]
    "#);
    assert_ne!(open.version, resolved.version);
    assert_ne!(resolved.version, again.version);
    assert_eq!((open.created, open.author.as_deref()), (Some(1767312000000), Some("ada")));
}

#[test]
fn threads_hold_together_across_pages_of_changes() {
    let replies = [
        row(10, r#""pageId":"1""#),
        row(11, r#""pageId":"1","parentCommentId":"10""#),
        row(12, r#""pageId":"1","parentCommentId":"11""#),
        row(13, r#""pageId":"1","parentCommentId":"12""#),
    ];
    let mut fake = Fake::default();
    for (number, reply) in replies.iter().enumerate().rev() {
        let rule = if number == 0 { "/footer-comments?".to_owned() } else { format!("cursor=c{number}&") };
        let next = format!("/wiki/api/v2/footer-comments?limit=1&cursor=c{}", number + 1);
        let next = (number + 1 < replies.len()).then_some(next.as_str());
        fake = fake.or(Fake::default().on(&rule, &results(std::slice::from_ref(reply), next)));
    }
    let fine = read_all(&fake.site(), &partition("footer-comments"), 1);
    let coarse = read_all(&fake.site(), &partition("footer-comments"), 1000);
    assert_eq!((fine.len(), coarse.len()), (4, 1));
    assert_eq!(story(&fine), story(&coarse));
    assert_eq!(story(&fine).matches("thread=comment:10").count(), 4);
    assert_snapshot!(fine[2].next.clone().unwrap(), @r#"{"comments":{"place":{"listing":0,"link":"/wiki/api/v2/footer-comments?limit=1&cursor=c3&sort=created-date&body-format=storage"},"heard":{"replies":true,"roots":[],"threads":[["11","10"],["12","10"]]}}}"#);
}

#[test]
fn a_walk_without_replies_asks_a_few_comments_and_believes_them() {
    let rows: Vec<_> = (10..40).map(|id| row(id, r#""pageId":"1""#)).collect();
    let fake = Fake::default()
        .status("/footer-comments/10/children", 404, &named_404("Cannot find a comment with id [10]"))
        .on("/children", &results(&[], None))
        .on("/footer-comments", &results(&rows, None));
    assert_eq!(read_all(&fake.site(), &partition("footer-comments"), 1000).len(), 1);
    assert_eq!(fake.asked().lines().count(), 1 + 10);
}

#[test]
fn replies_that_the_lists_leave_out_are_asked_for_comment_by_comment() {
    let roots = [row(10, r#""pageId":"1""#), row(11, r#""pageId":"1""#)];
    let fake = Fake::default()
        .on("/footer-comments/11/children", &results(&[row(20, r#""pageId":"1""#)], None))
        .on("/footer-comments/20/children", &results(&[row(30, r#""parentCommentId":"20""#)], None))
        .on("/children", &results(&[], None))
        .on("/footer-comments", &results(&roots, None));
    assert_snapshot!(story(&read_all(&fake.site(), &partition("footer-comments"), 1000)), @r#"
    page-comment comment:10 in page:1, "Re: Plan", inherited: thread=comment:10
    page-comment comment:11 in page:1, "Re: Plan", inherited: thread=comment:11
    page-comment comment:20 in comment:11, "Re: Plan", inherited: thread=comment:11
    page-comment comment:30 in comment:20, "Re: Plan", inherited: thread=comment:11
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/footer-comments?sort=created-date&body-format=storage&limit=250
    /wiki/api/v2/footer-comments/10/children?body-format=storage&limit=1
    /wiki/api/v2/footer-comments/11/children?body-format=storage&limit=1
    /wiki/api/v2/footer-comments?sort=created-date&limit=100
    /wiki/api/v2/footer-comments/10/children?body-format=storage&limit=250
    /wiki/api/v2/footer-comments/11/children?body-format=storage&limit=250
    /wiki/api/v2/footer-comments/20/children?body-format=storage&limit=250
    /wiki/api/v2/footer-comments/30/children?body-format=storage&limit=250
    ");
    assert_snapshot!(fake.logged(), @r#"Warn: the lists leave replies out; asking comment by comment list="footer-comments""#);
}

#[test]
fn attachments_hang_on_their_container_and_name_their_bytes() {
    let file = |id: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","status":"current","title":"plan.pdf","createdAt":"2026-01-01T00:00:00Z",
            "mediaType":"application/pdf","fileSize":1234,"webuiLink":"/pages/1?preview={id}",
            "version":{{"number":2,"authorId":"ada","createdAt":"2026-01-02T00:00:00Z"}},{more}}}"#
        )
    };
    let rows = [
        file("att1", r#""pageId":"7""#),
        file("att2", r#""blogPostId":"8","comment":" signed copy ""#),
        file("att3", r#""customContentId":"9""#),
        file("att4", r#""comment":"no container""#),
    ];
    let fake = Fake::default().on("/v2/attachments", &results(&rows, None));
    let pages = read_all(&fake.site(), &partition("attachments"), 1000);
    assert_snapshot!(story(&pages), @r#"
    page-attachment attachment:att1 in page:7, "plan.pdf", inherited: media-type=application/pdf status=current
    blogpost-attachment attachment:att2 in blogpost:8, "plan.pdf", inherited: media-type=application/pdf status=current comment=signed copy
    failed attachment:att4: it names no container
    "#);
    let Change::Upsert(item) = &pages[0].changes[0] else { panic!() };
    assert_snapshot!(format!("{:#?}", item.file), @r#"
    Some(
        File {
            link: "7/att1",
            name: "plan.pdf",
            media_type: "application/pdf",
            size: Some(
                1234,
            ),
        },
    )
    "#);
}
