-- name: endpoints()
-- Everybody to whom events are pushed.
SELECT * FROM endpoints ORDER BY name;

-- name: endpoint(name)^
-- One of them.
SELECT * FROM endpoints WHERE name = :name;

-- name: queue(deliveries)!
-- To be pushed, given as rows in JSON.
INSERT INTO deliveries (endpoint, position, event_id, type, topic, key, state)
SELECT endpoint, position, event_id, type, topic, key, 'waiting'
FROM jsonb_to_recordset(:deliveries::jsonb) AS new
    (endpoint text, position bigint, event_id text, type text, topic text, key text)
JOIN endpoints ON endpoints.name = new.endpoint
ON CONFLICT (endpoint, event_id) DO NOTHING;

-- name: supersede(topics, keys)!
-- Of these things, where an endpoint failed to take an earlier state (or gets nothing now), the newest state stands in
-- the place of all that wait; it is due when they were.
WITH waiting AS (
    SELECT d.id, d.endpoint, d.topic, d.key, d.position, d.due_at,
           max(d.position) OVER thing AS newest,
           max(d.due_at) OVER thing AS due,
           bool_or(d.attempts > 0 OR d.due_at > now()) OVER thing OR e.disabled_at IS NOT NULL AS failing
    FROM deliveries d
    JOIN unnest(:topics::text[], :keys::text[]) AS asked (topic, key) USING (topic, key)
    JOIN endpoints e ON e.name = d.endpoint
    WHERE d.state = 'waiting'
    WINDOW thing AS (PARTITION BY d.endpoint, d.topic, d.key)
)
UPDATE deliveries d
SET state = CASE WHEN w.position < w.newest THEN 'superseded' ELSE d.state END,
    ended_at = CASE WHEN w.position < w.newest THEN now() END,
    due_at = w.due
FROM waiting w WHERE w.id = d.id AND w.failing AND d.state = 'waiting';

-- name: due(endpoint, things, most)
-- What can be pushed now: the first that waits of each thing, if it is due and nothing of that thing is on its way
-- (`things` are `topic key` of those).
SELECT d.id, d.position, d.event_id, d.type, d.topic, d.key, d.attempts, e.body
FROM deliveries d JOIN events e USING (position)
WHERE d.endpoint = :endpoint AND d.state = 'waiting' AND d.due_at <= now()
  AND d.topic || ' ' || d.key <> ALL(:things::text[])
  AND NOT EXISTS (
      SELECT FROM deliveries earlier
      WHERE earlier.endpoint = d.endpoint AND earlier.topic = d.topic AND earlier.key = d.key
        AND earlier.state = 'waiting' AND earlier.position < d.position)
ORDER BY d.due_at, d.position LIMIT :most;

-- name: record_attempt(delivery, at, seconds, status, said)!
-- One line of the log.
INSERT INTO attempts (delivery, at, seconds, status, said)
SELECT id, :at, :seconds, :status, :said FROM deliveries WHERE id = :delivery;

-- name: end_delivery(id, state, now)!
-- It was delivered, even if a newer state has taken its place meanwhile; or it has failed for good.
UPDATE deliveries SET state = :state, attempts = attempts + 1, ended_at = :now
WHERE id = :id AND (state = 'waiting' OR :state = 'delivered');

-- name: put_off(id, due_at)!
-- It is tried again then.
UPDATE deliveries SET attempts = attempts + 1, due_at = :due_at WHERE id = :id;

-- name: endpoint_took(name, now)!
-- It works.
UPDATE endpoints SET failing_since = NULL, not_before = NULL, last_success_at = :now WHERE name = :name;

-- name: endpoint_failed(name, now, hold_until, disable)!
-- It fails; it may want to be left alone for a while, or get nothing any more.
UPDATE endpoints SET
    failing_since = coalesce(failing_since, :now),
    not_before = greatest(not_before, :hold_until),
    disabled_at = coalesce(disabled_at, CASE WHEN :disable::text IS NOT NULL THEN :now::timestamptz END),
    disabled_because = coalesce(disabled_because, :disable)
WHERE name = :name;

-- name: keep_newest_waiting(endpoint)!
-- For an endpoint that gets nothing now: of each thing only the newest state goes on waiting.
UPDATE deliveries d SET state = 'superseded', ended_at = now()
WHERE d.endpoint = :endpoint AND d.state = 'waiting' AND EXISTS (
    SELECT FROM deliveries later
    WHERE later.endpoint = d.endpoint AND later.topic = d.topic AND later.key = d.key
      AND later.state = 'waiting' AND later.position > d.position);

-- name: forget_deliveries(before)!
-- The log of what has ended long ago.
DELETE FROM deliveries WHERE state <> 'waiting' AND ended_at < :before;

-- name: add_endpoint(name, url, types, authorities, secret)
-- A new one; nothing where the name is taken.
INSERT INTO endpoints (name, url, types, authorities, secret)
VALUES (:name, :url, :types, :authorities, :secret) ON CONFLICT DO NOTHING RETURNING name;

-- name: queue_current(endpoint, types, authorities)
-- The newest state of each thing that passes the filter, to be pushed to it.
INSERT INTO deliveries (endpoint, position, event_id, type, topic, key, state)
SELECT :endpoint, e.position, e.id, e.type, e.topic, e.key, 'waiting'
FROM events e JOIN things t ON (t.topic, t.key, t.position) = (e.topic, e.key, e.position)
WHERE (:types::text[] IS NULL OR e.type = ANY(:types))
  AND (:authorities::text[] IS NULL OR e.concerns && :authorities)
ORDER BY e.position
ON CONFLICT DO NOTHING RETURNING id;

-- name: waiting_by_endpoint()
-- How many events wait for each endpoint, and since when.
SELECT endpoint, count(*) AS waiting, min(made_at) AS since FROM deliveries WHERE state = 'waiting' GROUP BY endpoint;

-- name: rotate(name, secret, until)
-- A new secret; the old one signs as well until then. A still older one does not any more.
UPDATE endpoints SET old_secret = secret, old_secret_until = :until, secret = :secret
WHERE name = :name RETURNING name;

-- name: enable(name)
-- Push to it again, from what waits, as if nothing had been tried.
WITH enabled AS (
    UPDATE endpoints SET disabled_at = NULL, disabled_because = NULL, failing_since = NULL, not_before = NULL
    WHERE name = :name RETURNING name),
again AS (
    UPDATE deliveries d SET attempts = 0, due_at = now() FROM enabled WHERE d.endpoint = enabled.name AND d.state = 'waiting'
    RETURNING d.id)
SELECT name, (SELECT count(*) FROM again) AS waiting FROM enabled;

-- name: disable(name, because)
-- Push nothing to it until it is enabled.
UPDATE endpoints SET disabled_at = coalesce(disabled_at, now()), disabled_because = coalesce(disabled_because, :because)
WHERE name = :name RETURNING name;

-- name: remove_endpoint(name)
-- Forget it, with what waits for it and its log.
DELETE FROM endpoints WHERE name = :name RETURNING name;

-- name: deliveries(endpoint, state, most)
-- The newest of an endpoint's deliveries, newest first; of one state, or all where it is null.
SELECT id, event_id, type, key, state, attempts, due_at, made_at, ended_at FROM deliveries
WHERE endpoint = :endpoint AND (:state::text IS NULL OR state = :state)
ORDER BY id DESC LIMIT :most;

-- name: attempts_of(deliveries)
-- Each attempt of these, oldest first.
SELECT delivery, at, seconds, status, said FROM attempts WHERE delivery = ANY(:deliveries::bigint[]) ORDER BY at;

-- name: deliveries_called(id, endpoint)
-- A delivery by its number, or all deliveries of an event by its id; of one endpoint where it is not null.
SELECT d.id, d.endpoint, d.type, d.event_id, d.state, n.disabled_because,
       EXISTS (SELECT FROM events e WHERE e.position = d.position) AS kept
FROM deliveries d JOIN endpoints n ON n.name = d.endpoint
WHERE (d.id::text = :id OR d.event_id = :id) AND (:endpoint::text IS NULL OR d.endpoint = :endpoint)
ORDER BY d.id FOR UPDATE OF d;

-- name: push_again(ids)!
-- From the start, now.
UPDATE deliveries SET state = 'waiting', attempts = 0, due_at = now(), ended_at = NULL
WHERE id = ANY(:ids::bigint[]);

-- name: add_tested(endpoint, event_id, type, state)$
-- A test event goes past the log; its delivery is written down once it is over.
INSERT INTO deliveries (endpoint, position, event_id, type, topic, key, state, attempts, ended_at)
VALUES (:endpoint, 0, :event_id, :type, 'test', :endpoint, :state, 1, now()) RETURNING id;

-- name: kept_secrets()
-- Each endpoint's secrets as they are kept, held until the transaction ends.
SELECT name, secret, old_secret, old_secret_until FROM endpoints ORDER BY name FOR UPDATE;

-- name: keep_secrets(name, secret, old_secret)!
-- The same secrets, kept otherwise; without an old one, none is kept.
UPDATE endpoints SET secret = :secret, old_secret = :old_secret,
    old_secret_until = CASE WHEN :old_secret::text IS NOT NULL THEN old_secret_until END
WHERE name = :name;
