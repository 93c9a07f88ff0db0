-- A space may want that nobody learns another's address: media goes through the relay only.
ALTER TABLE spaces ADD COLUMN relay_only INTEGER NOT NULL DEFAULT 0;
