-- Version 3 of the store: the words inside files.

CREATE TABLE files (
  -- What came of the bytes of items: words, or the reason why there are none. An item with a file and without a
  -- row of its present version waits; so nothing needs to be queued, and nothing queued can be lost.
  item_num INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  link TEXT NOT NULL,                  -- the file that this is about, and
  version TEXT NOT NULL,               -- the item's version at that time
  extractor INTEGER NOT NULL,          -- the version of what took the words out
  reason TEXT,                         -- a short name; NULL when there are words
  detail TEXT NOT NULL,                -- the reason in words for people
  bytes_max INTEGER NOT NULL,          -- the limit at that time
  failures INTEGER NOT NULL,           -- downloads of this version that failed, one after the other
  not_before INTEGER NOT NULL,         -- when it may be tried again, if it failed
  format TEXT,                         -- plain, markdown; NULL when there are no words
  bytes INTEGER,                       -- length of the unpacked text
  content BLOB                         -- UTF-8, packed with zstd
) STRICT;

-- Asking which files wait looks at items that have one, and at no other.
CREATE INDEX items_with_file ON items (connection, num) WHERE present = 1 AND file_link IS NOT NULL;
