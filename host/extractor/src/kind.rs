//! What a file is: told by its first bytes, and by its name and media type only where these say nothing.

use crate::Reason;

/// Bytes that are looked at. A PDF's mark must stand within the first 1,024 (Adobe's implementation note 13).
pub const HEAD_BYTES: u32 = 2_048;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    /// A zip archive: Office Open XML and OpenDocument.
    Archive,
    /// A compound file: Outlook messages, old Office files, encrypted new ones.
    Compound,
    Html,
    Markdown,
    Text,
    Mail,
}

/// Marks of files that are no text and that nothing here reads.
const FOREIGN: [(&[u8], &str); 14] = [
    (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\0", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\0", "a database"),
];

/// Extensions of text that its media type often does not tell.
const TEXTS: [&str; 62] = [
    "txt",
    "text",
    "log",
    "csv",
    "tsv",
    "tab",
    "json",
    "jsonl",
    "ndjson",
    "geojson",
    "xml",
    "xsd",
    "xsl",
    "svg",
    "yaml",
    "yml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "properties",
    "env",
    "sql",
    "sh",
    "bash",
    "zsh",
    "ps1",
    "bat",
    "cmd",
    "py",
    "rb",
    "pl",
    "php",
    "js",
    "mjs",
    "ts",
    "tsx",
    "jsx",
    "css",
    "scss",
    "java",
    "kt",
    "scala",
    "groovy",
    "gradle",
    "go",
    "rs",
    "c",
    "h",
    "cpp",
    "hpp",
    "cc",
    "cs",
    "swift",
    "lua",
    "tf",
    "proto",
    "diff",
    "patch",
    "srt",
    "ics",
    "tex",
];

/// # Errors
///
/// [`Reason::Unsupported`] with what the file seems to be, and [`Reason::Empty`] for one without bytes.
pub fn kind(head: &[u8], name: &str, media_type: &str) -> Result<Kind, Reason> {
    if head.is_empty() {
        return Err(Reason::Empty);
    }
    let start = head.get(..1_024).unwrap_or(head);
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Archive);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Kind::Compound);
    }
    let told = told(&name.to_ascii_lowercase(), &media_type.to_ascii_lowercase());
    let foreign = FOREIGN.iter().find(|(mark, _)| head.starts_with(mark));
    // Two letters may begin a text as well.
    let may_be_text = foreign.is_none_or(|(mark, _)| mark.len() == 2);
    match (told, foreign.map(|(_, what)| *what)) {
        (Some(kind), _) if may_be_text && !is_binary(head) => Ok(kind),
        (Some(Kind::Text | Kind::Html | Kind::Markdown | Kind::Mail), None) => {
            Err(Reason::Unsupported("bytes that are no text".to_owned()))
        }
        (_, Some(what)) => Err(Reason::Unsupported(what.to_owned())),
        (_, None) if promised(media_type) => {
            Err(Reason::Damaged("it is not what its media type says".to_owned()))
        }
        (_, None) => Err(Reason::Unsupported(short(media_type))),
    }
}

fn told(name: &str, media_type: &str) -> Option<Kind> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match (essence, extension) {
        ("message/rfc822", _) | (_, "eml") => Some(Kind::Mail),
        ("text/html" | "application/xhtml+xml", _) | (_, "html" | "htm" | "xhtml") => Some(Kind::Html),
        ("text/markdown" | "text/x-markdown", _) | (_, "md" | "markdown") => Some(Kind::Markdown),
        ("application/json" | "application/xml" | "application/yaml" | "application/x-yaml", _) => {
            Some(Kind::Text)
        }
        ("application/sql" | "application/javascript" | "application/x-sh" | "application/toml", _) => {
            Some(Kind::Text)
        }
        _ if essence.starts_with("text/") && essence != "text/rtf" => Some(Kind::Text),
        _ if essence.ends_with("+json") || essence.ends_with("+xml") => Some(Kind::Text),
        _ if TEXTS.contains(&extension) => Some(Kind::Text),
        _ => None,
    }
}

/// Whether the media type promises a format whose mark the bytes lack.
fn promised(media_type: &str) -> bool {
    let media_type = media_type.to_ascii_lowercase();
    media_type.contains("pdf") || media_type.contains("officedocument") || media_type.contains("opendocument")
}

/// UTF-16 has zeros in every other place; text of other charsets has none.
fn is_binary(head: &[u8]) -> bool {
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    let even = head.iter().step_by(2).filter(|byte| **byte == 0).count();
    let has_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    zeros > 0 && !has_mark && even != 0 && even != zeros
}

fn short(media_type: &str) -> String {
    media_type.chars().filter(|c| c.is_ascii_graphic()).take(100).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_believed_before_names() {
        assert_eq!(kind(b"%PDF-1.7", "a.txt", "text/plain"), Ok(Kind::Pdf));
        assert_eq!(kind(b"junk %PDF-1.7", "a", ""), Ok(Kind::Pdf));
        assert_eq!(kind(b"PK\x03\x04", "a.csv", "text/csv"), Ok(Kind::Archive));
        assert_eq!(kind(b"Dear all", "notes.TXT", "application/octet-stream"), Ok(Kind::Text));
        assert_eq!(kind(b"MZ. is a name", "a.txt", "text/plain"), Ok(Kind::Text));
        assert_eq!(kind(b"a\0b\0", "a.txt", "text/plain"), Ok(Kind::Text), "UTF-16");
        assert!(kind(b"\0\0\x01\x02\x03\0", "a.txt", "text/plain").is_err());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let refused = |head: &[u8], name: &str, media_type: &str| kind(head, name, media_type).unwrap_err();
        assert_eq!(refused(b"", "a.pdf", "application/pdf"), Reason::Empty);
        assert_eq!(refused(b"\x89PNG\r\n", "a.txt", "image/png"), Reason::Unsupported("a picture".into()));
        assert_eq!(
            refused(b"{\\rtf1", "a.doc", "application/rtf"),
            Reason::Unsupported("rich text (RTF)".into())
        );
        assert_eq!(refused(b"hello", "a.bin", "x/y"), Reason::Unsupported("x/y".into()));
        assert!(matches!(refused(b"hello", "a.pdf", "application/pdf"), Reason::Damaged(_)));
    }
}
