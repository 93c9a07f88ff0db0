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
