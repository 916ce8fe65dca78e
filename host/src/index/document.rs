//! What the index is told of one item.

/// An item as it is to be found. Putting one replaces what the index had of its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The item's row number in the store, unique over all connections.
    pub num: u32,
    /// The name of the connection, as its user chose it.
    pub connection: String,
    /// `page:98765`. Found whole, or by what follows the first colon.
    pub id: String,
    /// `page-comment`. Found whole, or by what precedes the colon of the id.
    pub kind: String,
    pub title: String,
    /// The name of the file the item carries, if that is not its title.
    pub file: Option<String>,
    /// Readable text, as `text::plain` makes it; indexed, not kept.
    pub body: String,
    /// Whatever the author is called: id, name, e-mail. Each is found whole and by its words.
    pub authors: Vec<String>,
    /// Milliseconds since 1970; between equally good hits the newer comes first.
    pub updated: Option<u64>,
    pub properties: Vec<(String, String)>,
}
