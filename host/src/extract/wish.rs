//! Which files are worth fetching.

use super::Reason;
use crate::model::File;

/// A file's bytes at most, unless it is said otherwise: nearly all documents are smaller, nearly all films larger.
pub const FILE_BYTES_MAX: u64 = 100_000_000;

/// What is fetched at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes_max: FILE_BYTES_MAX }
    }
}

/// Extensions of files without words, whatever their media type.
const WORDLESS_EXTENSIONS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "bmp", "webp", "heic", "ico", "tif", "tiff", "mp3", "wav", "ogg", "mp4",
    "mov", "avi", "webm", "mkv", "exe", "dmg", "iso", "ttf",
];

/// Why a file is not even fetched; None if it is.
pub fn refusal(file: &File, limits: &Limits) -> Option<Reason> {
    let media_type = file.media_type.to_ascii_lowercase();
    let extension = file.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if let Some(what) = wordless(&media_type, extension.as_deref()) {
        return Some(Reason::Unsupported(what.to_owned()));
    }
    let bytes = file.size.filter(|bytes| *bytes > limits.file_bytes_max)?;
    Some(Reason::TooLarge { bytes, max: limits.file_bytes_max })
}

/// What cannot have words, in words.
fn wordless(media_type: &str, extension: Option<&str>) -> Option<&'static str> {
    let (family, kind) = media_type.split_once('/').unwrap_or_default();
    match (family, kind) {
        ("image", "svg+xml") => None,
        ("image", _) => Some("a picture"),
        ("audio", _) => Some("a sound"),
        ("video", _) => Some("a film"),
        ("font", _) => Some("a font"),
        (
            "application",
            "zip" | "gzip" | "x-gzip" | "x-tar" | "x-7z-compressed" | "vnd.rar" | "x-rar-compressed",
        ) => {
            // Some sources call every Office file an archive.
            let office = ["docx", "xlsx", "pptx", "odt", "ods", "odp", "docm", "xlsm", "pptm"];
            (!extension.is_some_and(|extension| office.contains(&extension))).then_some("an archive")
        }
        ("application", "java-archive" | "x-msdownload" | "x-executable" | "wasm") => Some("a program"),
        ("application", "octet-stream") => extension
            .filter(|extension| WORDLESS_EXTENSIONS.contains(extension))
            .map(|_| "a file of this kind"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, media_type: &str, size: Option<u64>) -> Option<&'static str> {
        let file = File { link: "l".into(), name: name.into(), media_type: media_type.into(), size };
        refusal(&file, &Limits { file_bytes_max: 10 }).map(|reason| reason.name())
    }

    #[test]
    fn only_what_may_have_words_is_fetched() {
        assert_eq!(refused("a.pdf", "application/pdf", Some(10)), None);
        assert_eq!(refused("a.pdf", "application/pdf", Some(11)), Some("too-large"));
        assert_eq!(refused("a.pdf", "application/pdf", None), None, "the sink bounds what is not told");
        assert_eq!(refused("a.png", "image/png", Some(1)), Some("unsupported"));
        assert_eq!(refused("a.svg", "image/svg+xml", Some(1)), None);
        assert_eq!(refused("a.MP4", "application/octet-stream", Some(1)), Some("unsupported"));
        assert_eq!(refused("a", "application/octet-stream", Some(1)), None);
        assert_eq!(refused("a.docx", "application/zip", Some(1)), None);
        assert_eq!(refused("a.zip", "application/zip", Some(99)), Some("unsupported"));
        assert_eq!(refused("", "", None), None);
    }
}
