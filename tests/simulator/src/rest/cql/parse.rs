//! Words to clauses, by recursive descent: `or` binds loosest, `not` tightest.

use super::lex::{Token, tokens};
use super::{Clause, Field, Literal, Operator, Refusal};

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub clause: Clause,
    pub order: Option<(Field, Direction)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

pub fn parse(text: &str) -> Result<Query, Refusal> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, text };
    let clause = parser.any_of()?;
    let order = if parser.keyword("order") { Some(parser.order()?) } else { None };
    match parser.peek() {
        None => Ok(Query { clause, order }),
        Some(_) => Err(parser.wrong()),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    text: &'a str,
}

impl Parser<'_> {
    fn any_of(&mut self) -> Result<Clause, Refusal> {
        let mut clauses = vec![self.all_of()?];
        while self.keyword("or") {
            clauses.push(self.all_of()?);
        }
        Ok(Clause::Or(clauses))
    }

    fn all_of(&mut self) -> Result<Clause, Refusal> {
        let mut clauses = vec![self.one()?];
        while self.keyword("and") {
            clauses.push(self.one()?);
        }
        Ok(Clause::And(clauses))
    }

    fn one(&mut self) -> Result<Clause, Refusal> {
        if self.keyword("not") {
            return Ok(Clause::Not(Box::new(self.one()?)));
        }
        if self.sign("(") {
            let clause = self.any_of()?;
            return if self.sign(")") { Ok(clause) } else { Err(self.wrong()) };
        }
        let Some(Token::Word(name)) = self.next() else {
            return Err(self.wrong());
        };
        let field = Field::parse(&name)?;
        let operator = self.operator()?;
        if !field.accepts(operator) {
            return Err(Refusal(format!("The field '{name}' does not take this operator")));
        }
        let values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ if field.is_date() => vec![date(self.value()?)?],
            _ => vec![self.value()?],
        };
        Ok(Clause::Term { field, operator, values })
    }

    fn operator(&mut self) -> Result<Operator, Refusal> {
        if self.keyword("in") {
            return Ok(Operator::In);
        }
        if self.keyword("not") {
            return if self.keyword("in") { Ok(Operator::NotIn) } else { Err(self.wrong()) };
        }
        match self.next() {
            Some(Token::Sign("=")) => Ok(Operator::Is),
            Some(Token::Sign("!=")) => Ok(Operator::IsNot),
            Some(Token::Sign("<")) => Ok(Operator::Before),
            Some(Token::Sign("<=")) => Ok(Operator::BeforeOrAt),
            Some(Token::Sign(">")) => Ok(Operator::After),
            Some(Token::Sign(">=")) => Ok(Operator::AfterOrAt),
            Some(Token::Sign("~")) => Ok(Operator::Like),
            Some(Token::Sign("!~")) => Ok(Operator::Unlike),
            _ => Err(self.wrong()),
        }
    }

    fn values(&mut self) -> Result<Vec<Literal>, Refusal> {
        if !self.sign("(") {
            return Err(self.wrong());
        }
        let mut values = vec![self.value()?];
        while self.sign(",") {
            values.push(self.value()?);
        }
        if self.sign(")") { Ok(values) } else { Err(self.wrong()) }
    }

    fn value(&mut self) -> Result<Literal, Refusal> {
        match self.next() {
            Some(Token::Quoted(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("now") && self.sign("(") => {
                let shift = match self.next() {
                    Some(Token::Sign(")")) => return Ok(Literal::Now(0)),
                    Some(Token::Quoted(text)) => now_shift(&text).ok_or_else(|| self.wrong())?,
                    _ => return Err(self.wrong()),
                };
                if self.sign(")") { Ok(Literal::Now(shift)) } else { Err(self.wrong()) }
            }
            Some(Token::Word(word)) => Ok(Literal::Text(word)),
            _ => Err(self.wrong()),
        }
    }

    fn order(&mut self) -> Result<(Field, Direction), Refusal> {
        if !self.keyword("by") {
            return Err(self.wrong());
        }
        let Some(Token::Word(name)) = self.next() else {
            return Err(self.wrong());
        };
        let field = Field::parse(&name)?;
        let descending = !self.keyword("asc") && self.keyword("desc");
        Ok((field, if descending { Direction::Descending } else { Direction::Ascending }))
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn keyword(&mut self, word: &str) -> bool {
        let here = matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    fn sign(&mut self, sign: &str) -> bool {
        let here = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(here);
        here
    }

    fn wrong(&self) -> Refusal {
        Refusal(format!("Could not parse cql : {}", self.text))
    }
}

/// `-30m`, `4w`, in milliseconds. `m` is minutes and `M` months.
fn now_shift(text: &str) -> Option<i64> {
    const MINUTE: i64 = 60_000;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "m" => MINUTE,
        "h" => 60 * MINUTE,
        "d" => 24 * 60 * MINUTE,
        "w" => 7 * 24 * 60 * MINUTE,
        "M" => 30 * 24 * 60 * MINUTE,
        "y" => 365 * 24 * 60 * MINUTE,
        _ => return None,
    };
    number.trim_start_matches('+').parse::<i64>().ok()?.checked_mul(unit)
}

/// `2026-05-06` or `2026-05-06 14:09`; a slash may stand for a dash.
fn date(value: Literal) -> Result<Literal, Refusal> {
    let Literal::Text(text) = value else {
        return Ok(value);
    };
    let plain = text.replace('/', "-");
    let full = if plain.len() == 10 { format!("{plain} 00:00") } else { plain };
    chrono::NaiveDateTime::parse_from_str(&full, "%Y-%m-%d %H:%M")
        .map(|wall| Literal::Wall(wall.and_utc().timestamp_millis()))
        .map_err(|_| {
            Refusal(format!(
                "Date value '{text}' is not in a supported format: use 'yyyy-MM-dd HH:mm' or 'yyyy-MM-dd'"
            ))
        })
}
