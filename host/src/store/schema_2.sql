-- Version 2: settings that change, what of a connection is searched, and the audit log by time.
-- From here on `memberships.member_type` may be `members` too, with an empty id: a group that all members belong to.

ALTER TABLE runs ADD COLUMN settings BLOB;           -- SHA-256 of the settings it began with; NULL before version 2
ALTER TABLE runs ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0; -- items removed because the settings leave them out

-- What partitions were read with, as SHA-256: tokens may be long.
ALTER TABLE partitions ADD COLUMN began_token BLOB;  -- the token with which the latest read began
ALTER TABLE partitions ADD COLUMN done_token BLOB;   -- that of the latest complete read that came to its end

ALTER TABLE connections ADD COLUMN index_mode TEXT NOT NULL DEFAULT 'everything'; -- or `manual`: only what is chosen

CREATE TABLE kinds (
  -- The kinds of items that a connection's connector describes, in its order.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,              -- its place among the kinds
  title TEXT NOT NULL,                 -- in the plural, for people
  family TEXT NOT NULL,
  searched INTEGER NOT NULL,           -- 0: its items only hold others, and are never found
  off INTEGER NOT NULL DEFAULT 0,      -- 1: an administrator turned it off
  PRIMARY KEY (connection, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE chosen (
  -- What is searched of a connection in manual mode.
  item_num INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE,
  descendants INTEGER NOT NULL         -- 1: with all that lies below it at the time of a search
) STRICT;

-- The newest records of all connections, without sorting them.
CREATE INDEX activities_by_time_alone ON activities (at);
