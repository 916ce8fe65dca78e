//! Every v2 answer keeps Atlassian's own schemas (made strict, see the file's comment).

use serde_json::{Value, json};

use crate::client::{Client, demo};

fn check(name: &str, value: &Value) {
    let mut schema: Value = serde_json::from_str(include_str!("../../schemas/confluence-v2.json")).unwrap();
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
