-- Version 10: kinds whose items may be read by people who may not read what holds them. A kind that was kept before
-- does not widen until its connector has described itself again.
ALTER TABLE kinds ADD COLUMN widens INTEGER NOT NULL DEFAULT 0;
