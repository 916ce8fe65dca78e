//! What people do to a site while it runs; what they do to the tree is
//! [`replant`](super::replant)'s. Only an edit makes a version; a move, a
//! restriction, a label, an archiving or a comment does not, as on the real
//! site. A change to what is not there does nothing.

use super::audit::Object;
use super::{
    AccountStatus, AttachmentStatus, CommentKind, Id, Operation, Principal, Resolution, Restriction, Site,
    SpacePermission, Version,
};

impl Site {
    /// A new body for a page; one new version by the page's author.
    pub fn edit_page(&mut self, id: Id, body: &str) {
        let at = self.clock.now();
        if let Some(page) = self.pages.get_mut(&id) {
            page.body = body.into();
            page.versions.push(following(page.version(), at));
        }
    }

    /// A new title; one new version, and none for the pages below.
    pub fn rename_page(&mut self, id: Id, title: &str) {
        let at = self.clock.now();
        if let Some(page) = self.pages.get_mut(&id) {
            page.title = title.into();
            page.versions.push(following(page.version(), at));
        }
    }

    /// A new title; one new version, and none for what stands below.
    pub fn rename_node(&mut self, id: Id, title: &str) {
        let at = self.clock.now();
        if let Some(node) = self.nodes.get_mut(&id) {
            node.title = title.into();
            node.versions.push(following(node.version(), at));
        }
    }

    /// Makes a page a live doc.
    pub fn make_live(&mut self, id: Id) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.live = true;
        }
    }

    pub fn edit_blog_post(&mut self, id: Id, body: &str) {
        let at = self.clock.now();
        if let Some(post) = self.blog_posts.get_mut(&id) {
            post.body = body.into();
            post.versions.push(following(post.version(), at));
        }
    }

    pub fn edit_comment(&mut self, id: Id, body: &str) {
        let at = self.clock.now();
        if let Some(comment) = self.comments.get_mut(&id) {
            comment.body = body.into();
            comment.versions.push(following(comment.version(), at));
        }
    }

    pub fn trash_blog_post(&mut self, id: Id) {
        if let Some(post) = self.blog_posts.get_mut(&id) {
            post.trashed = true;
        }
    }

    pub fn restore_blog_post(&mut self, id: Id) {
        if let Some(post) = self.blog_posts.get_mut(&id) {
            post.trashed = false;
        }
    }

    pub fn restrict_blog_post(&mut self, id: Id, restriction: Option<Restriction>) {
        let Some(post) = self.blog_posts.get(&id) else { return };
        let (named, before) = (Object::of_blog_post(self, post), post.restriction.clone());
        self.record_restriction(&named, before.as_ref(), restriction.as_ref());
        if let Some(post) = self.blog_posts.get_mut(&id) {
            post.restriction = restriction;
        }
    }

    pub fn label_page(&mut self, id: Id, label: &str) {
        if let Some(page) = self.pages.get_mut(&id)
            && !page.labels.iter().any(|have| have == label)
        {
            page.labels.push(label.into());
        }
    }

    pub fn unlabel_page(&mut self, id: Id, label: &str) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.labels.retain(|have| have != label);
        }
    }

    /// Deleted comments are gone at once, and their replies with them.
    pub fn delete_comment(&mut self, id: Id) {
        let replies: Vec<Id> = self
            .comments
            .values()
            .filter(|comment| comment.parent == Some(id))
            .map(|comment| comment.id)
            .collect();
        self.comments.remove(&id);
        for reply in replies {
            self.delete_comment(reply);
        }
    }

    /// Resolves an inline comment; a footer comment cannot be resolved.
    pub fn resolve_comment(&mut self, id: Id, by: &str) {
        self.set_resolution(id, Resolution::Resolved, by);
    }

    pub fn reopen_comment(&mut self, id: Id, by: &str) {
        self.set_resolution(id, Resolution::Reopened, by);
    }

    /// The words an inline comment was about were taken out of the page.
    pub fn dangle_comment(&mut self, id: Id, by: &str) {
        self.set_resolution(id, Resolution::Dangling, by);
    }

    fn set_resolution(&mut self, id: Id, resolution: Resolution, by: &str) {
        let at = self.clock.now();
        if let Some(CommentKind::Inline(selection)) =
            self.comments.get_mut(&id).map(|comment| &mut comment.kind)
        {
            selection.resolution = resolution;
            selection.resolved_by = Some((by.into(), at));
        }
    }

    pub fn trash_attachment(&mut self, id: Id) {
        if let Some(attachment) = self.attachments.get_mut(&id) {
            attachment.status = AttachmentStatus::Trashed;
        }
    }

    pub fn restore_attachment(&mut self, id: Id) {
        if let Some(attachment) = self.attachments.get_mut(&id) {
            attachment.status = AttachmentStatus::Current;
        }
    }

    /// New bytes under the old name: the attachment gets a version, its page none.
    pub fn replace_attachment(&mut self, id: Id, seed: u64) {
        let at = self.clock.now();
        if let Some(attachment) = self.attachments.get_mut(&id) {
            attachment.seed = seed;
            attachment.size = attachment.bytes().len() as u64;
            attachment.versions.push(following(attachment.version(), at));
        }
    }

    pub fn add_group_member(&mut self, group: &str, account_id: &str) {
        if self.groups.get_mut(group).is_some_and(|group| group.members.insert(account_id.into())) {
            self.record_membership(group, account_id, true);
        }
    }

    pub fn remove_group_member(&mut self, group: &str, account_id: &str) {
        if self.groups.get_mut(group).is_some_and(|group| group.members.remove(account_id)) {
            self.record_membership(group, account_id, false);
        }
    }

    /// Restrictions and permissions that name it keep naming it, and let nobody through.
    pub fn delete_group(&mut self, group: &str) {
        if self.groups.contains_key(group) {
            self.record_group(&group.into(), false);
        }
        self.groups.remove(group);
    }

    pub fn close_account(&mut self, account_id: &str) {
        self.set_account(account_id, AccountStatus::Closed);
    }

    /// The account keeps its groups and its place in restrictions, and reads nothing meanwhile.
    pub fn deactivate_account(&mut self, account_id: &str) {
        self.set_account(account_id, AccountStatus::Inactive);
    }

    pub fn reactivate_account(&mut self, account_id: &str) {
        self.set_account(account_id, AccountStatus::Active);
    }

    fn set_account(&mut self, account_id: &str, status: AccountStatus) {
        if let Some(user) = self.users.get_mut(account_id) {
            user.status = status;
            self.record_account(account_id, status);
        }
    }

    /// The account is gone from the site and from its groups. Restrictions and permissions
    /// that name it keep naming it.
    pub fn delete_account(&mut self, account_id: &str) {
        for group in self.groups.values_mut() {
            group.members.remove(account_id);
        }
        if self.users.contains_key(account_id) {
            self.record_account(account_id, AccountStatus::Closed);
        }
        self.users.remove(account_id);
    }

    pub fn remove_space_permission(&mut self, space: Id, principal: &Principal, operation: &Operation) {
        let names = |row: &SpacePermission| &row.principal == principal && &row.operation == operation;
        if !self.spaces.get(&space).is_some_and(|space| space.permissions.iter().any(names)) {
            return;
        }
        self.record_space_permission(space, principal, operation, false);
        if let Some(space) = self.spaces.get_mut(&space) {
            space.permissions.retain(|row| !names(row));
        }
    }

    /// Takes a role in a space away from somebody.
    pub fn unassign_role(&mut self, space: Id, principal: &Principal, role: &str) {
        if let Some(space) = self.spaces.get_mut(&space) {
            space.roles.retain(|row| &row.principal != principal || row.role != role);
        }
    }

    pub fn archive_space(&mut self, space: Id) {
        if let Some(space) = self.spaces.get_mut(&space) {
            space.archived = true;
        }
        self.record_space(space, "Space archived");
    }

    pub fn unarchive_space(&mut self, space: Id) {
        if let Some(space) = self.spaces.get_mut(&space) {
            space.archived = false;
        }
        self.record_space(space, "Space restored");
    }

    /// The account's unscoped token is taken back at once, or given out again.
    pub fn set_api_token(&mut self, account_id: &str, token: Option<&str>) {
        if let Some(user) = self.users.get_mut(account_id) {
            user.api_token = token.map(str::to_string);
        }
    }
}

fn following(last: &Version, at: crate::clock::Millis) -> Version {
    Version { number: last.number + 1, at, author: last.author.clone(), message: String::new(), minor: false }
}
