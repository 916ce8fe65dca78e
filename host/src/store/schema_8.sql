-- Version 8: who signs in to the console, and what was done there.

CREATE TABLE tokens (
  -- What programs, and the first administrator, sign in with. The token itself is kept nowhere.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash BLOB NOT NULL UNIQUE,     -- SHA-256 of the token, which is random and too long to be guessed
  label TEXT NOT NULL,
  email TEXT,                    -- the person it searches as, in lower case; NULL: nobody
  scopes TEXT NOT NULL,          -- JSON list: search, read, manage
  created INTEGER NOT NULL,
  expires INTEGER,               -- NULL: never
  used INTEGER,                  -- when it was last shown, to some minutes
  revoked INTEGER
) STRICT;

CREATE TABLE sessions (
  -- Browsers that are signed in.
  hash BLOB PRIMARY KEY,         -- SHA-256 of the cookie
  token INTEGER REFERENCES tokens ON DELETE CASCADE, -- the token it was begun with, and with which it ends
  email TEXT,                    -- or the person whom somebody else vouched for
  way TEXT NOT NULL,             -- token, oidc, header
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,         -- to some minutes
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE acts (
  -- What was done in the console and over the API, and by whom. Only ever added to.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,           -- an e-mail, or a token's number and label
  act TEXT NOT NULL,             -- a short name: connection-paused
  connection TEXT,               -- its name and not a reference: the trail outlives it
  about TEXT NOT NULL,           -- the rest in words; no secret, and nothing of what is read
  outcome TEXT                   -- done, failed; NULL while it goes on, or if it was cut off
) STRICT;

CREATE TABLE setups (
  -- Connections that somebody is still setting up: signed in, and not read before that is finished.
  connection INTEGER PRIMARY KEY REFERENCES connections ON DELETE CASCADE
) STRICT;
