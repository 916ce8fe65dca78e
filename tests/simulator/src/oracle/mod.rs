//! Who may read what: the truth that everything else is held against.
//!
//! Written from the model and from Atlassian's descriptions alone: of view
//! restrictions ("users must satisfy both": the own one and every ancestor's,
//! pages and folders alike), of space permissions and space roles, of guests,
//! and of anonymous access, which needs the site's leave and the space's. It
//! shares no code with any host, on purpose, and answers `false` to everything
//! it does not know.
//!
//! Where Atlassian's words leave room, it refuses: a guest is not among the
//! authenticated users, since a guest has one space and no more; an account
//! without a licence is anyone; nobody comes from Jira Service Management.

mod item_ref;
mod reader;

use std::collections::BTreeSet;

pub use item_ref::{ItemRef, NotAnItem};
pub(crate) use reader::Reader;

use crate::site::{Attachment, AttachmentStatus, Branch, Container, Id, PageStatus, Site};

pub struct Oracle<'a> {
    site: &'a Site,
}

impl<'a> Oracle<'a> {
    pub fn new(site: &'a Site) -> Self {
        Oracle { site }
    }

    /// Somebody with an account that opens nothing (closed, deactivated, without a
    /// licence, an app's) is anyone. False for an account or an item that does not exist.
    pub fn may_read(&self, account_id: &str, item: ItemRef) -> bool {
        self.site.users.contains_key(account_id) && self.reads(&self.reader(account_id), item)
    }

    /// Whether people without an account may read it.
    pub fn may_be_read_by_anyone(&self, item: ItemRef) -> bool {
        self.reads(&Reader::anyone(self.site), item)
    }

    /// Everything the account may read, by id.
    pub fn readable_by(&self, account_id: &str) -> BTreeSet<String> {
        if !self.site.users.contains_key(account_id) {
            return BTreeSet::new();
        }
        self.all_read_by(&self.reader(account_id))
    }

    /// Everything that people without an account may read, by id.
    pub fn readable_by_anyone(&self) -> BTreeSet<String> {
        self.all_read_by(&Reader::anyone(self.site))
    }

    fn reader(&self, account_id: &str) -> Reader<'a> {
        Reader::new(self.site, account_id).unwrap_or_else(|| Reader::anyone(self.site))
    }

    fn reads(&self, reader: &Reader<'_>, item: ItemRef) -> bool {
        let site = self.site;
        let branch = |id| site.branch(id).is_some_and(|it| ItemRef::branch(it) == item && reader.branch(it));
        match item {
            ItemRef::Space(id) => site.spaces.get(&id).is_some_and(|space| reader.space(space)),
            ItemRef::Page(id)
            | ItemRef::Folder(id)
            | ItemRef::Whiteboard(id)
            | ItemRef::Database(id)
            | ItemRef::Embed(id) => branch(id),
            ItemRef::BlogPost(id) => site.blog_posts.get(&id).is_some_and(|post| reader.blog_post(post)),
            ItemRef::Comment(id) => site.comments.get(&id).is_some_and(|comment| reader.comment(comment)),
            ItemRef::Attachment(id) => site.attachments.get(&id).is_some_and(|file| reader.attachment(file)),
        }
    }

    fn all_read_by(&self, reader: &Reader<'_>) -> BTreeSet<String> {
        let site = self.site;
        let spaces = site.spaces.values().filter(|it| reader.space(it)).map(|it| ItemRef::Space(it.id));
        let branches = site.branches().filter(|it| reader.branch(*it)).map(ItemRef::branch);
        let posts =
            site.blog_posts.values().filter(|it| reader.blog_post(it)).map(|it| ItemRef::BlogPost(it.id));
        let comments =
            site.comments.values().filter(|it| reader.comment(it)).map(|it| ItemRef::Comment(it.id));
        let files =
            site.attachments.values().filter(|it| reader.attachment(it)).map(|it| ItemRef::Attachment(it.id));
        spaces
            .chain(branches)
            .chain(posts)
            .chain(comments)
            .chain(files)
            .map(|item| item.to_string())
            .collect()
    }

    /// Every item that exists (what is in the bin does not), whoever may read it.
    pub fn items(&self) -> BTreeSet<String> {
        let site = self.site;
        let page_exists = |id: &Id| site.pages.get(id).is_some_and(|page| page.status != PageStatus::Trashed);
        let post_exists = |id: &Id| site.blog_posts.get(id).is_some_and(|post| !post.trashed);
        let exists = |container: Container| match container {
            Container::Page(id) => page_exists(&id),
            Container::BlogPost(id) => post_exists(&id),
        };
        let spaces = site.spaces.keys().copied().map(ItemRef::Space);
        let kept = |it: &Branch<'_>| it.status() != PageStatus::Trashed;
        let branches = site.branches().filter(kept).map(ItemRef::branch);
        let posts = site.blog_posts.keys().copied().filter(post_exists).map(ItemRef::BlogPost);
        let comments =
            site.comments.values().filter(|it| exists(it.container)).map(|it| ItemRef::Comment(it.id));
        let kept = |file: &&Attachment| file.status == AttachmentStatus::Current && exists(file.container);
        let files = site.attachments.values().filter(kept).map(|it| ItemRef::Attachment(it.id));
        spaces
            .chain(branches)
            .chain(posts)
            .chain(comments)
            .chain(files)
            .map(|item| item.to_string())
            .collect()
    }
}
