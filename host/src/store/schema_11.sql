-- Version 11: connectors are installed. A connection names one and never a file; connections that name a path were
-- made before, and are not read until `weir connector add PATH` has installed what is there.

CREATE TABLE connectors (
  name TEXT PRIMARY KEY,
  key TEXT,                      -- the public key (PEM) that every version has to be signed by; NULL: none was given
  fingerprint TEXT               -- of that key
) STRICT, WITHOUT ROWID;

CREATE TABLE connector_versions (
  -- What somebody agreed to. The bytes are in a file that is named by their digest.
  connector TEXT NOT NULL REFERENCES connectors ON DELETE CASCADE,
  sha256 TEXT NOT NULL,          -- of the bytes, in hexadecimal
  turn INTEGER NOT NULL,         -- grows when a version takes another's place: the highest is the one that runs
  version TEXT NOT NULL,         -- JSON: where it came from, and all that it demands and says of itself
  PRIMARY KEY (connector, sha256)
) STRICT, WITHOUT ROWID;
