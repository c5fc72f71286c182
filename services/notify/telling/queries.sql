-- name: save_thing(kind, id, revision, current, state, event_id, correlation_id)!
-- A thing as it is now, unless what is known is as new. What is worth telling is to be judged anew. A role keeps the
-- event by which it was first heard; of everything else the last event is the cause of what is told of it.
INSERT INTO thing AS known (kind, id, revision, current, state, event_id, correlation_id, judged)
VALUES (:kind, :id, :revision, :current, :state, :event_id, :correlation_id, NOT :current::boolean)
ON CONFLICT (kind, id) DO UPDATE SET
    revision = excluded.revision, current = excluded.current, state = excluded.state, heard_at = clock_timestamp(),
    waits_since = CASE WHEN known.judged THEN excluded.waits_since ELSE known.waits_since END, judged = excluded.judged,
    event_id = CASE known.kind WHEN 'role' THEN known.event_id ELSE excluded.event_id END,
    correlation_id = CASE known.kind WHEN 'role' THEN known.correlation_id ELSE excluded.correlation_id END
WHERE known.revision < excluded.revision;

-- name: take_things(most)
-- Things that came or changed and were not yet held against the choices, those first that have waited longest; this
-- process's to judge until the end of its transaction.
SELECT kind, id, state FROM thing WHERE NOT judged ORDER BY waits_since, kind, id LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: take_choices(most)
-- Choices that came or changed and were not yet held against the things, this process's to judge likewise.
SELECT choice.contact_id, choice.subscriptions, choice.wanted, choice.status = 'confirmed' AS agreed, choice.quiet_hours,
       choice.most_a_day, contact.borough, contact.roles
FROM choice JOIN contact ON contact.id = choice.contact_id
WHERE NOT choice.judged ORDER BY choice.contact_id LIMIT :most FOR UPDATE OF choice SKIP LOCKED;

-- name: judged_things(kinds, ids)!
-- These were held against all choices.
UPDATE thing SET judged = true FROM unnest(:kinds::text[], :ids::text[]) AS done (kind, id)
WHERE thing.kind = done.kind AND thing.id = done.id;

-- name: judged_choices(ids)!
-- These were held against all things.
UPDATE choice SET judged = true WHERE contact_id = ANY(:ids::text[]);

-- name: signals_of(role_ids)
-- Signals about these roles, which may have waited for them.
SELECT kind, id, state FROM thing WHERE kind = 'signal' AND current AND state ->> 'role_id' = ANY(:role_ids::text[]);

-- name: roles(ids)
-- These roles as they are now.
SELECT kind, id, state FROM thing WHERE kind = 'role' AND id = ANY(:ids::text[]);

-- name: current_things(kinds)
-- Everything of these kinds that is worth telling now.
SELECT kind, id, state FROM thing WHERE current AND kind = ANY(:kinds::text[]);

-- name: matches_waiting_for(contact_ids)
-- Matches of which something is to be told to these contacts and is in no mail yet.
SELECT kind, id, state FROM thing
WHERE kind = 'match' AND id IN (
    SELECT thing_id FROM notification
    WHERE contact_id = ANY(:contact_ids::text[]) AND num_nonnulls(mail_id, withheld) = 0 AND thing_kind = 'match');

-- name: who_may_want(keys)
-- Everybody who said yes and has a subscription with one of these keys (`keys.py`).
SELECT choice.contact_id, choice.subscriptions, choice.wanted, true AS agreed, choice.quiet_hours, choice.most_a_day,
       contact.borough, contact.roles
FROM choice JOIN contact ON contact.id = choice.contact_id
WHERE choice.status = 'confirmed' AND choice.wanted && :keys::text[];

-- name: readers(ids)
-- What these contacts chose, those that chose anything.
SELECT choice.contact_id, choice.subscriptions, choice.wanted, choice.status = 'confirmed' AS agreed, choice.quiet_hours,
       choice.most_a_day, contact.borough, contact.roles
FROM choice JOIN contact ON contact.id = choice.contact_id WHERE choice.contact_id = ANY(:ids::text[]);

-- name: add_tellings(ids, kinds, abouts, thing_kinds, thing_ids, contact_ids, whys, relevances, due, held, retimed)!
-- Each of these is to be told, once for ever; only one that was withheld becomes due again, and one that is
-- `retimed` and waits for its mail goes by what its contact chose now. In the order of ids, so that two processes cannot lock each
-- other out.
INSERT INTO notification AS known
    (id, kind, about, thing_kind, thing_id, contact_id, caused_by, correlation_id, why, relevance, due_at, held)
SELECT new.id, new.kind, new.about, new.thing_kind, new.thing_id, new.contact_id, thing.event_id, thing.correlation_id,
       new.why, new.relevance, new.due_at, new.held
FROM unnest(:ids::uuid[], :kinds::text[], :abouts::text[], :thing_kinds::text[], :thing_ids::text[],
            :contact_ids::text[], :whys::text[], :relevances::real[], :due::timestamptz[], :held::text[])
    AS new (id, kind, about, thing_kind, thing_id, contact_id, why, relevance, due_at, held)
JOIN thing ON thing.kind = new.thing_kind AND thing.id = new.thing_id
ORDER BY new.id
ON CONFLICT (kind, about, contact_id) DO UPDATE SET
    withheld = NULL, why = excluded.why, relevance = excluded.relevance, due_at = excluded.due_at, held = excluded.held
WHERE known.mail_id IS NULL AND (known.withheld IS NOT NULL OR known.id = ANY(:retimed::uuid[]));

-- name: contacts_due(now, window, most)
-- Contacts for whom something is due, looked for among the first of all that is due, those first that have waited longest;
-- this process's to gather for until the end of its transaction. Contacts that were not heard of yet wait, introductions go
-- by themselves.
WITH due AS MATERIALIZED (
    SELECT notification.contact_id, notification.due_at FROM notification JOIN contact ON contact.id = notification.contact_id
    WHERE notification.mail_id IS NULL AND notification.withheld IS NULL AND notification.due_at <= :now
      AND notification.kind <> 'introduction'
    ORDER BY notification.due_at LIMIT :window),
first AS MATERIALIZED (SELECT contact_id, min(due_at) AS due_at FROM due GROUP BY contact_id)
SELECT contact.id FROM first JOIN contact ON contact.id = first.contact_id
ORDER BY first.due_at, contact.id LIMIT :most FOR NO KEY UPDATE OF contact SKIP LOCKED;

-- name: what_is_due(contact_ids, now)
-- All that is due to these contacts, and what was held back before by a day's limit; what matters most first.
SELECT due.id, due.contact_id FROM unnest(:contact_ids::text[]) AS asked (contact_id)
CROSS JOIN LATERAL (
    SELECT id, notification.contact_id FROM notification
    WHERE notification.contact_id = asked.contact_id AND num_nonnulls(mail_id, withheld) = 0
      AND kind <> 'introduction' AND (due_at <= :now OR carried)
    ORDER BY relevance DESC, due_at, id FOR UPDATE SKIP LOCKED) AS due;

-- name: limits(contact_ids, today, since)
-- What these contacts chose about when and how often, and how many mails they got or are about to get `today`. A mail
-- in hand is not older than `since`.
WITH recent AS MATERIALIZED (
    SELECT DISTINCT contact_id, mail_id FROM notification
    WHERE contact_id = ANY(:contact_ids::text[]) AND mailed_at >= :since AND mail_id IS NOT NULL),
counted AS MATERIALIZED (
    SELECT recent.contact_id, count(*) AS mails FROM recent JOIN mail ON mail.id = recent.mail_id
    WHERE mail.status IN ('due', 'sending') OR mail.sent_at >= :today GROUP BY recent.contact_id)
SELECT asked.contact_id, choice.quiet_hours, choice.most_a_day, coalesce(counted.mails, 0) AS mails_today
FROM unnest(:contact_ids::text[]) AS asked (contact_id)
LEFT JOIN choice ON choice.contact_id = asked.contact_id LEFT JOIN counted ON counted.contact_id = asked.contact_id;

-- name: expect_growth()!
-- Until the end of the transaction tables are read by their indexes. A statement that was planned while they were empty
-- would go on reading them whole while they grow, until the server has counted them again.
SELECT set_config('enable_seqscan', 'off', true);

-- name: hold(ids, due, whys, carried)!
-- These wait until then, and why.
UPDATE notification SET due_at = new.due_at, held = new.why, carried = notification.carried OR new.carried
FROM unnest(:ids::uuid[], :due::timestamptz[], :whys::text[], :carried::boolean[]) AS new (id, due_at, why, carried)
WHERE notification.id = new.id;

-- name: introductions_to_make(most)
-- Halves of introductions that are in no mail, with their match: of two who are both known, and of matches that
-- introduce nobody any more.
WITH waiting AS MATERIALIZED (
    SELECT notification.id, thing.id AS match_id, notification.due_at FROM notification
    JOIN thing ON thing.kind = 'match' AND thing.id = notification.thing_id
    WHERE notification.kind = 'introduction' AND notification.mail_id IS NULL AND notification.withheld IS NULL
      AND (thing.state ->> 'status' <> 'accepted'
           OR EXISTS (SELECT FROM contact WHERE id = thing.state ->> 'requester_contact_id')
              AND EXISTS (SELECT FROM contact WHERE id = thing.state -> 'accepted' ->> 'contact_id'))
    ORDER BY notification.due_at, notification.id LIMIT :most FOR UPDATE OF notification SKIP LOCKED)
SELECT 'match' AS kind, thing.id, thing.state, array_agg(waiting.id ORDER BY waiting.id) AS waiting
FROM waiting JOIN thing ON thing.kind = 'match' AND thing.id = waiting.match_id
GROUP BY thing.id, thing.state ORDER BY min(waiting.due_at), thing.id;
