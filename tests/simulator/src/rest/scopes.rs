//! Which scope a call needs: the gate that stands before routing, so that a token without the scope does not
//! even learn whether there is such a route.
//!
//! From Atlassian's OpenAPI documents. v2 takes granular scopes only; most of v1 takes a classic scope or else
//! all of a newer, granular set. A path that is in no row is refused: no scope is known that would open it.

use std::collections::BTreeSet;

/// A path of the site, with `*` for one part; then sets of scopes, one of which must be granted whole.
type Row = (&'static str, &'static [&'static [&'static str]]);

const DETAILS: &[&str] = &["read:content-details:confluence"];
const RESTRICTION: &[&[&str]] = &[&["read:confluence-content.all"], DETAILS];
const SUBJECTS: &[&[&str]] =
    &[&["read:confluence-content.all"], &["read:content.restriction:confluence"], DETAILS];
const SEARCH: &[&[&str]] = &[&["search:confluence"], DETAILS];
const SPACE: &[&[&str]] = &[&["read:space:confluence"]];
const ROLE: &[&[&str]] = &[&["read:space.permission:confluence"]];
const CONFIGURATION: &[&[&str]] = &[&["read:configuration:confluence"]];
const PAGE: &[&[&str]] = &[&["read:page:confluence"]];
const COMMENT: &[&[&str]] = &[&["read:comment:confluence"]];
const ATTACHMENT: &[&[&str]] = &[&["read:attachment:confluence"]];
const FOLDER: &[&[&str]] = &[&["read:folder:confluence"]];
const WHITEBOARD: &[&[&str]] = &[&["read:whiteboard:confluence"]];
const DATABASE: &[&[&str]] = &[&["read:database:confluence"]];
const EMBED: &[&[&str]] = &[&["read:embed:confluence"]];
const TREE: &[&[&str]] = &[&["read:hierarchical-content:confluence"]];
const METADATA: &[&[&str]] = &[&["read:content.metadata:confluence"]];
const LABEL: &[&[&str]] = &[&["read:label:confluence"]];
const AUDIT: &[&[&str]] = &[&["read:audit-log:confluence"]];
const USER: &[&[&str]] = &[&["read:confluence-user"], DETAILS];

const ROWS: [Row; 75] = [
    ("wiki/api/v2/spaces", SPACE),
    ("wiki/api/v2/spaces/*", SPACE),
    ("wiki/api/v2/spaces/*/permissions", SPACE),
    ("wiki/api/v2/spaces/*/labels", SPACE),
    ("wiki/api/v2/spaces/*/content/labels", SPACE),
    ("wiki/api/v2/spaces/*/pages", PAGE),
    ("wiki/api/v2/spaces/*/blogposts", PAGE),
    ("wiki/api/v2/spaces/*/role-assignments", ROLE),
    ("wiki/api/v2/space-roles", ROLE),
    ("wiki/api/v2/space-roles/*", ROLE),
    ("wiki/api/v2/space-permissions", ROLE),
    ("wiki/api/v2/space-role-mode", CONFIGURATION),
    ("wiki/api/v2/data-policies/metadata", CONFIGURATION),
    ("wiki/api/v2/data-policies/spaces", SPACE),
    ("wiki/api/v2/pages", PAGE),
    ("wiki/api/v2/pages/*", PAGE),
    ("wiki/api/v2/pages/*/labels", PAGE),
    ("wiki/api/v2/pages/*/versions", PAGE),
    ("wiki/api/v2/pages/*/properties", PAGE),
    ("wiki/api/v2/pages/*/children", PAGE),
    ("wiki/api/v2/pages/*/attachments", ATTACHMENT),
    ("wiki/api/v2/pages/*/footer-comments", COMMENT),
    ("wiki/api/v2/pages/*/inline-comments", COMMENT),
    ("wiki/api/v2/blogposts", PAGE),
    ("wiki/api/v2/blogposts/*", PAGE),
    ("wiki/api/v2/blogposts/*/labels", PAGE),
    ("wiki/api/v2/blogposts/*/versions", PAGE),
    ("wiki/api/v2/blogposts/*/attachments", ATTACHMENT),
    ("wiki/api/v2/blogposts/*/footer-comments", COMMENT),
    ("wiki/api/v2/blogposts/*/inline-comments", COMMENT),
    ("wiki/api/v2/footer-comments", COMMENT),
    ("wiki/api/v2/footer-comments/*", COMMENT),
    ("wiki/api/v2/footer-comments/*/children", COMMENT),
    ("wiki/api/v2/inline-comments", COMMENT),
    ("wiki/api/v2/inline-comments/*", COMMENT),
    ("wiki/api/v2/inline-comments/*/children", COMMENT),
    ("wiki/api/v2/attachments", ATTACHMENT),
    ("wiki/api/v2/attachments/*", ATTACHMENT),
    ("wiki/api/v2/attachments/*/labels", ATTACHMENT),
    ("wiki/api/v2/attachments/*/footer-comments", COMMENT),
    ("wiki/api/v2/folders/*", FOLDER),
    ("wiki/api/v2/whiteboards/*", WHITEBOARD),
    ("wiki/api/v2/databases/*", DATABASE),
    ("wiki/api/v2/embeds/*", EMBED),
    ("wiki/api/v2/*/*/direct-children", TREE),
    ("wiki/api/v2/*/*/descendants", TREE),
    ("wiki/api/v2/*/*/ancestors", METADATA),
    ("wiki/api/v2/content/convert-ids-to-types", METADATA),
    ("wiki/api/v2/labels", LABEL),
    ("wiki/api/v2/labels/*/pages", PAGE),
    ("wiki/api/v2/labels/*/blogposts", PAGE),
    ("wiki/api/v2/labels/*/attachments", ATTACHMENT),
    ("wiki/api/v2/tasks", &[&["read:task:confluence"]]),
    ("wiki/api/v2/users-bulk", &[&["read:user:confluence"]]),
    ("wiki/rest/api/content/search", SEARCH),
    ("wiki/rest/api/search", SEARCH),
    ("wiki/rest/api/search/user", &[DETAILS]),
    ("wiki/rest/api/content/*/restriction", RESTRICTION),
    ("wiki/rest/api/content/*/restriction/byOperation", RESTRICTION),
    ("wiki/rest/api/content/*/restriction/byOperation/*", RESTRICTION),
    ("wiki/rest/api/content/*/restriction/byOperation/*/user", SUBJECTS),
    (
        "wiki/rest/api/content/*/permission/check",
        &[&["read:confluence-content.permission"], &["read:content.permission:confluence"]],
    ),
    (
        "wiki/rest/api/content/*/child/attachment/*/download",
        &[&["readonly:content.attachment:confluence"], &["read:attachment:confluence"]],
    ),
    ("wiki/rest/api/label", &[&["read:confluence-content.summary"], &["read:label:confluence"]]),
    ("wiki/rest/api/group", &[&["read:confluence-groups"], &["read:group:confluence"]]),
    ("wiki/rest/api/group/by-id", &[&["read:confluence-groups"], &["read:group:confluence"]]),
    (
        "wiki/rest/api/group/*/membersByGroupId",
        &[&["read:confluence-groups"], &["read:group:confluence", "read:user:confluence"]],
    ),
    ("wiki/rest/api/user", USER),
    ("wiki/rest/api/user/current", USER),
    ("wiki/rest/api/user/bulk", USER),
    ("wiki/rest/api/user/anonymous", &[&["read:confluence-user"], &["read:user:confluence"]]),
    (
        "wiki/rest/api/user/memberof",
        &[&["read:confluence-user"], &["read:user:confluence", "read:group:confluence"]],
    ),
    ("wiki/rest/api/audit", AUDIT),
    ("wiki/rest/api/audit/since", AUDIT),
    ("wiki/rest/api/space/*", &[&["read:confluence-space.summary"]]),
];

/// Whether these scopes open a path (of the site, without the gateway's prefix).
pub fn open(path: &str, granted: &BTreeSet<String>) -> bool {
    let row = ROWS.iter().find(|(pattern, _)| matches(pattern, path));
    row.is_some_and(|(_, sets)| sets.iter().any(|set| set.iter().all(|scope| granted.contains(*scope))))
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let all_fit =
        pattern.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part));
    all_fit && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::site::SCOPES;

    #[test]
    fn every_scope_of_the_table_can_be_asked_for() {
        for (pattern, sets) in ROWS {
            for scope in sets.iter().flat_map(|set| set.iter()) {
                assert!(SCOPES.contains(scope), "{pattern} needs {scope}");
            }
        }
    }

    #[test]
    fn classic_scopes_never_open_v2_nor_do_half_sets_open_v1() {
        let granted = |scopes: &[&str]| scopes.iter().map(|scope| scope.to_string()).collect();
        assert!(!open("/wiki/api/v2/pages", &granted(&["read:confluence-content.all"])));
        assert!(open("/wiki/api/v2/pages", &granted(&["read:page:confluence"])));
        let members = "/wiki/rest/api/group/g/membersByGroupId";
        assert!(!open(members, &granted(&["read:group:confluence"])));
        assert!(open(members, &granted(&["read:group:confluence", "read:user:confluence"])));
        assert!(open(members, &granted(&["read:confluence-groups"])));
        let all: BTreeSet<String> = granted(&SCOPES);
        assert!(!open("/wiki/api/v2/no-such-route", &all));
        assert!(open("/wiki/api/v2/folders/7/direct-children", &all));
    }
}
