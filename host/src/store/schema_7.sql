-- Version 7: what a connection may spend, and what it spent.

CREATE TABLE allowances (
  -- What a user allows a connection. Nothing said is the host's own choice.
  connection INTEGER PRIMARY KEY REFERENCES connections ON DELETE CASCADE,
  width INTEGER,                       -- requests in flight at once to one origin
  points_per_hour INTEGER              -- in the source's own measure
) STRICT;

CREATE TABLE points (
  -- What was spent in an hour of UTC, by all processes. Hours that are over go with the next one.
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  hour INTEGER NOT NULL,               -- since 1970
  points INTEGER NOT NULL,
  PRIMARY KEY (connection, hour)
) STRICT, WITHOUT ROWID;
