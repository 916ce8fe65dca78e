-- Version 9: what the console shows of items: lists by time, levels of the tree, and what became of each.

CREATE TABLE history (
  -- What runs learned of an item, without any of its words. The newest are kept.
  item_num INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
  run INTEGER NOT NULL,                -- a number and not a reference: runs are forgotten earlier
  what TEXT NOT NULL,                  -- added, returned, changed, moved, access, archived, binned, deleted, left-out
  at INTEGER NOT NULL,                 -- when that run began
  PRIMARY KEY (item_num, run, what)
) STRICT, WITHOUT ROWID;

-- The newest first, without sorting. An item without a time is the oldest.
CREATE INDEX items_by_time ON items (ifnull(updated, 0), num, present) WHERE present = 1;

-- A level of the tree, by kind and title. It holds all titles, so that those with a certain word are found in it.
DROP INDEX items_by_parent;
CREATE INDEX items_by_parent ON items (parent_num, kind, title COLLATE NOCASE, num, present) WHERE present = 1;

-- Files of which nothing is found are few, and looked for by hand.
CREATE INDEX files_without_words ON files (item_num) WHERE reason IS NOT NULL;
