//! What people do to a site while it runs. Only an edit makes a version; a
//! move, a restriction, a label, an archiving or a comment does not, as on the
//! real site. A change to what is not there does nothing.

use super::{
    AccountStatus, AttachmentStatus, Id, Operation, PageStatus, Parent, ParentKind, Principal, Resolution,
    Restriction, Site, Version,
};
use crate::site::CommentKind;

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

    /// Puts a page, with all below it, under another page or at the root of its space.
    pub fn move_page(&mut self, id: Id, parent: Option<Id>) {
        let space = parent.and_then(|id| self.pages.get(&id)).map(|page| page.space);
        for below in self.page_and_descendants(id) {
            if let (Some(page), Some(space)) = (self.pages.get_mut(&below), space) {
                page.space = space;
            }
        }
        if let Some(page) = self.pages.get_mut(&id) {
            page.parent = parent.map(|id| Parent { id, kind: ParentKind::Page });
        }
    }

    /// To the bin. The children move up to the page's own parent.
    pub fn trash_page(&mut self, id: Id) {
        let Some(parent) = self.pages.get(&id).map(|page| page.parent) else {
            return;
        };
        for child in self.pages.values_mut().filter(|page| page.parent.is_some_and(|above| above.id == id)) {
            child.parent = parent;
        }
        if let Some(page) = self.pages.get_mut(&id) {
            page.status = PageStatus::Trashed;
            page.parent = None;
        }
    }

    /// Out of the bin, to the root of its space.
    pub fn restore_page(&mut self, id: Id) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.status = PageStatus::Current;
        }
    }

    /// Gone for good, with what hangs on it.
    pub fn purge_page(&mut self, id: Id) {
        self.trash_page(id);
        self.pages.remove(&id);
        self.comments.retain(|_, comment| comment.container != super::Container::Page(id));
        self.attachments.retain(|_, attachment| attachment.container != super::Container::Page(id));
    }

    pub fn archive_page(&mut self, id: Id) {
        self.set_status(id, PageStatus::Archived);
    }

    pub fn unarchive_page(&mut self, id: Id) {
        self.set_status(id, PageStatus::Current);
    }

    pub fn trash_blog_post(&mut self, id: Id) {
        if let Some(post) = self.blog_posts.get_mut(&id) {
            post.trashed = true;
        }
    }

    /// Whole replacement: `None` opens the page to all that its ancestors let through.
    pub fn restrict_page(&mut self, id: Id, restriction: Option<Restriction>) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.restriction = restriction;
        }
    }

    pub fn restrict_blog_post(&mut self, id: Id, restriction: Option<Restriction>) {
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
        let at = self.clock.now();
        if let Some(CommentKind::Inline(selection)) =
            self.comments.get_mut(&id).map(|comment| &mut comment.kind)
        {
            selection.resolution = Resolution::Resolved;
            selection.resolved_by = Some((by.into(), at));
        }
    }

    pub fn trash_attachment(&mut self, id: Id) {
        if let Some(attachment) = self.attachments.get_mut(&id) {
            attachment.status = AttachmentStatus::Trashed;
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
        if let Some(group) = self.groups.get_mut(group) {
            group.members.insert(account_id.into());
        }
    }

    pub fn remove_group_member(&mut self, group: &str, account_id: &str) {
        if let Some(group) = self.groups.get_mut(group) {
            group.members.remove(account_id);
        }
    }

    /// Restrictions and permissions that name it keep naming it, and let nobody through.
    pub fn delete_group(&mut self, group: &str) {
        self.groups.remove(group);
    }

    pub fn close_account(&mut self, account_id: &str) {
        if let Some(user) = self.users.get_mut(account_id) {
            user.status = AccountStatus::Closed;
        }
    }

    pub fn remove_space_permission(&mut self, space: Id, principal: &Principal, operation: &Operation) {
        if let Some(space) = self.spaces.get_mut(&space) {
            space.permissions.retain(|row| &row.principal != principal || &row.operation != operation);
        }
    }

    pub fn archive_space(&mut self, space: Id) {
        if let Some(space) = self.spaces.get_mut(&space) {
            space.archived = true;
        }
    }

    fn set_status(&mut self, id: Id, status: PageStatus) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.status = status;
        }
    }

    fn page_and_descendants(&self, id: Id) -> Vec<Id> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&above) = found.get(next) {
            let below =
                self.pages.values().filter(|page| page.parent.is_some_and(|parent| parent.id == above));
            let below: Vec<Id> = below.map(|page| page.id).filter(|id| !found.contains(id)).collect();
            found.extend(below);
            next += 1;
        }
        found
    }
}

fn following(last: &Version, at: crate::clock::Millis) -> Version {
    Version { number: last.number + 1, at, author: last.author.clone(), message: String::new(), minor: false }
}
