-- Version 1 of the store. Read it with `sqlite3 weir.db .schema`: each table says what it is for.
-- Times are milliseconds since 1970-01-01T00:00:00Z. A `run` is the row number of a run.

CREATE TABLE meta (
  -- One row about the data folder itself.
  one INTEGER PRIMARY KEY CHECK (one = 1),
  folder_id TEXT NOT NULL,             -- random; an index of another folder is told by it
  access_generation INTEGER NOT NULL   -- grows whenever an answer to "who may read what" may differ
) STRICT;
INSERT INTO meta VALUES (1, lower(hex(randomblob(16))), 1);

CREATE TABLE connections (
  -- One account on one source, as the user configured it.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  settings TEXT NOT NULL,              -- JSON, as the connector tidied it
  session TEXT NOT NULL,
  login TEXT NOT NULL,
  username TEXT,
  account TEXT NOT NULL,
  origins TEXT NOT NULL,               -- JSON list: what the user agreed to
  routes TEXT NOT NULL,                -- JSON list: servers that stand in for origins
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
  -- Sealed secrets. The key is not in this file, and nothing here ever saw a plain one.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (connection, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  -- One execution of reads for a connection, with its numbers and its outcome.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  mode TEXT NOT NULL,                  -- everything, inventory, since
  started INTEGER NOT NULL,
  finished INTEGER,
  outcome TEXT,                        -- complete, incomplete, failed, canceled, interrupted; NULL while it goes on
  message TEXT,
  added INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  moved INTEGER NOT NULL DEFAULT 0,
  access_changed INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_of_connection ON runs (connection, id);

CREATE TABLE run_kinds (
  -- How many items of each kind a run read in full.
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  kind TEXT NOT NULL,
  items INTEGER NOT NULL,
  PRIMARY KEY (run, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE partitions (
  -- The slices of a connection's datasets, and the position each is read from next.
  num INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  dataset TEXT NOT NULL,
  id TEXT NOT NULL,
  label TEXT NOT NULL,
  token TEXT NOT NULL,
  vanished INTEGER NOT NULL DEFAULT 0, -- 1 when the latest listing left it out
  mode TEXT,                           -- of the read under way, or else of the last one
  began_run INTEGER,                   -- the run in which that read began
  cursor TEXT,                         -- where that read goes on; NULL when none is under way
  checkpoint TEXT,                     -- what the next `since` may begin at
  done_run INTEGER,                    -- the run in which a read last came to its end
  sweep_run INTEGER,                   -- what it has not mentioned since this run is a suspect; NULL when settled
  UNIQUE (connection, dataset, id)
) STRICT;

CREATE TABLE accesses (
  -- Statements of who may read, each once for all the items that share it.
  num INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  statement TEXT NOT NULL,             -- JSON; principals sorted, each once
  UNIQUE (connection, statement)
) STRICT;

CREATE TABLE items (
  -- Every id a source ever mentioned, as an item or as somebody's parent.
  num INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  id TEXT NOT NULL,
  present INTEGER NOT NULL DEFAULT 0,  -- 0 before it was read and after it was deleted; the number stays
  parent_num INTEGER,                  -- the item that holds it; NULL for a root
  access_num INTEGER,                  -- who may read it, relative to the parent
  partition_num INTEGER,               -- the partition whose complete read mentioned it last
  mentioned_run INTEGER NOT NULL DEFAULT 0,
  kind TEXT,
  version TEXT,
  title TEXT,
  url TEXT,
  file_link TEXT,
  file_name TEXT,
  media_type TEXT,
  file_size INTEGER,
  author TEXT,
  editor TEXT,
  created INTEGER,
  updated INTEGER,
  digest BLOB,                         -- of everything but place and access; equal means nothing to write
  UNIQUE (connection, id)
) STRICT;
-- `present` stands in these two so that they answer by themselves, without the table.
CREATE INDEX items_access ON items (connection, num, parent_num, access_num, present) WHERE present = 1;
CREATE INDEX items_by_kind ON items (connection, kind, present) WHERE present = 1;
CREATE INDEX items_of_partition ON items (connection, partition_num);

CREATE TABLE bodies (
  -- The words of items. Apart from them, so that noting that an item was mentioned writes a small row.
  item_num INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  format TEXT NOT NULL,                -- plain, markdown, html
  bytes INTEGER NOT NULL,              -- length of the unpacked text
  content BLOB NOT NULL                -- UTF-8, packed with zstd
) STRICT;

CREATE TABLE properties (
  -- Facts to filter items by.
  item_num INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (item_num, name, value)
) STRICT, WITHOUT ROWID;
-- Queries are typed in any case. Letters beyond ASCII are compared as they are.
CREATE INDEX properties_by_value ON properties (name, value COLLATE NOCASE);

CREATE TABLE users (
  -- The people of a source.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,                          -- as the source shows it; NULL when it hides it
  email_key TEXT,                      -- the same for comparing: trimmed, in lower case
  standing TEXT NOT NULL,              -- member, guest, closed
  partition_num INTEGER,               -- the partition whose complete read mentioned it last
  mentioned_run INTEGER NOT NULL,
  PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX users_by_email ON users (connection, email_key);
CREATE INDEX users_of_partition ON users (connection, partition_num);

CREATE TABLE groups (
  -- The groups of a source.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  partition_num INTEGER,
  mentioned_run INTEGER NOT NULL,
  PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_of_partition ON groups (connection, partition_num);

CREATE TABLE memberships (
  -- Who belongs to which group: users, and other groups with all that belong to them.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  group_id TEXT NOT NULL,
  member_type TEXT NOT NULL,           -- user, group
  member_id TEXT NOT NULL,
  partition_num INTEGER,
  mentioned_run INTEGER NOT NULL,
  PRIMARY KEY (connection, group_id, member_type, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_of_member ON memberships (connection, member_type, member_id, group_id);
CREATE INDEX memberships_of_partition ON memberships (connection, partition_num);

CREATE TABLE links (
  -- People whom an administrator matched by hand, since their source hides the e-mail.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  email_key TEXT NOT NULL,             -- trimmed, in lower case
  user_id TEXT NOT NULL,
  PRIMARY KEY (connection, email_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
  -- Items that could not be read or were refused, until a later read succeeds.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  id TEXT NOT NULL,
  url TEXT,
  reason TEXT NOT NULL,
  refused INTEGER NOT NULL,            -- 1: a limit of the host, so asking the source again does not help
  run INTEGER NOT NULL,
  PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE activities (
  -- The source's audit log, as far as it was read.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT,
  summary TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,                -- JSON, as the source gave it
  PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activities_by_time ON activities (connection, at);

CREATE TABLE outbox (
  -- Items the search index must look at again, oldest first; each at most once.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  item_num INTEGER NOT NULL UNIQUE     -- may name an item that is gone for good: then the index drops it
) STRICT;
