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

-- name: park(id, topic, partition, offset, key, value, headers, reason, stack, attempts)!
-- Keep a message that cannot be handled.
INSERT INTO dead_letters (id, topic, partition, message_offset, key, value, headers, reason, stack, attempts)
VALUES (:id, :topic, :partition, :offset, :key, :value, :headers, :reason, :stack, :attempts)
ON CONFLICT DO NOTHING;

-- name: parked(most)
-- The dead letters, newest first.
SELECT * FROM dead_letters ORDER BY parked_at DESC LIMIT :most;

-- name: parked_by_id(id)^
-- One dead letter, whole.
SELECT * FROM dead_letters WHERE id = :id;

-- name: count_parked()$
-- How many dead letters there are.
SELECT count(*) FROM dead_letters;

-- name: open_breaker(reason)!
-- Stop the consumer, across restarts, until somebody closes the breaker.
INSERT INTO breaker (reason) VALUES (:reason) ON CONFLICT DO NOTHING;

-- name: breaker()^
-- Why and since when the consumer is stopped; no row when it is not.
SELECT opened_at, reason FROM breaker;

-- name: close_breaker()!
-- Let the consumer go on.
DELETE FROM breaker;
