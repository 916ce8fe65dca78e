//! Reading items back. Only present ones are ever returned.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::model::{ConnectionId, File, Text, TextFormat, Timestamp};

use super::files::STATE;
use super::limits::BODY_BYTES_MAX;
use super::{ItemNum, Store, StoreError, connections, unsigned};

pub(super) type Unpacker = zstd::bulk::Decompressor<'static>;

/// All of an item but who may read it (see `tree`).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StoredItem {
    pub num: ItemNum,
    pub connection: ConnectionId,
    pub connection_name: String,
    pub id: String,
    pub kind: String,
    /// The parent's id.
    pub parent: Option<String>,
    pub version: String,
    pub title: String,
    pub url: String,
    pub body: Option<Text>,
    pub file: Option<File>,
    /// The words inside the file, if they have been taken out.
    pub words: Option<Text>,
    pub author: Option<String>,
    pub editor: Option<String>,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    /// Sorted by name and value, each once.
    pub properties: Vec<(String, String)>,
}

/// As much of an item as a list shows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ItemLine {
    pub num: ItemNum,
    pub connection: ConnectionId,
    pub connection_name: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
    pub updated: Option<Timestamp>,
    /// How its file stands: `words`, `waiting`, or the short name of the reason why it has no words.
    pub file: Option<String>,
}

/// Which items to list. The default is all.
#[derive(Debug, Clone, Copy, Default)]
pub struct ItemFilter<'a> {
    pub connection: Option<ConnectionId>,
    /// A kind, or the word before the `:` of ids: `comment` finds page comments and replies.
    pub kind: Option<&'a str>,
    /// Only items with larger numbers: the last of the page before.
    pub after: Option<ItemNum>,
}

impl Store {
    /// The items with this id: at one connection at most one, at all of them perhaps several.
    pub fn items_with_id(
        &self,
        connection: Option<ConnectionId>,
        id: &str,
    ) -> Result<Vec<StoredItem>, StoreError> {
        self.read("find the item", |tx| {
            // The cross join makes SQLite look the id up once for each connection.
            let sql =
                "SELECT i.num FROM connections c CROSS JOIN items i ON i.connection = c.id AND i.id = ?2
                       WHERE (?1 IS NULL OR c.id = ?1) AND c.removing IS NULL AND i.present = 1 ORDER BY i.num";
            let mut statement = tx.prepare_cached(sql)?;
            let nums: Vec<ItemNum> =
                statement.query_map(params![connection, id], |row| row.get(0))?.collect::<Result<_, _>>()?;
            by_nums(tx, &nums)
        })
    }

    /// The items whose address is this one, to the letter. Looks through all items.
    pub fn items_with_url(
        &self,
        connection: Option<ConnectionId>,
        url: &str,
    ) -> Result<Vec<StoredItem>, StoreError> {
        self.read("find the item by its address", |tx| {
            let sql = "SELECT num FROM items
                       WHERE url = ?2 AND present = 1 AND (?1 IS NULL OR connection = ?1) ORDER BY num";
            let mut statement = tx.prepare_cached(sql)?;
            let nums: Vec<ItemNum> =
                statement.query_map(params![connection, url], |row| row.get(0))?.collect::<Result<_, _>>()?;
            by_nums(tx, &nums)
        })
    }

    /// The items whose id is one of these behind its first `:`. Looks through all items.
    pub fn items_with_bare_id(
        &self,
        connection: Option<ConnectionId>,
        bare: &[String],
    ) -> Result<Vec<StoredItem>, StoreError> {
        let bare = connections::to_json(&bare)?;
        self.read("find the item by its number", |tx| {
            let sql = "SELECT num FROM items
                       WHERE substr(id, instr(id, ':') + 1) IN (SELECT value FROM json_each(?2))
                           AND instr(id, ':') > 0 AND present = 1 AND (?1 IS NULL OR connection = ?1) ORDER BY num";
            let mut statement = tx.prepare_cached(sql)?;
            let nums: Vec<ItemNum> =
                statement.query_map(params![connection, bare], |row| row.get(0))?.collect::<Result<_, _>>()?;
            by_nums(tx, &nums)
        })
    }

    /// The items with these numbers, in that order. Those that are gone are left out.
    pub fn items_by_num(&self, nums: &[ItemNum]) -> Result<Vec<StoredItem>, StoreError> {
        self.read("read items", |tx| by_nums(tx, nums))
    }

    /// A page of items, by number.
    pub fn list_items(&self, filter: ItemFilter<'_>, limit: u32) -> Result<Vec<ItemLine>, StoreError> {
        self.read("list items", |tx| {
            let sql = format!(
                "SELECT i.num, i.connection, c.name, i.id, i.kind, i.title, i.url, i.updated, {STATE}
                       FROM items i JOIN connections c ON c.id = i.connection AND c.removing IS NULL
                           LEFT JOIN files f ON f.item_num = i.num
                       WHERE i.present = 1 AND i.num > ?1 AND (?2 IS NULL OR i.connection = ?2)
                           AND (?3 IS NULL OR i.kind = ?3 OR substr(i.id, 1, length(?3) + 1) = ?3 || ':')
                       ORDER BY i.num LIMIT ?4"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let ItemFilter { connection, kind, after } = filter;
            let rows = statement.query_map(params![after.unwrap_or(0), connection, kind, limit], |row| {
                Ok(ItemLine {
                    num: row.get(0)?,
                    connection: row.get(1)?,
                    connection_name: row.get(2)?,
                    id: row.get(3)?,
                    kind: row.get(4)?,
                    title: row.get(5)?,
                    url: row.get(6)?,
                    updated: row.get::<_, Option<i64>>(7)?.map(unsigned),
                    file: row.get(8)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How many present items of each kind a connection has.
    pub fn counts_by_kind(&self, connection: ConnectionId) -> Result<BTreeMap<String, u64>, StoreError> {
        self.read("count the items", |tx| counts_by_kind(tx, connection))
    }
}

pub(super) fn counts_by_kind(
    tx: &Transaction<'_>,
    connection: ConnectionId,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let sql = "SELECT kind, count(*) FROM items WHERE connection = ?1 AND present = 1 GROUP BY kind";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([connection], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn by_nums(tx: &Transaction<'_>, nums: &[ItemNum]) -> Result<Vec<StoredItem>, StoreError> {
    let mut unpacker = unpacker()?;
    nums.iter().filter_map(|num| by_num(tx, &mut unpacker, *num).transpose()).collect()
}

/// What unpacks bodies. Making one costs as much as unpacking several, so it is reused.
pub(super) fn unpacker() -> Result<Unpacker, StoreError> {
    Unpacker::new().map_err(|source| StoreError::Pack { source })
}

/// The item with this number; None if it is gone.
pub(super) fn by_num(
    tx: &Transaction<'_>,
    unpacker: &mut Unpacker,
    num: ItemNum,
) -> Result<Option<StoredItem>, StoreError> {
    let sql = "SELECT i.*, c.name AS connection_name, p.id AS parent, b.format, b.bytes, b.content,
                   f.format AS words_format, f.bytes AS words_bytes, f.content AS words_content
               FROM items i JOIN connections c ON c.id = i.connection AND c.removing IS NULL
                   LEFT JOIN items p ON p.num = i.parent_num
                   LEFT JOIN bodies b ON b.item_num = i.num
                   LEFT JOIN files f ON f.item_num = i.num AND i.file_link IS NOT NULL
               WHERE i.num = ?1 AND i.present = 1";
    let mut statement = tx.prepare_cached(sql)?;
    let Some(item) = statement.query_row([num], |row| Ok(read(row, unpacker))).optional()? else {
        return Ok(None);
    };
    let mut item = item?;
    let sql = "SELECT name, value FROM properties WHERE item_num = ?1 ORDER BY name, value";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([num], |row| Ok((row.get(0)?, row.get(1)?)))?;
    item.properties = rows.collect::<Result<_, _>>()?;
    Ok(Some(item))
}

fn read(row: &Row<'_>, unpacker: &mut Unpacker) -> Result<StoredItem, StoreError> {
    let number = |name: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(unsigned));
    Ok(StoredItem {
        num: row.get("num")?,
        connection: row.get("connection")?,
        connection_name: row.get("connection_name")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        parent: row.get("parent")?,
        version: row.get("version")?,
        title: row.get("title")?,
        url: row.get("url")?,
        body: text(row, unpacker, ["format", "bytes", "content"])?,
        file: file(row)?,
        words: text(row, unpacker, ["words_format", "words_bytes", "words_content"])?,
        author: row.get("author")?,
        editor: row.get("editor")?,
        created: number("created")?,
        updated: number("updated")?,
        properties: Vec::new(),
    })
}

fn file(row: &Row<'_>) -> Result<Option<File>, StoreError> {
    let Some(link) = row.get("file_link")? else { return Ok(None) };
    let size = row.get::<_, Option<i64>>("file_size")?.map(unsigned);
    Ok(Some(File { link, name: row.get("file_name")?, media_type: row.get("media_type")?, size }))
}

fn text(
    row: &Row<'_>,
    unpacker: &mut Unpacker,
    [format, bytes, content]: [&str; 3],
) -> Result<Option<Text>, StoreError> {
    let Some(format) = row.get::<_, Option<String>>(format)? else { return Ok(None) };
    let format = match format.as_str() {
        "plain" => TextFormat::Plain,
        "markdown" => TextFormat::Markdown,
        "html" => TextFormat::Html,
        other => return Err(StoreError::unreadable("a body's format", other)),
    };
    // The bound holds even if the number in the file is wrong.
    let bytes = usize::try_from(row.get::<_, i64>(bytes)?).unwrap_or(0).min(BODY_BYTES_MAX);
    let packed = row.get_ref(content)?.as_blob().map_err(|error| StoreError::unreadable("a body", error))?;
    let text = unpacker.decompress(packed, bytes).map_err(|error| StoreError::unreadable("a body", error))?;
    let value = String::from_utf8(text).map_err(|error| StoreError::unreadable("a body", error))?;
    Ok(Some(Text { format, value }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::store::ItemFilter;
    use crate::store::testing::{fixture, page, space, upsert};

    #[test]
    fn items_are_listed_by_kind_or_by_the_word_before_the_colon() {
        let site = fixture();
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("comment:1", "page:1")),
            upsert(page("comments:2", "page:1")),
        ]);
        let listed = |kind, after, limit| {
            let filter = ItemFilter { connection: Some(site.connection), kind, after };
            let lines = site.store.list_items(filter, limit).unwrap();
            lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
        };
        assert_eq!(listed(Some("page"), None, 9), ["page:1", "comment:1", "comments:2"]);
        assert_eq!(listed(Some("comment"), None, 9), ["comment:1"]);
        assert_eq!(listed(None, None, 2), ["space:1", "page:1"]);
        assert_eq!(listed(None, Some(site.num("page:1")), 2), ["comment:1", "comments:2"]);
        let counts = site.store.counts_by_kind(site.connection).unwrap();
        assert_eq!(counts, [("page".into(), 3), ("space".into(), 1)].into());
    }
}
