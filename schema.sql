-- The schema that migrations/ result in; worker/test/configuration.test.mjs compares them. Times are milliseconds since
-- 1970; ids are random text (see worker/src/core/ids.rs).

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  guest INTEGER NOT NULL,
  -- JSON, or NULL for someone who has not dressed yet.
  look TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE INDEX users_guests_by_seen ON users (seen_at) WHERE guest = 1;

CREATE TABLE passwords (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  email TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE credentials (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  passkey TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX credentials_by_user ON credentials (user_id);

CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  rotated_at INTEGER,
  successor TEXT,
  revoked_at INTEGER
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Passkey ceremonies under way. Each is taken out once, by whoever finishes it.
CREATE TABLE challenges (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

CREATE TABLE spaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  template TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('link', 'members')),
  listed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  -- Media goes through the relay only.
  relay_only INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX spaces_listed ON spaces (created_at) WHERE listed = 1;

CREATE TABLE members (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('guest', 'member', 'admin', 'owner')),
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, role);
CREATE UNIQUE INDEX members_one_owner ON members (space_id) WHERE role = 'owner';

-- What was said to all in a space. A space's object counts the ids, delivers in order and at least once; the keys make
-- that exactly once. The reference is the author's own, in hexadecimal: a message said again is the same message.
CREATE TABLE messages (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  channel TEXT NOT NULL,
  author_id TEXT NOT NULL,
  author_name TEXT NOT NULL,
  text TEXT NOT NULL,
  reply_to INTEGER,
  reference TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, id)
) WITHOUT ROWID;
CREATE INDEX messages_by_channel ON messages (space_id, channel, id);
CREATE UNIQUE INDEX messages_once ON messages (space_id, author_id, reference);

-- What was done to accounts and spaces, and by whom. No names, no addresses; outlives what it is about.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_id TEXT,
  space_id TEXT,
  action TEXT NOT NULL
);
CREATE INDEX audit_by_space ON audit (space_id, at);
