-- name: count_sources()
-- How many roles each board shows, and since when nothing new was found there.
SELECT source, count(*) FILTER (WHERE status = 'open') AS open, count(*) AS known, max(found_at) AS newest
FROM role GROUP BY source ORDER BY source;

-- name: source_states()
-- Every board that could not be read at least once, as it is now.
SELECT state FROM source;

-- name: letters(status, before, most)
-- Dead letters, newest first, and when somebody last asked for one's replay; without a status, of all.
SELECT dead_letter.state, dead_letter.said_at, replay.said_at AS asked_at
FROM dead_letter LEFT JOIN replay USING (id)
WHERE (:status::text IS NULL OR dead_letter.status = :status)
  AND (:before::timestamptz IS NULL OR dead_letter.parked_at < :before)
ORDER BY dead_letter.parked_at DESC LIMIT :most;

-- name: parked_letters(most)
-- The dead letters that nobody replayed and nobody asked for since they were parked, oldest first.
SELECT dead_letter.id FROM dead_letter LEFT JOIN replay USING (id)
WHERE dead_letter.status = 'parked' AND (replay.said_at IS NULL OR replay.said_at < dead_letter.said_at)
ORDER BY dead_letter.parked_at LIMIT :most;

-- name: count_letters()
-- How many dead letters there are, by status.
SELECT status, count(*) AS letters FROM dead_letter GROUP BY status;

-- name: count_fresh(since)$
-- How many of those that are still set aside are newer than this.
SELECT count(*) FROM dead_letter WHERE status = 'parked' AND parked_at >= :since;

-- name: stopped()
-- The services whose breaker is open.
SELECT state FROM consumer WHERE status = 'stopped' ORDER BY said_at, id;

-- name: audited(contact_id, subject, before, most)
-- Who did what, newest first; null lets everything through.
SELECT audit.number, audit.at, audit.contact_id, audit.what, audit.event_type, audit.subject, contact.name
FROM audit LEFT JOIN contact ON contact.id = audit.contact_id
WHERE (:contact_id::text IS NULL OR audit.contact_id = :contact_id)
  AND (:subject::text IS NULL OR audit.subject = :subject)
  AND (:before::bigint IS NULL OR audit.number < :before)
ORDER BY audit.number DESC LIMIT :most;
