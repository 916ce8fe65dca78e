//! The Confluence component as it is embedded: what it asks for, what it says, how large it is.

use weir::host::CONFLUENCE;
use weir::sandbox::Connector;

use crate::acme::engine;

/// What a reader of `wit/` and of Rust's standard library expects, and nothing beyond.
#[test]
fn imports_the_contract_and_what_std_drags_in() {
    let inspection = Connector::inspect(&engine(), CONFLUENCE).unwrap();
    insta::assert_snapshot!(inspection.imports.join("\n"), @r"
        weir:connector/log@0.1.0
        weir:connector/types@0.1.0
        wasi:io/poll@0.2.6
        wasi:clocks/monotonic-clock@0.2.6
        wasi:io/error@0.2.6
        wasi:io/streams@0.2.6
        wasi:http/types@0.2.4
        wasi:http/outgoing-handler@0.2.4
        wasi:cli/environment@0.2.6
        wasi:cli/exit@0.2.6
        wasi:cli/stdin@0.2.6
        wasi:cli/stdout@0.2.6
        wasi:cli/stderr@0.2.6
        wasi:cli/terminal-input@0.2.6
        wasi:cli/terminal-output@0.2.6
        wasi:cli/terminal-stdin@0.2.6
        wasi:cli/terminal-stdout@0.2.6
        wasi:cli/terminal-stderr@0.2.6
    ");
    insta::assert_snapshot!(inspection.exports.join("\n"), @r"
        weir:connector/setup@0.1.0
        weir:connector/sync@0.1.0
        weir:connector/content@0.1.0
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn describes_itself() {
    let connector = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let description = serde_json::to_string_pretty(connector.description()).unwrap();
    insta::assert_snapshot!(description, @r#"
        {
          "name": "confluence-cloud",
          "title": "Confluence Cloud",
          "version": "0.1.0",
          "documentation": "https://developer.atlassian.com/cloud/confluence/rest/v2/intro/",
          "settings_schema": "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"additionalProperties\":false,\"properties\":{\"site\":{\"description\":\"https://your-site.atlassian.net, no trailing slash, no path\",\"examples\":[\"https://your-site.atlassian.net\"],\"format\":\"uri\",\"pattern\":\"^https://[A-Za-z0-9-]+\\\\.atlassian\\\\.net$\",\"title\":\"Site\",\"type\":\"string\"}},\"required\":[\"site\"],\"type\":\"object\"}",
          "logins": [
            {
              "name": "api-token",
              "title": "API token",
              "help": "Create a token at https://id.atlassian.com/manage-profile/security/api-tokens, without scopes, while signed in as the account that Weir shall read with. Weir reads what that account may view, and nothing else. A token ends after a year at the latest.",
              "scheme": {
                "basic": {
                  "username": "E-mail of the Atlassian account",
                  "password": "API token"
                }
              }
            }
          ],
          "datasets": [
            {
              "name": "directory",
              "title": "People and groups",
              "since": false,
              "inventory": false
            },
            {
              "name": "content",
              "title": "Spaces, pages, blog posts, comments and attachments",
              "since": false,
              "inventory": false
            }
          ],
          "kinds": [
            {
              "name": "space",
              "title": "Spaces",
              "family": "Spaces",
              "searched": true
            },
            {
              "name": "page",
              "title": "Pages",
              "family": "Pages",
              "searched": true
            },
            {
              "name": "page-comment",
              "title": "Page comments",
              "family": "Pages",
              "searched": true
            },
            {
              "name": "page-attachment",
              "title": "Page attachments",
              "family": "Pages",
              "searched": true
            },
            {
              "name": "blogpost",
              "title": "Blog posts",
              "family": "Blog posts",
              "searched": true
            },
            {
              "name": "blogpost-comment",
              "title": "Blog post comments",
              "family": "Blog posts",
              "searched": true
            },
            {
              "name": "blogpost-attachment",
              "title": "Blog post attachments",
              "family": "Blog posts",
              "searched": true
            }
          ]
        }
    "#);
}

#[test]
fn is_small() {
    assert!(CONFLUENCE.len() < 1_100_000, "{} bytes", CONFLUENCE.len());
}
