//! Does a content match a query? Pure, one content at a time.

use super::{Clause, Field, Literal, Operator, Refusal};
use crate::clock::Millis;
use crate::site::{Attachment, BlogPost, Comment, Container, Id, Page, Site, TimeZone, Version};

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
    BlogPost(&'a BlogPost),
    Comment(&'a Comment),
    Attachment(&'a Attachment),
}

impl<'a> Found<'a> {
    pub fn matches(&self, clause: &Clause, site: &Site, horizon: Horizon) -> Result<bool, Refusal> {
        Ok(match clause {
            Clause::And(all) => {
                for clause in all {
                    if !self.matches(clause, site, horizon)? {
                        return Ok(false);
                    }
                }
                true
            }
            Clause::Or(any) => {
                for clause in any {
                    if self.matches(clause, site, horizon)? {
                        return Ok(true);
                    }
                }
                false
            }
            Clause::Not(clause) => !self.matches(clause, site, horizon)?,
            Clause::Term {
                field,
                operator,
                values,
            } => self.term(*field, *operator, values, site, horizon)?,
        })
    }

    fn term(
        &self,
        field: Field,
        operator: Operator,
        values: &[Literal],
        site: &Site,
        horizon: Horizon,
    ) -> Result<bool, Refusal> {
        if let Field::LastModified | Field::Created = field {
            let at = if field == Field::Created {
                self.created()
            } else {
                self.indexed_version(horizon).at
            };
            return compare_dates(at, operator, values, horizon);
        }
        let any = |test: &dyn Fn(&str) -> bool| {
            values
                .iter()
                .any(|value| matches!(value, Literal::Text(t) if test(t)))
        };
        let equal = |test: &dyn Fn(&str) -> bool| match operator {
            Operator::Is | Operator::In => Ok(any(test)),
            Operator::IsNot | Operator::NotIn => Ok(!any(test)),
            _ => Err(Refusal("Unsupported operator for this field".into())),
        };
        let like = |text: &str| match operator {
            Operator::Like => Ok(any(&|wanted| has_words(text, wanted))),
            Operator::Unlike => Ok(!any(&|wanted| has_words(text, wanted))),
            _ => equal(&|wanted| text.eq_ignore_ascii_case(wanted)),
        };
        match field {
            Field::Type => equal(&|wanted| self.kind().eq_ignore_ascii_case(wanted)),
            Field::Space => {
                let key = self
                    .space(site)
                    .and_then(|id| site.spaces.get(&id))
                    .map_or("", |space| space.key.as_str());
                equal(&|wanted| key.eq_ignore_ascii_case(wanted))
            }
            Field::Id => equal(&|wanted| self.has_id(wanted)),
            Field::Ancestor => {
                let above = self.ancestors(site);
                equal(&|wanted| above.iter().any(|id| wanted.parse() == Ok(*id)))
            }
            Field::Parent => {
                let above = self.ancestors(site);
                equal(&|wanted| above.first().is_some_and(|id| wanted.parse() == Ok(*id)))
            }
            Field::Title => like(self.title(site)),
            Field::Text => like(&format!("{} {}", self.title(site), self.text())),
            Field::Label => equal(&|wanted| {
                self.labels()
                    .iter()
                    .any(|label| label.eq_ignore_ascii_case(wanted))
            }),
            Field::Creator => equal(&|wanted| self.author() == wanted),
            Field::LastModified | Field::Created => Ok(false),
        }
    }

    pub fn id(&self) -> Id {
        match self {
            Found::Page(it) => it.id,
            Found::BlogPost(it) => it.id,
            Found::Comment(it) => it.id,
            Found::Attachment(it) => it.id,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Found::Page(_) => "page",
            Found::BlogPost(_) => "blogpost",
            Found::Comment(_) => "comment",
            Found::Attachment(_) => "attachment",
        }
    }

    pub fn versions(&self) -> &'a [Version] {
        match self {
            Found::Page(it) => &it.versions,
            Found::BlogPost(it) => &it.versions,
            Found::Comment(it) => &it.versions,
            Found::Attachment(it) => &it.versions,
        }
    }

    pub fn created(&self) -> Millis {
        match self {
            Found::Page(it) => it.created,
            Found::BlogPost(it) => it.created,
            Found::Comment(it) => it.created,
            Found::Attachment(it) => it.created,
        }
    }

    pub fn title(&self, site: &'a Site) -> &'a str {
        match self {
            Found::Page(it) => &it.title,
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
            Found::BlogPost(it) => &it.labels,
            Found::Comment(_) | Found::Attachment(_) => &[],
        }
    }

    pub fn author(&self) -> &'a str {
        match self {
            Found::Page(it) => &it.author,
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
            Found::BlogPost(it) => Some(it.space),
            Found::Comment(it) => of(it.container),
            Found::Attachment(it) => of(it.container),
        }
    }

    /// The ids above a page, nearest first; what hangs on a page has the page above it too.
    pub fn ancestors(&self, site: &Site) -> Vec<Id> {
        let above = |id: Id| site.page_and_ancestors(id).into_iter().map(|page| page.id);
        match self {
            Found::Page(it) => above(it.id).skip(1).collect(),
            Found::BlogPost(_) => Vec::new(),
            Found::Comment(Comment { container, .. })
            | Found::Attachment(Attachment { container, .. }) => match container {
                Container::Page(id) => above(*id).collect(),
                Container::BlogPost(_) => Vec::new(),
            },
        }
    }

    /// The version the index has seen last.
    pub fn indexed_version(&self, horizon: Horizon) -> &'a Version {
        let versions = self.versions();
        let seen = versions
            .iter()
            .rev()
            .find(|version| version.at <= horizon.indexed_until);
        seen.or_else(|| versions.first())
            .unwrap_or_else(|| match self {
                Found::Page(it) => it.version(),
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
            Found::Attachment(_) => "",
        }
    }

    fn has_id(&self, wanted: &str) -> bool {
        wanted.strip_prefix("att").unwrap_or(wanted).parse() == Ok(self.id())
    }
}

/// Every word of `wanted` occurs; a star at its end stands for any ending.
fn has_words(text: &str, wanted: &str) -> bool {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .collect();
    wanted.split_whitespace().all(|want| {
        let want = want.to_lowercase();
        match want.strip_suffix('*') {
            Some(stem) => words.iter().any(|word| word.starts_with(stem)),
            None => words.contains(&want),
        }
    })
}

fn compare_dates(
    at: Millis,
    operator: Operator,
    values: &[Literal],
    horizon: Horizon,
) -> Result<bool, Refusal> {
    const MINUTE: i64 = 60_000;
    let Some(value) = values.first() else {
        return Ok(false);
    };
    let bound = match value {
        Literal::Now(shift) => horizon.now + shift,
        Literal::Text(text) => date(text, horizon.zone)?,
    }
    .div_euclid(MINUTE);
    let at = at.div_euclid(MINUTE);
    Ok(match operator {
        Operator::Is => at == bound,
        Operator::IsNot => at != bound,
        Operator::Before => at < bound,
        Operator::BeforeOrAt => at <= bound,
        Operator::After => at > bound,
        Operator::AfterOrAt => at >= bound,
        _ => return Err(Refusal("Unsupported operator for a date field".into())),
    })
}

/// `2026-05-06` or `2026-05-06 14:09` (a slash may stand for a dash), as the
/// caller's own clock on the wall shows it.
fn date(text: &str, zone: TimeZone) -> Result<Millis, Refusal> {
    let plain = text.replace('/', "-");
    let full = if plain.len() == 10 {
        format!("{plain} 00:00")
    } else {
        plain
    };
    chrono::NaiveDateTime::parse_from_str(&full, "%Y-%m-%d %H:%M")
        .map(|wall| wall.and_utc().timestamp_millis() - zone.minutes_east * 60_000)
        .map_err(|_| {
            Refusal(format!(
                "Date value '{text}' is not in a supported format: use 'yyyy-MM-dd HH:mm' or 'yyyy-MM-dd'"
            ))
        })
}
