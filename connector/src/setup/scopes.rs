//! Which scopes reading needs, and why: one table, from which the OAuth login asks, the help of the API token
//! advises, refusals name what is missing, `diagnose` probes, and `docs/scopes.md` is written.
//!
//! From Atlassian's OpenAPI documents. v2 takes granular scopes only, most of v1 classic ones, so a sign-in needs a
//! mixture. Nobody else may decide about scopes.

/// A scope, and everything that is known of it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub name: &'static str,
    pub generation: Generation,
    pub need: Need,
    /// What is read with it, in words for the person who grants it.
    pub reason: &'static str,
    /// Newer, granular scopes that together do as well.
    pub instead: &'static [&'static str],
    /// Paths it opens, `*` standing for one part.
    routes: &'static [&'static str],
    /// A cheap request that fails for its lack. The gate stands before the lookup, so it may name nothing real.
    pub probe: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Of the sign-in itself, which API tokens do not have.
    Account,
    Classic,
    Granular,
}

/// What the settings must ask for to make a scope necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Always,
    Comments,
    Attachments,
    Nodes,
    Trees,
    Audit,
}

/// What the settings ask for, as far as scopes depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub comments: bool,
    pub attachments: bool,
    /// Folders, whiteboards, databases and Smart Links.
    pub nodes: bool,
    /// Pages chosen or left out with all that lies below them, or by their labels.
    pub trees: bool,
    pub audit: bool,
}

impl Wanted {
    /// What settings that say nothing of it ask for: all but the audit records, which only administrators may read.
    pub const USUAL: Wanted =
        Wanted { comments: true, attachments: true, nodes: true, trees: true, audit: false };

    fn asks_for(&self, need: Need) -> bool {
        match need {
            Need::Always => true,
            Need::Comments => self.comments,
            Need::Attachments => self.attachments,
            Need::Nodes => self.nodes,
            Need::Trees => self.trees,
            Need::Audit => self.audit,
        }
    }
}

/// The scope without which a sign-in ends after an hour. No request needs it.
pub const OFFLINE: &str = "offline_access";

const DETAILS: &str = "read:content-details:confluence";

const fn granular(
    name: &'static str,
    need: Need,
    reason: &'static str,
    routes: &'static [&'static str],
    probe: &'static str,
) -> Scope {
    Scope { name, generation: Generation::Granular, need, reason, instead: &[], routes, probe }
}

const fn classic(
    name: &'static str,
    need: Need,
    reason: &'static str,
    instead: &'static [&'static str],
    routes: &'static [&'static str],
    probe: &'static str,
) -> Scope {
    Scope { name, generation: Generation::Classic, need, reason, instead, routes, probe }
}

/// All of them, in the order in which a person reads about them.
pub const SCOPES: [Scope; 21] = [
    Scope {
        name: OFFLINE,
        generation: Generation::Account,
        need: Need::Always,
        reason: "going on after the first hour, with nobody present",
        instead: &[],
        routes: &[],
        probe: "",
    },
    classic(
        "read:confluence-user",
        Need::Always,
        "who signed in, and whether people without an account may use the site",
        &[DETAILS],
        &["rest/api/user/current", "rest/api/user/anonymous"],
        "rest/api/user/current",
    ),
    granular(
        "read:space:confluence",
        Need::Always,
        "spaces, and who has which permission in them",
        &["api/v2/spaces", "api/v2/spaces/*", "api/v2/spaces/*/permissions"],
        "api/v2/spaces?limit=1",
    ),
    classic(
        "read:confluence-space.summary",
        Need::Always,
        "whether people without an account may see a space",
        &[],
        &["rest/api/space/*"],
        "rest/api/space/0",
    ),
    granular(
        "read:configuration:confluence",
        Need::Always,
        "whether the site grants spaces by permissions or by roles",
        &["api/v2/space-role-mode"],
        "api/v2/space-role-mode",
    ),
    granular(
        "read:space.permission:confluence",
        Need::Always,
        "roles, and who has which one in a space",
        &["api/v2/space-roles", "api/v2/space-roles/*", "api/v2/spaces/*/role-assignments"],
        "api/v2/space-roles?limit=1",
    ),
    granular(
        "read:page:confluence",
        Need::Always,
        "pages and blog posts",
        &[
            "api/v2/pages",
            "api/v2/pages/*",
            "api/v2/pages/*/labels",
            "api/v2/blogposts",
            "api/v2/blogposts/*",
            "api/v2/spaces/*/pages",
            "api/v2/spaces/*/blogposts",
        ],
        "api/v2/pages?limit=1",
    ),
    classic(
        "search:confluence",
        Need::Always,
        "restrictions and labels of up to 200 pages at once",
        &[DETAILS],
        &["rest/api/content/search", "rest/api/search"],
        "rest/api/content/search?cql=type%3Dpage&limit=1",
    ),
    classic(
        "read:confluence-content.all",
        Need::Always,
        "restrictions that the search does not tell, one by one",
        &[DETAILS],
        &[
            "rest/api/content/*/restriction",
            "rest/api/content/*/restriction/byOperation",
            "rest/api/content/*/restriction/byOperation/*",
        ],
        "rest/api/content/0/restriction",
    ),
    granular(
        "read:label:confluence",
        Need::Always,
        "labels to choose from in the settings",
        &["api/v2/labels"],
        "api/v2/labels?limit=1",
    ),
    granular(
        DETAILS,
        Need::Always,
        "the people of the site",
        &["rest/api/search/user"],
        "rest/api/search/user?cql=type%3Duser&limit=1",
    ),
    classic(
        "read:confluence-groups",
        Need::Always,
        "groups and their members",
        &["read:group:confluence", "read:user:confluence"],
        &["rest/api/group", "rest/api/group/*/membersByGroupId"],
        "rest/api/group?limit=1",
    ),
    granular(
        "read:comment:confluence",
        Need::Comments,
        "comments and replies",
        &[
            "api/v2/footer-comments",
            "api/v2/footer-comments/*",
            "api/v2/footer-comments/*/children",
            "api/v2/inline-comments",
            "api/v2/inline-comments/*",
            "api/v2/inline-comments/*/children",
            "api/v2/pages/*/footer-comments",
            "api/v2/pages/*/inline-comments",
            "api/v2/blogposts/*/footer-comments",
            "api/v2/blogposts/*/inline-comments",
            "api/v2/attachments/*/footer-comments",
        ],
        "api/v2/footer-comments?limit=1",
    ),
    granular(
        "read:attachment:confluence",
        Need::Attachments,
        "names and sizes of attachments",
        &[
            "api/v2/attachments",
            "api/v2/attachments/*",
            "api/v2/pages/*/attachments",
            "api/v2/blogposts/*/attachments",
        ],
        "api/v2/attachments?limit=1",
    ),
    classic(
        "readonly:content.attachment:confluence",
        Need::Attachments,
        "what is in attachments",
        &["read:attachment:confluence"],
        &["rest/api/content/*/child/attachment/*/download"],
        "rest/api/content/0/child/attachment/att0/download",
    ),
    granular(
        "read:folder:confluence",
        Need::Nodes,
        "folders, through which pages inherit restrictions",
        &["api/v2/folders/*"],
        "api/v2/folders/0",
    ),
    granular(
        "read:whiteboard:confluence",
        Need::Nodes,
        "titles of whiteboards, and their place in the tree",
        &["api/v2/whiteboards/*"],
        "api/v2/whiteboards/0",
    ),
    granular(
        "read:database:confluence",
        Need::Nodes,
        "titles of databases, and their place in the tree",
        &["api/v2/databases/*"],
        "api/v2/databases/0",
    ),
    granular(
        "read:embed:confluence",
        Need::Nodes,
        "titles of Smart Links, and their place in the tree",
        &["api/v2/embeds/*"],
        "api/v2/embeds/0",
    ),
    granular(
        "read:content.metadata:confluence",
        Need::Trees,
        "what lies above a page, where it is not chosen itself",
        &["api/v2/*/*/ancestors"],
        "api/v2/pages/0/ancestors?limit=1",
    ),
    granular(
        "read:audit-log:confluence",
        Need::Audit,
        "audit records",
        &["rest/api/audit", "rest/api/audit/since"],
        "rest/api/audit?limit=1",
    ),
];

/// The scopes that some settings need.
pub fn needed(wanted: &Wanted) -> impl Iterator<Item = &'static Scope> {
    SCOPES.iter().filter(|scope| wanted.asks_for(scope.need))
}

/// The scope that a request needs, by its path, whatever stands before `/wiki/`.
pub fn of_path(path: &str) -> Option<&'static Scope> {
    let (_, path) = path.split_once("/wiki/")?;
    SCOPES.iter().find(|scope| scope.routes.iter().any(|route| fits(route, path)))
}

impl Scope {
    /// Whether these scopes make it good: itself, or all that stand in for it.
    pub fn is_among(&self, granted: &[String]) -> bool {
        let has = |name: &str| granted.iter().any(|scope| scope == name);
        has(self.name) || (!self.instead.is_empty() && self.instead.iter().all(|name| has(name)))
    }
}

fn fits(route: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let all = route.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part));
    all && parts.next().is_none()
}
