//! What one account sees through the API: what it may read, less what a knob
//! hides, plus what lies in the bin where it might have read it.

use std::collections::HashSet;

use crate::faults::Knobs;
use crate::oracle::Reader;
use crate::site::{AttachmentStatus, Branch, Container, Id, Site};

#[derive(Debug, Default)]
pub struct Sight {
    pub spaces: HashSet<Id>,
    pub pages: HashSet<Id>,
    /// Folders and their like.
    pub nodes: HashSet<Id>,
    pub blog_posts: HashSet<Id>,
    pub comments: HashSet<Id>,
    pub attachments: HashSet<Id>,
}

impl Sight {
    pub fn of(site: &Site, knobs: &Knobs, account_id: &str) -> Self {
        let Some(reader) = Reader::new(site, account_id) else {
            return Sight::default();
        };
        let hidden = |key: &str| knobs.hidden_spaces.iter().any(|name| name.eq_ignore_ascii_case(key));
        let spaces = site.spaces.values().filter(|it| !hidden(&it.key) && reader.space(it));
        let spaces: HashSet<Id> = spaces.map(|it| it.id).collect();
        let passes = |it: &Branch<'_>| spaces.contains(&it.space()) && reader.passes_branch(*it);
        let pages: HashSet<Id> =
            site.pages.values().map(Branch::Page).filter(passes).map(Branch::id).collect();
        let nodes = site.nodes.values().map(Branch::Node).filter(passes).map(Branch::id).collect();
        let posts =
            site.blog_posts.values().filter(|it| spaces.contains(&it.space) && reader.passes_blog_post(it));
        let blog_posts: HashSet<Id> = posts.map(|it| it.id).collect();
        let seen = |container: Container| {
            reader.container(container)
                && match container {
                    Container::Page(id) => pages.contains(&id),
                    Container::BlogPost(id) => blog_posts.contains(&id),
                }
        };
        let comments = site.comments.values().filter(|it| seen(it.container)).map(|it| it.id).collect();
        let attachments = site
            .attachments
            .values()
            .filter(|it| it.status == AttachmentStatus::Trashed || reader.attachment(it))
            .filter(|it| seen(it.container))
            .map(|it| it.id)
            .collect();
        Sight { spaces, pages, nodes, blog_posts, comments, attachments }
    }

    /// Whether the page or node with this id is seen.
    pub fn sees_branch(&self, id: Id) -> bool {
        self.pages.contains(&id) || self.nodes.contains(&id)
    }
}
