-- name: said_before(ids)
-- In which revision these roles are known.
SELECT id, (role->>'revision')::int AS revision FROM roles WHERE id = ANY(:ids::text[]);

-- name: know_boards(ids)!
-- Boards that roles tell of. Their polls go on being counted where the records end, and a reading is held against those
-- that were complete, as far as they are on record.
INSERT INTO sources (id, name, run, recent)
SELECT board, board, coalesce(past.run, 0), coalesce(past.recent, '{}')
FROM unnest(:ids::text[]) AS board CROSS JOIN LATERAL (
    SELECT (SELECT max(run) FROM runs WHERE source = board) AS run,
        (SELECT array_agg(postings ORDER BY run) FROM (
            SELECT run, postings FROM runs WHERE source = board AND outcome = 'complete' ORDER BY run DESC LIMIT 9
        ) AS latest) AS recent) AS past
ON CONFLICT (id) DO NOTHING;

-- name: save_said(id, name, revision, said)!
-- What was said of a board last, if it is newer than what is known.
UPDATE sources SET said = :said, name = :name
WHERE id = :id AND (said IS NULL OR (said->>'revision')::int < :revision);

-- name: adverts_of(role_ids, boards, links)
-- The adverts of these roles, and those that these boards show under these links.
SELECT role_id, reading FROM sightings
WHERE role_id = ANY(:role_ids::text[])
    OR (source, reading->'links'->>0) IN (SELECT * FROM unnest(:boards::text[], :links::text[]))
ORDER BY id;

-- name: let_stand_in(ids)!
-- These adverts are known from their roles alone.
UPDATE sightings SET stands_in = true WHERE id = ANY(:ids::text[]);

-- name: standing_in(source)
-- A board's adverts that are known from their roles alone.
SELECT id, role_id, reading->'links'->>0 AS link FROM sightings WHERE source = :source AND stands_in;

-- name: known_among(ids)
-- Which of these adverts are known.
SELECT id FROM sightings WHERE id = ANY(:ids::text[]);

-- name: claim(stand_ins, ids, keys)!
-- The board shows these adverts, under these keys; from now on they have the ids that their postings make.
UPDATE sightings SET id = shown.id, posting_key = coalesce(shown.key, shown.id), stands_in = false,
    reading = jsonb_set(reading, '{id}', to_jsonb(shown.id))
FROM unnest(:stand_ins::text[], :ids::text[], :keys::text[]) AS shown (stand_in, id, key)
WHERE sightings.id = shown.stand_in AND stands_in;

-- name: every_role()
-- All roles as they are said now.
SELECT role FROM roles ORDER BY id;

-- name: every_board_said()
-- All boards that something was said of.
SELECT said FROM sources WHERE said IS NOT NULL ORDER BY id;
