//! The table of endpoints: which handler answers which path.

use super::answer::Answer;
use super::comments::Kind;
use super::exchange::Exchange;
use super::{
    attachments, audit, blog_posts, comments, download, errors, groups, hierarchy, nodes, of_one, pages,
    restrictions, roles, search, space_permissions, spaces, user, users,
};
use crate::site::{NodeKind, ParentKind};

pub struct Route {
    pub method: &'static str,
    /// What the ledger calls it.
    pub template: &'static str,
    pub run: fn(&Exchange<'_>) -> Result<Answer, Answer>,
}

/// The route of a path of the site (without the gateway's prefix).
pub fn find(path: &str) -> Option<Route> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["wiki", "api", "v2", rest @ ..] => v2(rest),
        ["wiki", "rest", "api", rest @ ..] => v1(rest),
        _ => None,
    }
}

fn get(template: &'static str, run: fn(&Exchange<'_>) -> Result<Answer, Answer>) -> Option<Route> {
    Some(Route { method: "GET", template, run })
}

fn v2(rest: &[&str]) -> Option<Route> {
    match rest {
        ["spaces"] => get("/wiki/api/v2/spaces", spaces::list),
        ["spaces", _] => get("/wiki/api/v2/spaces/{id}", spaces::one),
        ["spaces", _, "permissions"] => get("/wiki/api/v2/spaces/{id}/permissions", space_permissions::list),
        ["spaces", _, "role-assignments"] => {
            get("/wiki/api/v2/spaces/{id}/role-assignments", roles::assignments)
        }
        ["space-role-mode"] => get("/wiki/api/v2/space-role-mode", roles::mode),
        ["space-roles"] => get("/wiki/api/v2/space-roles", roles::list),
        ["space-roles", _] => get("/wiki/api/v2/space-roles/{id}", roles::one),
        ["pages"] => get("/wiki/api/v2/pages", pages::list),
        ["pages", _] => get("/wiki/api/v2/pages/{id}", pages::one),
        ["pages", _, "labels"] => get("/wiki/api/v2/pages/{id}/labels", pages::labels),
        ["pages", _, "footer-comments"] => {
            get("/wiki/api/v2/pages/{id}/footer-comments", |cx| of_one::root_comments(cx, Kind::Footer))
        }
        ["pages", _, "inline-comments"] => {
            get("/wiki/api/v2/pages/{id}/inline-comments", |cx| of_one::root_comments(cx, Kind::Inline))
        }
        ["pages", _, "attachments"] => get("/wiki/api/v2/pages/{id}/attachments", of_one::attachments),
        ["blogposts", _, "labels"] => get("/wiki/api/v2/blogposts/{id}/labels", of_one::blog_post_labels),
        ["blogposts", _, "footer-comments"] => {
            get("/wiki/api/v2/blogposts/{id}/footer-comments", |cx| of_one::root_comments(cx, Kind::Footer))
        }
        ["blogposts", _, "inline-comments"] => {
            get("/wiki/api/v2/blogposts/{id}/inline-comments", |cx| of_one::root_comments(cx, Kind::Inline))
        }
        ["blogposts", _, "attachments"] => {
            get("/wiki/api/v2/blogposts/{id}/attachments", of_one::attachments)
        }
        ["labels"] => get("/wiki/api/v2/labels", of_one::site_labels),
        ["blogposts"] => get("/wiki/api/v2/blogposts", blog_posts::list),
        ["blogposts", _] => get("/wiki/api/v2/blogposts/{id}", blog_posts::one),
        ["footer-comments"] => get("/wiki/api/v2/footer-comments", |cx| comments::list(cx, Kind::Footer)),
        ["footer-comments", _] => {
            get("/wiki/api/v2/footer-comments/{id}", |cx| comments::one(cx, Kind::Footer))
        }
        ["footer-comments", _, "children"] => {
            get("/wiki/api/v2/footer-comments/{id}/children", |cx| comments::children(cx, Kind::Footer))
        }
        ["inline-comments"] => get("/wiki/api/v2/inline-comments", |cx| comments::list(cx, Kind::Inline)),
        ["inline-comments", _] => {
            get("/wiki/api/v2/inline-comments/{id}", |cx| comments::one(cx, Kind::Inline))
        }
        ["inline-comments", _, "children"] => {
            get("/wiki/api/v2/inline-comments/{id}/children", |cx| comments::children(cx, Kind::Inline))
        }
        ["attachments"] => get("/wiki/api/v2/attachments", attachments::list),
        ["attachments", _] => get("/wiki/api/v2/attachments/{id}", attachments::one),
        ["users-bulk"] => {
            Some(Route { method: "POST", template: "/wiki/api/v2/users-bulk", run: users::bulk })
        }
        _ => tree(rest),
    }
}

/// The same four routes for each kind of thing in the tree (pages have a first of their own).
fn tree(rest: &[&str]) -> Option<Route> {
    macro_rules! routes {
        ($plural:literal, $kind:expr) => {
            match rest.get(2) {
                Some(&"direct-children") => {
                    get(concat!("/wiki/api/v2/", $plural, "/{id}/direct-children"), |cx| {
                        hierarchy::direct_children(cx, $kind)
                    })
                }
                Some(&"descendants") => get(concat!("/wiki/api/v2/", $plural, "/{id}/descendants"), |cx| {
                    hierarchy::descendants(cx, $kind)
                }),
                Some(&"ancestors") => get(concat!("/wiki/api/v2/", $plural, "/{id}/ancestors"), |cx| {
                    hierarchy::ancestors(cx, $kind)
                }),
                _ => None,
            }
        };
        ($plural:literal, one $kind:expr) => {
            match rest.len() {
                2 => get(concat!("/wiki/api/v2/", $plural, "/{id}"), |cx| nodes::one(cx, $kind)),
                _ => routes!($plural, ParentKind::Node($kind)),
            }
        };
    }
    match rest {
        ["pages", _, _] => routes!("pages", ParentKind::Page),
        ["folders", _] | ["folders", _, _] => routes!("folders", one NodeKind::Folder),
        ["whiteboards", _] | ["whiteboards", _, _] => routes!("whiteboards", one NodeKind::Whiteboard),
        ["databases", _] | ["databases", _, _] => routes!("databases", one NodeKind::Database),
        ["embeds", _] | ["embeds", _, _] => routes!("embeds", one NodeKind::Embed),
        _ => None,
    }
}

fn v1(rest: &[&str]) -> Option<Route> {
    match rest {
        ["content", "search"] => get("/wiki/rest/api/content/search", search::contents),
        ["content", _, "restriction"] => get("/wiki/rest/api/content/{id}/restriction", restrictions::all),
        ["content", _, "restriction", "byOperation", _] => {
            get("/wiki/rest/api/content/{id}/restriction/byOperation/{operation}", restrictions::by_operation)
        }
        ["content", _, "child", "attachment", _, "download"] => {
            get("/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/download", download::redirect)
        }
        ["search"] => get("/wiki/rest/api/search", search::site),
        ["search", "user"] => get("/wiki/rest/api/search/user", user::search),
        ["group"] => get("/wiki/rest/api/group", groups::list),
        ["group", _, "membersByGroupId"] => {
            get("/wiki/rest/api/group/{id}/membersByGroupId", groups::members)
        }
        ["user", "current"] => get("/wiki/rest/api/user/current", user::current),
        ["user", "anonymous"] => get("/wiki/rest/api/user/anonymous", user::anonymous),
        ["user", "memberof"] => get("/wiki/rest/api/user/memberof", groups::of_member),
        ["audit"] => get("/wiki/rest/api/audit", audit::list),
        ["audit", "since"] => get("/wiki/rest/api/audit/since", audit::since),
        ["space", _] => get("/wiki/rest/api/space/{key}", space_permissions::v1_space),
        // Gone since the spring of 2026, and never meant for folders and their like.
        ["content"] => get("/wiki/rest/api/content", |cx| {
            let kind = NodeKind::ALL.into_iter().find(|kind| cx.query.get("type") == Some(kind.name()));
            Err(kind.map_or_else(errors::v1_removed, |kind| errors::v1_not_for_content_finder(kind.name())))
        }),
        ["space"] => get("/wiki/rest/api/space", |_| Err(errors::v1_removed())),
        _ => None,
    }
}
