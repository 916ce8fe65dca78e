//! What people do to the tree: pages and nodes are moved, archived, trashed and
//! restored alike. None of it makes a version, and all of it takes along what
//! stands below, save the bin: the children of what is trashed move up. A change
//! to what is not there does nothing.

use super::audit::Object;
use super::{Container, Id, PageStatus, Parent, Restriction, Site};

impl Site {
    /// Puts a page, with all below it, under another page or node, or at the root of its space.
    pub fn move_page(&mut self, id: Id, parent: Option<Id>) {
        self.move_branch(id, parent);
    }

    /// Puts a node, with all below it, under a page or another node, or at the root of its space.
    pub fn move_node(&mut self, id: Id, parent: Option<Id>) {
        self.move_branch(id, parent);
    }

    /// Puts a page or node, with all below it, at the root of a space.
    pub fn move_to_space(&mut self, id: Id, space: Id) {
        self.set_space(id, space);
        self.set_parent(id, None);
    }

    fn move_branch(&mut self, id: Id, parent: Option<Id>) {
        if let Some(above) = parent.and_then(|id| self.branch(id)) {
            self.set_space(id, above.space());
        }
        self.set_parent(id, parent.map(|id| self.parent(id)));
    }

    /// To the bin. The children move up to the page's own parent.
    pub fn trash_page(&mut self, id: Id) {
        self.trash_branch(id);
    }

    /// To the bin. The children move up to the node's own parent.
    pub fn trash_node(&mut self, id: Id) {
        self.trash_branch(id);
    }

    fn trash_branch(&mut self, id: Id) {
        let Some(parent) = self.branch(id).map(|branch| branch.parent()) else {
            return;
        };
        let children: Vec<Id> = self.children(id).map(|child| child.id()).collect();
        for child in children {
            self.set_parent(child, parent);
        }
        self.set_status(id, PageStatus::Trashed);
        self.set_parent(id, None);
    }

    /// Out of the bin, to the root of its space.
    pub fn restore_page(&mut self, id: Id) {
        self.set_status(id, PageStatus::Current);
    }

    /// Out of the bin, to the root of its space.
    pub fn restore_node(&mut self, id: Id) {
        self.set_status(id, PageStatus::Current);
    }

    /// Gone for good, with what hangs on it.
    pub fn purge_page(&mut self, id: Id) {
        self.trash_page(id);
        self.pages.remove(&id);
        self.comments.retain(|_, comment| comment.container != Container::Page(id));
        self.attachments.retain(|_, attachment| attachment.container != Container::Page(id));
    }

    /// Gone for good.
    pub fn purge_node(&mut self, id: Id) {
        self.trash_node(id);
        self.nodes.remove(&id);
    }

    pub fn archive_page(&mut self, id: Id) {
        self.archive_branch(id, PageStatus::Archived);
    }

    pub fn unarchive_page(&mut self, id: Id) {
        self.archive_branch(id, PageStatus::Current);
    }

    pub fn archive_node(&mut self, id: Id) {
        self.archive_branch(id, PageStatus::Archived);
    }

    pub fn unarchive_node(&mut self, id: Id) {
        self.archive_branch(id, PageStatus::Current);
    }

    fn archive_branch(&mut self, id: Id, status: PageStatus) {
        let Some(branch) = self.branch(id) else { return };
        let named = Object::of_branch(self, branch);
        self.set_status(id, status);
        self.record_archiving(named, status == PageStatus::Archived);
    }

    /// Whole replacement: `None` opens the page to all that its ancestors let through.
    pub fn restrict_page(&mut self, id: Id, restriction: Option<Restriction>) {
        self.restrict_branch(id, restriction);
    }

    /// Whole replacement, for the node and all below it.
    pub fn restrict_node(&mut self, id: Id, restriction: Option<Restriction>) {
        self.restrict_branch(id, restriction);
    }

    fn restrict_branch(&mut self, id: Id, restriction: Option<Restriction>) {
        let Some(branch) = self.branch(id) else { return };
        let (named, before) = (Object::of_branch(self, branch), branch.restriction().cloned());
        self.record_restriction(&named, before.as_ref(), restriction.as_ref());
        if let Some(page) = self.pages.get_mut(&id) {
            page.restriction = restriction;
        } else if let Some(node) = self.nodes.get_mut(&id) {
            node.restriction = restriction;
        }
    }

    fn set_status(&mut self, id: Id, status: PageStatus) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.status = status;
        } else if let Some(node) = self.nodes.get_mut(&id) {
            node.status = status;
        }
    }

    fn set_parent(&mut self, id: Id, parent: Option<Parent>) {
        if let Some(page) = self.pages.get_mut(&id) {
            page.parent = parent;
        } else if let Some(node) = self.nodes.get_mut(&id) {
            node.parent = parent;
        }
    }

    /// A subtree changes space as a whole.
    fn set_space(&mut self, id: Id, space: Id) {
        for id in self.branch_and_descendants(id) {
            if let Some(page) = self.pages.get_mut(&id) {
                page.space = space;
            } else if let Some(node) = self.nodes.get_mut(&id) {
                node.space = space;
            }
        }
    }
}
