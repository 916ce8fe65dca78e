//! Lists in pages: each answer says where the next begins.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of an answer, unless somebody asks for fewer or more.
const LIMIT_DEFAULT: u32 = 50;
/// More would keep others waiting.
const LIMIT_MAX: u32 = 500;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next` of the page before; left out for the first.
    pub cursor: Option<String>,
    /// Rows at most, up to 500; 50 if left out.
    #[param(maximum = 500, minimum = 1)]
    pub limit: Option<u32>,
}

impl Paging {
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX)
    }

    /// The number that the cursor is, for lists in the order of a number. Whoever makes one up gets the first page.
    #[must_use]
    pub fn number<T: std::str::FromStr>(&self) -> Option<T> {
        self.cursor.as_deref().and_then(|cursor| cursor.parse().ok())
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Paged<T> {
    /// A page of rows that were read with one more than `limit`, which shows that there are more.
    pub fn of(mut rows: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        Self { items: rows, next }
    }
}
