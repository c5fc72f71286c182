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

-- name: next_to_publish(most, bytes)
-- The oldest events that are committed, as many as are no more than so many bytes together; one at least, where there is
-- one. Two events about one thing are in order: whoever says the second held the thing's row lock, so the first was
-- committed, and is visible, before the second got its position. A position that is still uncommitted is not skipped for
-- ever, because rows are deleted, not counted past.
SELECT position, topic, key, value, headers
FROM (
    SELECT *, sum(coalesce(octet_length(value), 0)) OVER (ORDER BY position) - coalesce(octet_length(value), 0) AS before
    FROM (SELECT * FROM outbox ORDER BY position LIMIT :most::bigint) AS oldest) AS sized
WHERE before < :bytes::bigint ORDER BY position;

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

-- name: park(id, topic, partition, offset, key, value, headers, reason, stack, attempts, timestamp, said_by)^
-- Keep a message that cannot be handled; no row where it is kept already.
INSERT INTO dead_letters (id, topic, partition, message_offset, key, value, headers, reason, stack, attempts,
    message_timestamp, said_by)
VALUES (:id, :topic, :partition, :offset, :key, :value, :headers, :reason, :stack, :attempts, :timestamp, :said_by)
ON CONFLICT DO NOTHING RETURNING *;

-- name: parked_by_id(id)^
-- One dead letter, whole.
SELECT * FROM dead_letters WHERE id = :id;

-- name: standing_letters()^
-- How many dead letters are still set aside, how many of them since an hour, and how old the oldest is, in seconds.
SELECT count(*) AS all, count(*) FILTER (WHERE parked_at > now() - interval '1 hour') AS fresh,
    coalesce(extract(epoch FROM now() - min(parked_at)), 0)::float8 AS oldest
FROM dead_letters WHERE replayed_at IS NULL AND discarded_at IS NULL;

-- name: ask_replay(id)$
-- Wish that a dead letter is handled again; its id, or null where there is none. One that was replayed or discarded stays
-- as it is.
UPDATE dead_letters
SET replay_asked_at = CASE WHEN replayed_at IS NULL AND discarded_at IS NULL THEN coalesce(replay_asked_at, now()) END
WHERE id = :id RETURNING id;

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

-- Recovery: tables from topics, and topics from tables.

-- name: recover_alone()$
-- Whether this session is now the one that recovers this database.
SELECT pg_try_advisory_lock(hashtext('loti recovery'));

-- name: nobody_recovers()$
-- Whether no session recovers this database.
SELECT pg_try_advisory_xact_lock_shared(hashtext('loti recovery'));

-- name: hold_the_outbox()!
-- Wait until nobody else is saying anything, and keep others waiting until this transaction ends: so a state that is said
-- again is never said after a newer one.
LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE;

-- name: outbox_rows()
-- Everything that waits for the relay, in order.
SELECT position, topic, key, value, headers FROM outbox ORDER BY position;

-- name: set_heard_aside()!
-- Which events had their effect so far; the inbox itself begins anew.
CREATE TEMP TABLE heard_before ON COMMIT DROP AS SELECT event_id FROM inbox;

-- name: make_heard_quick()!
-- They are looked up by the hundred.
CREATE UNIQUE INDEX ON heard_before (event_id);

-- name: empty_the_inbox()!
-- What is heard again is remembered anew.
DELETE FROM inbox;

-- name: heard_before(ids)
-- Those of these events that had their effect before.
SELECT event_id FROM heard_before WHERE event_id = ANY(:ids::text[]);

-- name: letters_to_say()
-- The dead letters of the last thirty days: as long as their topic keeps them.
SELECT * FROM dead_letters WHERE parked_at > now() - interval '30 days' ORDER BY parked_at;

-- name: columns_of(table)
-- The columns of a table, in order.
SELECT attname::text AS name FROM pg_attribute
WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped ORDER BY attnum;

-- name: that_refer_to(tables)
-- Other tables whose rows refer to rows of these, by one column each; their rows go with what they refer to.
SELECT c.conrelid::regclass::text AS table, a.attname::text AS column,
    c.confrelid::regclass::text AS target, b.attname::text AS target_column
FROM pg_constraint AS c
JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY(:tables::text[])
    AND NOT c.conrelid::regclass::text = ANY(:tables::text[]);

-- Forgetting people (forgotten_letters.py).

-- name: letters_that_name(contact_id, ids, addresses)
-- Dead letters in which a contact's id or address is to be found, as one of these runs of bytes; and whether it is the
-- address.
SELECT id, topic, value, reason, stack, found.has_address FROM dead_letters
CROSS JOIN LATERAL (SELECT
    EXISTS (SELECT FROM unnest(:addresses::bytea[]) AS mark
            WHERE position(mark IN coalesce(value, '')) > 0 OR position(mark IN coalesce(key, '')) > 0
               OR position(convert_from(mark, 'UTF8') IN reason || coalesce(stack, '')) > 0) AS has_address,
    key = convert_to(:contact_id, 'UTF8')
    OR EXISTS (SELECT FROM unnest(:ids::bytea[]) AS mark WHERE position(mark IN coalesce(value, '')) > 0) AS has_id
) AS found
WHERE found.has_address OR found.has_id
ORDER BY id FOR UPDATE OF dead_letters;

-- name: letters_of(topic, key)
-- Dead letters about one thing.
SELECT id, topic, value, reason, stack FROM dead_letters
WHERE topic = :topic AND key = convert_to(:key, 'UTF8') ORDER BY id FOR UPDATE;

-- name: save_letter(id, value, reason, stack)!
-- A dead letter without what somebody wrote of itself.
UPDATE dead_letters SET value = :value, reason = :reason, stack = :stack WHERE id = :id;

-- name: drop_letters(ids)!
-- These dead letters are forgotten.
DELETE FROM dead_letters WHERE id = ANY(:ids::uuid[]);

-- Isolating and erasing (batch.py, erasing.py).

-- name: still_whole()$
-- Fails in a transaction that a statement has broken: a handler that went on over that would commit nothing at all.
SELECT 1;

-- name: wait_for_replays()!
-- Wait until no letter is being replayed, as the claim of event ids does: only then it is known what is still set aside.
LOCK TABLE inbox IN ROW EXCLUSIVE MODE;

-- name: behind_an_erasure(topics, keys, partitions, offsets)
-- Which of these messages, counted from 1, came after a tombstone of the same key that is still set aside.
SELECT DISTINCT said.place
FROM unnest(:topics::text[], :keys::bytea[], :partitions::int[], :offsets::bigint[])
    WITH ORDINALITY AS said (topic, key, partition, message_offset, place)
JOIN dead_letters AS letter USING (topic, key, partition)
WHERE letter.value IS NULL AND letter.replayed_at IS NULL AND letter.discarded_at IS NULL
    AND letter.message_offset < said.message_offset;

-- name: forget_letters_before(topic, key, partition, offset)
-- What was set aside of that key before this place is forgotten; gives back what it was.
DELETE FROM dead_letters
WHERE topic = :topic AND key = :key AND partition = :partition AND message_offset < :offset
RETURNING *, now() AS gone_at;

-- name: letters_after(topic, key, partition, offset)
-- What is still set aside of that key after this place.
SELECT * FROM dead_letters
WHERE topic = :topic AND key = :key AND partition = :partition AND message_offset > :offset
    AND replayed_at IS NULL AND discarded_at IS NULL
ORDER BY message_offset FOR UPDATE;

-- name: keep_and_ask(letter)!
-- That letter, a row of this table as JSON, is kept, and is to be replayed.
INSERT INTO dead_letters SELECT * FROM jsonb_populate_record(NULL::dead_letters, :letter::jsonb)
ON CONFLICT (id) DO UPDATE SET replay_asked_at = now();

-- Choosing dead letters (choosing.py).

-- name: chosen_letters(ids, status, topic, reason, pattern, older, newer, most)
-- Dead letters, newest first; null lets everything through. `older` and `newer` are moments of their parking.
SELECT * FROM dead_letters
WHERE (:ids::uuid[] IS NULL OR id = ANY(:ids))
    AND (:status::text[] IS NULL OR CASE WHEN replayed_at IS NOT NULL THEN 'replayed'
        WHEN discarded_at IS NOT NULL THEN 'discarded' ELSE 'parked' END = ANY(:status))
    AND (:topic::text IS NULL OR topic = :topic)
    AND (:reason::text IS NULL OR position(lower(:reason) IN lower(reason)) > 0)
    AND (:pattern::text IS NULL OR reason ~* :pattern)
    AND (:older::timestamptz IS NULL OR parked_at < :older)
    AND (:newer::timestamptz IS NULL OR parked_at >= :newer)
ORDER BY parked_at DESC, topic DESC, partition DESC, message_offset DESC LIMIT :most;

-- name: ask_replays(ids)
-- Wish that those of them that are still set aside are handled again; gives back their ids, in the order in which they
-- will be handled.
WITH asked AS (
    UPDATE dead_letters SET replay_asked_at = coalesce(replay_asked_at, now())
    WHERE id = ANY(:ids::uuid[]) AND replayed_at IS NULL AND discarded_at IS NULL
    RETURNING id, topic, partition, message_offset
)
SELECT id FROM asked ORDER BY topic, partition, message_offset;

-- name: discard(ids, by, why)
-- Those of them that are still set aside are given up; gives them back.
UPDATE dead_letters
SET discarded_at = now(), discarded_by = :by, discarded_why = :why, replay_asked_at = NULL, revision = revision + 1
WHERE id = ANY(:ids::uuid[]) AND replayed_at IS NULL AND discarded_at IS NULL
RETURNING *;

-- The breaker, as it is told (breaker.py).

-- name: tell_stopped(service)$
-- The revision under which it is told that the consumer stopped; null where just that was told last.
INSERT INTO breaker_told AS told (service, revision, status) VALUES (:service, 1, 'stopped')
ON CONFLICT (single) DO UPDATE SET service = excluded.service, revision = told.revision + 1, status = 'stopped'
WHERE told.status <> 'stopped'
RETURNING revision;

-- name: tell_resumed()^
-- The same for one that goes on again, and whose consumer it is; no row where nobody was told that it stopped.
UPDATE breaker_told SET revision = revision + 1, status = 'running' WHERE status = 'stopped'
RETURNING service, revision;


-- Handling a batch.

-- name: wait_briefly_for_locks()!
-- In this transaction, who cannot have a lock within two seconds gives up: what is locked is one thing's, and the messages
-- about all others must not wait for it.
SELECT set_config('lock_timeout', '2s', true);

-- name: let_others_lead()$
-- Give up publishing from this database.
SELECT pg_advisory_unlock(hashtext('loti outbox relay'));
