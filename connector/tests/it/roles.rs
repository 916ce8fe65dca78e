//! Who sees a space, by permissions, by roles, and by both.

use crate::fake::{Fake, named_404, read_all, results, story};
use confluence::filter::Wanted;
use confluence::model::{Access, Change, Partition};
use confluence::reading::list_partitions;
use insta::assert_snapshot;

const ROLES: [&str; 3] = [
    r#"{"id":"viewer","type":"SYSTEM","name":"Viewer","spacePermissions":["read/space"]}"#,
    r#"{"id":"admin","type":"SYSTEM","name":"Admin","spacePermissions":["administer/space","read/space"]}"#,
    r#"{"id":"robot","type":"CUSTOM","name":"Robot","spacePermissions":["create/page","read/page"]}"#,
];

fn assigned(kind: &str, id: &str, role: &str) -> String {
    format!(r#"{{"principal":{{"principalType":"{kind}","principalId":"{id}"}},"roleId":"{role}"}}"#)
}

fn permitted(kind: &str, id: &str) -> String {
    format!(
        r#"{{"principal":{{"type":"{kind}","id":"{id}"}},"operation":{{"key":"read","targetType":"space"}}}}"#
    )
}

/// One space, with u1 and g1 in its permissions, and u1 and g2 among the roles that read.
fn site(mode: &str) -> Fake {
    let assignments = [
        assigned("USER", "u1", "viewer"),
        assigned("GROUP", "g2", "admin"),
        assigned("USER", "mallory", "robot"),
        assigned("USER", "mallory", "never-heard-of"),
        assigned("TEAM", "t1", "viewer"),
    ];
    let permissions = [permitted("user", "u1"), permitted("group", "g1"), permitted("role", "viewer")];
    Fake::default()
        .on("/space-role-mode", &format!(r#"{{"mode":"{mode}"}}"#))
        .on("/user/anonymous", r#"{"operations":[]}"#)
        .on("/space-roles", &results(&ROLES.map(str::to_owned), None))
        .on("/role-assignments", &results(&assignments, None))
        .on("/permissions", &results(&permissions, None))
        .on(
            "/v2/spaces? current",
            &results(&[r#"{"id":"8","key":"ENG","status":"current"}"#.to_owned()], None),
        )
        .on("/v2/spaces? archived", &results(&[], None))
        .on("/pages", &results(&[], None))
}

/// Before the rules that `fake` has: of rules that match, the first one answers.
fn first(rules: Fake, fake: Fake) -> Fake {
    rules.or(fake)
}

fn readers(fake: &Fake) -> String {
    let partition: Partition =
        list_partitions(&fake.site(), &Wanted::default(), "content").unwrap().remove(0);
    let told = story(&read_all(&fake.site(), &partition, 1000));
    let (_, told) = told.split_once("\"ENG\", ").unwrap();
    told.split(": ").next().unwrap().to_owned()
}

#[test]
fn each_mode_believes_its_own_lists() {
    let told = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES", "ROLES_OF_THE_FUTURE"]
        .map(|mode| format!("{mode}: {}", readers(&site(mode))));
    assert_snapshot!(told.join("\n"), @"
    PRE_ROLES: only [user u1, group g1]
    ROLES_TRANSITION: only [user u1, group g1, group g2]
    ROLES: only [user u1, group g2]
    ROLES_OF_THE_FUTURE: only [user u1]
    ");
}

#[test]
fn each_mode_asks_for_no_more_than_it_needs() {
    let asked = ["PRE_ROLES", "ROLES", "ROLES_TRANSITION"].map(|mode| {
        let fake = site(mode);
        readers(&fake);
        format!("{mode}\n{}", fake.asked())
    });
    assert_snapshot!(asked.join("\n\n"), @"
    PRE_ROLES
    /wiki/api/v2/spaces?limit=250&sort=id&status=current
    /wiki/api/v2/spaces?limit=250&sort=id&status=archived
    /wiki/api/v2/space-role-mode
    /wiki/rest/api/user/anonymous?expand=operations
    /wiki/api/v2/spaces/8/permissions?limit=250
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250

    ROLES
    /wiki/api/v2/spaces?limit=250&sort=id&status=current
    /wiki/api/v2/spaces?limit=250&sort=id&status=archived
    /wiki/api/v2/space-role-mode
    /wiki/rest/api/user/anonymous?expand=operations
    /wiki/api/v2/space-roles?limit=250
    /wiki/api/v2/spaces/8/role-assignments?limit=250
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250

    ROLES_TRANSITION
    /wiki/api/v2/spaces?limit=250&sort=id&status=current
    /wiki/api/v2/spaces?limit=250&sort=id&status=archived
    /wiki/api/v2/space-role-mode
    /wiki/rest/api/user/anonymous?expand=operations
    /wiki/api/v2/space-roles?limit=250
    /wiki/api/v2/spaces/8/permissions?limit=250
    /wiki/api/v2/spaces/8/role-assignments?limit=250
    /wiki/api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
    ");
}

#[test]
fn sites_without_roles_say_so_in_many_ways() {
    for status in [400, 403, 404, 405, 501] {
        let fake = first(Fake::default().status("/space-role-mode", status, &named_404("No")), site("ROLES"));
        assert_eq!(readers(&fake), "only [user u1, group g1]", "{status}");
    }
    let fake = first(Fake::default().on("/space-role-mode", "{}"), site("ROLES"));
    assert_eq!(readers(&fake), "only [user u1, group g1]");
}

#[test]
fn a_mode_that_cannot_be_read_lets_in_whom_both_lists_name() {
    for answer in ["[]", r#"{"mode":7}"#, "<html></html>"] {
        let fake = first(Fake::default().on("/space-role-mode", answer), site("ROLES"));
        assert_eq!(readers(&fake), "only [user u1]", "{answer}");
    }
}

#[test]
fn a_list_that_counts_and_cannot_be_read_hides_the_space() {
    for (mode, list) in [
        ("PRE_ROLES", "/permissions"),
        ("ROLES", "/role-assignments"),
        ("ROLES", "/space-roles"),
        ("ROLES_TRANSITION", "/permissions"),
        ("ROLES_TRANSITION", "/role-assignments"),
        ("ROLES_TRANSITION", "/space-roles"),
        ("SOMETHING", "/permissions"),
        ("SOMETHING", "/role-assignments"),
    ] {
        let fake = first(Fake::default().status(list, 403, r#"{"message":"no"}"#), site(mode));
        assert_eq!(readers(&fake), "unknown", "{mode} without {list}");
    }
    // What does not count may fail.
    for (mode, list) in [("PRE_ROLES", "/role-assignments"), ("ROLES", "/permissions")] {
        let fake = first(Fake::default().status(list, 403, r#"{"message":"no"}"#), site(mode));
        assert_ne!(readers(&fake), "unknown", "{mode} without {list}");
    }
}

#[test]
fn roles_and_assignments_are_read_to_their_last_page() {
    let one = |role: &str| results(&[role.to_owned()], None);
    let first_roles = results(&[ROLES[2].to_owned()], Some("/wiki/api/v2/space-roles?cursor=r2"));
    let more = "/wiki/api/v2/spaces/8/role-assignments?cursor=a2";
    let fake = Fake::default()
        .on("/space-roles cursor=r2", &one(ROLES[0]))
        .on("/space-roles", &first_roles)
        .on("/role-assignments cursor=a2", &one(&assigned("USER", "u9", "viewer")))
        .on("/role-assignments", &results(&[assigned("USER", "u8", "viewer")], Some(more)));
    assert_eq!(readers(&first(fake, site("ROLES"))), "only [user u8, user u9]");
}

#[test]
fn half_a_list_of_assignments_is_none() {
    let more = "/wiki/api/v2/spaces/8/role-assignments?cursor=a2";
    let fake = Fake::default()
        .status("/role-assignments cursor=a2", 500, "")
        .on("/role-assignments", &results(&[assigned("USER", "u8", "viewer")], Some(more)));
    assert_eq!(readers(&first(fake, site("ROLES"))), "unknown");
}

#[test]
fn access_classes_in_both_spellings() {
    let classes = [
        "anonymous-users",
        "jsm-project-admins",
        "authenticated-users",
        "all-licensed-users",
        "all-product-admins",
        "all-the-king-s-men",
    ];
    let told = classes.map(|class| {
        let rows = results(&[assigned("ACCESS_CLASS", class, "viewer")], None);
        let by_role = readers(&first(Fake::default().on("/role-assignments", &rows), site("ROLES")));
        let class = class.to_uppercase().replace('-', "_");
        let rows = results(&[permitted("access-class", &class)], None);
        let by_permission = readers(&first(Fake::default().on("/permissions", &rows), site("PRE_ROLES")));
        assert_eq!(by_role, by_permission);
        format!("{class}: {by_role}")
    });
    assert_snapshot!(told.join("\n"), @"
    ANONYMOUS_USERS: only []
    JSM_PROJECT_ADMINS: only []
    AUTHENTICATED_USERS: only [members]
    ALL_LICENSED_USERS: only [members]
    ALL_PRODUCT_ADMINS: only [group class:product-admins]
    ALL_THE_KING_S_MEN: only []
    ");
}

const USES: &str = r#"{"operations":[{"operation":"use","targetType":"application"}]}"#;
const OPEN: &str =
    r#"{"permissions":[{"operation":{"operation":"read","targetType":"space"},"anonymousAccess":true}]}"#;

fn anonymous(site_says: &str, space_says: &str) -> String {
    let fake = Fake::default().on("/user/anonymous", site_says).on("/rest/api/space/ENG", space_says);
    readers(&first(fake, site("PRE_ROLES")))
}

#[test]
fn the_anonymous_need_the_site_s_word_and_the_space_s() {
    assert_eq!(anonymous(USES, OPEN), "only [user u1, group g1, anyone]");
    let never = [
        (r#"{"operations":[]}"#, OPEN),
        ("{}", OPEN),
        (r#"{"operations":[{"operation":"use","targetType":"space"}]}"#, OPEN),
        (r#"{"operations":[{"operation":"read","targetType":"application"}]}"#, OPEN),
        ("[]", OPEN),
        (USES, r#"{"permissions":[]}"#),
        (USES, "{}"),
        (USES, &OPEN.replace("true", "false")),
        (USES, &OPEN.replace("read", "create")),
        (USES, &OPEN.replace("anonymousAccess", "unlicensedAccess")),
        (USES, "null"),
    ];
    for (site_says, space_says) in never {
        assert_eq!(anonymous(site_says, space_says), "only [user u1, group g1]", "{site_says} {space_says}");
    }
}

#[test]
fn with_roles_the_assignment_is_the_space_s_word() {
    let rows = results(&[assigned("ACCESS_CLASS", "anonymous-users", "viewer")], None);
    let fake = Fake::default().on("/user/anonymous", USES).on("/role-assignments", &rows);
    assert_eq!(readers(&first(fake, site("ROLES"))), "only [anyone]");
}

#[test]
fn a_rejected_credential_lists_nothing() {
    let generic = crate::fake::V2_GENERIC_404;
    let fake = first(Fake::default().status("/permissions", 404, generic), site("PRE_ROLES"));
    let partition = list_partitions(&fake.site(), &Wanted::default(), "content").unwrap().remove(0);
    let start = confluence::model::Position::Everything;
    assert!(
        confluence::reading::read_page(&fake.site(), &Wanted::default(), &partition, &start, 10).is_err()
    );
    let broken = Fake::default().status("/space-role-mode", 401, "<html></html>");
    assert!(list_partitions(&first(broken, site("ROLES")).site(), &Wanted::default(), "content").is_err());
}

#[test]
fn a_space_read_by_id_is_judged_by_roles_too() {
    let fake = site("ROLES");
    let changes =
        confluence::reading::read_items(&fake.site(), &Wanted::default(), "ada", &["space:8".to_owned()])
            .unwrap();
    let Change::Upsert(item) = &changes[0] else { panic!("{changes:?}") };
    let Access::Replaced(readers) = &item.access else { panic!("{:?}", item.access) };
    assert_eq!(readers.len(), 2);
}
