//! Every v2 answer keeps Atlassian's own schemas (made strict, see the files' comments),
//! and so do those of v1 that are read nowhere else.

use confluence_simulator::{Clock, NodeKind, ParentKind, Size, generate};
use serde_json::{Value, json};

use crate::client::{Client, NOON, demo, start};

const V1: &str = include_str!("../../schemas/confluence-v1.json");
const V2: &str = include_str!("../../schemas/confluence-v2.json");

fn check(name: &str, value: &Value) {
    check_in(V2, name, value);
}

fn check_in(document: &str, name: &str, value: &Value) {
    let mut schema: Value = serde_json::from_str(document).unwrap();
    schema["$ref"] = json!(format!("#/$defs/{name}"));
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_keep_their_schemas() {
    let running = demo().await;
    let client = Client::crawler(&running);
    for (path, schema) in [
        ("spaces?description-format=plain", "ManySpaceBulk"),
        ("pages?body-format=storage", "ManyPageBulk"),
        ("pages?status=trashed,archived", "ManyPageBulk"),
        ("blogposts?body-format=storage", "ManyBlogPostBulk"),
        ("footer-comments?body-format=storage", "ManyFooterCommentModel"),
        ("inline-comments?body-format=storage", "ManyInlineCommentModel"),
        ("attachments?x=1", "ManyAttachmentBulk"),
    ] {
        let body = client.get(&format!("/wiki/api/v2/{path}&limit=250")).json();
        assert!(!body["results"].as_array().unwrap().is_empty(), "{path} lists nothing");
        check(schema, &body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_one_thing_keep_their_schemas() {
    let running = demo().await;
    let client = Client::crawler(&running);
    let space = client.ids("/wiki/api/v2/spaces").remove(0);
    check(
        "ManySpacePermissionAssignment",
        &client.get(&format!("/wiki/api/v2/spaces/{space}/permissions")).json(),
    );
    let labelled = running.read(|site| site.pages.values().find(|page| !page.labels.is_empty()).unwrap().id);
    check("ManyLabel", &client.get(&format!("/wiki/api/v2/pages/{labelled}/labels")).json());
    for (route, schema) in [
        ("footer-comments", "ManyChildrenCommentModel"),
        ("inline-comments", "ManyInlineCommentChildrenModel"),
    ] {
        let (comments, _) = client.walk(&format!("/wiki/api/v2/{route}"));
        let parent = comments.iter().find_map(|row| row["parentCommentId"].as_str()).expect("a reply");
        let body = client.get(&format!("/wiki/api/v2/{route}/{parent}/children?body-format=storage")).json();
        assert!(!body["results"].as_array().unwrap().is_empty());
        check(schema, &body);
    }
    let users = running.read(|site| site.users.keys().cloned().collect::<Vec<_>>());
    let body =
        client.send("POST", "/wiki/api/v2/users-bulk", &json!({ "accountIds": users }).to_string()).json();
    assert_eq!(body["results"].as_array().unwrap().len(), users.len());
    check("ManyUser", &body);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_reads_keep_their_schemas() {
    let running = demo().await;
    let client = Client::crawler(&running);
    for (route, schema) in [
        ("spaces", "SpaceSingle"),
        ("pages", "PageSingle"),
        ("blogposts", "BlogPostSingle"),
        ("footer-comments", "FooterCommentModel"),
        ("inline-comments", "InlineCommentModel"),
        ("attachments", "AttachmentSingle"),
    ] {
        for id in client.ids(&format!("/wiki/api/v2/{route}?limit=250")).iter().step_by(17) {
            let query = if route == "pages" { "?include-labels=true&body-format=storage" } else { "" };
            let row = client.get(&format!("/wiki/api/v2/{route}/{id}{query}")).json();
            assert_eq!(row["id"], json!(id));
            check(schema, &row);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_and_their_trees_keep_their_schemas() {
    let running = start(generate(1, &Size::census(), Clock::standing_at(NOON))).await;
    let client = Client::crawler(&running);
    for (kind, plural, schema) in [
        (NodeKind::Folder, "folders", "FolderSingle"),
        (NodeKind::Whiteboard, "whiteboards", "WhiteboardSingle"),
        (NodeKind::Database, "databases", "DatabaseSingle"),
        (NodeKind::Embed, "embeds", "SmartLinkSingle"),
    ] {
        // Those in the bin too; the tree's rows know no such status, and leave them out.
        let ids = running.read(|site| {
            let of_kind = site.nodes.values().filter(|node| node.kind == kind);
            of_kind.map(|node| node.id).collect::<Vec<_>>()
        });
        for id in ids.iter().step_by(7) {
            check(schema, &client.get(&format!("/wiki/api/v2/{plural}/{id}")).json());
        }
        let parent = running.read(|site| {
            let mut parents = site.branches().filter_map(|branch| branch.parent());
            parents.find(|parent| parent.kind == ParentKind::Node(kind)).unwrap().id
        });
        for (route, schema) in [
            ("direct-children", "ManyChildrenResponse"),
            ("descendants", "ManyDescendantsResponse"),
            ("ancestors", "ManyAncestor"),
        ] {
            check(schema, &client.get(&format!("/wiki/api/v2/{plural}/{parent}/{route}")).json());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_keep_their_schemas() {
    // The third seed's site is the one where roles alone decide.
    let running = start(generate(3, &Size::census(), Clock::standing_at(NOON))).await;
    let client = Client::crawler(&running);
    let of = |path: &str| client.get(&format!("/wiki/api/v2/{path}")).json();
    check("SpaceRoleMode", &of("space-role-mode"));
    let roles = of("space-roles");
    check("ManySpaceRole", &roles);
    check("SpaceRoleSingle", &of(&format!("space-roles/{}", roles["results"][0]["id"].as_str().unwrap())));
    for space in client.ids("/wiki/api/v2/spaces") {
        let assigned = of(&format!("spaces/{space}/role-assignments"));
        assert!(!assigned["results"].as_array().unwrap().is_empty());
        check("ManySpaceRoleAssignment", &assigned);
        check("ManySpacePermissionAssignment", &of(&format!("spaces/{space}/permissions")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_v1_keep_their_schemas() {
    let running = start(generate(2, &Size::census(), Clock::standing_at(NOON))).await;
    let client = Client::crawler(&running);
    let audit = client.get("/wiki/rest/api/audit").json();
    assert!(!audit["results"].as_array().unwrap().is_empty());
    check_in(V1, "AuditRecordArray", &audit);
    let anonymous = client.get("/wiki/rest/api/user/anonymous?expand=operations").json();
    check_in(V1, "UserAnonymous", &anonymous);
    for key in running.read(|site| site.spaces.values().map(|space| space.key.clone()).collect::<Vec<_>>()) {
        let space = client.get(&format!("/wiki/rest/api/space/{key}?expand=permissions")).json();
        let rows = space["permissions"].as_array().unwrap();
        assert!(!rows.is_empty(), "{key}");
        rows.iter().for_each(|row| check_in(V1, "SpacePermission", row));
    }
}
