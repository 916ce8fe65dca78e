//! Adding things to a site. Each returns what was made, so that a test can
//! tell its story in a few lines and read the ids it needs.

use super::{
    AccountId, AccountStatus, AccountType, Attachment, AttachmentStatus, BlogPost, Comment, CommentKind,
    Container, FileKind, Group, GroupAccess, GroupId, Id, Node, NodeKind, Page, PageStatus, Principal,
    RoleAssignment, RoleId, Site, Space, SpaceKind, SpacePermission, SpaceRole, TimeZone, USERS_GROUP, User,
    Version,
};
use crate::site::Operation;

impl Site {
    /// A licensed person: active, e-mail visible, a member of `confluence-users`.
    pub fn add_person(&mut self, account_id: &str, name: &str, email: &str) -> AccountId {
        self.users.insert(
            account_id.into(),
            User {
                account_id: account_id.into(),
                name: name.into(),
                email: email.into(),
                email_visible: true,
                account_type: AccountType::Person,
                status: AccountStatus::Active,
                guest: false,
                time_zone: TimeZone::UTC,
                api_token: Some(crate::API_TOKEN.into()),
                personal_space: None,
            },
        );
        self.add_group_member(USERS_GROUP, account_id);
        account_id.into()
    }

    /// An external collaborator, in no group.
    pub fn add_guest(&mut self, account_id: &str, name: &str, email: &str) -> AccountId {
        self.add_person(account_id, name, email);
        self.remove_group_member(USERS_GROUP, account_id);
        if let Some(user) = self.users.get_mut(account_id) {
            user.guest = true;
        }
        account_id.into()
    }

    /// An app's account: it writes, it never signs in here.
    pub fn add_app(&mut self, account_id: &str, name: &str) -> AccountId {
        self.add_guest(account_id, name, "");
        if let Some(user) = self.users.get_mut(account_id) {
            user.guest = false;
            user.email_visible = false;
            user.account_type = AccountType::App;
            user.api_token = None;
        }
        account_id.into()
    }

    pub fn add_group(&mut self, id: &str, name: &str, members: &[&str]) -> GroupId {
        let mut group = Group::new(id, name, GroupAccess::None);
        group.members = members.iter().map(|member| member.to_string()).collect();
        self.groups.insert(id.into(), group);
        self.record_group(&id.into(), true);
        id.into()
    }

    /// A global space that each of `readers` may view.
    pub fn add_space(&mut self, key: &str, name: &str, readers: &[Principal]) -> Id {
        let id = self.next_id();
        let author = self.anybody();
        let space = Space {
            id,
            key: key.into(),
            name: name.into(),
            kind: SpaceKind::Global,
            archived: false,
            author,
            created: self.clock.now(),
            homepage: None,
            description: format!("{name} of the whole company"),
            permissions: Vec::new(),
            roles: Vec::new(),
        };
        self.spaces.insert(id, space);
        self.record_space(id, "Space created");
        for reader in readers {
            self.add_space_permission(id, reader.clone(), Operation::read_space());
        }
        id
    }

    /// A page under another page or node, or at the root of its space.
    pub fn add_page(&mut self, space: Id, parent: Option<Id>, title: &str, body: &str) -> Id {
        let id = self.next_id();
        let author = self.author_in(space);
        let page = Page {
            id,
            space,
            parent: parent.map(|id| self.parent(id)),
            position: position(id),
            title: title.into(),
            body: body.into(),
            status: PageStatus::Current,
            adf: None,
            live: false,
            created: self.clock.now(),
            versions: vec![self.first_version(&author)],
            author,
            labels: Vec::new(),
            restriction: None,
        };
        self.pages.insert(id, page);
        id
    }

    /// A folder, whiteboard, database or embed under a page or another of them, or at
    /// the root of its space.
    pub fn add_node(&mut self, kind: NodeKind, space: Id, parent: Option<Id>, title: &str) -> Id {
        let id = self.next_id();
        let author = self.author_in(space);
        let node = Node {
            id,
            kind,
            space,
            parent: parent.map(|id| self.parent(id)),
            position: position(id),
            title: title.into(),
            status: PageStatus::Current,
            created: self.clock.now(),
            versions: vec![self.first_version(&author)],
            author,
            labels: Vec::new(),
            restriction: None,
            embed_url: (kind == NodeKind::Embed).then(|| format!("https://boards.example/{id}")),
        };
        self.nodes.insert(id, node);
        id
    }

    pub fn add_folder(&mut self, space: Id, parent: Option<Id>, title: &str) -> Id {
        self.add_node(NodeKind::Folder, space, parent, title)
    }

    pub fn add_blog_post(&mut self, space: Id, title: &str, body: &str) -> Id {
        let id = self.next_id();
        let author = self.author_in(space);
        let post = BlogPost {
            id,
            space,
            title: title.into(),
            body: body.into(),
            trashed: false,
            created: self.clock.now(),
            versions: vec![self.first_version(&author)],
            author,
            labels: Vec::new(),
            restriction: None,
        };
        self.blog_posts.insert(id, post);
        id
    }

    /// A comment, or with `parent` a reply, which hangs on its parent's container.
    pub fn add_comment(
        &mut self,
        container: Container,
        parent: Option<Id>,
        kind: CommentKind,
        body: &str,
    ) -> Id {
        let id = self.next_id();
        let container =
            parent.and_then(|id| self.comments.get(&id)).map_or(container, |above| above.container);
        let author = self.anybody();
        let comment = Comment {
            id,
            kind,
            container,
            parent,
            body: body.into(),
            created: self.clock.now(),
            versions: vec![self.first_version(&author)],
            author,
        };
        self.comments.insert(id, comment);
        id
    }

    pub fn add_attachment(&mut self, container: Container, name: &str, kind: FileKind) -> Id {
        let id = self.next_id();
        let author = self.anybody();
        let attachment = Attachment {
            id,
            container,
            name: name.into(),
            kind,
            seed: id,
            size: kind.bytes(id).len() as u64,
            status: AttachmentStatus::Current,
            comment: String::new(),
            file_id: format!("f11e0000-0000-4000-8000-{id:012x}"),
            created: self.clock.now(),
            versions: vec![self.first_version(&author)],
            author,
        };
        self.attachments.insert(id, attachment);
        id
    }

    pub fn add_space_permission(&mut self, space: Id, principal: Principal, operation: Operation) {
        let id = self.next_id();
        self.record_space_permission(space, &principal, &operation, true);
        if let Some(space) = self.spaces.get_mut(&space) {
            space.permissions.push(SpacePermission { id, principal, operation });
        }
    }

    /// A role of the site's own, or with `system` one of Atlassian's.
    pub fn add_role(&mut self, id: &str, name: &str, system: bool, permissions: &[Operation]) -> RoleId {
        let role = SpaceRole { id: id.into(), system, name: name.into(), permissions: permissions.to_vec() };
        self.roles.push(role);
        id.into()
    }

    /// Gives somebody a role in a space, beside the roles they may have there already.
    pub fn assign_role(&mut self, space: Id, principal: Principal, role: &str) {
        let id = self.next_id();
        if let Some(space) = self.spaces.get_mut(&space) {
            space.roles.push(RoleAssignment { id, principal, role: role.into() });
        }
    }

    /// Who did what nobody is named for: the first person.
    fn anybody(&self) -> AccountId {
        let mut people = self.users.values().filter(|user| user.account_type == AccountType::Person);
        people.next().map(|user| user.account_id.clone()).unwrap_or_default()
    }

    fn author_in(&self, space: Id) -> AccountId {
        self.spaces.get(&space).map(|space| space.author.clone()).unwrap_or_default()
    }

    fn first_version(&self, author: &str) -> Version {
        Version {
            number: 1,
            at: self.clock.now(),
            author: author.into(),
            message: String::new(),
            minor: false,
        }
    }
}

/// New things stand last among their siblings.
fn position(id: Id) -> i32 {
    i32::try_from(id % 1_000_000).unwrap_or_default()
}
