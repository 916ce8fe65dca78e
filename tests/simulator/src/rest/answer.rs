//! What a handler answers with, before it becomes bytes on a socket.

use serde_json::Value;

/// An answer, and what it costs a metered caller.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Content,
    pub objects: Objects,
}

#[derive(Debug)]
pub enum Content {
    Empty,
    Json(Value),
    Html(String),
    Xml(String),
    File { media_type: &'static str, bytes: Vec<u8> },
}

/// What an answer holds that points are charged for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    /// Pages, spaces, comments, attachments: one point each.
    pub content: u64,
    /// Users, groups, permissions: two points each.
    pub identities: u64,
}

impl Answer {
    pub fn json(value: Value) -> Self {
        Answer::of(200, Content::Json(value))
    }

    pub fn of(status: u16, body: Content) -> Self {
        Answer { status, headers: Vec::new(), body, objects: Objects::default() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn holding(mut self, content: usize) -> Self {
        self.objects.content = content as u64;
        self
    }

    pub fn holding_identities(mut self, identities: usize) -> Self {
        self.objects.identities = identities as u64;
        self
    }
}

impl Content {
    /// The bytes, and the media type as Confluence writes it (JSON bears no charset).
    pub fn into_bytes(self) -> (Option<&'static str>, Vec<u8>) {
        match self {
            Content::Empty => (None, Vec::new()),
            Content::Json(value) => {
                (Some("application/json"), serde_json::to_vec(&value).unwrap_or_default())
            }
            Content::Html(text) => (Some("text/html;charset=UTF-8"), text.into_bytes()),
            Content::Xml(text) => (Some("application/xml"), text.into_bytes()),
            Content::File { media_type, bytes } => (Some(media_type), bytes),
        }
    }
}
