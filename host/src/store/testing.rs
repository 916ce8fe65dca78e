//! What the store's tests share: a store with one connection, and short ways to say changes.

use tempfile::TempDir;

use crate::model::{
    Access, Change, ConnectionId, Item, Membership, Next, Partition, Position, Principal, Standing, Summary,
    Text, TextFormat, User,
};

use super::{Applied, Commit, Mode, NewConnection, ReadPage, RunId, Store, StoreError};

pub struct Fixture {
    pub store: Store,
    pub connection: ConnectionId,
    pub run: RunId,
    pub dir: TempDir,
    /// Whether what was told waits to be shown, as in a real run. Otherwise all of it is shown at once.
    pub withholds: bool,
}

/// A store with the connection `acme`, a run that has begun, and the partition `space` of `content`.
pub fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let connection = store.add_connection(&new_connection("acme"), 1).unwrap().id;
    let mut fixture = Fixture { store, connection, run: 0, dir, withholds: false };
    fixture.next_run();
    fixture
}

pub fn new_connection(name: &str) -> NewConnection {
    NewConnection {
        name: name.into(),
        connector: "confluence-cloud".into(),
        settings: "{}".into(),
        session: String::new(),
        login: "api-token".into(),
        username: None,
        account: "Ada at acme".into(),
        origins: Vec::new(),
        routes: Vec::new(),
        setting_up: false,
    }
}

impl Fixture {
    pub fn next_run(&mut self) {
        self.run = self.store.begin_run(self.connection, Mode::Everything, 2).unwrap();
        self.plan(&["space"]);
    }

    /// Lists one partition, with a token of its own.
    pub fn plan_with(&self, id: &str, token: &str) {
        let listed = [Partition { id: id.into(), label: id.into(), token: token.into() }];
        self.store.plan_partitions(self.connection, self.run, "content", &listed).unwrap();
    }

    pub fn plan(&self, partitions: &[&str]) {
        let listed: Vec<Partition> = partitions
            .iter()
            .map(|id| Partition { id: (*id).into(), label: (*id).into(), token: String::new() })
            .collect();
        self.store.plan_partitions(self.connection, self.run, "content", &listed).unwrap();
    }

    /// A whole read of `space`, in one page.
    pub fn everything(&self, changes: &[Change]) -> Applied {
        self.page(&Position::Everything, changes, &Next::Done(None)).unwrap()
    }

    pub fn page(&self, position: &Position, changes: &[Change], next: &Next) -> Result<Applied, StoreError> {
        let page = ReadPage { dataset: "content", partition: "space", position, next };
        self.commit(Some(page), changes)
    }

    /// Answers to `read-items`.
    pub fn answers(&self, changes: &[Change]) -> Applied {
        self.commit(None, changes).unwrap()
    }

    fn commit(&self, page: Option<ReadPage<'_>>, changes: &[Change]) -> Result<Applied, StoreError> {
        let kinds = ["page", "place", "space"].map(str::to_owned);
        let Self { connection, run, .. } = *self;
        let applied = self.store.apply(&Commit { connection, run, page, changes, kinds: &kinds })?;
        if !self.withholds {
            let sql = "UPDATE items SET words_run = NULL, place_run = NULL, prior_parent = NULL, prior_access = NULL
                       WHERE words_run IS NOT NULL OR place_run IS NOT NULL";
            self.store.write("test", |tx| Ok(tx.execute(sql, [])?))?;
        }
        Ok(applied)
    }

    pub fn num(&self, id: &str) -> u32 {
        let sql = "SELECT num FROM items WHERE id = ?1";
        self.store.read("test", |tx| Ok(tx.query_row(sql, [id], |row| row.get(0))?)).unwrap()
    }

    /// The ids in the outbox, oldest first; gone ones by number.
    pub fn outbox(&self) -> Vec<String> {
        let entries = self.store.outbox_after(0, 1_000).unwrap();
        let name = |entry: super::OutboxEntry| match entry.item {
            Some(item) => item.id,
            None => format!("gone {}", entry.num),
        };
        entries.into_iter().map(name).collect()
    }

    /// Removes the connection, to the end.
    pub fn remove(&self) {
        self.store.begin_removal("acme").unwrap();
        while !self.store.remove_some(self.connection).unwrap() {}
        self.store.finish_removal(self.connection).unwrap();
    }

    pub fn clear_outbox(&self) {
        self.store.outbox_clear_through(self.store.last_seq().unwrap()).unwrap();
    }
}

/// Forgets a partition and leaves its items to none.
pub fn forget_partition(store: &Store, id: &str) {
    let forget = |tx: &rusqlite::Transaction<'_>| {
        let sql = "UPDATE items SET partition_num = NULL
                   WHERE partition_num = (SELECT num FROM partitions WHERE id = ?1)";
        tx.execute(sql, [id])?;
        tx.execute("DELETE FROM partitions WHERE id = ?1", [id])?;
        Ok(())
    };
    store.write("test", forget).unwrap();
}

pub fn page(id: &str, parent: &str) -> Item {
    Item {
        id: id.into(),
        kind: "page".into(),
        parent: Some(parent.into()),
        version: "1".into(),
        title: format!("About {id}"),
        url: format!("https://acme.atlassian.net/{id}"),
        body: Some(Text { format: TextFormat::Markdown, value: format!("Words of {id}.") }),
        file: None,
        access: Access::Inherited,
        author: None,
        editor: None,
        created: None,
        updated: Some(5),
        properties: vec![("label".into(), "new".into())],
    }
}

pub fn space(id: &str) -> Item {
    let access = Access::Replaced(vec![Principal::Members]);
    Item { kind: "space".into(), parent: None, body: None, access, ..page(id, "") }
}

pub fn upsert(item: Item) -> Change {
    Change::Upsert(Box::new(item))
}

pub fn seen(id: &str, parent: &str, version: &str) -> Change {
    Change::Seen(Summary {
        id: id.into(),
        parent: Some(parent.into()),
        version: version.into(),
        access: Some(Access::Inherited),
    })
}

pub fn user(id: &str, email: Option<&str>, standing: Standing) -> Change {
    Change::User(User { id: id.into(), name: id.to_uppercase(), email: email.map(str::to_owned), standing })
}

pub fn member(group: &str, member: Principal) -> Change {
    Change::Member(Membership { group: group.into(), member })
}

/// Added, changed, moved, access changed, unchanged, deleted, failed.
pub fn counts(applied: &Applied) -> [u32; 7] {
    let Applied { added, changed, moved, access_changed, unchanged, deleted, failed, .. } = applied;
    [*added, *changed, *moved, *access_changed, *unchanged, *deleted, *failed]
}
