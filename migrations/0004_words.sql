-- Edits, reactions, channels, moderation, direct messages, notices. What each costs in rows is in docs/chat.md.

ALTER TABLE spaces ADD COLUMN slow_mode_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spaces ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spaces ADD COLUMN words TEXT NOT NULL DEFAULT '[]';
ALTER TABLE spaces ADD COLUMN chat_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spaces ADD COLUMN channels_made INTEGER NOT NULL DEFAULT 0;
CREATE INDEX spaces_by_retention ON spaces (retention_days) WHERE retention_days > 0;

ALTER TABLE members ADD COLUMN entered_at INTEGER;

ALTER TABLE messages ADD COLUMN edited_at INTEGER;
ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
ALTER TABLE messages ADD COLUMN thought INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN changed_id INTEGER NOT NULL DEFAULT 0;
DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (author_id, space_id, reference);

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
