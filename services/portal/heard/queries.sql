-- name: add_role_history(id, revision, type, changed, said_at, state)*!
-- What an event about a role changed, once.
INSERT INTO role_history (id, revision, type, changed, said_at, state)
VALUES (:id, :revision, :type, :changed, :said_at, :state)
ON CONFLICT DO NOTHING;

-- name: add_item_history(id, revision, said_at, changed, state)*!
-- An item as it once was.
INSERT INTO item_history (id, revision, said_at, changed, state)
VALUES (:id, :revision, :said_at, :changed, :state)
ON CONFLICT DO NOTHING;

-- name: add_benchmark_history(id, revision, said_at, p25, p50, p75, adverts)*!
-- A benchmark's middle as it once was.
INSERT INTO benchmark_history (id, revision, said_at, p25, p50, p75, adverts)
VALUES (:id, :revision, :said_at, :p25, :p50, :p75, :adverts)
ON CONFLICT DO NOTHING;

-- name: add_follow_up(match_id, after, said_at, contact_ids)!
-- A question how it went that fell due, once.
INSERT INTO follow_up (match_id, after, said_at, contact_ids) VALUES (:match_id, :after, :said_at, :contact_ids)
ON CONFLICT DO NOTHING;

-- name: forget_contact(contact_id)!
-- A person's rows, all of them. What the person did stays in the audit log under an id that leads nowhere. What could
-- not be handled of the person goes too: replayed, it would bring the person back.
WITH letters AS (DELETE FROM dead_letters WHERE key = convert_to(:contact_id, 'UTF8')),
     gone AS (DELETE FROM contact WHERE id = :contact_id),
     chosen AS (DELETE FROM subscriptions WHERE id = :contact_id),
     told AS (DELETE FROM notification WHERE contact_id = :contact_id)
DELETE FROM follow_up WHERE contact_ids = ARRAY[:contact_id::text];

-- name: ring(tables)!
-- Tell every process that serves pages which tables changed.
SELECT pg_notify('portal_changed', :tables);

-- name: forget_what_was_told(before)!
-- What is too old to be looked up: what people were told, and what was worth telling at the time.
WITH told AS (DELETE FROM notification WHERE said_at < :before),
     signals AS (DELETE FROM signal WHERE said_at < :before),
     letters AS (DELETE FROM dead_letter WHERE said_at < :before),
     replays AS (DELETE FROM replay WHERE said_at < :before)
DELETE FROM follow_up WHERE said_at < :before;

-- name: forget_what_was_done(before)!
-- The end of the audit log.
DELETE FROM audit WHERE at < :before;
