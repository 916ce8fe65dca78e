//! Does a content match a query? Pure, one content at a time.

use super::{Clause, Field, Literal, Operator};
use crate::clock::Millis;
use crate::site::{
    Attachment, BlogPost, Branch, Comment, Container, Id, Node, Page, Site, TimeZone, Version,
};

/// What the search index knows, and from where it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    pub now: Millis,
    /// Nothing that happened after this instant is in the index yet.
    pub indexed_until: Millis,
    pub zone: TimeZone,
}

/// A content that the index may hold.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    Page(&'a Page),
    Node(&'a Node),
    BlogPost(&'a BlogPost),
    Comment(&'a Comment),
    Attachment(&'a Attachment),
}

impl<'a> Found<'a> {
    /// A page or a node of the tree.
    pub fn branch(branch: Branch<'a>) -> Self {
        match branch {
            Branch::Page(page) => Found::Page(page),
            Branch::Node(node) => Found::Node(node),
        }
    }

    pub fn matches(&self, clause: &Clause, site: &Site, horizon: Horizon) -> bool {
        match clause {
            Clause::And(all) => all.iter().all(|clause| self.matches(clause, site, horizon)),
            Clause::Or(any) => any.iter().any(|clause| self.matches(clause, site, horizon)),
            Clause::Not(clause) => !self.matches(clause, site, horizon),
            Clause::Term { field, operator, values } => match field {
                Field::Created => compare_dates(self.created(), *operator, values, horizon),
                Field::LastModified => {
                    compare_dates(self.indexed_version(horizon).at, *operator, values, horizon)
                }
                _ => {
                    let found = self.has_any(*field, *operator, values, site);
                    let wanted = !matches!(operator, Operator::IsNot | Operator::NotIn | Operator::Unlike);
                    found == wanted
                }
            },
        }
    }

    fn has_any(&self, field: Field, operator: Operator, values: &[Literal], site: &Site) -> bool {
        let any = |test: &dyn Fn(&str) -> bool| {
            values.iter().any(|value| matches!(value, Literal::Text(text) if test(text)))
        };
        let like = matches!(operator, Operator::Like | Operator::Unlike);
        let words = |text: &str| match like {
            true => any(&|wanted| has_words(text, wanted)),
            false => any(&|wanted| text.eq_ignore_ascii_case(wanted)),
        };
        match field {
            Field::Type => words(self.kind()),
            Field::Space => {
                let space = self.space(site).and_then(|id| site.spaces.get(&id));
                words(space.map_or("", |space| space.key.as_str()))
            }
            Field::Id => any(&|wanted| self.has_id(wanted)),
            Field::Ancestor => {
                let above = self.ancestors(site);
                any(&|wanted| above.iter().any(|id| wanted.parse() == Ok(*id)))
            }
            Field::Container => any(&|wanted| self.container().is_some_and(|id| wanted.parse() == Ok(id))),
            Field::Parent => {
                let above = self.ancestors(site);
                any(&|wanted| above.first().is_some_and(|id| wanted.parse() == Ok(*id)))
            }
            Field::Title => words(self.title(site)),
            Field::Text => words(&format!("{} {}", self.title(site), self.text())),
            Field::Label => {
                any(&|wanted| self.labels().iter().any(|label| label.eq_ignore_ascii_case(wanted)))
            }
            Field::Creator => any(&|wanted| self.author() == wanted),
            Field::LastModified | Field::Created => false,
        }
    }

    pub fn id(&self) -> Id {
        match self {
            Found::Page(it) => it.id,
            Found::Node(it) => it.id,
            Found::BlogPost(it) => it.id,
            Found::Comment(it) => it.id,
            Found::Attachment(it) => it.id,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Found::Page(_) => "page",
            Found::Node(it) => it.kind.name(),
            Found::BlogPost(_) => "blogpost",
            Found::Comment(_) => "comment",
            Found::Attachment(_) => "attachment",
        }
    }

    pub fn versions(&self) -> &'a [Version] {
        match self {
            Found::Page(it) => &it.versions,
            Found::Node(it) => &it.versions,
            Found::BlogPost(it) => &it.versions,
            Found::Comment(it) => &it.versions,
            Found::Attachment(it) => &it.versions,
        }
    }

    pub fn created(&self) -> Millis {
        match self {
            Found::Page(it) => it.created,
            Found::Node(it) => it.created,
            Found::BlogPost(it) => it.created,
            Found::Comment(it) => it.created,
            Found::Attachment(it) => it.created,
        }
    }

    pub fn title(&self, site: &'a Site) -> &'a str {
        match self {
            Found::Page(it) => &it.title,
            Found::Node(it) => &it.title,
            Found::BlogPost(it) => &it.title,
            Found::Attachment(it) => &it.name,
            Found::Comment(it) => match it.container {
                Container::Page(id) => site.pages.get(&id).map_or("", |page| &page.title),
                Container::BlogPost(id) => site.blog_posts.get(&id).map_or("", |post| &post.title),
            },
        }
    }

    pub fn labels(&self) -> &'a [String] {
        match self {
            Found::Page(it) => &it.labels,
            Found::Node(it) => &it.labels,
            Found::BlogPost(it) => &it.labels,
            Found::Comment(_) | Found::Attachment(_) => &[],
        }
    }

    pub fn author(&self) -> &'a str {
        match self {
            Found::Page(it) => &it.author,
            Found::Node(it) => &it.author,
            Found::BlogPost(it) => &it.author,
            Found::Comment(it) => &it.author,
            Found::Attachment(it) => &it.author,
        }
    }

    pub fn space(&self, site: &Site) -> Option<Id> {
        let of = |container: Container| match container {
            Container::Page(id) => site.pages.get(&id).map(|page| page.space),
            Container::BlogPost(id) => site.blog_posts.get(&id).map(|post| post.space),
        };
        match self {
            Found::Page(it) => Some(it.space),
            Found::Node(it) => Some(it.space),
            Found::BlogPost(it) => Some(it.space),
            Found::Comment(it) => of(it.container),
            Found::Attachment(it) => of(it.container),
        }
    }

    /// What a comment or an attachment hangs on.
    pub fn container(&self) -> Option<Id> {
        match self {
            Found::Comment(Comment { container, .. }) | Found::Attachment(Attachment { container, .. }) => {
                match container {
                    Container::Page(id) | Container::BlogPost(id) => Some(*id),
                }
            }
            Found::Page(_) | Found::Node(_) | Found::BlogPost(_) => None,
        }
    }

    /// The ids above a page, nearest first; what hangs on a page has the page above it too.
    pub fn ancestors(&self, site: &Site) -> Vec<Id> {
        let above = |id: Id| site.branch_and_ancestors(id).into_iter().map(Branch::id);
        match self {
            Found::Page(it) => above(it.id).skip(1).collect(),
            Found::Node(it) => above(it.id).skip(1).collect(),
            Found::BlogPost(_) => Vec::new(),
            Found::Comment(Comment { container, .. }) | Found::Attachment(Attachment { container, .. }) => {
                match container {
                    Container::Page(id) => above(*id).collect(),
                    Container::BlogPost(_) => Vec::new(),
                }
            }
        }
    }

    /// The version the index has seen last.
    pub fn indexed_version(&self, horizon: Horizon) -> &'a Version {
        let versions = self.versions();
        let seen = versions.iter().rev().find(|version| version.at <= horizon.indexed_until);
        seen.or_else(|| versions.first()).unwrap_or_else(|| match self {
            Found::Page(it) => it.version(),
            Found::Node(it) => it.version(),
            Found::BlogPost(it) => it.version(),
            Found::Comment(it) => it.version(),
            Found::Attachment(it) => it.version(),
        })
    }

    fn text(&self) -> &str {
        match self {
            Found::Page(it) => &it.body,
            Found::BlogPost(it) => &it.body,
            Found::Comment(it) => &it.body,
            Found::Node(_) | Found::Attachment(_) => "",
        }
    }

    fn has_id(&self, wanted: &str) -> bool {
        wanted.strip_prefix("att").unwrap_or(wanted).parse() == Ok(self.id())
    }
}

/// Every word of `wanted` occurs; a star at its end stands for any ending.
fn has_words(text: &str, wanted: &str) -> bool {
    let words: Vec<String> =
        text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect();
    wanted.split_whitespace().all(|want| {
        let want = want.to_lowercase();
        match want.strip_suffix('*') {
            Some(stem) => words.iter().any(|word| word.starts_with(stem)),
            None => words.contains(&want),
        }
    })
}

/// To the minute: seconds are beneath the language.
fn compare_dates(at: Millis, operator: Operator, values: &[Literal], horizon: Horizon) -> bool {
    const MINUTE: i64 = 60_000;
    let bound = match values.first() {
        Some(Literal::Now(shift)) => horizon.now + shift,
        Some(Literal::Wall(wall)) => wall - horizon.zone.minutes_east * MINUTE,
        Some(Literal::Text(_)) | None => return false,
    }
    .div_euclid(MINUTE);
    let at = at.div_euclid(MINUTE);
    match operator {
        Operator::Is => at == bound,
        Operator::IsNot => at != bound,
        Operator::Before => at < bound,
        Operator::BeforeOrAt => at <= bound,
        Operator::After => at > bound,
        Operator::AfterOrAt => at >= bound,
        Operator::In | Operator::NotIn | Operator::Like | Operator::Unlike => false,
    }
}
