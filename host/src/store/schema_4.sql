-- Version 4: reads that do not tell everything each time, and what waits to be shown meanwhile.
-- A run seldom looks at all of a source. So an item says when its readers were last told, new words wait until
-- the readers of all that is above were told after them, and somebody is let in only once whatever lies below
-- was looked at too. Shutting somebody out never waits.

ALTER TABLE items ADD COLUMN told_run INTEGER NOT NULL DEFAULT 0; -- the run in which the source last told its readers
ALTER TABLE items ADD COLUMN words_run INTEGER;    -- the run that brought words which are shown to nobody yet
ALTER TABLE items ADD COLUMN place_run INTEGER;    -- the run that changed its parent or its readers; until that is settled
ALTER TABLE items ADD COLUMN prior_parent INTEGER; -- a reader must satisfy this place as well,
ALTER TABLE items ADD COLUMN prior_access INTEGER; -- with these readers
ALTER TABLE items ADD COLUMN binned INTEGER NOT NULL DEFAULT 0; -- 1: not present, because it is in the source's bin
ALTER TABLE items ADD COLUMN archived INTEGER NOT NULL DEFAULT 0; -- 1: the source keeps it and has put it out of use

UPDATE items SET told_run = mentioned_run;
UPDATE items SET archived = 1 WHERE present = 1 AND EXISTS
    (SELECT 1 FROM properties WHERE item_num = num AND name = 'status' AND value = 'archived');

CREATE INDEX items_waiting ON items (connection, num)
    WHERE present = 1 AND (words_run IS NOT NULL OR place_run IS NOT NULL);
DROP INDEX items_access;
CREATE INDEX items_access ON items (connection, num, parent_num, access_num, words_run, place_run, prior_parent,
    prior_access, present) WHERE present = 1;
CREATE INDEX items_by_parent ON items (parent_num) WHERE present = 1;

ALTER TABLE kinds ADD COLUMN inherits INTEGER NOT NULL DEFAULT 0; -- 1: its items never have readers of their own

-- When the latest complete read that came to its end had begun, and in which run; NULL before there was one.
ALTER TABLE partitions ADD COLUMN complete_at INTEGER;
ALTER TABLE partitions ADD COLUMN complete_run INTEGER;

ALTER TABLE runs ADD COLUMN binned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;  -- items that were in the bin and are back
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;   -- parts that were not read to their end
ALTER TABLE runs ADD COLUMN points INTEGER NOT NULL DEFAULT 0;    -- what it cost in the source's own measure
