-- name: reader_of(digest)^
-- Whose token it is.
SELECT name FROM readers WHERE token_digest = :digest;

-- name: reader_read(name, position, now)!
-- How far a reader has come.
UPDATE readers SET last_read_at = :now, last_position = :position WHERE name = :name;

-- name: add_reader(name, digest)
-- A new one; nothing where the name is taken.
INSERT INTO readers (name, token_digest) VALUES (:name, :digest) ON CONFLICT DO NOTHING RETURNING name;

-- name: readers()
-- Everybody who may pull, and how many events each has yet to read.
SELECT name, made_at, last_read_at, last_position,
       (SELECT count(*) FROM events WHERE position > coalesce(last_position, 0)) AS behind
FROM readers ORDER BY name;

-- name: remove_reader(name)
-- Its token is worth nothing from now on.
DELETE FROM readers WHERE name = :name RETURNING name;
