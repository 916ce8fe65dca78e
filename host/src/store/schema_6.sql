-- Version 6: schedules, and runs that are wanted.

ALTER TABLE runs ADD COLUMN trigger TEXT NOT NULL DEFAULT 'hand'; -- what made it begin: hand, schedule
ALTER TABLE runs ADD COLUMN cancel INTEGER NOT NULL DEFAULT 0;    -- 1: somebody wants it to stop

CREATE TABLE schedules (
  -- How connections are read by themselves. One without a row here has these defaults.
  connection INTEGER PRIMARY KEY REFERENCES connections ON DELETE CASCADE,
  manual INTEGER NOT NULL DEFAULT 0,         -- 1: only when somebody asks for it
  every_minutes INTEGER NOT NULL DEFAULT 60,
  paused INTEGER NOT NULL DEFAULT 0,
  needs_sign_in INTEGER NOT NULL DEFAULT 0,  -- 1: the source refused the sign-in, and nobody has signed in since
  failures INTEGER NOT NULL DEFAULT 0        -- runs that failed, one after the other, up to now
) STRICT;

CREATE TABLE wanted (
  -- Runs that were asked for while another process held the data folder.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
  mode TEXT NOT NULL,                        -- everything, inventory, since
  asked INTEGER NOT NULL,
  run INTEGER                                -- the one that answers it; NULL until one does
) STRICT;
