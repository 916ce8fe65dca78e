//! What a person means by an item: its id, the id without its kind, or an address from a browser.

use url::Url;

use super::{Host, HostError};
use crate::model::ConnectionId;
use crate::store::StoredItem;

/// Parts of an address that may be an id; longer addresses have more, and name nothing by them.
const PARTS_MAX: usize = 64;

impl Host {
    /// The one item that is meant by `page:123`, by `123`, or by the address of its page.
    ///
    /// # Errors
    ///
    /// [`HostError::UnknownItem`] when there is none, [`HostError::AmbiguousItem`] when several
    /// connections have one, [`HostError::SeveralItems`] when one connection has several.
    pub fn item(&self, meant: &str, connection: Option<&str>) -> Result<StoredItem, HostError> {
        let connection =
            connection.map(|name| self.store.connection(name)).transpose()?.map(|found| found.id);
        let meant = meant.trim();
        let mut found = self.meant(meant, connection)?;
        match (found.pop(), found.as_slice()) {
            (Some(item), []) => Ok(item),
            (None, _) => Err(HostError::UnknownItem { id: meant.to_owned() }),
            (Some(last), [first, ..]) if first.id == last.id => {
                let names = found.into_iter().chain([last]).map(|item| item.connection_name);
                Err(HostError::AmbiguousItem { id: meant.to_owned(), connections: names.collect() })
            }
            (Some(last), _) => {
                let ids = found.into_iter().chain([last]).map(|item| item.id);
                Err(HostError::SeveralItems { meant: meant.to_owned(), ids: ids.collect() })
            }
        }
    }

    /// All items that may be meant.
    pub(super) fn meant(
        &self,
        meant: &str,
        connection: Option<ConnectionId>,
    ) -> Result<Vec<StoredItem>, HostError> {
        let found = self.store.items_with_id(connection, meant)?;
        if !found.is_empty() {
            return Ok(found);
        }
        match Url::parse(meant) {
            Ok(address) if address.has_host() => self.at(connection, &address),
            _ => Ok(self.store.items_with_bare_id(connection, &[meant.to_owned()])?),
        }
    }

    /// The items at an address: those that the source says are there, or else the one whose id
    /// is the last that the address names. A browser adds a fragment, and a page that was renamed
    /// or opened by a short address still has its id in it.
    fn at(&self, connection: Option<ConnectionId>, address: &Url) -> Result<Vec<StoredItem>, HostError> {
        let mut plain = address.clone();
        plain.set_fragment(None);
        for one in [address, &plain] {
            let found = self.store.items_with_url(connection, one.as_str())?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let parts = ids_in(&plain);
        let mut found = self.store.items_with_bare_id(connection, &parts)?;
        // The same number may be an id on another site.
        found.retain(|item| Url::parse(&item.url).is_ok_and(|url| url.origin() == address.origin()));
        let place = |item: &StoredItem| {
            let bare = item.id.split_once(':').map_or(item.id.as_str(), |(_, bare)| bare);
            parts.iter().position(|part| part == bare)
        };
        let first = found.iter().filter_map(place).min();
        found.retain(|item| place(item) == first);
        Ok(found)
    }
}

/// What of an address may be an id, the last first: values of the query, then parts of the path.
pub(super) fn ids_in(address: &Url) -> Vec<String> {
    let path = address.path_segments().into_iter().flatten().map(str::to_owned);
    let query = address.query_pairs().map(|(_, value)| value.into_owned());
    let mut parts: Vec<String> = path.chain(query).filter(|part| !part.is_empty()).collect();
    parts.reverse();
    parts.truncate(PARTS_MAX);
    parts
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::host::Host;
    use crate::model::Item;
    use crate::store::testing::{fixture, page, space, upsert};

    const SITE: &str = "https://acme.atlassian.net/wiki";

    fn at(id: &str, path: &str) -> Item {
        Item { url: format!("{SITE}{path}"), ..page(id, "space:1") }
    }

    #[test]
    fn an_item_is_meant_by_id_bare_id_or_address() {
        let site = fixture();
        site.everything(&[
            upsert(Item { url: format!("{SITE}/spaces/ENG"), ..space("space:1") }),
            upsert(at("page:98309", "/spaces/ENG/pages/98309/Parental+leave")),
            upsert(at("comment:98310", "/spaces/ENG/pages/98309/Parental+leave?focusedCommentId=98310")),
            upsert(at("page:77", "/spaces/ENG/pages/77/One")),
            upsert(at("comment:77", "/spaces/ENG/pages/98309/Parental+leave?focusedCommentId=77")),
        ]);
        let host = Host::open(site.dir.path(), None).unwrap();
        let meant = |text: &str| match host.item(text, None) {
            Ok(item) => item.id,
            Err(error) => format!("error: {error}"),
        };
        let table = [
            "page:98309",
            "98309",
            "98310",
            "77",
            "page:5",
            "",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave#Who-may",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/An+older+title?atlOrigin=x",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/98309",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave?focusedCommentId=98310",
            "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=98309",
            "https://acme.atlassian.net/wiki/spaces/ENG",
            "https://beta.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave",
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/4/Unread",
        ];
        let told: Vec<String> = table.iter().map(|text| format!("{text}\n    {}", meant(text))).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        page:98309
            page:98309
        98309
            page:98309
        98310
            comment:98310
        77
            error: `77` may mean several items (page:77, comment:77); name one by its whole id
        page:5
            error: there is no item `page:5` that has been read; an item is named by its id, such as page:98765, or by the address of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it out (`weir connection show`), or it is newer than the last sync

            error: there is no item `` that has been read; an item is named by its id, such as page:98765, or by the address of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it out (`weir connection show`), or it is newer than the last sync
        https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave
            page:98309
        https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave#Who-may
            page:98309
        https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/An+older+title?atlOrigin=x
            page:98309
        https://acme.atlassian.net/wiki/spaces/ENG/pages/98309
            page:98309
        https://acme.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave?focusedCommentId=98310
            comment:98310
        https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=98309
            page:98309
        https://acme.atlassian.net/wiki/spaces/ENG
            space:1
        https://beta.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave
            error: there is no item `https://beta.atlassian.net/wiki/spaces/ENG/pages/98309/Parental+leave` that has been read; an item is named by its id, such as page:98765, or by the address of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it out (`weir connection show`), or it is newer than the last sync
        https://acme.atlassian.net/wiki/spaces/ENG/pages/4/Unread
            error: there is no item `https://acme.atlassian.net/wiki/spaces/ENG/pages/4/Unread` that has been read; an item is named by its id, such as page:98765, or by the address of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it out (`weir connection show`), or it is newer than the last sync
        ");
    }
}
