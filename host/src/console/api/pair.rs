//! A cursor of a list whose order is that of two texts: a name, and an id where names are equal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The cursor after this row.
#[must_use]
pub fn write(name: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{name}\0{id}"))
}

/// Whoever makes one up gets the first page.
#[must_use]
pub fn read(cursor: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (name, id) = text.rsplit_once('\0')?;
    Some((name.to_owned(), id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for (name, id) in [("Ana Ü", "712020:abc"), ("", "x"), ("a\0b", "c")] {
            assert_eq!(read(&write(name, id)), Some((name.to_owned(), id.to_owned())));
        }
        assert_eq!([read(""), read("!"), read("YQ")], [None, None, None]);
    }
}
