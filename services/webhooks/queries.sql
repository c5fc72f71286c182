-- name: take_turn()!
-- Writers add to the log one after another, each until it has committed: so whoever sees a position sees all before it.
SELECT hold_in_turn('loti event log');

-- name: known_things(topics, keys)
-- The newest revision of each of these things, and whom it ever concerned.
SELECT things.topic, things.key, things.revision, things.concerns
FROM things JOIN unnest(:topics::text[], :keys::text[]) AS asked (topic, key) USING (topic, key);

-- name: add_events(events)
-- To the end of the log, in this order, given as rows in JSON; one that is kept already is left out.
INSERT INTO events (id, type, topic, key, concerns, body, said_at)
SELECT id, type, topic, key, concerns, body, said_at
FROM jsonb_to_recordset(:events::jsonb) AS said
    (place int, id text, type text, topic text, key text, concerns text[], body text, said_at timestamptz)
ORDER BY place
ON CONFLICT (id) DO NOTHING
RETURNING id, position;

-- name: save_things(things)!
-- The newest states, given as rows in JSON, each thing once.
INSERT INTO things SELECT * FROM jsonb_populate_recordset(NULL::things, :things::jsonb)
ON CONFLICT (topic, key) DO UPDATE SET
    revision = excluded.revision, position = excluded.position, concerns = excluded.concerns;

-- name: earlier_events(topic, key, position)
-- What was said of a thing before that.
SELECT position, body FROM events WHERE topic = :topic AND key = :key AND position < :position ORDER BY position;

-- name: save_body(position, body)!
-- An event without words that were taken back since.
UPDATE events SET body = :body WHERE position = :position;

-- name: ring()!
-- Tell every process of this service that there is something new.
SELECT pg_notify('loti_webhooks', '');

-- name: log()^
-- Which log this is, and how far it goes.
SELECT id, thinned, greatest(thinned, coalesce((SELECT max(position) FROM events), 0)) AS last FROM event_log;

-- name: page(after, types, authorities, most)
-- The events after that position which pass the filter; null lets everything pass.
SELECT position, body FROM events
WHERE position > :after
  AND (:types::text[] IS NULL OR type = ANY(:types))
  AND (:authorities::text[] IS NULL OR concerns && :authorities)
ORDER BY position LIMIT :most;

-- name: thin_superseded(before, most)
-- Old states that newer ones have superseded, unless somebody still waits for them.
DELETE FROM events WHERE position IN (
    SELECT e.position FROM events e JOIN things t ON (t.topic, t.key) = (e.topic, e.key)
    WHERE e.heard_at < :before AND e.position < t.position
      AND NOT EXISTS (SELECT FROM deliveries d
                      WHERE (d.topic, d.key) = (e.topic, e.key) AND d.position = e.position AND d.state = 'waiting')
    ORDER BY e.position LIMIT :most)
RETURNING position;

-- name: thin_forgotten(topic, before, most)
-- Events of a topic that itself forgets after a time, once it does, unless somebody still waits for them.
DELETE FROM events WHERE position IN (
    SELECT e.position FROM events e
    WHERE e.topic = :topic AND e.said_at < :before
      AND NOT EXISTS (SELECT FROM deliveries d
                      WHERE (d.topic, d.key) = (e.topic, e.key) AND d.position = e.position AND d.state = 'waiting')
    ORDER BY e.position LIMIT :most)
RETURNING position;

-- name: forget_things(topic)!
-- Things of which no event is kept any more.
DELETE FROM things t WHERE t.topic = :topic
  AND NOT EXISTS (SELECT FROM events e WHERE (e.topic, e.key) = (t.topic, t.key));

-- name: mark_thinned(position)!
-- Up to there the log is not whole any more.
UPDATE event_log SET thinned = greatest(thinned, :position);

-- name: figures()^
-- For the health page.
SELECT (SELECT coalesce(max(position), 0) FROM events) AS last_position,
       (SELECT count(*) FROM deliveries WHERE state = 'waiting') AS waiting,
       (SELECT coalesce(extract(epoch FROM now() - min(deliveries.made_at)), 0)::float8 FROM deliveries
        JOIN endpoints ON endpoints.name = deliveries.endpoint
        WHERE deliveries.state = 'waiting' AND endpoints.disabled_at IS NULL) AS oldest_waiting,
       (SELECT count(*) FROM endpoints) AS endpoints,
       (SELECT count(*) FROM endpoints WHERE disabled_at IS NOT NULL) AS disabled,
       (SELECT count(*) FROM endpoints WHERE failing_since IS NOT NULL AND disabled_at IS NULL) AS failing;

-- name: date_what_is_old()!
-- What was just heard again counts as heard when it was said.
UPDATE events SET heard_at = said_at WHERE heard_at = now();

-- name: begin_another_log()!
-- Cursors into the old one are refused from now on: positions are others.
UPDATE event_log SET id = gen_random_uuid(), thinned = 0;

-- name: move_deliveries()!
-- What is to be pushed, or was, is where its event is now.
UPDATE deliveries AS d SET position = e.position FROM events AS e WHERE e.id = d.event_id AND e.position <> d.position;

-- name: give_up_what_is_gone()!
-- What was to be pushed and its topic keeps no more, since newer states have taken its place.
UPDATE deliveries AS d SET state = 'superseded', ended_at = now()
WHERE d.state = 'waiting' AND NOT EXISTS (SELECT FROM events AS e WHERE e.id = d.event_id);
