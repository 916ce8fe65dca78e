//! A site of scripted answers, and one-line accounts of what came of them.

use confluence::confluence::cloud::CloudId;
use confluence::confluence::site::Site;
use confluence::filter::Wanted;
use confluence::model::{Access, Change, Page, Partition, Position, Principal};
use confluence::transport::{Level, Log, Response, Transport, TransportError, TransportErrorKind};
use std::cell::RefCell;
use url::Url;

/// The tenant that the site is at the gateway.
pub const CLOUD: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";

pub const NO_SCOPE: &str = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;

type Answer = Result<Response, TransportError>;

/// Answers by the first rule all of whose fragments are in the address; a rule's answers come in turn, the last
/// for ever.
#[derive(Default)]
pub struct Fake {
    rules: Vec<Rule>,
    open_search: bool,
    site_refuses: Option<&'static str>,
    asked: RefCell<Vec<String>>,
    logged: RefCell<Vec<String>>,
}

struct Rule {
    fragments: Vec<String>,
    answers: RefCell<Vec<Answer>>,
}

impl Fake {
    /// `fragments` are separated by spaces and looked for in the decoded path and query.
    pub fn on(self, fragments: &str, body: &str) -> Fake {
        self.status(fragments, 200, body)
    }

    pub fn status(self, fragments: &str, status: u16, body: &str) -> Fake {
        self.answer(fragments, Ok(response(status, &[], body)))
    }

    /// Refuses every request that goes to the site itself and below `/wiki`, with 401.
    pub fn refuse_site(mut self, body: &'static str) -> Fake {
        self.site_refuses = Some(body);
        self
    }

    pub fn answer(mut self, fragments: &str, answer: Answer) -> Fake {
        let fragments: Vec<String> = fragments.split(' ').map(str::to_owned).collect();
        match self.rules.iter_mut().find(|rule| rule.fragments == fragments) {
            Some(rule) => rule.answers.get_mut().push(answer),
            None => self.rules.push(Rule { fragments, answers: RefCell::new(vec![answer]) }),
        }
        self
    }

    /// Adds the rules of `later`, which answer what no rule here does.
    pub fn or(mut self, later: Fake) -> Fake {
        self.rules.extend(later.rules);
        self
    }

    pub fn site(&self) -> Site<'_, Fake> {
        Site::new(Url::parse("https://acme.atlassian.net").unwrap(), self, self)
    }

    /// The same site, asked through the gateway.
    pub fn behind_gateway(&self) -> Site<'_, Fake> {
        self.site().behind_gateway(&CloudId::parse(CLOUD).unwrap()).unwrap()
    }

    /// Lets the restriction search find whatever it is asked for, unrestricted.
    pub fn open_search(mut self) -> Fake {
        self.open_search = true;
        self
    }

    /// The requests so far, decoded, each on a line.
    pub fn asked(&self) -> String {
        self.asked.borrow().join("\n")
    }

    pub fn requests(&self) -> usize {
        self.asked.borrow().len()
    }

    pub fn logged(&self) -> String {
        self.logged.borrow().join("\n")
    }
}

impl Transport for Fake {
    type Pending = Answer;

    fn send(&self, url: &Url) -> Answer {
        let asked = decoded(url);
        self.asked.borrow_mut().push(asked.clone());
        if let Some(body) = self.site_refuses.filter(|_| asked.starts_with("/wiki/")) {
            return Ok(response(401, &[], body));
        }
        if self.open_search && asked.contains("/content/search") {
            return Ok(response(200, &[], &found(&asked)));
        }
        let matches = |rule: &&Rule| rule.fragments.iter().all(|part| asked.contains(part));
        let Some(rule) = self.rules.iter().find(matches) else {
            // Nothing lies in archived spaces, unless a test says so.
            if asked.starts_with("/wiki/rest/api/search?cql=id in (") {
                return Ok(response(200, &[], &results(&[], None)));
            }
            panic!("nothing is scripted for {asked}");
        };
        let mut answers = rule.answers.borrow_mut();
        if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
    }

    fn wait(&self, pending: Answer) -> Answer {
        pending
    }
}

impl Log for Fake {
    fn write(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        let mut line = format!("{level:?}: {message}");
        for (name, value) in fields {
            line.push_str(&format!(" {name}={value:?}"));
        }
        self.logged.borrow_mut().push(line);
    }
}

pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Response { status, headers: headers.iter().map(owned).collect(), body: body.as_bytes().to_vec() }
}

pub fn broken(kind: TransportErrorKind) -> Answer {
    let message = "the answer broke off".to_owned();
    Err(TransportError { kind, message })
}

pub fn decoded(url: &Url) -> String {
    let pairs = url.query_pairs().map(|(name, value)| format!("{name}={value}"));
    let query = pairs.collect::<Vec<_>>().join("&");
    format!("{}?{query}", url.path()).trim_end_matches('?').to_owned()
}

/// A v2 page of results.
pub fn results(rows: &[String], next: Option<&str>) -> String {
    let next = next.map_or(String::new(), |next| format!(r#""next":"{next}","#));
    let links = format!(r#"{{{next}"base":"https://acme.atlassian.net/wiki"}}"#);
    format!(r#"{{"results":[{}],"_links":{links}}}"#, rows.join(","))
}

pub fn page_row(id: u64, more: &str) -> String {
    let body = r#"{"storage":{"value":"<p>Words</p>"}}"#;
    let version = r#"{"number":3,"authorId":"ed","createdAt":"2026-01-02T00:00:00.000Z"}"#;
    format!(
        r#"{{"id":"{id}","status":"current","title":"Page {id}","spaceId":"8","authorId":"au",
        "createdAt":"2026-01-01T00:00:00.000Z","version":{version},"body":{body},
        "_links":{{"webui":"/spaces/ENG/pages/{id}/Page"}}{more}}}"#
    )
}

/// A row of the restriction search: users, groups, labels.
pub fn search_row(id: u64, users: &[&str], groups: &[&str], labels: &[&str]) -> String {
    let list = |names: &[&str], field: &str| {
        let rows = names.iter().map(|name| format!(r#"{{"{field}":"{name}"}}"#));
        let rows = rows.collect::<Vec<_>>().join(",");
        format!(r#"{{"results":[{rows}],"start":0,"limit":200,"size":{}}}"#, names.len())
    };
    format!(
        r#"{{"id":"{id}","type":"page","restrictions":{{"read":{{"operation":"read","restrictions":
        {{"user":{},"group":{}}}}}}},"metadata":{{"labels":{}}}}}"#,
        list(users, "accountId"),
        list(groups, "id"),
        list(labels, "name"),
    )
}

/// An open row for each id in `cql=id in (1,2,3)`.
fn found(asked: &str) -> String {
    let (_, ids) = asked.split_once('(').unwrap();
    let (ids, _) = ids.split_once(')').unwrap();
    let ids = ids.split(',').map(|id| id.parse().unwrap());
    let rows: Vec<String> = ids.map(|id| search_row(id, &[], &[], &[])).collect();
    results(&rows, None)
}

/// A site without space roles that lets in nobody without an account.
pub fn no_roles(fake: Fake) -> Fake {
    fake.status("/space-role-mode", 404, &named_404("No space role mode"))
        .on("/user/anonymous", r#"{"type":"anonymous","displayName":"Anonymous","operations":[]}"#)
}

pub const V2_GENERIC_404: &str =
    r#"{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}"#;

pub fn named_404(what: &str) -> String {
    format!(r#"{{"errors":[{{"status":404,"code":"NOT_FOUND","title":"{what}","detail":null}}]}}"#)
}

/// Reads a partition to its end, `limit` at a time, every page from a cursor alone.
pub fn read_all(site: &Site<'_, Fake>, partition: &Partition, limit: u32) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut position = Position::Everything;
    loop {
        let page =
            confluence::reading::read_page(site, &Wanted::default(), partition, &position, limit).unwrap();
        let next = page.next.clone();
        pages.push(page);
        assert!(pages.len() < 1000, "the read does not end");
        match next {
            Some(cursor) => position = Position::After(cursor),
            None => return pages,
        }
    }
}

/// All changes of some pages, a line each.
pub fn story(pages: &[Page]) -> String {
    tell(pages.iter().flat_map(|page| &page.changes))
}

pub fn tell<'c>(changes: impl IntoIterator<Item = &'c Change>) -> String {
    let lines: Vec<String> = changes.into_iter().map(line).collect();
    lines.join("\n")
}

fn line(change: &Change) -> String {
    match change {
        Change::Upsert(item) => {
            let parent = item.parent.as_deref().unwrap_or("nothing");
            let properties = item.properties.iter().map(|(name, value)| format!(" {name}={value}"));
            format!(
                "{} {} in {parent}, {:?}, {}:{}",
                item.kind,
                item.id,
                item.title,
                access(&item.access),
                properties.collect::<String>(),
            )
        }
        Change::Delete(id) => format!("delete {id}"),
        Change::Binned(id) => format!("binned {id}"),
        Change::Seen(it) => format!("seen {} in {:?} at {}: {:?}", it.id, it.parent, it.version, it.access),
        Change::User(user) => {
            let email = user.email.as_deref().unwrap_or("hidden");
            format!("user {} {:?} {email} {:?}", user.id, user.name, user.standing)
        }
        Change::Group(group) => format!("group {} {:?}", group.id, group.name),
        Change::Member(member) => format!("member {} of {}", principal(&member.member), member.group),
        Change::Activity(activity) => {
            format!("activity {} {:?} of {:?}", activity.id, activity.summary, activity.subject)
        }
        Change::Failed(failure) => format!("failed {}: {}", failure.id, failure.reason),
    }
}

fn access(access: &Access) -> String {
    let names = |principals: &[Principal]| principals.iter().map(principal).collect::<Vec<_>>().join(", ");
    match access {
        Access::Inherited => "inherited".to_owned(),
        Access::Narrowed(principals) => format!("narrowed to [{}]", names(principals)),
        Access::Replaced(principals) => format!("only [{}]", names(principals)),
        Access::Unknown => "unknown".to_owned(),
    }
}

fn principal(principal: &Principal) -> String {
    match principal {
        Principal::User(id) => format!("user {id}"),
        Principal::Group(id) => format!("group {id}"),
        Principal::Members => "members".to_owned(),
        Principal::Anyone => "anyone".to_owned(),
    }
}
