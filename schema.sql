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
  relay_only INTEGER NOT NULL DEFAULT 0,
  -- Between two messages of one person; 0: none.
  slow_mode_s INTEGER NOT NULL DEFAULT 0,
  -- 0: for ever.
  retention_days INTEGER NOT NULL DEFAULT 0,
  -- JSON: what is not to be said here.
  words TEXT NOT NULL DEFAULT '[]',
  -- Rises with every change of what the object has to know about writing.
  chat_revision INTEGER NOT NULL DEFAULT 0,
  channels_made INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX spaces_listed ON spaces (created_at) WHERE listed = 1;
CREATE INDEX spaces_by_retention ON spaces (retention_days) WHERE retention_days > 0;

CREATE TABLE members (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('guest', 'member', 'admin', 'owner')),
  joined_at INTEGER NOT NULL,
  -- When last seen coming in: that is where mail is brought.
  entered_at INTEGER,
  PRIMARY KEY (space_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, role);
CREATE UNIQUE INDEX members_one_owner ON members (space_id) WHERE role = 'owner';

-- What was said to all in a space. A space's object counts the ids, delivers in order and at least once; the key makes
-- that exactly once. The reference is the author's own, in hexadecimal. The object knows by it what is said again; here two may
-- have the same, for what the object has forgotten it acknowledges anew.
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
  edited_at INTEGER,
  -- Its text is gone.
  deleted_at INTEGER,
  thought INTEGER NOT NULL DEFAULT 0,
  -- The last change that was applied: changes come in order and at least once.
  changed_id INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (space_id, id)
) WITHOUT ROWID;
CREATE INDEX messages_by_channel ON messages (space_id, channel, id);
CREATE INDEX messages_by_author ON messages (author_id, space_id);

-- The change that brought it is its place in the order.
CREATE TABLE reactions (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  user_id TEXT NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (space_id, message_id, emoji, user_id)
) WITHOUT ROWID;
CREATE INDEX reactions_by_user ON reactions (user_id);

-- What a message said before it was edited or deleted, for moderators.
CREATE TABLE traces (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('edited', 'deleted')),
  text_before TEXT NOT NULL,
  PRIMARY KEY (space_id, message_id, change_id)
) WITHOUT ROWID;
CREATE INDEX traces_by_author ON traces (author_id);

-- Named channels. A number is never used again: what is still on its way to an old one must not appear in a new one.
CREATE TABLE channels (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  topic TEXT NOT NULL DEFAULT '',
  announcements INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (space_id, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX channels_by_name ON channels (space_id, folded);

CREATE TABLE bans (
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  by_id TEXT NOT NULL,
  banned_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, user_id)
) WITHOUT ROWID;
CREATE INDEX bans_by_user ON bans (user_id);

CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  space_id TEXT NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
  reporter_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  message_id INTEGER,
  reason TEXT NOT NULL CHECK (reason IN ('spam', 'harassment', 'other')),
  text TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX reports_by_space ON reports (space_id, id);
CREATE INDEX reports_by_reporter ON reports (reporter_id, space_id);
CREATE INDEX reports_by_user ON reports (user_id);

-- Who does not want to have to do with whom.
CREATE TABLE blocks (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  blocked_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

-- Direct messages. The pair is both ids, the lesser first, with a space between them.
CREATE TABLE directs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pair TEXT NOT NULL,
  author_id TEXT NOT NULL,
  author_name TEXT NOT NULL,
  text TEXT NOT NULL,
  reply_to INTEGER,
  reference TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER
);
CREATE INDEX directs_by_pair ON directs (pair, id);
CREATE UNIQUE INDEX directs_once ON directs (author_id, reference);
CREATE INDEX directs_by_time ON directs (author_id, said_at);

CREATE TABLE direct_reactions (
  direct_id INTEGER NOT NULL REFERENCES directs (id) ON DELETE CASCADE,
  emoji TEXT NOT NULL,
  user_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (direct_id, emoji, user_id)
) WITHOUT ROWID;
CREATE INDEX direct_reactions_by_user ON direct_reactions (user_id);

-- Each one's side of a conversation of two: how far it is read, and what was said last.
CREATE TABLE direct_reads (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  peer_id TEXT NOT NULL,
  read_to INTEGER NOT NULL DEFAULT 0,
  last_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, peer_id)
) WITHOUT ROWID;
CREATE INDEX direct_reads_by_last ON direct_reads (user_id, last_id);

-- What somebody wants to be told of while they are away. Minutes are since local midnight.
CREATE TABLE notices (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  mentions INTEGER NOT NULL,
  directs INTEGER NOT NULL,
  knocks INTEGER NOT NULL,
  nudges INTEGER NOT NULL,
  quiet_from_min INTEGER,
  quiet_to_min INTEGER,
  utc_offset_min INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE push_subscriptions (
  endpoint TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, created_at);

-- Accounts that were deleted, and spaces that may still have words of theirs. A row goes when nothing is left.
CREATE TABLE erasures (
  user_id TEXT PRIMARY KEY,
  spaces TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- What was done to accounts and spaces, and by whom. No names, no addresses; outlives what it is about.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_id TEXT,
  space_id TEXT,
  action TEXT NOT NULL
);
CREATE INDEX audit_by_space ON audit (space_id, at);
