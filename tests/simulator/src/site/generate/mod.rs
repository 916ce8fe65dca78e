//! A company's site from a seed: the same seed and size give the same site,
//! byte for byte, on every machine.

mod census;
mod discussion;
mod people;
mod spaces;
mod story;
mod tree;

pub use story::{CRAWLER_EMAIL, DEMO_PEOPLE, DEMO_QUERY, DemoPerson};

use fastrand::Rng;

use super::{AccountId, Site};
use crate::clock::{Clock, Millis};
use crate::prose::Mention;

/// How much of everything to generate. Start from one of the presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// One, the handbook; or at least 6: engineering, private, partners', personal and
    /// archived besides.
    pub spaces: usize,
    /// Pages that can be read, archived ones included; at least 20. Some more lie in the bin.
    pub pages: usize,
    pub blog_posts: usize,
    /// Footer and inline comments and their replies, in all.
    pub comments: usize,
    pub attachments: usize,
    /// At least 6: people with accounts, the crawler among them. Two apps come on top.
    pub people: usize,
    /// At least 2, which every site has; the others are teams.
    pub groups: usize,
    /// Whether the pages of the demo's story are among the pages.
    pub story: bool,
    /// Whether every way of granting and refusing occurs. It takes people, groups, spaces,
    /// pages and nodes of its own, beyond the numbers above.
    pub every_case: bool,
    /// With `every_case`: spaces that the crawler is not let into.
    pub unseen_spaces: usize,
}

impl Size {
    /// What `weir demo` shows.
    pub fn demo() -> Self {
        Size {
            spaces: 6,
            pages: 300,
            blog_posts: 20,
            comments: 220,
            attachments: 90,
            people: 12,
            groups: 5,
            story: true,
            every_case: false,
            unseen_spaces: 0,
        }
    }

    /// What the benchmark syncs.
    pub fn bench() -> Self {
        Size {
            spaces: 8,
            pages: 2_000,
            blog_posts: 100,
            comments: 1_500,
            attachments: 800,
            people: 200,
            groups: 12,
            story: false,
            every_case: false,
            unseen_spaces: 0,
        }
    }

    /// What a host's permissions are held against: more than 50 people, 16 groups and 3,000
    /// items, in which over any four seeds in a row everything occurs that may let somebody
    /// in or keep somebody out. The crawler sees all of it, unless `unseen_spaces` says otherwise.
    pub fn census() -> Self {
        Size {
            spaces: 8,
            pages: 1_150,
            blog_posts: 100,
            comments: 700,
            attachments: 320,
            people: 46,
            groups: 15,
            story: true,
            every_case: true,
            unseen_spaces: 0,
        }
    }

    /// `pages` pages with one comment and half an attachment each, in one space: what a
    /// site costs by its pages, and hardly by anything else.
    pub fn pages(pages: usize) -> Self {
        Size {
            spaces: 1,
            pages,
            blog_posts: 0,
            comments: pages,
            attachments: pages / 2,
            people: 20,
            groups: 2,
            story: false,
            every_case: false,
            unseen_spaces: 0,
        }
    }
}

/// Content was written in the three years before this instant
/// (2026-06-30T12:00:00Z), so that it is in the past whenever it is served.
pub const WRITTEN_UNTIL: Millis = 1_782_820_800_000;
const WRITTEN_FROM: Millis = WRITTEN_UNTIL - 3 * 365 * 86_400_000;

/// Makes a site. `clock` is what the running site will go by; the content's
/// own dates come from the seed.
pub fn generate(seed: u64, size: &Size, clock: Clock) -> Site {
    let mut making = Making {
        rng: Rng::with_seed(seed),
        site: Site::new(Clock::standing_at(WRITTEN_UNTIL)),
        people: Vec::new(),
    };
    people::populate(&mut making, size);
    let spaces = spaces::make(&mut making, size);
    if size.story {
        story::write(&mut making, &spaces);
    }
    tree::pages(&mut making, size, &spaces);
    tree::blog_posts(&mut making, size, &spaces);
    tree::restrict(&mut making);
    if size.every_case {
        census::build(&mut making, seed, size, &spaces);
    }
    discussion::comments(&mut making, size);
    discussion::attachments(&mut making, size);
    // How the site was made is nobody's business, so the log begins here.
    making.site.audit.clear();
    if size.every_case {
        census::history(&mut making);
    }
    let mut site = making.site;
    site.clock = clock;
    site
}

/// The site so far, and the chance it is made with.
struct Making {
    rng: Rng,
    site: Site,
    /// The people who write: active, with a licence.
    people: Vec<AccountId>,
}

impl Making {
    fn author(&mut self) -> AccountId {
        self.rng.choice(&self.people).cloned().unwrap_or_default()
    }

    fn mentions(&self) -> Vec<(String, String)> {
        let known = self.people.iter().filter_map(|id| self.site.users.get(id));
        known.map(|user| (user.account_id.clone(), user.name.clone())).collect()
    }

    /// An instant in the years of writing.
    fn instant(&mut self) -> Millis {
        self.rng.i64(WRITTEN_FROM..WRITTEN_UNTIL)
    }

    /// An instant after another, at most ninety days later.
    fn soon_after(&mut self, earlier: Millis) -> Millis {
        let latest = (earlier + 90 * 86_400_000).min(WRITTEN_UNTIL);
        if latest <= earlier { earlier } else { self.rng.i64(earlier..latest) }
    }
}

fn as_mentions(people: &[(String, String)]) -> Vec<Mention<'_>> {
    people.iter().map(|(account_id, name)| Mention { account_id, name }).collect()
}
