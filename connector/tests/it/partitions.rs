use crate::fake::{Fake, no_roles, read_all, results, story};
use confluence::filter::Wanted;
use confluence::reading::list_partitions;
use insta::assert_snapshot;

fn space(id: u64, key: &str, status: &str) -> String {
    format!(
        r#"{{"id":"{id}","key":"{key}","name":"Space {key}","type":"global","status":"{status}","homepageId":"9{id}",
        "createdAt":"2025-01-01T00:00:00.000Z","_links":{{"webui":"/spaces/{key}"}}}}"#
    )
}

fn small_site() -> Fake {
    let first = [space(8, "ENG", "current"), space(9, "HR", "current")];
    let second = [space(12, "~ada", "current")];
    let old = [space(4, "OLD", "archived")];
    no_roles(Fake::default())
        .on("/spaces? cursor=two", &results(&second, None))
        .on("/spaces? status=current", &results(&first, Some("/wiki/api/v2/spaces?cursor=two")))
        .on("/spaces? status=archived", &results(&old, None))
}

#[test]
fn spaces_go_into_buckets_and_are_listed_once() {
    let fake = small_site();
    let partitions = list_partitions(&fake.site(), &Wanted::default(), "content").unwrap();
    let lines = partitions.iter().map(|one| format!("{}: {}\n  {}", one.id, one.label, one.token));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    pages-0: Pages in OLD, ENG, ~ada
      {"pages":{"spaces":[{"id":"4","key":"OLD","name":"Space OLD","type":"global","status":"archived","homepage":"94","webui":"/spaces/OLD","created":"2025-01-01T00:00:00.000Z"},{"id":"8","key":"ENG","name":"Space ENG","type":"global","status":"current","homepage":"98","webui":"/spaces/ENG","created":"2025-01-01T00:00:00.000Z"},{"id":"12","key":"~ada","name":"Space ~ada","type":"global","status":"current","homepage":"912","webui":"/spaces/~ada","created":"2025-01-01T00:00:00.000Z"}]}}
    pages-1: Pages in HR
      {"pages":{"spaces":[{"id":"9","key":"HR","name":"Space HR","type":"global","status":"current","homepage":"99","webui":"/spaces/HR","created":"2025-01-01T00:00:00.000Z"}]}}
    nodes: Folders, whiteboards, databases and Smart Links
      {"nodes":{"keys":{"12":"~ada","4":"OLD","8":"ENG","9":"HR"},"archived":["OLD"]}}
    blogposts: Blog posts
      {"blog-posts":{"keys":{"12":"~ada","4":"OLD","8":"ENG","9":"HR"}}}
    footer-comments: Footer comments
      "footer-comments"
    inline-comments: Inline comments
      "inline-comments"
    attachments: Attachments
      "attachments"
    "#);
    assert_snapshot!(fake.asked(), @"
    /wiki/api/v2/spaces?limit=250&sort=id&status=current
    /wiki/api/v2/spaces?limit=250&sort=id&status=archived
    /wiki/api/v2/spaces?cursor=two&limit=250&sort=id&status=current
    /wiki/api/v2/space-role-mode
    /wiki/rest/api/user/anonymous?expand=operations
    ");
}

#[test]
fn a_bucket_delivers_its_spaces_with_who_may_see_them() {
    let right = |kind: &str, id: &str, key: &str| {
        format!(
            r#"{{"principal":{{"type":"{kind}","id":"{id}"}},"operation":{{"key":"{key}","targetType":"space"}}}}"#
        )
    };
    let of_eng = [
        right("access-class", "ALL_LICENSED_USERS", "read"),
        right("access-class", "ALL_PRODUCT_ADMINS", "administer"),
        right("access-class", "jsm-project-admins", "read"),
        right("user", "mallory", "manage_users"),
    ];
    let more_of_eng = [
        right("role", "5", "read"),
        right("group", "g1", "read"),
        r#"{"principal":{"type":"user"},"operation":{"key":"read"}}"#.to_owned(),
    ];
    let of_ada = [right("user", "ada", "read"), right("user", "ada", "read")];
    let fake = small_site()
        .on("/spaces/8/permissions cursor=p2", &results(&more_of_eng, None))
        .on("/spaces/8/permissions", &results(&of_eng, Some("/wiki/api/v2/spaces/8/permissions?cursor=p2")))
        .on("/spaces/12/permissions", &results(&of_ada, None))
        .status("/spaces/4/permissions", 403, r#"{"message":"no"}"#)
        .on("/pages", &results(&[], None));
    let site = fake.site();
    let partitions = list_partitions(&site, &Wanted::default(), "content").unwrap();
    assert_snapshot!(story(&read_all(&site, &partitions[0], 1000)), @r#"
    space space:4 in nothing, "Space OLD", unknown: space=OLD type=global status=archived
    space space:8 in nothing, "Space ENG", only [group g1, members]: space=ENG type=global status=current
    space space:12 in nothing, "Space ~ada", only [user ada]: space=~ada type=global status=current
    "#);
    assert_snapshot!(fake.logged(), @r#"
    Warn: the permissions of a space could not be read space="4" reason="asked acme.atlassian.net for /wiki/api/v2/spaces/4/permissions and got 403: no"
    Warn: a permission of an unknown shape grants nothing space="8" reason="missing field `id` at line 1 column 28"
    Warn: principals of a kind that grants nothing principals="access-class jsm-project-admins, role"
    "#);
}

#[test]
fn a_dataset_that_does_not_exist_is_not_found() {
    let fake = Fake::default();
    let error = list_partitions(&fake.site(), &Wanted::default(), "gossip").unwrap_err();
    assert_snapshot!(format!("{error:?}"), @r#"NotFound("asked for the dataset gossip, which this connector does not have")"#);
}
