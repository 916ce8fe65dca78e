//! The audit log: what administrators may look up about who was let in where.
//! A record names things by their names and never by their ids, and not every
//! change leaves one: moves, edits and labels leave none.

use super::{BlogPost, Branch, GroupId, Id, NodeKind, Operation, Principal, Restriction, Site};
use crate::clock::Millis;
use crate::site::{AccountId, AccountStatus, GroupAccess};

/// One entry, as `GET /wiki/rest/api/audit` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    pub at: Millis,
    /// An administrator's account, or the system itself.
    pub author: Option<AccountId>,
    /// `Space permission added`, `Content restriction removed` …
    pub summary: &'static str,
    /// `Permissions`, `Users and groups`, `Spaces`, `Page`.
    pub category: &'static str,
    pub affected: Object,
    /// Name, old value, new value.
    pub changed: Vec<(&'static str, String, String)>,
    pub associated: Vec<Object>,
}

/// A thing by its name. A group's is `name:id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    pub name: String,
    /// `User`, `Group`, `Space`, `Page` …
    pub kind: &'static str,
    /// The name of the space that holds it; empty for what is in none.
    pub space: String,
}

impl Object {
    fn new(kind: &'static str, name: &str) -> Self {
        Object { name: name.into(), kind, space: String::new() }
    }

    pub(super) fn of_branch(site: &Site, branch: Branch<'_>) -> Self {
        let kind = match branch {
            Branch::Page(_) => "Page",
            Branch::Node(node) => match node.kind {
                NodeKind::Folder => "Folder",
                NodeKind::Whiteboard => "Whiteboard",
                NodeKind::Database => "Database",
                NodeKind::Embed => "Smart Link",
            },
        };
        Object { space: site.space_name(branch.space()), ..Object::new(kind, branch.title()) }
    }

    pub(super) fn of_blog_post(site: &Site, post: &BlogPost) -> Self {
        Object { space: site.space_name(post.space), ..Object::new("Blog post", &post.title) }
    }

    fn and_its_space(&self) -> Vec<Object> {
        let own = Object { space: String::new(), ..self.clone() };
        vec![own, Object::new("Space", &self.space)]
    }
}

impl Site {
    fn record(&mut self, record: AuditRecord) {
        self.audit.push(record);
    }

    /// A record of now, by an administrator.
    fn entry(&self, category: &'static str, summary: &'static str, affected: Object) -> AuditRecord {
        let admins = self.groups.values().filter(|group| group.access == GroupAccess::Admin);
        let author = admins.flat_map(|group| &group.members).next().cloned();
        AuditRecord {
            at: self.clock.now(),
            author,
            summary,
            category,
            affected,
            changed: Vec::new(),
            associated: Vec::new(),
        }
    }

    fn space_name(&self, id: Id) -> String {
        self.spaces.get(&id).map(|space| space.name.clone()).unwrap_or_default()
    }

    pub(super) fn record_archiving(&mut self, named: Object, archived: bool) {
        let (summary, from, to) = match archived {
            true => ("Page archived", "current", "archived"),
            false => ("Page restored", "archived", "current"),
        };
        let mut record = self.entry("Page", summary, Object { space: String::new(), ..named.clone() });
        record.changed.push(("Content status", from.into(), to.into()));
        record.associated = named.and_its_space();
        self.record(record);
    }

    /// One record for each subject that came or went.
    pub(super) fn record_restriction(
        &mut self,
        named: &Object,
        before: Option<&Restriction>,
        after: Option<&Restriction>,
    ) {
        let none = Restriction::default();
        let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
        let mut subjects = Vec::new();
        let came = |old: &[String], new: &[String]| {
            new.iter().filter(|id| !old.contains(id)).cloned().collect::<Vec<_>>()
        };
        for (added, old, new) in [(true, before, after), (false, after, before)] {
            subjects.extend(came(&old.users, &new.users).into_iter().map(|id| (added, Principal::User(id))));
            subjects
                .extend(came(&old.groups, &new.groups).into_iter().map(|id| (added, Principal::Group(id))));
        }
        for (added, principal) in subjects {
            let subject = self.subject(&principal);
            let summary = if added { "Content restriction added" } else { "Content restriction removed" };
            let mut record = self.entry("Permissions", summary, subject.clone());
            record.changed = match added {
                true => {
                    vec![("Type", String::new(), "View".into()), (subject.kind, String::new(), subject.name)]
                }
                false => vec![("Restriction", "Read".into(), "None".into())],
            };
            record.associated = named.and_its_space();
            self.record(record);
        }
    }

    pub(super) fn record_space_permission(
        &mut self,
        space: Id,
        principal: &Principal,
        operation: &Operation,
        added: bool,
    ) {
        let Some(space) = self.spaces.get(&space) else { return };
        let subject = self.subject(principal);
        let summary = if added { "Space permission added" } else { "Space permission removed" };
        let mut record = self.entry("Permissions", summary, subject.clone());
        let values =
            [("Type", old_key(operation)), ("Space", space.key.clone()), (subject.kind, subject.name)];
        record.changed = values
            .into_iter()
            .map(
                |(name, value)| {
                    if added { (name, String::new(), value) } else { (name, value, String::new()) }
                },
            )
            .collect();
        record.associated = vec![Object::new("Space", &space.name)];
        self.record(record);
    }

    pub(super) fn record_membership(&mut self, group: &str, account_id: &str, added: bool) {
        let summary = if added { "User added to group" } else { "User removed from group" };
        let group = self.subject(&Principal::Group(group.into()));
        let mut record = self.entry("Users and groups", summary, group);
        record.author = None;
        record.associated = vec![self.subject(&Principal::User(account_id.into()))];
        self.record(record);
    }

    pub(super) fn record_group(&mut self, group: &GroupId, created: bool) {
        let summary = if created { "Group created" } else { "Group deleted" };
        let mut record =
            self.entry("Users and groups", summary, self.subject(&Principal::Group(group.clone())));
        record.author = None;
        self.record(record);
    }

    /// An account changed its status. The log says that somebody did, and hardly who.
    pub(super) fn record_account(&mut self, account_id: &str, status: AccountStatus) {
        let summary = if status == AccountStatus::Active { "User reactivated" } else { "User deactivated" };
        let affected = self.subject(&Principal::User(account_id.into()));
        let mut record = self.entry("Users and groups", summary, affected);
        record.author = None;
        self.record(record);
    }

    pub(super) fn record_space(&mut self, space: Id, summary: &'static str) {
        let Some(space) = self.spaces.get(&space) else { return };
        let mut record = self.entry("Spaces", summary, Object::new("Space", &space.name));
        record.changed = vec![
            ("Name", String::new(), space.name.clone()),
            ("Space key", String::new(), space.key.clone()),
        ];
        self.record(record);
    }

    /// Whom a record is about, by name. A class of people has only its own.
    fn subject(&self, principal: &Principal) -> Object {
        match principal {
            Principal::User(id) => {
                let known = self.users.get(id).map(|user| user.name.as_str());
                Object::new("User", known.unwrap_or("Former user"))
            }
            Principal::Group(id) => {
                let known = self.groups.get(id).map(|group| group.name.as_str());
                Object::new("Group", &format!("{}:{id}", known.unwrap_or_default()))
            }
            Principal::AccessClass(id) | Principal::Other { id, .. } => Object::new("User class", id),
        }
    }
}

/// The permission as the log still calls it: `VIEWSPACE`, `SETSPACEPERMISSIONS` …
fn old_key(operation: &Operation) -> String {
    match (operation.key.as_str(), operation.target.as_str()) {
        ("read", "space") => "VIEWSPACE".into(),
        ("administer", "space") => "SETSPACEPERMISSIONS".into(),
        ("create", "page") => "EDITSPACE".into(),
        (key, target) => format!("{key}{target}").to_uppercase(),
    }
}
