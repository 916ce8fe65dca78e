use crate::fake::{Fake, named_404, read_all, results, story};
use confluence::filter::Wanted;
use confluence::model::{Partition, Position};
use confluence::reading::read_page;
use insta::assert_snapshot;

fn people() -> Partition {
    Partition { id: "people".to_owned(), label: String::new(), token: "\"directory\"".to_owned() }
}

fn user(id: &str, more: &str) -> String {
    format!(
        r#"{{"accountId":"{id}","accountType":"atlassian","displayName":"Name of {id}","email":"{id}@acme.example"{more}}}"#
    )
}

fn found(id: &str, more: &str) -> String {
    format!(r#"{{"user":{}}}"#, user(id, more))
}

#[test]
fn licensed_users_guests_groups_and_members() {
    let groups =
        [r#"{"type":"group","name":"Engineers","id":"g1"}"#, r#"{"type":"group","name":"Gone","id":"g/2"}"#];
    let members = [user("ada", r#","isExternalCollaborator":false"#), user("old", "")];
    let more = [user("bot", r#","isGuest":true,"isExternalCollaborator":false"#)];
    let users = [
        found("ada", ""),
        found("left", r#","accountStatus":"inactive""#),
        r#"{"user":{"accountId":"app","accountType":"app","displayName":"Robot","email":""}}"#.to_owned(),
        r#"{"user":{"accountId":"shy","displayName":null,"publicName":"Shy","email":null}}"#.to_owned(),
        r#"{"user":{"type":"anonymous"}}"#.to_owned(),
        r#"{"title":"no user"}"#.to_owned(),
    ];
    let fake = Fake::default()
        .on("/group/g1/membersByGroupId start=200", &results(&more, None))
        .on(
            "/group/g1/membersByGroupId",
            &results(&members, Some("/rest/api/group/g1/membersByGroupId?limit=200&start=200")),
        )
        .status("/group/g%2F2/membersByGroupId", 404, &named_404("No group"))
        .on(
            "/rest/api/group? accessType=admin",
            &results(&[r#"{"id":"g1","name":"Engineers"}"#.to_owned()], None),
        )
        .on("/rest/api/group?", &results(&groups.map(str::to_owned), None))
        .on(
            "/search/user externalCollaborator",
            &results(&[found("guest", r#","isExternalCollaborator":true"#)], None),
        )
        .on("/search/user start=200", &results(&[found("zoe", "")], None))
        .on("/search/user", &results(&users, Some("/rest/api/search/user?start=200")));
    assert_snapshot!(story(&read_all(&fake.site(), &people(), 1000)), @r#"
    user ada "Name of ada" ada@acme.example Member
    user left "Name of left" left@acme.example Closed
    user app "Robot" hidden Guest
    user shy "Shy" hidden Member
    user zoe "Name of zoe" zoe@acme.example Member
    user guest "Name of guest" guest@acme.example Guest
    group class:product-admins "All who administer Confluence"
    member group g1 of class:product-admins
    group g1 "Engineers"
    group g/2 "Gone"
    member user ada of g1
    member user old of g1
    member user bot of g1
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/rest/api/search/user?cql=type=user&start=0&limit=200&sitePermissionTypeFilter=none
    /wiki/rest/api/search/user?start=200&cql=type=user&limit=200&sitePermissionTypeFilter=none
    /wiki/rest/api/search/user?cql=type=user&start=0&limit=200&sitePermissionTypeFilter=externalCollaborator
    /wiki/rest/api/group?accessType=admin&start=0&limit=200
    /wiki/rest/api/group?start=0&limit=200
    /wiki/rest/api/group/g1/membersByGroupId?start=0&limit=200
    /wiki/rest/api/group/g%2F2/membersByGroupId?start=0&limit=200
    /wiki/rest/api/group/g1/membersByGroupId?limit=200&start=200
    ");
    assert_snapshot!(fake.logged(), @r#"Warn: skipped a row of the directory reason="missing field `user` at line 1 column 19""#);
}

#[test]
fn many_groups_are_read_a_dozen_at_a_time_from_the_cursor() {
    let groups: Vec<_> = (0..30).map(|number| format!(r#"{{"id":"g{number:02}","name":"G"}}"#)).collect();
    let fake = Fake::default()
        .on("membersByGroupId", &results(&[user("ada", "")], None))
        .on("/rest/api/group? accessType=admin", &results(&[], None))
        .on("/rest/api/group?", &results(&groups, None))
        .on("/search/user", &results(&[], None));
    let pages = read_all(&fake.site(), &people(), 1000);
    let sizes: Vec<_> = pages.iter().map(|page| page.changes.len()).collect();
    assert_eq!(sizes, [0, 0, 1, 30, 12, 12, 6]);
    let again = read_page(
        &fake.site(),
        &Wanted::default(),
        &people(),
        &Position::After(pages[4].next.clone().unwrap()),
        1000,
    )
    .unwrap();
    assert_eq!(again, pages[5]);
}
