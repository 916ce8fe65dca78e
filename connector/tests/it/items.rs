use crate::fake::{Fake, V2_GENERIC_404, named_404, no_roles, page_row, results, search_row, tell};
use confluence::filter::Wanted;
use confluence::reading::read_items;
use insta::assert_snapshot;

fn told(fake: &Fake, ids: &[&str]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    match read_items(&fake.site(), &Wanted::default(), "ada", &ids) {
        Ok(changes) => tell(&changes),
        Err(error) => format!("{error:?}"),
    }
}

fn keys(fake: Fake) -> Fake {
    no_roles(fake)
        .on("/v2/spaces? current", &results(&[r#"{"id":"8","key":"ENG"}"#.to_owned()], None))
        .on("/v2/spaces? archived", &results(&[], None))
}

fn signed_in(fake: Fake) -> Fake {
    fake.on("/user/current", r#"{"accountId":"ada"}"#)
}

#[test]
fn pages_are_asked_for_together_and_the_rest_singly() {
    let listed = [page_row(1, ""), page_row(2, "").replace("current", "trashed")];
    let fake = signed_in(keys(Fake::default()))
        .on("/v2/pages? id=1,2,3,4,5", &results(&listed, None))
        .status("/v2/pages/3", 404, &named_404("Cannot find a page with id [3]"))
        .status("/v2/pages/4", 403, r#"{"message":"no"}"#)
        .on("/v2/pages/5", &page_row(5, ""))
        .on(
            "/content/search",
            &results(&[search_row(1, &[], &[], &[]), search_row(5, &["u"], &[], &[])], None),
        );
    assert_snapshot!(told(&fake, &["page:1", "page:2", "page:3", "page:4", "page:5"]), @r#"
    page page:1 in space:8, "Page 1", inherited: space=ENG status=current
    binned page:2
    delete page:3
    failed page:4: asked acme.atlassian.net for /wiki/api/v2/pages/4 and got 403: no
    page page:5 in space:8, "Page 5", narrowed to [user u]: space=ENG status=current
    "#);
    assert_snapshot!(fake.asked(), @r#"
    /wiki/api/v2/pages?id=1,2,3,4,5&status=current,archived,trashed,deleted&sort=id&body-format=storage&limit=100
    /wiki/api/v2/pages/3?body-format=storage
    /wiki/api/v2/pages/4?body-format=storage
    /wiki/api/v2/pages/5?body-format=storage
    /wiki/api/v2/spaces?ids=8&limit=250&status=current
    /wiki/api/v2/spaces?ids=8&limit=250&status=archived
    /wiki/rest/api/content/search?cql=id in (1,5)&limit=200&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels
    /wiki/rest/api/user/current
    "#);
}

#[test]
fn every_kind_is_answered_in_the_order_of_the_question() {
    let comment = r#"{"id":"21","title":"Re","pageId":"1","version":{"number":1}}"#;
    let file = r#"{"id":"att31","title":"a.txt","pageId":"1"}"#;
    let space = r#"{"id":"8","key":"ENG","name":"Engineering","status":"current"}"#;
    let fake = signed_in(keys(Fake::default()))
        .status("/footer-comments/21", 404, &named_404("Cannot find a footer comment with id [21]"))
        .on("/inline-comments/21", comment)
        .status("comments/22", 404, &named_404("Cannot find a comment with id [22]"))
        .on("/attachments/att31", file)
        .on("/attachments/att32", &file.replace("att31\"", "att32\",\"status\":\"trashed\""))
        .on("/spaces/8/permissions", &results(&[], None))
        .on("/v2/spaces/8", space)
        .on("/v2/blogposts?", &results(&[page_row(41, "")], None))
        .on("/content/search", &results(&[search_row(41, &[], &[], &[])], None));
    let ids = [
        "attachment:att32",
        "space:8",
        "comment:21",
        "slide:9",
        "comment:22",
        "nonsense",
        "attachment:att31",
        "blogpost:41",
        "page:../../x",
    ];
    assert_snapshot!(told(&fake, &ids), @r#"
    binned attachment:att32
    space space:8 in nothing, "ENG", only []: space=ENG type= status=
    page-comment comment:21 in page:1, "Re", inherited: thread=comment:21
    failed slide:9: it is of a kind that this connector does not deliver
    delete comment:22
    failed nonsense: it is of a kind that this connector does not deliver
    page-attachment attachment:att31 in page:1, "a.txt", inherited: media-type=application/octet-stream
    blogpost blogpost:41 in space:8, "Page 41", inherited: space=ENG status=current
    failed page:../../x: it is of a kind that this connector does not deliver
    "#);
}

#[test]
fn a_reply_asks_for_what_began_its_thread() {
    let reply =
        |id: u64, parent: &str| format!(r#"{{"id":"{id}","pageId":"1","parentCommentId":"{parent}"}}"#);
    let fake = Fake::default()
        .on("/footer-comments/21", &reply(21, "20"))
        .on("/footer-comments/22", &reply(22, "20"))
        .on("/footer-comments/20", &reply(20, "19"))
        .on("/footer-comments/19", r#"{"id":"19","pageId":"1"}"#)
        // What began this one cannot be read: the nearest that is known stands for it.
        .on("/footer-comments/23", &reply(23, "18"))
        .status("comments/18", 403, r#"{"message":"no"}"#);
    assert_snapshot!(told(&fake, &["comment:21", "comment:22", "comment:23"]), @r#"
    page-comment comment:21 in comment:20, "", inherited: thread=comment:19
    page-comment comment:22 in comment:20, "", inherited: thread=comment:19
    page-comment comment:23 in comment:18, "", inherited: thread=comment:18
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/footer-comments/21?body-format=storage
    /wiki/api/v2/footer-comments/22?body-format=storage
    /wiki/api/v2/footer-comments/23?body-format=storage
    /wiki/api/v2/footer-comments/18
    /wiki/api/v2/footer-comments/20
    /wiki/api/v2/footer-comments/19
    ");
}

#[test]
fn a_404_that_names_nothing_deletes_nothing() {
    for words in ["HTTP 404 Not Found", "Cannot find a page", "Cannot find a page with id [33]"] {
        let listed = Fake::default().on("/v2/pages?", &results(&[], None));
        let fake = signed_in(listed.status("/v2/pages/3", 404, &named_404(words)));
        assert!(told(&fake, &["page:3"]).starts_with("failed page:3"), "{words}");
    }
}

#[test]
fn nothing_is_deleted_without_proof_of_the_account() {
    let gone = || {
        Fake::default().on("/v2/pages?", &results(&[], None)).status(
            "/v2/pages/3",
            404,
            &named_404("Cannot find a page with id [3]"),
        )
    };
    let refusals = [
        (403, r#"{"message":"Current user not permitted to use Confluence"}"#),
        (401, "<html></html>"),
        (404, "<html></html>"),
        (503, ""),
        (200, r#"{"type":"anonymous"}"#),
        (200, r#"{"accountId":"mallory"}"#),
    ];
    for (status, body) in refusals {
        let told = told(&gone().status("/user/current", status, body), &["page:3"]);
        assert!(!told.contains("delete page"), "{told}");
    }
    assert_eq!(told(&signed_in(gone()), &["page:3"]), "delete page:3");
}

#[test]
fn a_404_without_a_name_fails_the_call() {
    let fake = Fake::default().status("/v2/pages", 404, V2_GENERIC_404);
    assert_snapshot!(told(&fake, &["page:3"]), @r#"Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages and got 404: Not Found")"#);
    let fake =
        Fake::default().on("/v2/pages?", &results(&[], None)).status("/v2/pages/3", 404, V2_GENERIC_404);
    assert_snapshot!(told(&fake, &["page:3"]), @r#"Unauthenticated("asked acme.atlassian.net for /wiki/api/v2/pages/3 and got 404: Not Found")"#);
}

#[test]
fn what_exists_needs_no_proof() {
    let fake = keys(Fake::default())
        .on("/v2/pages?", &results(&[page_row(1, "")], None))
        .on("/content/search", &results(&[search_row(1, &[], &[], &[])], None));
    assert_snapshot!(told(&fake, &["page:1"]), @r#"page page:1 in space:8, "Page 1", inherited: space=ENG status=current"#);
}

#[test]
fn more_than_the_contract_allows_is_refused() {
    let ids = vec!["page:1"; 101];
    assert_snapshot!(told(&Fake::default(), &ids), @r#"Unexpected("asked for 101 items at once, but the contract allows 100")"#);
}

/// Asked for under a filter: what is left out is gone, what holds others up becomes a place, and no body of either
/// is read.
#[test]
fn what_the_settings_leave_out_is_gone_or_a_place() {
    let wiki = crate::wiki::Wiki::default();
    let told = |settings: &str, ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        tell(&read_items(&wiki.site(), &crate::wiki::wanted(settings), "ada", &ids).unwrap())
    };
    let ids = [
        "page:1",
        "page:2",
        "page:3",
        "page:20",
        "blogpost:50",
        "blogpost:51",
        "space:9",
        "comment:11",
        "comment:21",
        "comment:511",
        "attachment:att32",
    ];
    let settings = r#"{"spaces":"ENG","pages":"2","blogposts-excluded":"50","read-attachments":false}"#;
    assert_snapshot!(told(settings, &ids), @r#"
    place page:1 in space:8, "", inherited: space=ENG status=current
    page page:2 in page:1, "T2", inherited: space=ENG status=current
    page page:3 in page:2, "T3", inherited: space=ENG status=current label=runbook
    delete page:20
    delete blogpost:50
    delete blogpost:51
    delete space:9
    delete comment:11
    page-comment comment:21 in page:2, "Re", inherited: thread=comment:21
    delete comment:511
    delete attachment:att32
    "#);
    assert_snapshot!(wiki.asked(), @"
    /api/v2/pages?id=1,2,3,20&status=current,archived,trashed,deleted&sort=id&limit=100
    /api/v2/spaces?ids=8,9&limit=250&status=current
    /api/v2/spaces?ids=8,9&limit=250&status=archived
    /rest/api/content/search?cql=id in (1,3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
    /api/v2/pages?id=2,3&status=current,archived&sort=id&body-format=storage&limit=250
    /rest/api/content/search?cql=id in (2,3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
    /rest/api/content/search?cql=parent in (1)&limit=200&expand=ancestors
    /api/v2/blogposts?id=50,51&status=current,trashed,deleted&sort=id&limit=100
    /api/v2/spaces?ids=8,9&limit=250&status=current
    /api/v2/spaces?ids=8,9&limit=250&status=archived
    /api/v2/spaces?ids=9&limit=250&status=current
    /api/v2/spaces?ids=9&limit=250&status=archived
    /api/v2/footer-comments/11
    /api/v2/footer-comments/21
    /api/v2/footer-comments/511
    /api/v2/pages?id=1,2&status=current,archived&sort=id&limit=250
    /api/v2/spaces?ids=8&limit=250&status=current
    /api/v2/spaces?ids=8&limit=250&status=archived
    /rest/api/content/search?cql=id in (1)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
    /api/v2/blogposts?id=51&status=current&sort=id&limit=250
    /api/v2/spaces?ids=9&limit=250&status=current
    /api/v2/spaces?ids=9&limit=250&status=archived
    /api/v2/footer-comments/21?body-format=storage
    /rest/api/user/current
    ");
    let settings = r#"{"pages-excluded":"3","personal-spaces":false}"#;
    assert_snapshot!(told(settings, &["attachment:att32", "attachment:att22", "space:10", "page:3"]), @r#"
    delete attachment:att32
    page-attachment attachment:att22 in page:2, "a.txt", inherited: media-type=application/octet-stream
    delete space:10
    delete page:3
    "#);
}
