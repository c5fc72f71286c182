-- name: register_sources(ids, names)!
-- Boards that are configured; new ones are due at once.
INSERT INTO sources (id, name) SELECT * FROM unnest(:ids::text[], :names::text[])
ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE sources.name <> excluded.name;

-- name: claim_due(ids, lease, most)
-- Boards to poll now, ours for `lease` seconds: should we die, somebody else takes them then.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :lease), run = run + 1, last_tried_at = now()
WHERE id IN (
    SELECT id FROM sources WHERE next_poll_at <= now() AND id = ANY(:ids::text[])
    ORDER BY next_poll_at LIMIT :most FOR UPDATE SKIP LOCKED
)
RETURNING id, run, etag, last_modified, failures, doubts,
    extract(epoch FROM now() - last_whole_at)::float8 AS whole_age;

-- name: renew_claim(id, run, lease)!
-- Still at it.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :lease) WHERE id = :id AND run = :run;

-- name: hold_source(id, run)$
-- Lock the board; true while no later poll of it has begun, so that an old snapshot never overwrites a newer one.
SELECT run = :run FROM sources WHERE id = :id FOR UPDATE;

-- name: roles_of(source)
-- Every role known of a board.
SELECT id, role, missing FROM roles WHERE source = :source;

-- name: save_role(id, source, posting_key, role, missing)!
-- A role as it is said now.
INSERT INTO roles VALUES (:id, :source, :posting_key, :role, :missing)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, missing = excluded.missing;

-- name: save_missing(id, missing)!
-- How many complete readings in a row it was missing from.
UPDATE roles SET missing = :missing WHERE id = :id AND missing <> :missing;

-- name: poll_went_well(id, seconds, etag, last_modified, whole, doubts, outcome)!
-- When to ask next, and what to ask with.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :seconds), failures = 0, last_good_at = now(),
    etag = :etag, last_modified = :last_modified,
    doubts = :doubts,
    last_whole_at = CASE WHEN :whole THEN now() ELSE last_whole_at END, last_outcome = :outcome
WHERE id = :id;

-- name: poll_failed(id, seconds, outcome)!
-- Ask again later, with nothing concluded and without conditions.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :seconds), failures = failures + 1,
    etag = NULL, last_modified = NULL, last_outcome = :outcome
WHERE id = :id;

-- name: all_sources()
-- How every board does.
SELECT s.*, (SELECT count(*) FROM roles r WHERE r.source = s.id AND r.role->>'status' = 'open') AS open_roles
FROM sources s ORDER BY id;

-- name: progress()^
-- The figures of the health page.
SELECT count(*) AS sources, count(last_whole_at) AS read_whole, count(*) FILTER (WHERE failures > 0) AS failing,
    (SELECT count(*) FROM roles WHERE role->>'status' = 'open') AS open_roles
FROM sources;
