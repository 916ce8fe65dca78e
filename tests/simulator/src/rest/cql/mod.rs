//! The part of the Confluence Query Language that a connector has use for.
//!
//! Fields: type, space (also space.key), id (also content), ancestor, container, parent,
//! lastmodified, created, title, label, text, creator. Operators: `=`, `!=`,
//! `<`, `<=`, `>`, `>=`, `~`, `!~`, `in`, `not in`; `and`, `or`, `not`,
//! brackets; `order by`. Dates have minutes and the caller's time zone.
//! Everything else is refused with the words a real site uses.

mod evaluate;
mod lex;
mod parse;

pub use evaluate::{Found, Horizon};
pub use parse::{Direction, Query, parse};

/// What is wrong with a query, as the site says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// `field operator value`, after parsing.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    And(Vec<Clause>),
    Or(Vec<Clause>),
    Not(Box<Clause>),
    Term { field: Field, operator: Operator, values: Vec<Literal> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Type,
    Space,
    Id,
    Ancestor,
    Container,
    Parent,
    LastModified,
    Created,
    Title,
    Label,
    Text,
    Creator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Is,
    IsNot,
    Before,
    BeforeOrAt,
    After,
    AfterOrAt,
    Like,
    Unlike,
    In,
    NotIn,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    /// `now("-30m")`: milliseconds from now.
    Now(i64),
    /// A date as a clock on a wall shows it, in milliseconds; the caller's zone says where the wall is.
    Wall(i64),
}

impl Field {
    pub fn is_date(self) -> bool {
        matches!(self, Field::LastModified | Field::Created)
    }

    /// Dates are compared, words are looked for, everything else is equal or not.
    pub fn accepts(self, operator: Operator) -> bool {
        use Operator::{After, AfterOrAt, Before, BeforeOrAt, In, Is, IsNot, Like, NotIn, Unlike};
        match operator {
            Is | IsNot => true,
            In | NotIn => !self.is_date(),
            Before | BeforeOrAt | After | AfterOrAt => self.is_date(),
            Like | Unlike => matches!(self, Field::Title | Field::Text),
        }
    }

    pub fn parse(name: &str) -> Result<Field, Refusal> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "type" => Field::Type,
            "space" | "space.key" => Field::Space,
            "id" | "content" => Field::Id,
            "ancestor" => Field::Ancestor,
            "container" => Field::Container,
            "parent" => Field::Parent,
            "lastmodified" => Field::LastModified,
            "created" => Field::Created,
            "title" => Field::Title,
            "label" => Field::Label,
            "text" => Field::Text,
            "creator" => Field::Creator,
            _ => {
                return Err(Refusal(format!(
                    "No field exists with the name: '{name}' Did you mean one of : space, subtype, space.key, \
                     siteSearch, space.type"
                )));
            }
        })
    }
}
