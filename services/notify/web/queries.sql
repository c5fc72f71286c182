-- name: match_heard(match_id)^
-- A match as it was heard last, and the event that it was heard first by.
SELECT state, event_id, correlation_id FROM thing WHERE kind = 'match' AND id = :match_id;

-- name: hold_match(match_id)$
-- Of two answers at the same time, one waits until the other is written down.
SELECT id FROM thing WHERE kind = 'match' AND id = :match_id FOR UPDATE;

-- name: said_of(kind, match_id)^
-- What was answered to that match, or came of it, as it was said here or heard last; of what others said only that.
SELECT revision, heard_at, state FROM thing WHERE kind = :kind AND id = :match_id;

-- name: remember_said(kind, match_id, revision, state, event_id, correlation_id)!
-- What was said here is known here at once; when it is heard from its topic, it is not news.
INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged)
VALUES (:kind, :match_id, :revision, false, :state, :event_id, :correlation_id, true)
ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, state = excluded.state,
    heard_at = clock_timestamp()
WHERE thing.revision < excluded.revision;

-- name: people(ids)
-- Who these are, but those that were erased.
SELECT id, name, organisation FROM contact WHERE id = ANY(:ids::text[]) AND erased_at IS NULL;

-- name: titles(ids)
-- What these notifications tell of, where it has a title.
SELECT notification.id, coalesce(thing.state ->> 'title', thing.state ->> 'standard_role') AS title
FROM notification JOIN thing ON thing.kind = notification.thing_kind AND thing.id = notification.thing_id
WHERE notification.id = ANY(:ids::uuid[]);
