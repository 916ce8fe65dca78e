//! What a form sent: names and texts, a name as often as it was sent.

use super::schema::{PREFIX, Typed};

/// The pairs of a form or a query, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent(pub Vec<(String, String)>);

impl Sent {
    /// The first of that name, without blanks at its ends; None if it is missing or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().filter(|(other, _)| other == name);
        named.map(|(_, text)| text.trim()).find(|text| !text.is_empty())
    }

    pub fn owned(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, text)| text.as_str())
    }

    /// What was typed into the form of a settings schema.
    pub fn typed(&self) -> Typed {
        let setting = |(name, text): &(String, String)| {
            let pointer = name.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/'))?;
            Some((pointer.to_owned(), text.clone()))
        };
        self.0.iter().filter_map(setting).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Sent;

    #[test]
    fn texts_are_found_by_name_and_settings_by_pointer() {
        let pairs = [
            ("name", "  "),
            ("name", " a "),
            ("set/site", "x"),
            ("settle", "y"),
            ("kind", "p"),
            ("kind", "q"),
        ];
        let sent = Sent(pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec());
        assert_eq!((sent.text("name"), sent.text("none")), (Some("a"), None));
        assert_eq!(sent.all("kind").collect::<Vec<_>>(), ["p", "q"]);
        assert_eq!(sent.typed().into_iter().collect::<Vec<_>>(), [("/site".to_owned(), "x".to_owned())]);
    }
}
