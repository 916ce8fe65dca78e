//! One reader against the site: what the space, the roles and the restrictions say.

use std::collections::HashSet;

use crate::site::{
    AccountStatus, AccountType, Attachment, AttachmentStatus, BlogPost, Branch, Comment, Container,
    GroupAccess, Id, PageStatus, Principal, Restriction, RoleMode, Site, Space, User,
};

/// One account with what it is a member of looked up once, or somebody without any.
pub(crate) struct Reader<'a> {
    site: &'a Site,
    /// None: anyone at all.
    user: Option<&'a User>,
    groups: HashSet<&'a str>,
    licensed: bool,
    admin: bool,
}

impl<'a> Reader<'a> {
    /// Only for accounts that may use Confluence: licensed people and guests, while active.
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
        (licensed || (person && user.guest)).then_some(Reader {
            site,
            user: Some(user),
            groups,
            licensed,
            admin,
        })
    }

    /// Somebody without an account, or with one that opens nothing.
    pub(crate) fn anyone(site: &'a Site) -> Self {
        Reader { site, user: None, groups: HashSet::new(), licensed: false, admin: false }
    }

    /// Whether the account administers the product.
    pub(crate) fn is_admin(&self) -> bool {
        self.admin
    }

    /// By permissions, by roles, or by either, as the site's mode has it.
    pub(crate) fn space(&self, space: &Space) -> bool {
        match self.site.role_mode {
            None | Some(RoleMode::PreRoles) => self.permitted(space),
            Some(RoleMode::Transition) => self.permitted(space) || self.assigned(space),
            Some(RoleMode::Roles) => self.assigned(space),
        }
    }

    fn permitted(&self, space: &Space) -> bool {
        space
            .permissions
            .iter()
            .filter(|row| row.operation.key == "read" && row.operation.target == "space")
            .any(|row| self.is(&row.principal))
    }

    /// A role that is not on the site's list, or does not let its holders read, permits nothing.
    fn assigned(&self, space: &Space) -> bool {
        let reads = |id: &String| {
            self.site.roles.iter().any(|role| {
                let mut permissions = role.permissions.iter();
                role.id == *id && permissions.any(|it| it.key == "read" && it.target == "space")
            })
        };
        space.roles.iter().filter(|row| reads(&row.role)).any(|row| self.is(&row.principal))
    }

    /// Archived pages and nodes can be read; those in the bin do not exist.
    pub(crate) fn branch(&self, branch: Branch<'_>) -> bool {
        branch.status() != PageStatus::Trashed && self.passes_branch(branch)
    }

    /// The space, the own restriction and every ancestor's, of whatever kind it is. An
    /// ancestor that is missing could restrict anything, so it lets nobody through.
    pub(crate) fn passes_branch(&self, branch: Branch<'_>) -> bool {
        let chain = self.site.branch_and_ancestors(branch.id());
        self.passes_space(branch.space())
            && Site::chain_is_whole(&chain)
            && chain.iter().all(|level| self.passes(level.restriction()))
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
            Container::Page(id) => {
                self.site.pages.get(&id).is_some_and(|page| self.branch(Branch::Page(page)))
            }
            Container::BlogPost(id) => self.site.blog_posts.get(&id).is_some_and(|post| self.blog_post(post)),
        }
    }

    fn passes_space(&self, id: Id) -> bool {
        self.site.spaces.get(&id).is_some_and(|space| self.space(space))
    }

    /// Named, or in a named group. Someone without an account never is.
    fn passes(&self, restriction: Option<&Restriction>) -> bool {
        let Some(restriction) = restriction else {
            return true;
        };
        self.user.is_some_and(|user| restriction.users.contains(&user.account_id))
            || restriction.groups.iter().any(|group| self.groups.contains(group.as_str()))
    }

    fn is(&self, principal: &Principal) -> bool {
        match principal {
            Principal::User(id) => self.user.is_some_and(|user| user.account_id == *id),
            Principal::Group(id) => self.groups.contains(id.as_str()),
            Principal::AccessClass(class) => match class.as_str() {
                // A guest reads what names the guest: a class of people does not.
                "ALL_LICENSED_USERS" | "AUTHENTICATED_USERS" => self.licensed,
                "ALL_PRODUCT_ADMINS" => self.admin,
                "ANONYMOUS_USERS" => self.site.anonymous_access,
                _ => false,
            },
            Principal::Other { .. } => false,
        }
    }
}
