//! What a user chose to read: the settings' filters, and what each of them means exactly.
//!
//! Pure, and the only place where it is decided whether something is wanted: the plans of `reading` may ask the
//! site for less in many ways, but whatever comes back is judged here, on every item. What is not known is told
//! from what is not wanted, since nothing is removed or read on a guess. Requests are absent, and so is the
//! clock: an instant comes in by [`Filter::at`].

mod facts;
mod instant;
mod issues;
mod list;
mod schema;
mod scope;
mod settings;
mod unknown;
mod words;

pub use facts::{Facts, SpaceFacts};
pub use instant::Window;
pub use list::List;
pub use schema::properties;
pub use scope::in_scope;
pub use settings::{knows, tidy};
pub use unknown::unknown_spaces;

use crate::confluence::id::Id;
use crate::item::page::Posting;

/// What to read. The default is everything that is content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Keys, as the site writes them.
    pub spaces: List<String>,
    pub personal_spaces: bool,
    pub archived_spaces: bool,
    pub archived_pages: bool,
    /// Each with all that lies below it.
    pub pages: List<Id>,
    pub blog_posts: List<Id>,
    /// In lower case, as Confluence keeps them. A page needs one of the first, and none of the second.
    pub labels: List<String>,
    pub modified: Window,
    pub created: Window,
    pub kinds: Kinds,
    /// Whether the audit log is read.
    pub audit: bool,
    /// Tells one filter from another, beside its spaces: for pages, and for blog posts.
    digests: [String; 2],
    /// Tells one filter from another altogether.
    whole: String,
}

/// Kinds of content that are read. Comments and attachments are read with what they hang on, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds {
    pub pages: bool,
    pub blog_posts: bool,
    pub comments: bool,
    pub attachments: bool,
    /// Folders and their like as things to be found. As places in the tree they are always read.
    pub other: bool,
}

/// A filter, and the moment from which its sliding windows count back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub filter: Filter,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub now: u64,
}

impl Wanted {
    /// The filter at that moment.
    pub fn frozen(&self) -> Filter {
        self.filter.at(self.now)
    }
}

impl Default for Filter {
    fn default() -> Filter {
        Filter {
            spaces: List::default(),
            personal_spaces: true,
            archived_spaces: true,
            archived_pages: true,
            pages: List::default(),
            blog_posts: List::default(),
            labels: List::default(),
            modified: Window::default(),
            created: Window::default(),
            kinds: Kinds { pages: true, blog_posts: true, comments: true, attachments: true, other: true },
            audit: false,
            digests: Default::default(),
            whole: String::new(),
        }
    }
}

impl Filter {
    /// The same filter with its sliding windows as fixed ones, that end at `now`.
    pub fn at(&self, now: u64) -> Filter {
        Filter { modified: self.modified.at(now), created: self.created.at(now), ..self.clone() }
    }

    /// Whether some spaces are left out.
    pub fn limits_spaces(&self) -> bool {
        !self.spaces.is_empty() || !self.personal_spaces || !self.archived_spaces
    }

    /// Whether pages or blog posts of the chosen spaces are left out by what each of them says.
    pub fn is_fine(&self, posting: Posting) -> bool {
        !self.ids(posting).is_empty() || !self.labels.is_empty() || self.has_dates()
    }

    pub fn has_dates(&self) -> bool {
        !self.modified.is_empty() || !self.created.is_empty()
    }

    /// Whether a page or blog post of the site may be left out, so that what hangs on them has to be looked up.
    pub fn is_plain(&self) -> bool {
        let fine = self.is_fine(Posting::Page) || self.is_fine(Posting::BlogPost);
        !self.limits_spaces() && !fine && self.archived_pages && self.kinds.pages && self.kinds.blog_posts
    }

    /// The ids that are chosen or excluded, of pages or of blog posts.
    pub fn ids(&self, posting: Posting) -> &List<Id> {
        match posting {
            Posting::Page => &self.pages,
            Posting::BlogPost => &self.blog_posts,
        }
    }

    pub fn reads(&self, posting: Posting) -> bool {
        match posting {
            Posting::Page => self.kinds.pages,
            Posting::BlogPost => self.kinds.blog_posts,
        }
    }

    /// Differs between any two filters that want different content. Empty for the default.
    pub fn digest_of_all(&self) -> &str {
        &self.whole
    }

    /// Differs between any two filters that want different pages (or blog posts) of the same space.
    pub fn digest(&self, posting: Posting) -> &str {
        let [pages, blog_posts] = &self.digests;
        match posting {
            Posting::Page => pages,
            Posting::BlogPost => blog_posts,
        }
    }
}
