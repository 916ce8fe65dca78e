//! A forge in memory that speaks the API of Gitea and Forgejo, version 1, as far as the connector asks: the shapes, the
//! headers and the silences of the real one (`swagger.v1.json`, and its source for what that does not say).
//!
//! Its clock is its own and moves a second with each change.

use serde_json::{Value, json};

use super::server::{Asked, Reply};

pub const SITE: &str = "https://git.acme.example";
pub const TOKEN: &str = "swordfish";

/// 2026-01-05T12:00:00Z, when a forge begins.
const NOON: i64 = 1_767_614_400;

#[derive(Clone)]
pub struct Person {
    pub id: i64,
    pub login: &'static str,
    /// The address is hidden from everybody but administrators.
    pub hides_email: bool,
    /// Sees only what names it, public repositories included.
    pub restricted: bool,
}

#[derive(Clone)]
pub struct Team {
    pub id: i64,
    pub organisation: &'static str,
    pub name: &'static str,
    pub members: Vec<i64>,
    pub sees_issues: bool,
}

#[derive(Clone)]
pub struct Repository {
    pub id: i64,
    pub owner: &'static str,
    pub name: &'static str,
    pub private: bool,
    pub collaborators: Vec<i64>,
    pub teams: Vec<i64>,
}

#[derive(Clone)]
pub struct Issue {
    pub repository: i64,
    pub number: i64,
    pub title: String,
    pub body: String,
    pub closed: bool,
    pub poster: i64,
    pub updated: i64,
}

#[derive(Clone)]
pub struct Comment {
    pub id: i64,
    pub repository: i64,
    pub issue: i64,
    pub body: String,
    pub poster: i64,
    pub updated: i64,
}

pub struct Forge {
    pub now: i64,
    /// Whether the token is an administrator's.
    pub admin: bool,
    /// `MAX_RESPONSE_ITEMS`.
    pub rows_max: usize,
    pub people: Vec<Person>,
    /// Those who have teams; every other owner is a person.
    pub organisations: Vec<(i64, &'static str)>,
    pub teams: Vec<Team>,
    pub repositories: Vec<Repository>,
    pub issues: Vec<Issue>,
    pub comments: Vec<Comment>,
    /// Paths below `/api/v1` that are answered with a status instead.
    pub trouble: Vec<(String, u16)>,
}

impl Default for Forge {
    fn default() -> Self {
        Self {
            now: NOON,
            admin: true,
            rows_max: 50,
            people: Vec::new(),
            organisations: Vec::new(),
            teams: Vec::new(),
            repositories: Vec::new(),
            issues: Vec::new(),
            comments: Vec::new(),
            trouble: Vec::new(),
        }
    }
}

impl Forge {
    pub fn person(&mut self, id: i64, login: &'static str) -> &mut Person {
        self.people.push(Person { id, login, hides_email: false, restricted: false });
        self.people.last_mut().unwrap()
    }

    pub fn repository(&mut self, id: i64, owner: &'static str, name: &'static str) -> &mut Repository {
        let (collaborators, teams) = (Vec::new(), Vec::new());
        self.repositories.push(Repository { id, owner, name, private: false, collaborators, teams });
        self.repositories.last_mut().unwrap()
    }

    pub fn open(&mut self, repository: i64, number: i64, title: &str, body: &str) {
        let updated = self.tick();
        let (title, body) = (title.to_owned(), body.to_owned());
        let closed = false;
        self.issues.push(Issue { repository, number, title, body, closed, poster: 2, updated });
    }

    pub fn issue(&mut self, repository: i64, number: i64) -> &mut Issue {
        let updated = self.tick();
        let is = |issue: &&mut Issue| (issue.repository, issue.number) == (repository, number);
        let issue = self.issues.iter_mut().find(is).unwrap();
        issue.updated = updated;
        issue
    }

    /// A new comment touches its issue too, as in Gitea.
    pub fn comment(&mut self, id: i64, repository: i64, issue: i64, body: &str) {
        let updated = self.issue(repository, issue).updated;
        self.comments.push(Comment { id, repository, issue, body: body.to_owned(), poster: 3, updated });
    }

    pub fn tick(&mut self) -> i64 {
        self.now += 1;
        self.now
    }

    pub fn answer(&self, asked: &Asked) -> Reply {
        let path = asked.path.strip_prefix("/api/v1/").unwrap_or_default();
        let reply = if asked.header("authorization") != Some(&format!("token {TOKEN}")) {
            refused(401, "token is required")
        } else if let Some((_, status)) =
            self.trouble.iter().find(|(begin, _)| path.starts_with(begin.as_str()))
        {
            refused(*status, "trouble")
        } else {
            self.routed(path, asked)
        };
        reply.with("date", &http_date(self.now))
    }

    fn routed(&self, path: &str, asked: &Asked) -> Reply {
        match path.split('/').collect::<Vec<_>>()[..] {
            ["user"] => found(self.people.first().map(|person| self.user(person, true))),
            ["user" | "admin", "orgs"] => {
                self.rows(asked, self.organisations.iter().map(organisation), false)
            }
            ["admin", "users"] => self.rows(asked, self.people.iter().map(|one| self.user(one, true)), false),
            ["users", "search"] => {
                self.rows(asked, self.people.iter().map(|one| self.user(one, self.admin)), true)
            }
            ["users", login] => {
                let person = self.people.iter().find(|person| person.login == login);
                found(person.map(|person| self.user(person, self.admin)))
            }
            ["orgs", name, "teams"] => {
                self.rows(asked, self.teams.iter().filter(|team| team.organisation == name).map(team), false)
            }
            ["teams", id, "members"] => {
                let members =
                    self.teams.iter().find(|team| team.id.to_string() == id).map(|team| &team.members);
                self.rows(asked, self.named(members.unwrap()), false)
            }
            ["repos", "search"] => {
                self.rows(asked, self.repositories.iter().map(|one| self.described(one)), true)
            }
            ["repos", "issues", "search"] => self.rows(asked, self.listed(asked, None), false),
            ["repositories", id] => {
                let repository = self.repositories.iter().find(|one| one.id.to_string() == id);
                found(repository.map(|one| self.described(one)))
            }
            ["repos", owner, name, ref rest @ ..] => {
                let is = |one: &&Repository| (one.owner, one.name) == (owner, name);
                match self.repositories.iter().find(is) {
                    Some(repository) => self.of_repository(repository, rest, asked),
                    None => refused(404, "The target couldn't be found."),
                }
            }
            _ => refused(404, "Not Found"),
        }
    }

    fn of_repository(&self, repository: &Repository, rest: &[&str], asked: &Asked) -> Reply {
        let owned = self.organisations.iter().any(|(_, name)| *name == repository.owner);
        match rest {
            [] => found(Some(self.described(repository))),
            ["collaborators"] => self.rows(asked, self.named(&repository.collaborators), false),
            ["teams"] if !owned => refused(405, "repo is not owned by an organization"),
            // Not in pages.
            ["teams"] => {
                let has = |one: &&Team| repository.teams.contains(&one.id);
                Reply::json(&self.teams.iter().filter(has).map(team).collect())
            }
            ["issues"] => self.rows(asked, self.listed(asked, Some(repository.id)), false),
            ["issues", "comments"] => {
                let of = |one: &&Comment| one.repository == repository.id && since(asked, one.updated);
                self.rows(asked, self.comments.iter().filter(of).map(|one| self.said(one)), false)
            }
            ["issues", "comments", id] => {
                let is = |one: &&Comment| one.repository == repository.id && one.id.to_string() == **id;
                found(self.comments.iter().find(is).map(|one| self.said(one)))
            }
            ["issues", number] => {
                let is = |one: &&Issue| one.repository == repository.id && one.number.to_string() == **number;
                found(self.issues.iter().find(is).map(|one| self.told(one)))
            }
            _ => refused(404, "Not Found"),
        }
    }

    /// Issues as a listing gives them: the newest first.
    fn listed(&self, asked: &Asked, repository: Option<i64>) -> impl Iterator<Item = Value> {
        let state = asked.parameter("state").unwrap_or("open").to_owned();
        let asked = asked.clone();
        self.issues
            .iter()
            .rev()
            .filter(move |one| {
                repository.is_none_or(|id| one.repository == id)
                    && (state == "all" || (state == "closed") == one.closed)
                    && since(&asked, one.updated)
            })
            .map(|one| self.told(one))
    }

    fn named(&self, ids: &[i64]) -> impl Iterator<Item = Value> {
        self.people
            .iter()
            .filter(|person| ids.contains(&person.id))
            .map(|person| self.user(person, self.admin))
    }

    /// A page of rows, as the asker wants it and the site allows it; searches wrap theirs.
    fn rows(&self, asked: &Asked, rows: impl Iterator<Item = Value>, wrapped: bool) -> Reply {
        let number = |name: &str| asked.parameter(name).and_then(|value| value.parse::<usize>().ok());
        let size = number("limit").unwrap_or(30).min(self.rows_max);
        let all: Vec<Value> = rows.collect();
        let begin = (number("page").unwrap_or(1) - 1) * size;
        let page: Vec<&Value> = all.iter().skip(begin).take(size).collect();
        let body = if wrapped { json!({ "ok": true, "data": page }) } else { json!(page) };
        Reply::json(&body).with("x-total-count", &all.len().to_string())
    }

    /// To others than administrators a hidden address is a placeholder, and everybody seems inactive.
    fn user(&self, person: &Person, authorized: bool) -> Value {
        let Person { id, login, hides_email, restricted } = person;
        let host = if *hides_email && !authorized { "noreply.git.acme.example" } else { "acme.example" };
        json!({
            "id": id, "login": login, "full_name": "", "email": format!("{login}@{host}"), "restricted": restricted,
            "is_admin": authorized && self.admin && *id == 1, "active": authorized, "prohibit_login": false,
            "visibility": "public", "username": login,
        })
    }

    fn described(&self, repository: &Repository) -> Value {
        let Repository { id, owner, name, private, .. } = repository;
        let organisation = self.organisations.iter().find(|(_, name)| name == owner).map(|(id, _)| *id);
        let person = self.people.iter().find(|person| person.login == *owner).map(|person| person.id);
        let open = self.issues.iter().filter(|issue| issue.repository == *id && !issue.closed).count();
        json!({
            "id": id, "name": name, "full_name": format!("{owner}/{name}"), "private": private, "internal": false,
            "owner": { "id": organisation.or(person), "login": owner, "visibility": "public" }, "has_issues": true,
            "html_url": format!("{SITE}/{owner}/{name}"), "description": format!("About {name}"), "archived": false,
            "open_issues_count": open, "topics": [], "created_at": "2026-01-01T00:00:00Z",
        })
    }

    fn told(&self, issue: &Issue) -> Value {
        let Issue { repository, number, title, body, closed, poster, updated } = issue;
        let home = self.repositories.iter().find(|one| one.id == *repository).unwrap();
        let full_name = format!("{}/{}", home.owner, home.name);
        let comments =
            self.comments.iter().filter(|one| (one.repository, one.issue) == (*repository, *number));
        json!({
            "id": repository * 1_000 + number, "number": number, "title": title, "body": body, "pull_request": null,
            "state": if *closed { "closed" } else { "open" }, "user": { "id": poster }, "labels": [{ "name": "bug" }],
            "milestone": null, "comments": comments.count(), "html_url": format!("{SITE}/{full_name}/issues/{number}"),
            "created_at": "2026-01-05T12:00:00Z", "updated_at": written(*updated),
            "repository": { "id": repository, "name": home.name, "owner": home.owner, "full_name": full_name },
        })
    }

    fn said(&self, comment: &Comment) -> Value {
        let Comment { id, repository, issue, body, poster, updated } = comment;
        let home = self.repositories.iter().find(|one| one.id == *repository).unwrap();
        let at = format!("{SITE}/{}/{}/issues/{issue}", home.owner, home.name);
        json!({
            "id": id, "body": body, "user": { "id": poster }, "html_url": format!("{at}#issuecomment-{id}"),
            "issue_url": at, "pull_request_url": "", "created_at": written(*updated), "updated_at": written(*updated),
        })
    }
}

fn organisation((id, name): &(i64, &str)) -> Value {
    json!({ "id": id, "name": name, "username": name, "visibility": "public" })
}

fn team(team: &Team) -> Value {
    let level = if team.sees_issues { "read" } else { "none" };
    json!({
        "id": team.id, "name": team.name, "permission": "read", "units_map": { "repo.issues": level, "repo.code": "read" },
        "includes_all_repositories": false,
    })
}

fn found(value: Option<Value>) -> Reply {
    value.map_or_else(|| refused(404, "The target couldn't be found."), |value| Reply::json(&value))
}

fn refused(status: u16, message: &str) -> Reply {
    let body = json!({ "message": message, "url": format!("{SITE}/api/swagger") }).to_string();
    Reply::of(status).with("content-type", "application/json;charset=utf-8").body(body)
}

/// Times are compared as text, which their shape allows.
fn since(asked: &Asked, updated: i64) -> bool {
    asked.parameter("since").is_none_or(|since| written(updated).as_str() >= since)
}

/// All that happens here happens within a day.
fn written(at: i64) -> String {
    let seconds = at - NOON + 12 * 3_600;
    format!("2026-01-05T{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn http_date(at: i64) -> String {
    format!("Mon, 05 Jan 2026 {} GMT", &written(at)[11..19])
}
