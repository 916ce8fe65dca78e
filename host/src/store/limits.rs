//! What one change may hold. A connector is somebody else's program: whatever is larger
//! than any real source needs is refused for that one item, and the page goes on.

use crate::model::{Access, Item, Principal, Timestamp};

/// The contract's own bound for the id of an item.
pub(super) const ITEM_ID_BYTES_MAX: usize = 512;
/// The contract's own bound for the id of a user or a group.
pub(super) const PRINCIPAL_ID_BYTES_MAX: usize = 512;
/// The contract's own bound for cursors and checkpoints.
pub(super) const POSITION_BYTES_MAX: usize = 64 * 1024;
/// A partition's token may carry a list of containers to read: 300 bytes each for 50,000 personal spaces.
pub(super) const TOKEN_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Longer titles are cut: a title is shown in a line, and a source's bound is near 255.
const TITLE_BYTES_MAX: usize = 8 * 1024;
/// Names of people and groups are cut likewise.
const NAME_BYTES_MAX: usize = 1024;
/// Reasons for failures may quote a server's answer; the start of it is enough.
const REASON_BYTES_MAX: usize = 4 * 1024;
/// A body of text this long is a book of 5,000 pages; it must fit in memory several times.
pub(super) const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Browsers and proxies refuse addresses near this length.
const URL_BYTES_MAX: usize = 8 * 1024;
/// Versions are numbers, times or hashes.
const VERSION_BYTES_MAX: usize = 1024;
/// File links may be signed addresses, names may be paths.
const FILE_BYTES_MAX: usize = 16 * 1024;
/// Labels and the like: some pages carry hundreds.
const PROPERTIES_MAX: usize = 1_000;
const PROPERTY_BYTES_MAX: usize = 8 * 1024;
/// RFC 5321 allows 254; longer ones can match nobody.
const EMAIL_BYTES_MAX: usize = 320;
/// One statement names that many only in error; resolving it would cost every search.
const PRINCIPALS_MAX: usize = 100_000;
/// The last millisecond of the year 9999, the last that RFC 3339 can write.
const TIME_MAX: u64 = 253_402_300_799_999;
/// Audit records are a few kilobytes.
pub(super) const ACTIVITY_BYTES_MAX: usize = 1024 * 1024;

/// Why the content of this item is refused, as a sentence's end; None if it is not.
pub(super) fn refuse_content(item: &Item, kinds: &[String]) -> Option<String> {
    if !kinds.contains(&item.kind) {
        return Some(format!("its kind `{}` is not one the connector describes", cut(&item.kind, 64)));
    }
    let file = item.file.as_ref().map_or(0, |file| file.link.len() + file.name.len() + file.media_type.len());
    let properties = item.properties.iter().map(|(name, value)| name.len() + value.len()).max().unwrap_or(0);
    let people = [&item.author, &item.editor].into_iter().flatten().map(String::len).max().unwrap_or(0);
    let body = item.body.as_ref().map_or(0, |body| body.value.len());
    let measures = [
        ("body has", body, BODY_BYTES_MAX, "bytes"),
        ("address has", item.url.len(), URL_BYTES_MAX, "bytes"),
        ("version has", item.version.len(), VERSION_BYTES_MAX, "bytes"),
        ("file's link and name have", file, FILE_BYTES_MAX, "bytes"),
        ("author's id has", people, PRINCIPAL_ID_BYTES_MAX, "bytes"),
        ("properties are", item.properties.len(), PROPERTIES_MAX, "in number"),
        ("longest property has", properties, PROPERTY_BYTES_MAX, "bytes"),
    ];
    let beyond = measures.into_iter().find(|(_, found, max, _)| found > max);
    beyond.map(|(what, found, max, unit)| format!("its {what} {found} {unit}, more than {max}"))
}

/// Why this cannot name anything, as a sentence's end; None if it can.
pub(super) fn refuse_id(id: &str, bytes_max: usize) -> Option<String> {
    match id.len() {
        0 => Some("its id is empty".to_owned()),
        bytes if bytes > bytes_max => Some(format!("its id has {bytes} bytes, more than {bytes_max}")),
        _ => None,
    }
}

/// The same statement in the one form that is kept: principals sorted, each once. Names
/// that cannot be anybody's are left out, which lets fewer people read, never more.
pub(super) fn tidy_access(access: &Access) -> Access {
    let tidy = |principals: &[Principal], make: fn(Vec<Principal>) -> Access| {
        if principals.len() > PRINCIPALS_MAX {
            return Access::Unknown;
        }
        let mut kept: Vec<Principal> = principals.iter().filter(|one| may_be_someone(one)).cloned().collect();
        kept.sort();
        kept.dedup();
        make(kept)
    };
    match access {
        Access::Inherited => Access::Inherited,
        Access::Unknown => Access::Unknown,
        Access::Narrowed(principals) => tidy(principals, Access::Narrowed),
        Access::Widened(principals) => tidy(principals, Access::Widened),
        Access::Replaced(principals) => tidy(principals, Access::Replaced),
    }
}

fn may_be_someone(principal: &Principal) -> bool {
    match principal {
        Principal::User(id) | Principal::Group(id) => refuse_id(id, PRINCIPAL_ID_BYTES_MAX).is_none(),
        Principal::Members | Principal::Anyone => true,
    }
}

pub(super) fn title(text: &str) -> &str {
    cut(text, TITLE_BYTES_MAX)
}

pub(super) fn name(text: &str) -> &str {
    cut(text, NAME_BYTES_MAX)
}

pub(super) fn reason(text: &str) -> &str {
    cut(text, REASON_BYTES_MAX)
}

/// An e-mail that could match somebody.
pub(super) fn email(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty() && text.len() <= EMAIL_BYTES_MAX)
}

/// An address for showing; one that is too long leads nowhere anyway.
pub(super) fn url(text: Option<&str>) -> Option<&str> {
    text.filter(|text| text.len() <= URL_BYTES_MAX)
}

/// A time that can be shown; others are as good as none.
pub(super) fn time(time: Timestamp) -> Option<i64> {
    if time <= TIME_MAX { i64::try_from(time).ok() } else { None }
}

/// The start of a text, ending with a whole character.
pub(super) fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}
