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
RETURNING id, run, etag, last_modified, failures, doubts, recent,
    extract(epoch FROM now() - last_whole_at)::float8 AS whole_age;

-- name: renew_claim(id, run, lease)!
-- Still at it.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :lease) WHERE id = :id AND run = :run;

-- name: hold_source(id, run)$
-- Lock the board; true while no later poll of it has begun, so that an old snapshot never overwrites a newer one.
SELECT run = :run FROM sources WHERE id = :id FOR UPDATE;

-- name: hold_any_source(id)$
-- Lock a board whatever is under way with it; true if there is such a board.
SELECT true FROM sources WHERE id = :id FOR UPDATE;

-- name: roles_of(source)
-- Every role known of a board.
SELECT id, role, missing, posting_key, wording, former FROM roles WHERE source = :source;

-- name: closed_elsewhere(source, likenesses, since)
-- Roles of other boards' named employers, closed since then, that a new role may advertise again.
SELECT role FROM roles
WHERE role->>'status' = 'closed' AND likeness = ANY(:likenesses::text[]) AND source <> :source
    AND role->>'employer' IS NOT NULL AND (role->>'closed_at')::timestamptz >= :since
    AND NOT EXISTS (SELECT FROM roles again WHERE again.likeness = roles.likeness AND again.role->>'readvertises' = roles.id);

-- name: overdue_sources(today)
-- Boards, watched or not, with an open role whose closing date has passed.
SELECT DISTINCT source FROM roles
WHERE role->>'status' = 'open' AND (role->>'closes_on')::date < :today ORDER BY source;

-- name: save_role(id, source, posting_key, role, missing, likeness, wording, former)!
-- A role as it is said now. A key that is null stays what it was.
INSERT INTO roles (id, source, posting_key, role, missing, likeness, wording, former)
VALUES (:id, :source, coalesce(:posting_key, :id), :role, :missing, :likeness, :wording, :former)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, missing = excluded.missing, likeness = excluded.likeness,
    wording = excluded.wording, former = excluded.former, posting_key = coalesce(:posting_key, roles.posting_key);

-- name: save_sight(id, missing, posting_key, wording)!
-- How often a role was missing, under which key it was seen (null: as before), and its wording.
UPDATE roles SET missing = :missing, posting_key = coalesce(:posting_key, posting_key), wording = :wording
WHERE id = :id AND (missing, posting_key, wording) IS DISTINCT FROM
    (:missing::int, coalesce(:posting_key, posting_key), :wording::text);

-- name: poll_went_well(id, seconds, etag, last_modified, whole, complete, doubts, recent, outcome)^
-- When to ask next, and what to ask with; how the board stands then.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :seconds), failures = 0, last_good_at = now(),
    etag = :etag, last_modified = :last_modified,
    doubts = :doubts, recent = coalesce(:recent::int[], recent),
    last_whole_at = CASE WHEN :whole THEN now() ELSE last_whole_at END,
    last_complete_at = CASE WHEN :complete THEN now() ELSE last_complete_at END, last_outcome = :outcome
WHERE id = :id
RETURNING said, failures, last_complete_at,
    extract(epoch FROM now() - coalesce(last_complete_at, known_since))::float8 AS incomplete_for;

-- name: poll_failed(id, seconds, outcome)^
-- Ask again later, with nothing concluded and without conditions; how the board stands then.
UPDATE sources SET next_poll_at = now() + make_interval(secs => :seconds), failures = failures + 1,
    etag = NULL, last_modified = NULL, last_outcome = :outcome
WHERE id = :id
RETURNING said, failures, last_complete_at,
    extract(epoch FROM now() - coalesce(last_complete_at, known_since))::float8 AS incomplete_for;

-- name: save_standing(id, said)!
-- What was said of the board.
UPDATE sources SET said = :said WHERE id = :id;

-- name: repeat_unchanged(source, seconds)$
-- Count one more poll without a change onto the last one, if that found none either; true if it did.
UPDATE runs SET times = times + 1, last_at = now(), seconds = :seconds
WHERE source = :source AND outcome = 'unchanged'
    AND run = (SELECT max(run) FROM runs WHERE source = :source)
RETURNING true;

-- name: save_run(source, run, seconds, outcome, why, postings, digital, refused, said)!
-- How one poll went.
INSERT INTO runs (source, run, started_at, seconds, outcome, why, postings, digital, refused, said)
VALUES (:source, :run, now() - make_interval(secs => :seconds), :seconds, :outcome, :why, :postings, :digital,
    :refused, :said)
ON CONFLICT (source, run) DO NOTHING;

-- name: save_decisions(source, run, role_ids, decisions, whys)!
-- What became of roles, where it is not what became of them the last time.
INSERT INTO decisions (source, run, role_id, decision, why)
SELECT :source, :run, d.role_id, d.decision, d.why
FROM unnest(:role_ids::text[], :decisions::text[], :whys::text[]) AS d (role_id, decision, why)
WHERE (d.decision, d.why) IS DISTINCT FROM (
    SELECT (p.decision, p.why) FROM decisions p WHERE p.role_id = d.role_id ORDER BY p.id DESC LIMIT 1
);

-- name: runs_of(source, most)
-- A board's polls, newest first; of every board where none is named.
SELECT * FROM runs WHERE :source::text IS NULL OR source = :source ORDER BY last_at DESC, run DESC LIMIT :most;

-- name: looks(source)
-- A board's last looks that taught something, oldest first: when, and whether anything was said of it.
SELECT started_at, last_at, changed FROM (
    SELECT run, started_at, last_at, said <> '{}' AS changed FROM runs
    WHERE source = :source AND outcome <> 'failed' ORDER BY run DESC LIMIT 20
) AS latest ORDER BY run;

-- name: decisions_about(source, role_id, most)
-- Decisions, newest first, on a board's roles or on one role, with its title where it is known.
SELECT d.source, d.run, d.role_id, d.decision, d.why, d.at, r.role->>'title' AS title
FROM decisions d LEFT JOIN roles r ON r.id = d.role_id
WHERE (:source::text IS NULL OR d.source = :source) AND (:role_id::text IS NULL OR d.role_id = :role_id)
ORDER BY d.id DESC LIMIT :most;

-- name: forget_history(days)!
-- Let go of what is too old.
WITH old AS (DELETE FROM runs WHERE last_at < now() - make_interval(days => :days))
DELETE FROM decisions WHERE at < now() - make_interval(days => :days);

-- name: standings(ids)
-- How these boards do, or all, with the poll before now.
SELECT s.id, s.name, s.said->>'status' IS NOT DISTINCT FROM 'failing' AS failing, s.failures, s.doubts, s.last_tried_at, s.last_complete_at, s.next_poll_at,
    s.last_outcome, s.recent, r.outcome, r.why, r.postings, r.refused,
    extract(epoch FROM now() - coalesce(s.last_complete_at, s.known_since))::float8 AS incomplete_for,
    (SELECT count(*) FROM roles o WHERE o.source = s.id AND o.role->>'status' = 'open') AS open_roles
FROM sources s
LEFT JOIN LATERAL (SELECT * FROM runs WHERE runs.source = s.id ORDER BY run DESC LIMIT 1) r ON true
WHERE :ids::text[] IS NULL OR s.id = ANY(:ids)
ORDER BY s.id;

-- name: all_sources()
-- How every board does.
SELECT s.*, (SELECT count(*) FROM roles r WHERE r.source = s.id AND r.role->>'status' = 'open') AS open_roles
FROM sources s ORDER BY id;

-- name: progress()^
-- The figures of the health page.
SELECT count(*) AS sources, count(last_whole_at) AS read_whole, count(*) FILTER (WHERE failures > 0) AS failing,
    count(*) FILTER (WHERE said->>'status' = 'failing') AS said_failing,
    (SELECT count(*) FROM roles WHERE role->>'status' = 'open') AS open_roles
FROM sources;
