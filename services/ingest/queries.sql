-- name: register_sources(ids, names)!
-- Boards that are configured; new ones are due at once. Polls go on being counted where the records end.
INSERT INTO sources (id, name, run)
SELECT id, name, (SELECT coalesce(max(run), 0) FROM runs WHERE source = id)
FROM unnest(:ids::text[], :names::text[]) AS configured (id, name)
ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE sources.name <> excluded.name;

-- name: due(ids)
-- Boards whose turn it is, those that waited longest first.
SELECT id, run, etag, last_modified, failures, doubts, recent, said->>'status' IS NOT DISTINCT FROM 'failing' AS failing,
    extract(epoch FROM now() - last_whole_at)::float8 AS whole_age
FROM sources WHERE next_poll_at <= now() AND id = ANY(:ids::text[]) ORDER BY next_poll_at;

-- name: lead_the_polling()$
-- One process polls: whoever holds this lock, for as long as its session lives.
SELECT pg_try_advisory_lock(hashtext('loti'), hashtext('polling'));

-- name: hold_source(id, run, runs)$
-- Lock the board and count its polls on; true if none was concluded since it was at `run`, so that an old snapshot
-- never overwrites a newer one.
UPDATE sources SET run = run + :runs::int, last_tried_at = now() WHERE id = :id AND run = :run RETURNING true;

-- name: hold_any_source(id)$
-- Lock a board whatever is under way with it; true if there is such a board.
SELECT true FROM sources WHERE id = :id FOR UPDATE;

-- name: one_at_a_time()$
-- Until the transaction ends, nobody else says anything of a role.
SELECT pg_advisory_xact_lock(hashtext('loti'), hashtext('jobs'));

-- name: sightings_of(source)
-- Every advert known of a board.
SELECT id, reading, missing, posting_key, wording, former FROM sightings WHERE source = :source;

-- name: known_among(ids)
-- Which of these sightings are known.
SELECT id FROM sightings WHERE id = ANY(:ids::text[]);

-- name: alike(keys, most)
-- Open adverts that share most of these keys.
SELECT sighting FROM sighting_keys WHERE key = ANY(:keys::text[])
GROUP BY sighting ORDER BY count(*) DESC, sighting LIMIT :most;

-- name: jobs_of(ids)
-- The roles that these sightings belong to, with every sighting of them.
SELECT s.id, s.role_id, s.reading, r.role FROM sightings s JOIN roles r ON r.id = s.role_id
WHERE s.role_id IN (SELECT role_id FROM sightings WHERE id = ANY(:ids::text[]))
ORDER BY s.id;

-- name: closed_elsewhere(source, likenesses, since)
-- Adverts of named employers that other boards no longer show, and that a new one may advertise again.
SELECT reading FROM sightings
WHERE reading->>'status' = 'closed' AND likeness = ANY(:likenesses::text[]) AND source <> :source
    AND reading->>'employer' IS NOT NULL AND (reading->>'closed_at')::timestamptz >= :since
    AND NOT EXISTS (SELECT FROM roles again WHERE again.role->>'readvertises' = sightings.role_id);

-- name: overdue_sources(today)
-- Boards, watched or not, with an open advert whose closing date has passed.
SELECT DISTINCT source FROM sightings
WHERE reading->>'status' = 'open' AND (reading->>'closes_on')::date < :today ORDER BY source;

-- name: overdue(source, today)$
-- Whether a board shows such an advert.
SELECT EXISTS (
    SELECT FROM sightings
    WHERE source = :source AND reading->>'status' = 'open' AND (reading->>'closes_on')::date < :today
);

-- name: save_roles(ids, sources, roles)!
-- Roles as they are said now.
INSERT INTO roles (id, source, role)
SELECT id, source, role FROM unnest(:ids::text[], :sources::text[], :roles::jsonb[]) AS said (id, source, role)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, source = excluded.source;

-- name: save_sightings(ids, sources, posting_keys, role_ids, readings, missing, likenesses, wordings, formers)!
-- Adverts as they are shown now. A key that is null stays what it was.
WITH shown AS MATERIALIZED (
    SELECT * FROM unnest(:ids::text[], :sources::text[], :posting_keys::text[], :role_ids::text[], :readings::jsonb[],
                         :missing::int[], :likenesses::text[], :wordings::text[], :formers::text[])
        AS shown (id, source, posting_key, role_id, reading, missing, likeness, wording, former))
INSERT INTO sightings (id, source, posting_key, role_id, reading, missing, likeness, wording, former)
SELECT id, source, coalesce(posting_key, id), role_id, reading, missing, likeness, wording, former FROM shown
ON CONFLICT (id) DO UPDATE SET role_id = excluded.role_id, reading = excluded.reading, missing = excluded.missing,
    likeness = excluded.likeness, wording = excluded.wording, former = excluded.former,
    posting_key = coalesce((SELECT shown.posting_key FROM shown WHERE shown.id = excluded.id), sightings.posting_key);

-- name: save_keys(ids, sightings, keys)!
-- By what these adverts are found, a key a row; by nothing once one is shown no more.
WITH wanted AS MATERIALIZED (
    SELECT key, sighting FROM unnest(:keys::text[], :sightings::text[]) AS wanted (key, sighting)),
gone AS (
    DELETE FROM sighting_keys AS kept WHERE sighting = ANY(:ids::text[])
      AND NOT EXISTS (SELECT FROM wanted WHERE wanted.key = kept.key AND wanted.sighting = kept.sighting))
INSERT INTO sighting_keys (key, sighting) SELECT key, sighting FROM wanted
ON CONFLICT DO NOTHING;

-- name: save_sight(id, missing, posting_key, wording)!
-- How often an advert was missing, under which key it was seen (null: as before), and its wording.
UPDATE sightings SET missing = :missing, posting_key = coalesce(:posting_key, posting_key), wording = :wording
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

-- name: save_unchanged(source, run, first_at, last_at, seconds, times)!
-- Polls in a row that found no change, as one.
INSERT INTO runs (source, run, started_at, last_at, seconds, outcome, times)
VALUES (:source, :run, :first_at, :last_at, :seconds, 'unchanged', :times)
ON CONFLICT (source, run) DO NOTHING;

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
    SELECT (p.decision, p.why) FROM decisions p WHERE p.role_id = d.role_id AND p.source = :source
    ORDER BY p.id DESC LIMIT 1
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


-- name: standings(ids)
-- How these boards do, or all, with the poll before now.
SELECT s.id, s.name, s.said->>'status' IS NOT DISTINCT FROM 'failing' AS failing, s.failures, s.doubts, s.last_tried_at, s.last_complete_at, s.next_poll_at,
    s.last_outcome, s.recent, r.outcome, r.why, r.postings, r.refused,
    extract(epoch FROM now() - coalesce(s.last_complete_at, s.known_since))::float8 AS incomplete_for,
    (SELECT count(*) FROM sightings o WHERE o.source = s.id AND o.reading->>'status' = 'open') AS open_roles
FROM sources s
LEFT JOIN LATERAL (SELECT * FROM runs WHERE runs.source = s.id ORDER BY run DESC LIMIT 1) r ON true
WHERE :ids::text[] IS NULL OR s.id = ANY(:ids)
ORDER BY s.id;

-- name: progress()^
-- The figures of the health page.
SELECT count(*) AS sources, count(last_whole_at) AS read_whole, count(*) FILTER (WHERE failures > 0) AS failing,
    count(*) FILTER (WHERE said->>'status' = 'failing') AS said_failing,
    (SELECT count(*) FROM roles WHERE role->>'status' = 'open') AS open_roles
FROM sources;
