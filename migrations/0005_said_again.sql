-- A space remembers references only as long as a message is among its newest. Under one that it has forgotten it acknowledges
-- another message, with an id of its own, and that has to be recorded: exactly once is by id. What somebody wrote is still found by its author.
DROP INDEX messages_once;
CREATE INDEX messages_by_author ON messages (author_id, space_id);
