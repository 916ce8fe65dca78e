//! Who may read what: the truth that everything else is held against.
//!
//! Written from the model and from Atlassian's description of view
//! restrictions alone ("users must satisfy both": the page's own and every
//! ancestor's). It shares no code with any host, on purpose, and answers
//! `false` to everything it does not know.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;

use crate::site::{
    AccountStatus, AccountType, Attachment, AttachmentStatus, BlogPost, Comment, Container, GroupAccess, Id,
    Page, PageStatus, Principal, Restriction, Site, Space, User,
};

/// Names one item, written as `page:98765` or `attachment:att123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemRef {
    Space(Id),
    Page(Id),
    BlogPost(Id),
    Comment(Id),
    Attachment(Id),
}

impl fmt::Display for ItemRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemRef::Space(id) => write!(out, "space:{id}"),
            ItemRef::Page(id) => write!(out, "page:{id}"),
            ItemRef::BlogPost(id) => write!(out, "blogpost:{id}"),
            ItemRef::Comment(id) => write!(out, "comment:{id}"),
            ItemRef::Attachment(id) => write!(out, "attachment:att{id}"),
        }
    }
}

/// The text names no item: unknown kind, or not a number where one belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnItem(pub String);

impl FromStr for ItemRef {
    type Err = NotAnItem;

    fn from_str(text: &str) -> Result<Self, NotAnItem> {
        let wrong = || NotAnItem(text.into());
        let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
        let make = match kind {
            "space" => ItemRef::Space,
            "page" => ItemRef::Page,
            "blogpost" => ItemRef::BlogPost,
            "comment" => ItemRef::Comment,
            "attachment" => ItemRef::Attachment,
            _ => return Err(wrong()),
        };
        let digits = if kind == "attachment" { id.strip_prefix("att").ok_or_else(wrong)? } else { id };
        digits.parse().map(make).map_err(|_| wrong())
    }
}

pub struct Oracle<'a> {
    site: &'a Site,
}

impl<'a> Oracle<'a> {
    pub fn new(site: &'a Site) -> Self {
        Oracle { site }
    }

    /// False for an account or an item that does not exist.
    pub fn may_read(&self, account_id: &str, item: ItemRef) -> bool {
        let Some(reader) = Reader::new(self.site, account_id) else {
            return false;
        };
        let site = self.site;
        match item {
            ItemRef::Space(id) => site.spaces.get(&id).is_some_and(|space| reader.space(space)),
            ItemRef::Page(id) => site.pages.get(&id).is_some_and(|page| reader.page(page)),
            ItemRef::BlogPost(id) => site.blog_posts.get(&id).is_some_and(|post| reader.blog_post(post)),
            ItemRef::Comment(id) => site.comments.get(&id).is_some_and(|comment| reader.comment(comment)),
            ItemRef::Attachment(id) => site.attachments.get(&id).is_some_and(|file| reader.attachment(file)),
        }
    }

    /// Everything the account may read, by id.
    pub fn readable_by(&self, account_id: &str) -> BTreeSet<String> {
        let Some(reader) = Reader::new(self.site, account_id) else {
            return BTreeSet::new();
        };
        let site = self.site;
        let spaces = site.spaces.values().filter(|it| reader.space(it)).map(|it| ItemRef::Space(it.id));
        let pages = site.pages.values().filter(|it| reader.page(it)).map(|it| ItemRef::Page(it.id));
        let posts =
            site.blog_posts.values().filter(|it| reader.blog_post(it)).map(|it| ItemRef::BlogPost(it.id));
        let comments =
            site.comments.values().filter(|it| reader.comment(it)).map(|it| ItemRef::Comment(it.id));
        let files =
            site.attachments.values().filter(|it| reader.attachment(it)).map(|it| ItemRef::Attachment(it.id));
        spaces.chain(pages).chain(posts).chain(comments).chain(files).map(|item| item.to_string()).collect()
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
        let pages = site.pages.keys().copied().filter(page_exists).map(ItemRef::Page);
        let posts = site.blog_posts.keys().copied().filter(post_exists).map(ItemRef::BlogPost);
        let comments =
            site.comments.values().filter(|it| exists(it.container)).map(|it| ItemRef::Comment(it.id));
        let kept = |file: &&Attachment| file.status == AttachmentStatus::Current && exists(file.container);
        let files = site.attachments.values().filter(kept).map(|it| ItemRef::Attachment(it.id));
        spaces.chain(pages).chain(posts).chain(comments).chain(files).map(|item| item.to_string()).collect()
    }
}

/// One account, with what it is a member of looked up once. Exists only for
/// accounts that may use Confluence at all.
pub(crate) struct Reader<'a> {
    site: &'a Site,
    user: &'a User,
    groups: HashSet<&'a str>,
    licensed: bool,
    admin: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(site: &'a Site, account_id: &str) -> Option<Self> {
        let user = site.users.get(account_id)?;
        let member_of: Vec<_> =
            site.groups.values().filter(|group| group.members.contains(account_id)).collect();
        let has = |access: GroupAccess| member_of.iter().any(|group| group.access == access);
        let person = user.account_type == AccountType::Person && user.status == AccountStatus::Active;
        // A guest in a licensed group stays a guest: that is how the product counts them.
        let admin = person && !user.guest && has(GroupAccess::Admin);
        let licensed = admin || (person && !user.guest && has(GroupAccess::User));
        let groups = member_of.iter().map(|group| group.id.as_str()).collect();
        (licensed || (person && user.guest)).then_some(Reader { site, user, groups, licensed, admin })
    }

    pub(crate) fn space(&self, space: &Space) -> bool {
        space
            .permissions
            .iter()
            .filter(|row| row.operation.key == "read" && row.operation.target == "space")
            .any(|row| self.is(&row.principal))
    }

    /// Archived pages can be read; pages in the bin do not exist.
    pub(crate) fn page(&self, page: &Page) -> bool {
        page.status != PageStatus::Trashed && self.passes_page(page)
    }

    /// The space, the page's own restriction and every ancestor's. An ancestor
    /// that is missing could restrict anything, so it lets nobody through.
    pub(crate) fn passes_page(&self, page: &Page) -> bool {
        let chain = self.site.page_and_ancestors(page.id);
        self.passes_space(page.space)
            && Site::chain_is_whole(&chain)
            && chain.iter().all(|level| self.passes(level.restriction.as_ref()))
    }

    pub(crate) fn blog_post(&self, post: &BlogPost) -> bool {
        !post.trashed && self.passes_blog_post(post)
    }

    pub(crate) fn passes_blog_post(&self, post: &BlogPost) -> bool {
        self.passes_space(post.space) && self.passes(post.restriction.as_ref())
    }

    pub(crate) fn comment(&self, comment: &Comment) -> bool {
        self.container(comment.container)
    }

    pub(crate) fn attachment(&self, attachment: &Attachment) -> bool {
        attachment.status == AttachmentStatus::Current && self.container(attachment.container)
    }

    pub(crate) fn container(&self, container: Container) -> bool {
        match container {
            Container::Page(id) => self.site.pages.get(&id).is_some_and(|page| self.page(page)),
            Container::BlogPost(id) => self.site.blog_posts.get(&id).is_some_and(|post| self.blog_post(post)),
        }
    }

    fn passes_space(&self, id: Id) -> bool {
        self.site.spaces.get(&id).is_some_and(|space| self.space(space))
    }

    fn passes(&self, restriction: Option<&Restriction>) -> bool {
        let Some(restriction) = restriction else {
            return true;
        };
        restriction.users.contains(&self.user.account_id)
            || restriction.groups.iter().any(|group| self.groups.contains(group.as_str()))
    }

    fn is(&self, principal: &Principal) -> bool {
        match principal {
            Principal::User(id) => *id == self.user.account_id,
            Principal::Group(id) => self.groups.contains(id.as_str()),
            Principal::AccessClass(class) => match class.as_str() {
                "ALL_LICENSED_USERS" => self.licensed,
                "ALL_PRODUCT_ADMINS" => self.admin,
                _ => false,
            },
            Principal::Other { .. } => false,
        }
    }
}
