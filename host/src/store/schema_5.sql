-- Version 5: what waits for a person or for another try.

ALTER TABLE connections ADD COLUMN removing TEXT; -- its name, while it is being removed; nobody sees it from then on
-- More suspects than both of these wait for a person; NULL for the defaults.
ALTER TABLE connections ADD COLUMN deletion_share INTEGER;    -- in percent of the items that are present
ALTER TABLE connections ADD COLUMN deletion_at_least INTEGER; -- and so many are always believed

ALTER TABLE kinds ADD COLUMN gone INTEGER NOT NULL DEFAULT 0; -- 1: not described any more; `off` is remembered

CREATE TABLE deletions (
  -- Items that complete reads left out, too many at once to be believed. A person approves or rejects them.
  item_num INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  run INTEGER NOT NULL,                -- the run that held them; what is mentioned later is back
  since INTEGER NOT NULL,
  rejected INTEGER NOT NULL DEFAULT 0  -- 1: a person said that they stay; left alone until they are mentioned
) STRICT;
CREATE INDEX deletions_of_connection ON deletions (connection, item_num);

CREATE TABLE confirmed (
  -- Items that complete reads left out and that the source, asked by name, said are there.
  item_num INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  times INTEGER NOT NULL,              -- one after the other
  run INTEGER NOT NULL,                -- the latest of them
  not_before INTEGER NOT NULL          -- when it is asked about again, if it is still left out
) STRICT;

ALTER TABLE failures ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failures ADD COLUMN tried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failures ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;   -- in how many runs, one after the other
ALTER TABLE failures ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0; -- when it is asked about again
ALTER TABLE failures ADD COLUMN version TEXT;                          -- that was refused, if one was
UPDATE failures SET since = ifnull((SELECT started FROM runs WHERE id = run), 0);
UPDATE failures SET tried = since;
CREATE INDEX failures_by_time ON failures (connection, not_before) WHERE refused = 0;
