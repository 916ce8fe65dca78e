//! The Confluence component as it is embedded: what it asks for, what it says, how large it is.

use std::path::{Path, PathBuf};

use weir::host::CONFLUENCE;
use weir::sandbox::Connector;

use crate::acme::engine;

/// What a reader of `wit/` and of Rust's standard library expects, and nothing beyond.
#[test]
fn imports_the_contract_and_what_std_drags_in() {
    let inspection = Connector::inspect(&engine(), CONFLUENCE).unwrap();
    insta::assert_snapshot!(inspection.imports.join("\n"), @"
    weir:connector/log@0.2.0
    weir:connector/types@0.2.0
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
    wasi:clocks/wall-clock@0.2.6
    ");
    insta::assert_snapshot!(inspection.exports.join("\n"), @r"
        weir:connector/setup@0.2.0
        weir:connector/sync@0.2.0
        weir:connector/content@0.2.0
    ");
}

/// Panics name the files they come from. `.ci/reproducible` compares whole components; this says what is amiss.
#[test]
fn holds_no_path_of_the_machine_that_built_it() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let home = std::env::home_dir().unwrap();
    let packages = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let holds = |text: &str| CONFLUENCE.windows(text.len()).any(|window| window == text.as_bytes());
    for place in [workspace, packages, home.join("")] {
        let place = place.to_str().unwrap();
        assert!(place == "/" || !holds(place), "{place}");
    }
    assert!(!holds("registry/src/"), "a folder of packages");
    assert!(holds("connector/src/") && holds("registry/url-"), "files are named as they always were");
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
      "settings_schema": "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"additionalProperties\":false,\"properties\":{\"archived-pages\":{\"default\":true,\"description\":\"Whether pages that were archived are read.\",\"title\":\"Archived pages\",\"type\":\"boolean\",\"x-group\":\"Pages\",\"x-order\":7},\"archived-spaces\":{\"default\":true,\"description\":\"Whether spaces that were archived are read.\",\"title\":\"Archived spaces\",\"type\":\"boolean\",\"x-group\":\"Spaces\",\"x-order\":4},\"audit\":{\"default\":false,\"description\":\"Whether the site's audit log is kept. Only a Confluence administrator may read it.\",\"title\":\"Read the audit log\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":23},\"blogposts\":{\"default\":[],\"description\":\"Ids of the blog posts to read; all if empty.\",\"items\":{\"pattern\":\"^[0-9]+$\",\"type\":\"string\"},\"maxItems\":250,\"title\":\"Blog posts\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Blog posts\",\"x-order\":8},\"blogposts-excluded\":{\"default\":[],\"description\":\"Ids of blog posts not to read.\",\"items\":{\"pattern\":\"^[0-9]+$\",\"type\":\"string\"},\"maxItems\":250,\"title\":\"Blog posts left out\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Blog posts\",\"x-order\":9},\"created-after\":{\"default\":null,\"description\":\"Only pages and blog posts created at this instant or later. With a zone.\",\"format\":\"date-time\",\"title\":\"Created since\",\"type\":[\"string\",\"null\"],\"x-group\":\"Dates\",\"x-order\":15},\"created-before\":{\"default\":null,\"description\":\"Only pages and blog posts created before this instant, itself not included. With a zone.\",\"format\":\"date-time\",\"title\":\"Created before\",\"type\":[\"string\",\"null\"],\"x-group\":\"Dates\",\"x-order\":16},\"created-within-days\":{\"default\":null,\"description\":\"Only pages and blog posts created in the last so many times 24 hours, counted anew at each read.\",\"maximum\":36500,\"minimum\":1,\"title\":\"Created in the last days\",\"type\":[\"integer\",\"null\"],\"x-group\":\"Dates\",\"x-order\":17},\"labels\":{\"default\":[],\"description\":\"Read only pages and blog posts that carry at least one of these labels.\",\"items\":{\"type\":\"string\"},\"maxItems\":250,\"title\":\"Labels\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Labels\",\"x-order\":10},\"labels-excluded\":{\"default\":[],\"description\":\"Leave out pages and blog posts that carry one of these labels.\",\"items\":{\"type\":\"string\"},\"maxItems\":250,\"title\":\"Labels left out\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Labels\",\"x-order\":11},\"modified-after\":{\"default\":null,\"description\":\"Only pages and blog posts last edited at this instant or later. With a zone: 2026-01-31T00:00:00Z.\",\"format\":\"date-time\",\"title\":\"Changed since\",\"type\":[\"string\",\"null\"],\"x-group\":\"Dates\",\"x-order\":12},\"modified-before\":{\"default\":null,\"description\":\"Only pages and blog posts last edited before this instant, itself not included. With a zone.\",\"format\":\"date-time\",\"title\":\"Changed before\",\"type\":[\"string\",\"null\"],\"x-group\":\"Dates\",\"x-order\":13},\"modified-within-days\":{\"default\":null,\"description\":\"Only pages and blog posts edited in the last so many times 24 hours, counted anew at each read.\",\"maximum\":36500,\"minimum\":1,\"title\":\"Changed in the last days\",\"type\":[\"integer\",\"null\"],\"x-group\":\"Dates\",\"x-order\":14},\"pages\":{\"default\":[],\"description\":\"Ids of the pages to read, each with everything below it; all if empty. Blog posts are chosen apart.\",\"items\":{\"pattern\":\"^[0-9]+$\",\"type\":\"string\"},\"maxItems\":250,\"title\":\"Pages\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Pages\",\"x-order\":5},\"pages-excluded\":{\"default\":[],\"description\":\"Ids of pages not to read, nor anything below them.\",\"items\":{\"pattern\":\"^[0-9]+$\",\"type\":\"string\"},\"maxItems\":250,\"title\":\"Pages left out\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Pages\",\"x-order\":6},\"personal-spaces\":{\"default\":true,\"description\":\"Whether people's own spaces are read.\",\"title\":\"Personal spaces\",\"type\":\"boolean\",\"x-group\":\"Spaces\",\"x-order\":3},\"read-attachments\":{\"default\":true,\"description\":\"Whether attachments of the pages and blog posts that are read are read too.\",\"title\":\"Read attachments\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":21},\"read-blogposts\":{\"default\":true,\"description\":\"Whether blog posts are read, and the comments and attachments on them.\",\"title\":\"Read blog posts\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":19},\"read-comments\":{\"default\":true,\"description\":\"Whether comments on the pages and blog posts that are read are read too.\",\"title\":\"Read comments\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":20},\"read-other-content\":{\"default\":true,\"description\":\"Whether folders, whiteboards, databases and Smart Links can be found. As places in the tree they are always read.\",\"title\":\"Read other content\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":22},\"read-pages\":{\"default\":true,\"description\":\"Whether pages are read, and the comments and attachments on them.\",\"title\":\"Read pages\",\"type\":\"boolean\",\"x-group\":\"Kinds of content\",\"x-order\":18},\"site\":{\"description\":\"https://your-site.atlassian.net, no trailing slash, no path\",\"examples\":[\"https://your-site.atlassian.net\"],\"format\":\"uri\",\"pattern\":\"^https://[A-Za-z0-9-]+\\\\.atlassian\\\\.net$\",\"title\":\"Site\",\"type\":\"string\",\"x-identity\":true,\"x-order\":0},\"spaces\":{\"default\":[],\"description\":\"Keys of the spaces to read, as the site writes them, ENG or ~712020ab; all if empty.\",\"items\":{\"type\":\"string\"},\"maxItems\":250,\"title\":\"Spaces\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Spaces\",\"x-order\":1},\"spaces-excluded\":{\"default\":[],\"description\":\"Keys of spaces not to read.\",\"items\":{\"type\":\"string\"},\"maxItems\":250,\"title\":\"Spaces left out\",\"type\":\"array\",\"uniqueItems\":true,\"x-choices\":true,\"x-group\":\"Spaces\",\"x-order\":2}},\"required\":[\"site\"],\"type\":\"object\"}",
      "logins": [
        {
          "name": "api-token",
          "title": "API token",
          "help": "Create a token at https://id.atlassian.com/manage-profile/security/api-tokens while signed in as the account that Weir shall read with. Weir reads what that account may view, and nothing else. A token ends after a year at the latest. Without scopes is simplest; a token with scopes can be held to reading and needs these, of which read:audit-log:confluence only for audit records: read:confluence-user, read:space:confluence, read:confluence-space.summary, read:configuration:confluence, read:space.permission:confluence, read:page:confluence, search:confluence, read:confluence-content.all, read:label:confluence, read:content-details:confluence, read:confluence-groups, read:comment:confluence, read:attachment:confluence, readonly:content.attachment:confluence, read:folder:confluence, read:whiteboard:confluence, read:database:confluence, read:embed:confluence, read:content.metadata:confluence, read:audit-log:confluence.",
          "scheme": {
            "basic": {
              "username": "E-mail of the Atlassian account",
              "password": "API token"
            }
          }
        },
        {
          "name": "oauth",
          "title": "OAuth 2.0",
          "help": "Create an OAuth 2.0 integration at https://developer.atlassian.com/console/myapps. Under Permissions add the Confluence API with the scopes that are asked for, classic and granular; under Authorization enter the callback URL exactly as it is shown here; under Settings find the client id and the secret. Then approve it as the account that Weir shall read with, and choose the site at the top of that page. Guests cannot approve.",
          "scheme": {
            "oauth2": {
              "grant": {
                "authorization-code": "https://auth.atlassian.com/authorize"
              },
              "token_url": "https://auth.atlassian.com/oauth/token",
              "encoding": "json",
              "scopes": [
                "offline_access",
                "read:confluence-user",
                "read:space:confluence",
                "read:confluence-space.summary",
                "read:configuration:confluence",
                "read:space.permission:confluence",
                "read:page:confluence",
                "search:confluence",
                "read:confluence-content.all",
                "read:label:confluence",
                "read:content-details:confluence",
                "read:confluence-groups",
                "read:comment:confluence",
                "read:attachment:confluence",
                "readonly:content.attachment:confluence",
                "read:folder:confluence",
                "read:whiteboard:confluence",
                "read:database:confluence",
                "read:embed:confluence",
                "read:content.metadata:confluence",
                "read:audit-log:confluence"
              ],
              "parameters": [
                [
                  "audience",
                  "api.atlassian.com"
                ],
                [
                  "prompt",
                  "consent"
                ]
              ]
            }
          }
        }
      ],
      "datasets": [
        {
          "name": "changes",
          "title": "What changed",
          "since": true,
          "inventory": false
        },
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
          "inventory": true
        },
        {
          "name": "audit",
          "title": "Audit log",
          "since": true,
          "inventory": false
        }
      ],
      "kinds": [
        {
          "name": "space",
          "title": "Spaces",
          "family": "Spaces",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "page",
          "title": "Pages",
          "family": "Pages",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "page-comment",
          "title": "Page comments",
          "family": "Pages",
          "searched": true,
          "inherits": true,
          "widens": false
        },
        {
          "name": "page-attachment",
          "title": "Page attachments",
          "family": "Pages",
          "searched": true,
          "inherits": true,
          "widens": false
        },
        {
          "name": "blogpost",
          "title": "Blog posts",
          "family": "Blog posts",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "blogpost-comment",
          "title": "Blog post comments",
          "family": "Blog posts",
          "searched": true,
          "inherits": true,
          "widens": false
        },
        {
          "name": "blogpost-attachment",
          "title": "Blog post attachments",
          "family": "Blog posts",
          "searched": true,
          "inherits": true,
          "widens": false
        },
        {
          "name": "folder",
          "title": "Folders",
          "family": "Other content",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "whiteboard",
          "title": "Whiteboards",
          "family": "Other content",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "database",
          "title": "Databases",
          "family": "Other content",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "embed",
          "title": "Smart Links",
          "family": "Other content",
          "searched": true,
          "inherits": false,
          "widens": false
        },
        {
          "name": "place",
          "title": "Places above what was chosen",
          "family": "Spaces",
          "searched": false,
          "inherits": false,
          "widens": false
        }
      ],
      "bounds": [
        {
          "url": "https://*.atlassian.net",
          "credential": true,
          "post": false,
          "purpose": "read spaces, pages, comments, people and permissions"
        },
        {
          "url": "https://api.atlassian.com",
          "credential": true,
          "post": false,
          "purpose": "read the same with a token that has scopes"
        },
        {
          "url": "https://api.media.atlassian.com",
          "credential": false,
          "post": false,
          "purpose": "download attachments"
        }
      ]
    }
    "#);
}

#[test]
fn is_small() {
    assert!(CONFLUENCE.len() < 1_750_000, "{} bytes", CONFLUENCE.len());
}
