//! Answers that a source gives on a bad day, and what a connector has to make of them. Pure.

use bytes::Bytes;

use super::source::{Answer, Reply};
use crate::model::Fault;
use crate::sandbox::{Code, Denied};

/// How one request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    Unauthorized,
    Forbidden,
    NotFound,
    TooMany,
    Failing,
    Down,
    /// A good status, and a body that is none.
    Garbage,
    /// No answer comes.
    Closed,
    /// Half an answer comes.
    Cut,
}

/// What `Retry-After` says of a 429: seconds (RFC 9110 10.2.3).
pub const RETRY_AFTER: u64 = 7;

impl Trouble {
    pub const ALL: [Self; 9] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::TooMany,
        Self::Failing,
        Self::Down,
        Self::Garbage,
        Self::Closed,
        Self::Cut,
    ];

    /// What is answered in place of this, and whether that breaks off.
    pub fn instead_of(self, whole: Answer) -> (Reply, bool) {
        let json = |status: u16, more: &[(&str, String)]| {
            let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
            headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            let body = Bytes::from_static(b"{\"message\":\"weir connector check answers this\"}");
            (Reply::Answer(Answer { status, headers, body }), false)
        };
        match self {
            Self::Unauthorized => json(401, &[]),
            Self::Forbidden => json(403, &[]),
            Self::NotFound => json(404, &[]),
            Self::TooMany => json(429, &[("retry-after", RETRY_AFTER.to_string())]),
            Self::Failing => json(500, &[]),
            Self::Down => json(503, &[]),
            Self::Garbage => {
                let body = Bytes::from_static(b"\x00<weir connector check>{[\xff");
                (Reply::Answer(Answer { body, ..whole }), false)
            }
            Self::Closed => (
                Reply::Denied(Denied { code: Code::ConnectionTerminated, words: None, unsigned: None }),
                false,
            ),
            Self::Cut => {
                let half = whole.body.slice(..whole.body.len() / 2);
                (Reply::Answer(Answer { body: half, ..whole }), true)
            }
        }
    }

    /// The cases of the contract's `error` that fit.
    pub fn is_told_by(self, fault: &Fault) -> bool {
        match self {
            Self::Unauthorized => matches!(fault, Fault::Unauthenticated(_)),
            // Sources hide what may not be seen, and some say 403 of a token that has run out.
            Self::Forbidden => matches!(fault, Fault::Forbidden(_) | Fault::Unauthenticated(_)),
            Self::NotFound => {
                matches!(
                    fault,
                    Fault::NotFound(_)
                        | Fault::Forbidden(_)
                        | Fault::Unauthenticated(_)
                        | Fault::Unexpected(_)
                )
            }
            Self::TooMany => {
                matches!(fault, Fault::Throttled { wait: Some(wait), .. } if *wait >= RETRY_AFTER * 1_000)
            }
            Self::Failing | Self::Cut => matches!(fault, Fault::Unavailable(_) | Fault::Unexpected(_)),
            Self::Down => matches!(fault, Fault::Unavailable(_) | Fault::Throttled { .. }),
            Self::Garbage => matches!(fault, Fault::Unexpected(_)),
            Self::Closed => matches!(fault, Fault::Unavailable(_)),
        }
    }

    /// Whether one item's `failed` tells it too: not where nothing more may be asked.
    pub fn is_told_by_failed(self) -> bool {
        !matches!(self, Self::Unauthorized | Self::TooMany)
    }

    /// Things that may go unmentioned: what is not there any more need not be told.
    pub fn may_lose(self) -> usize {
        usize::from(self == Self::NotFound)
    }

    /// Whether bytes of a file would show it.
    pub fn shows_in_bytes(self) -> bool {
        self != Self::Garbage
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Unauthorized => "answered with 401",
            Self::Forbidden => "answered with 403",
            Self::NotFound => "answered with 404",
            Self::TooMany => "answered with 429 and `retry-after: 7`",
            Self::Failing => "answered with 500",
            Self::Down => "answered with 503",
            Self::Garbage => "answered with its status and a body that is garbage",
            Self::Closed => "not answered: the connection closed",
            Self::Cut => "answered with half of its body before the connection closed",
        }
    }

    pub fn expected(self) -> &'static str {
        match self {
            Self::Unauthorized => "error.unauthenticated",
            Self::Forbidden => "error.forbidden, or `failed` for what was kept back",
            Self::NotFound => "error.not-found, or `failed` or `delete` for that one thing",
            Self::TooMany => "error.throttled, with a wait of 7000 ms",
            Self::Failing => "error.unavailable, or `failed` for what could not be read",
            Self::Down => "error.unavailable, or `failed` for what could not be read",
            Self::Garbage => "error.unexpected, or `failed` for what could not be read",
            Self::Closed | Self::Cut => "error.unavailable, or `failed` for what could not be read",
        }
    }
}
