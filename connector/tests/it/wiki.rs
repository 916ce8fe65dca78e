//! A small site that answers lists and searches by what it holds, and keeps every request.
//!
//! For stories about filters, where what is asked for depends on what was answered. No listing has a second page.

use crate::fake::{decoded, response, results};
use confluence::confluence::site::Site;
use confluence::filter::{Filter, Wanted};
use confluence::model::{Page, Position};
use confluence::reading::{list_partitions, read_page};
use confluence::transport::{Level, Log, Response, Transport, TransportError};
use std::cell::RefCell;
use std::fmt::Write;
use url::Url;

/// 2026-02-01T00:00:00Z
pub const NOW: u64 = 1_769_904_000_000;

#[derive(Clone)]
pub struct Post {
    pub id: u64,
    pub kind: &'static str,
    pub space: u64,
    pub parent: Option<u64>,
    pub status: &'static str,
    pub labels: &'static [&'static str],
    /// Days of January 2026.
    pub created: u32,
    pub modified: u32,
}

/// Id, key, type, status.
type SpaceOf = (u64, &'static str, &'static str, &'static str);

const SPACES: [SpaceOf; 4] = [
    (8, "ENG", "global", "current"),
    (9, "OPS", "global", "current"),
    (10, "~ada", "personal", "current"),
    (11, "OLD", "global", "archived"),
];

pub struct Wiki {
    pub posts: Vec<Post>,
    /// Pages that no search finds.
    pub unseen: Vec<u64>,
    /// Whether `container` is a field that this site knows.
    pub containers: bool,
    /// Whose bodies, comments or attachments were in an answer.
    pub downloaded: RefCell<Vec<u64>>,
    pub asked: RefCell<Vec<String>>,
    pub logged: RefCell<Vec<String>>,
}

pub fn page(id: u64, space: u64, parent: Option<u64>) -> Post {
    Post { id, kind: "page", space, parent, status: "current", labels: &[], created: 1, modified: 1 }
}

/// ENG holds 1 > 2 > 3, archived 4 below 1, and the post 50; OPS the page 20 and the post 51; ~ada 30; OLD 40. Each has
/// a comment and a file, by its id and a digit.
impl Default for Wiki {
    fn default() -> Wiki {
        let posts = vec![
            Post { labels: &["team"], ..page(1, 8, None) },
            Post { modified: 20, ..page(2, 8, Some(1)) },
            Post { labels: &["runbook"], created: 15, modified: 25, ..page(3, 8, Some(2)) },
            Post { status: "archived", labels: &["runbook"], ..page(4, 8, Some(1)) },
            Post { labels: &["runbook", "secret"], modified: 28, ..page(20, 9, None) },
            page(30, 10, None),
            Post { labels: &["runbook"], ..page(40, 11, None) },
            Post { kind: "blogpost", created: 10, modified: 10, ..page(50, 8, None) },
            Post { kind: "blogpost", labels: &["runbook"], ..page(51, 9, None) },
        ];
        Wiki {
            posts,
            unseen: Vec::new(),
            containers: true,
            downloaded: RefCell::default(),
            asked: RefCell::default(),
            logged: RefCell::default(),
        }
    }
}

pub fn wanted(settings: &str) -> Wanted {
    Wanted { filter: Filter::read(settings).unwrap(), now: NOW }
}

impl Wiki {
    pub fn site(&self) -> Site<'_, Wiki> {
        Site::new(Url::parse("https://acme.atlassian.net").unwrap(), self, self)
    }

    /// The requests since this was last called, without what is the same in all of them.
    pub fn asked(&self) -> String {
        let asked = self.asked.take().join("\n");
        let expand =
            "restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels";
        asked.replace(expand, "RESTRICTIONS,LABELS").replace("/wiki/", "/")
    }

    /// Reads all partitions of the content under some settings: labels, requests, and what came.
    pub fn story(&self, settings: &str) -> String {
        let (site, wanted) = (self.site(), wanted(settings));
        let mut story = String::new();
        let partitions = list_partitions(&site, &wanted, "content").unwrap();
        self.asked.take();
        for partition in &partitions {
            writeln!(story, "{}: {}", partition.id, partition.label).unwrap();
            let mut position = Position::Everything;
            let mut pages: Vec<Page> = Vec::new();
            loop {
                let page = read_page(&site, &wanted, partition, &position, 1000).unwrap();
                let next = page.next.clone();
                pages.push(page);
                assert!(pages.len() < 100, "the read does not end");
                match next {
                    Some(cursor) => position = Position::After(cursor),
                    None => break,
                }
            }
            for line in self.asked().lines().filter(|line| !line.contains("/permissions")) {
                writeln!(story, "  {line}").unwrap();
            }
            let told = crate::fake::story(&pages);
            for line in told.lines().filter(|line| !line.starts_with("space ")) {
                let (kind, rest) = line.split_once(' ').unwrap();
                let (id, rest) = rest.split_once(" in ").unwrap_or((rest, ""));
                let parent = rest.split(',').next().unwrap_or_default();
                writeln!(story, "  - {kind} {id} in {parent}").unwrap();
            }
        }
        story
    }

    fn answer(&self, url: &Url) -> Response {
        let parameter = |name: &str| {
            url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
        };
        let path: Vec<&str> = url.path().trim_start_matches("/wiki/").split('/').collect();
        let rows: Vec<String> = match path.as_slice() {
            ["api", "v2", "spaces"] => self.spaces(&parameter),
            ["api", "v2", "spaces", _, "permissions"] => Vec::new(),
            ["api", "v2", route @ ("pages" | "blogposts")] => {
                self.listed(route.trim_end_matches('s'), &parameter)
            }
            ["api", "v2", _, id, what] => self.of_one(id.parse().unwrap(), what),
            ["api", "v2", "attachments", id] => {
                let holder: u64 = id[3..id.len() - 1].parse().unwrap();
                return response(200, &[], &file_row(self.post(holder).unwrap()));
            }
            ["api", "v2", "footer-comments", id] => {
                let holder: u64 = id[..id.len() - 1].parse().unwrap();
                return response(200, &[], &comment_row(self.post(holder).unwrap()));
            }
            ["api", "v2", "space-role-mode"] => {
                return response(404, &[], &crate::fake::named_404("No space role mode"));
            }
            ["rest", "api", "user", "anonymous"] => return response(200, &[], r#"{"operations":[]}"#),
            ["rest", "api", "search"] => Vec::new(),
            ["rest", "api", "content", "search"]
                if parameter("cql").unwrap().starts_with("type in (folder") =>
            {
                Vec::new()
            }
            ["rest", "api", "user", "current"] => return response(200, &[], r#"{"accountId":"ada"}"#),
            ["rest", "api", "content", _, "restriction"] => {
                let read =
                    r#"{"operation":"read","restrictions":{"user":{"results":[]},"group":{"results":[]}}}"#;
                return response(200, &[], &format!(r#"{{"results":[{read}]}}"#));
            }
            ["rest", "api", "content", "search"] => {
                match self.found(&parameter("cql").unwrap(), &parameter) {
                    Some(rows) => rows,
                    None => {
                        return response(
                            400,
                            &[],
                            r#"{"message":"No field exists with the name: 'container'"}"#,
                        );
                    }
                }
            }
            other => panic!("nothing is scripted for {other:?}"),
        };
        response(200, &[], &results(&rows, None))
    }

    fn post(&self, id: u64) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    fn spaces(&self, parameter: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let ids = parameter("ids");
        let keys = parameter("keys").map(|keys| keys.to_lowercase());
        let is = |list: &Option<String>, one: &str| {
            list.as_ref().is_none_or(|list| list.split(',').any(|it| it == one))
        };
        let status = parameter("status").unwrap();
        let spaces = SPACES.iter().filter(|(id, key, _, standing)| {
            is(&ids, &id.to_string()) && is(&keys, &key.to_lowercase()) && *standing == status
        });
        let row = |(id, key, kind, status): &SpaceOf| {
            format!(
                r#"{{"id":"{id}","key":"{key}","name":"Space {key}","type":"{kind}","status":"{status}"}}"#
            )
        };
        spaces.map(row).collect()
    }

    fn listed(&self, kind: &str, parameter: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let is =
            |name: &str, one: String| parameter(name).is_none_or(|list| list.split(',').any(|it| it == one));
        let mut posts: Vec<&Post> = self.posts.iter().filter(|post| post.kind == kind).collect();
        posts.retain(|post| {
            is("id", post.id.to_string())
                && is("space-id", post.space.to_string())
                && is("status", post.status.to_owned())
        });
        match parameter("sort").as_deref() {
            Some("-modified-date") => posts.sort_by_key(|post| std::cmp::Reverse(post.modified)),
            Some("-created-date") => posts.sort_by_key(|post| std::cmp::Reverse(post.created)),
            _ => {}
        }
        let bodies = parameter("body-format").is_some();
        if bodies {
            self.downloaded.borrow_mut().extend(posts.iter().map(|post| post.id));
        }
        posts.into_iter().map(|post| post_row(post, bodies)).collect()
    }

    /// Lists of one page, which only those need that no search sees.
    fn of_one(&self, id: u64, what: &str) -> Vec<String> {
        let Some(post) = self.post(id) else { return Vec::new() };
        if what.ends_with("comments") || what == "attachments" {
            self.downloaded.borrow_mut().push(id);
        }
        match what {
            "footer-comments" => vec![comment_row(post)],
            "attachments" => vec![file_row(post)],
            "labels" => post.labels.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect(),
            "ancestors" => self.above(post).iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect(),
            _ => Vec::new(),
        }
    }

    /// Topmost first.
    fn above(&self, post: &Post) -> Vec<u64> {
        let mut above = Vec::new();
        let mut next = post.parent.and_then(|id| self.post(id));
        while let Some(parent) = next {
            above.insert(0, parent.id);
            next = parent.parent.and_then(|id| self.post(id));
        }
        above
    }

    /// What a search finds; none for a field that this site does not know.
    fn found(&self, cql: &str, parameter: &dyn Fn(&str) -> Option<String>) -> Option<Vec<String>> {
        let context = parameter("cqlcontext").unwrap_or_default();
        let seen = |post: &&Post| {
            let current = context.is_empty() || context.contains("current");
            let status = if post.status == "archived" { context.contains("archived") } else { current };
            let space = SPACES.iter().find(|space| space.0 == post.space).unwrap();
            status && space.3 == "current" && !self.unseen.contains(&post.id)
        };
        let posts: Vec<&Post> = self.posts.iter().filter(seen).collect();
        let kind = cql.strip_prefix("type=").map(|rest| rest.split(' ').next().unwrap());
        let fits = |post: &&&Post| cql.split(" and ").all(|clause| self.fits(post, clause));
        let on = |post: &&&Post| {
            cql.split(" and ").skip(1).all(|clause| match clause.strip_prefix("container in ") {
                Some(list) => listed_in(list, &post.id.to_string()),
                None => self.fits(post, clause),
            })
        };
        if cql.contains("container") && !self.containers {
            return None;
        }
        if matches!(kind, Some("comment" | "attachment")) {
            self.downloaded.borrow_mut().extend(posts.iter().filter(on).map(|post| post.id));
        }
        Some(match kind {
            Some("comment") => posts.iter().filter(on).map(|post| found_comment(post)).collect(),
            Some("attachment") => posts.iter().filter(on).map(|post| found_file(post)).collect(),
            _ => posts.iter().filter(fits).map(|post| self.found_post(post)).collect(),
        })
    }

    fn fits(&self, post: &Post, clause: &str) -> bool {
        let above = || self.above(post);
        if let Some(kind) = clause.strip_prefix("type=") {
            return post.kind == kind;
        }
        let (field, list) = clause.trim_matches(|sign| sign == '(').split_once(" in ").unwrap();
        match field {
            "id" if clause.contains(" or ancestor") => {
                listed_in(list, &post.id.to_string())
                    || above().iter().any(|id| listed_in(list, &id.to_string()))
            }
            "id" => listed_in(list, &post.id.to_string()),
            "parent" => above().last().is_some_and(|id| listed_in(list, &id.to_string())),
            "space" => listed_in(list, key(post.space)),
            "label" => post.labels.iter().any(|label| listed_in(list, label)),
            other => panic!("{other} is not scripted"),
        }
    }

    fn found_post(&self, post: &Post) -> String {
        let row = crate::fake::search_row(post.id, &[], &[], post.labels);
        let above: Vec<String> = self.above(post).iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        format!(r#"{},"ancestors":[{}]}}"#, &row[..row.len() - 1], above.join(","))
    }
}

/// Whether `(1,"two") or …` names something.
fn listed_in(list: &str, one: &str) -> bool {
    let list = list.split(" or ").next().unwrap().trim_matches(|sign| sign == '(' || sign == ')');
    list.split(',').any(|it| it.trim_matches('"') == one)
}

fn key(space: u64) -> &'static str {
    SPACES.iter().find(|(id, ..)| *id == space).unwrap().1
}

fn post_row(post: &Post, bodies: bool) -> String {
    let day = |day: u32| format!("2026-01-{day:02}T00:00:00.000Z");
    let parent = post.parent.map_or(String::new(), |id| format!(r#","parentId":"{id}","parentType":"page""#));
    let body = if bodies { r#"{"storage":{"value":"<p>Words</p>"}}"# } else { "{}" };
    format!(
        r#"{{"id":"{}","status":"{}","title":"T{}","spaceId":"{}","createdAt":"{}","version":{{"number":1,"createdAt":"{}"}},"body":{body}{parent}}}"#,
        post.id,
        post.status,
        post.id,
        post.space,
        day(post.created),
        day(post.modified)
    )
}

fn holder(post: &Post) -> &'static str {
    if post.kind == "page" { "pageId" } else { "blogPostId" }
}

fn comment_row(post: &Post) -> String {
    format!(
        r#"{{"id":"{}1","title":"Re","{}":"{}","version":{{"number":1}}}}"#,
        post.id,
        holder(post),
        post.id
    )
}

fn file_row(post: &Post) -> String {
    format!(
        r#"{{"id":"att{}2","title":"a.txt","{}":"{}","version":{{"number":1}}}}"#,
        post.id,
        holder(post),
        post.id
    )
}

fn found_comment(post: &Post) -> String {
    found_on(post, &format!("{}1", post.id))
}

fn found_file(post: &Post) -> String {
    found_on(post, &format!("att{}2", post.id))
}

fn found_on(post: &Post, id: &str) -> String {
    format!(
        r#"{{"id":"{id}","title":"Re","container":{{"id":{},"type":"{}"}},"space":{{"key":"{}"}},"version":{{"number":1}},"body":{{"storage":{{"value":"<p>w</p>"}}}}}}"#,
        post.id,
        post.kind,
        key(post.space)
    )
}

impl Transport for Wiki {
    type Pending = Response;

    fn send(&self, url: &Url) -> Response {
        self.asked.borrow_mut().push(decoded(url));
        self.answer(url)
    }

    fn wait(&self, pending: Response) -> Result<Response, TransportError> {
        Ok(pending)
    }
}

impl Log for Wiki {
    fn write(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        self.logged.borrow_mut().push(format!("{level:?}: {message} {fields:?}"));
    }
}
