-- name: add_to_outbox(topics, keys, values, headers)!
-- Events that wait for the relay, in this order.
INSERT INTO outbox (topic, key, value, headers)
SELECT topic, key, value, headers
FROM unnest(:topics::text[], :keys::bytea[], :values::bytea[], :headers::jsonb[])
    WITH ORDINALITY AS said (topic, key, value, headers, place)
ORDER BY place;

-- name: lead_the_relay()$
-- Whether this session is now the one that publishes from this database.
SELECT pg_try_advisory_lock(hashtext('loti outbox relay'));

-- name: next_to_publish(most)
-- The oldest events that are committed. Two events about one thing are in order: whoever says the second held
-- the thing's row lock, so the first was committed, and is visible, before the second got its position. A
-- position that is still uncommitted is not skipped for ever, because rows are deleted, not counted past.
SELECT position, topic, key, value, headers FROM outbox ORDER BY position LIMIT :most;

-- name: forget_published(positions)!
-- Kafka has these.
DELETE FROM outbox WHERE position = ANY(:positions::bigint[]);

-- name: outbox_depth()^
-- How many events wait, and for how long the oldest has waited, in seconds.
SELECT count(*) AS depth, coalesce(extract(epoch FROM clock_timestamp() - min(added_at)), 0)::float8 AS age
FROM outbox;

-- name: claim(ids)
-- Remember these event ids; gives back those that were not known yet.
INSERT INTO inbox (event_id) SELECT unnest(:ids::text[])
ON CONFLICT DO NOTHING RETURNING event_id;

-- name: forget_old_ids(days)!
-- Ids of events so old that no broker still redelivers them.
DELETE FROM inbox WHERE handled_at < now() - make_interval(days => :days);

-- name: park(id, topic, partition, offset, key, value, headers, reason, stack, attempts)^
-- Keep a message that cannot be handled; no row where it is kept already.
INSERT INTO dead_letters (id, topic, partition, message_offset, key, value, headers, reason, stack, attempts)
VALUES (:id, :topic, :partition, :offset, :key, :value, :headers, :reason, :stack, :attempts)
ON CONFLICT DO NOTHING RETURNING *;

-- name: parked(most, replayed)
-- The dead letters, newest first; those that were handled after all only if `replayed`.
SELECT * FROM dead_letters WHERE :replayed OR replayed_at IS NULL ORDER BY parked_at DESC LIMIT :most;

-- name: parked_by_id(id)^
-- One dead letter, whole.
SELECT * FROM dead_letters WHERE id = :id;

-- name: count_parked()$
-- How many dead letters there are that were not handled after all.
SELECT count(*) FROM dead_letters WHERE replayed_at IS NULL;

-- name: ask_replay(id)$
-- Wish that a dead letter is handled again; its id, or null where there is none. One that was replayed stays as it is.
UPDATE dead_letters
SET replay_asked_at = CASE WHEN replayed_at IS NULL THEN coalesce(replay_asked_at, now()) END
WHERE id = :id RETURNING id;

-- name: ask_every_replay()
-- The same for all of them; gives back their ids, in the order in which they will be handled.
WITH asked AS (
    UPDATE dead_letters SET replay_asked_at = coalesce(replay_asked_at, now()) WHERE replayed_at IS NULL
    RETURNING id, topic, partition, message_offset
)
SELECT id FROM asked ORDER BY topic, partition, message_offset;

-- name: replays_asked()
-- The dead letters to be handled again, in the order in which they were said.
SELECT id FROM dead_letters WHERE replay_asked_at IS NOT NULL ORDER BY topic, partition, message_offset;

-- name: keep_batches_out()!
-- Wait until no batch is being handled, and keep others waiting until this transaction ends: each begins by inserting
-- into the inbox. So a replay has the service to itself, as a message has that comes in order.
LOCK TABLE inbox IN SHARE ROW EXCLUSIVE MODE;

-- name: letter_to_replay(id)^
-- That dead letter, if it is still to be handled again.
SELECT * FROM dead_letters WHERE id = :id AND replay_asked_at IS NOT NULL FOR UPDATE;

-- name: mark_replayed(id)^
-- It was handled after all.
UPDATE dead_letters SET replayed_at = now(), replay_asked_at = NULL, revision = revision + 1
WHERE id = :id RETURNING *;

-- name: park_again(id, reason, stack)^
-- It could not be handled this time either; no row where meanwhile somebody else had the answer.
UPDATE dead_letters
SET replay_asked_at = NULL, attempts = attempts + 1, reason = :reason, stack = :stack, revision = revision + 1
WHERE id = :id AND replay_asked_at IS NOT NULL RETURNING *;

-- name: open_breaker(reason)!
-- Stop the consumer, across restarts, until somebody closes the breaker.
INSERT INTO breaker (reason) VALUES (:reason) ON CONFLICT DO NOTHING;

-- name: breaker()^
-- Why and since when the consumer is stopped; no row when it is not.
SELECT opened_at, reason FROM breaker;

-- name: close_breaker()!
-- Let the consumer go on.
DELETE FROM breaker;
