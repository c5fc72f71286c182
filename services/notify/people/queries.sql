-- name: contact_for_change(id)^
-- A contact as it is kept, locked: whatever changes it or its choice locks it first.
SELECT * FROM contact WHERE id = :id FOR UPDATE;

-- name: save_contact(id, revision, name, email, organisation, borough, roles, address_key, address_since, stated_at)$
-- A contact as it is now, unless what is known is as new; one that was erased comes back only by a statement made
-- after the erasure. Its id when it was news.
INSERT INTO contact AS known (id, revision, name, email, organisation, borough, roles, address_key, address_since)
VALUES (:id, :revision, :name, :email, :organisation, :borough, :roles, :address_key, :address_since)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, email = excluded.email,
    organisation = excluded.organisation, borough = excluded.borough, roles = excluded.roles,
    address_key = excluded.address_key, address_since = excluded.address_since, erased_at = NULL
WHERE CASE WHEN known.erased_at IS NULL
           THEN known.revision < excluded.revision
           ELSE known.erased_at < :stated_at::timestamptz END
RETURNING id;

-- name: contacts_without_key(most)
-- Contacts whose address was never hashed: they were stated before there was a suppression list.
SELECT id, email FROM contact WHERE address_key IS NULL AND erased_at IS NULL
ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: set_key(id, address_key)!
-- The hash of that contact's address.
UPDATE contact SET address_key = :address_key WHERE id = :id;

-- name: rekey_contacts(old, new)!
-- These hashes are of the same address as that one, made with a key that was replaced.
UPDATE contact SET address_key = :new WHERE address_key = ANY(:old::bytea[]);

-- name: rekey_suppression(old, new)!
-- The same in the suppression list, where one of them stays.
WITH gone AS (
    DELETE FROM suppression WHERE address_key = ANY(:old::bytea[])
    RETURNING contact_id, reason, why, since),
oldest AS (SELECT * FROM gone ORDER BY since LIMIT 1)
INSERT INTO suppression (address_key, contact_id, reason, why, since)
SELECT :new, contact_id, reason, why, since FROM oldest
ON CONFLICT (address_key) DO NOTHING;

-- name: known(id)^
-- A contact that is not erased, with its choice and the reason why its address must not be written to.
SELECT contact.*, suppression.reason AS suppressed
FROM contact LEFT JOIN suppression ON suppression.address_key = contact.address_key
WHERE contact.id = :id AND contact.erased_at IS NULL;

-- name: contacts(status, most)
-- Contacts that are not erased, by id: what they are and how their consent stands. No names, no addresses.
SELECT contact.id, contact.borough, contact.roles, coalesce(choice.status, 'nothing stated') AS consent,
       choice.subscriptions, choice.quiet_hours, choice.most_a_day, choice.chosen_at, choice.asked_at,
       choice.confirmed_at, choice.renew_by, suppression.reason AS suppressed
FROM contact
LEFT JOIN choice ON choice.contact_id = contact.id
LEFT JOIN suppression ON suppression.address_key = contact.address_key
WHERE contact.erased_at IS NULL
  AND (:status::text IS NULL OR coalesce(choice.status, 'nothing stated') = :status::text)
ORDER BY contact.id LIMIT :most;

-- name: choice(contact_id)^
-- What a contact chose, locked; its contact is locked already.
SELECT * FROM choice WHERE contact_id = :contact_id FOR UPDATE;

-- name: look_at_choice(contact_id)^
-- What a contact chose.
SELECT * FROM choice WHERE contact_id = :contact_id;

-- name: save_choice(contact_id, revision, status, subscriptions, quiet_hours, most_a_day, chosen_at, spoke_at, confirmed_at, renew_by, ask, asked_at, next_at, moved, caused_by, correlation_id, judged)!
-- A choice as it is now.
INSERT INTO choice (contact_id, revision, status, subscriptions, quiet_hours, most_a_day, chosen_at, spoke_at,
    confirmed_at, renew_by, ask, asked_at, next_at, moved, caused_by, correlation_id, judged)
VALUES (:contact_id, :revision, :status, :subscriptions, :quiet_hours, :most_a_day, :chosen_at, :spoke_at,
    :confirmed_at, :renew_by, :ask, :asked_at, :next_at, :moved, :caused_by, :correlation_id, :judged)
ON CONFLICT (contact_id) DO UPDATE SET
    revision = excluded.revision, status = excluded.status, subscriptions = excluded.subscriptions,
    quiet_hours = excluded.quiet_hours, most_a_day = excluded.most_a_day, chosen_at = excluded.chosen_at,
    spoke_at = excluded.spoke_at, confirmed_at = excluded.confirmed_at, renew_by = excluded.renew_by,
    ask = excluded.ask, asked_at = excluded.asked_at, next_at = excluded.next_at, moved = excluded.moved,
    caused_by = excluded.caused_by, correlation_id = excluded.correlation_id,
    judged = choice.judged AND excluded.judged;

-- name: other_questions(contact_id, ask)
-- Questions to this contact that wait to be sent and are not the one that waits for an answer now.
SELECT notification.id FROM notification JOIN mail ON mail.id = notification.mail_id
WHERE notification.contact_id = :contact_id AND notification.kind IN ('confirmation', 'renewal')
  AND notification.about IS DISTINCT FROM :ask::text AND mail.status = 'due';

-- name: take_due_choices(now, most)
-- Choices whose question is due or whose yes may have run out; two processes take different ones.
SELECT * FROM choice WHERE next_at <= :now::timestamptz
ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: asked(contact_ids, revisions, statuses, asks, asked_ats, next_ats)!
-- What the passing of time did to these choices.
UPDATE choice SET
    revision = new.revision, status = new.status, ask = new.ask, asked_at = new.asked_at, next_at = new.next_at,
    judged = choice.judged AND choice.status = new.status
FROM unnest(:contact_ids::text[], :revisions::bigint[], :statuses::text[], :asks::uuid[],
            :asked_ats::timestamptz[], :next_ats::timestamptz[])
    AS new (contact_id, revision, status, ask, asked_at, next_at)
WHERE choice.contact_id = new.contact_id;

-- name: add_questions(ids, mail_ids, contact_ids, kinds, asks, whys, causes, correlations, dues, urgencies)!
-- A mail for each of these questions; once for ever for each question.
WITH new AS (
    SELECT * FROM unnest(:ids::uuid[], :mail_ids::uuid[], :contact_ids::text[], :kinds::text[], :asks::text[],
        :whys::text[], :causes::text[], :correlations::text[], :dues::timestamptz[], :urgencies::smallint[])
        AS new (id, mail_id, contact_id, kind, ask, why, caused_by, correlation_id, due_at, urgency)),
mails AS (
    INSERT INTO mail (id, kind, due_at, urgency) SELECT mail_id, kind, due_at, urgency FROM new ORDER BY mail_id
    ON CONFLICT DO NOTHING)
INSERT INTO notification (id, kind, about, contact_id, caused_by, correlation_id, why, due_at, mail_id)
SELECT id, kind, ask, contact_id, caused_by, correlation_id, why, due_at, mail_id FROM new ORDER BY id
ON CONFLICT DO NOTHING;

-- name: suppress(address_key, contact_id, reason, why)$
-- No mail to this address any more. A complaint replaces a weaker reason; the hash when it was news.
INSERT INTO suppression AS known (address_key, contact_id, reason, why)
VALUES (:address_key, :contact_id, :reason, :why)
ON CONFLICT (address_key) DO UPDATE SET reason = excluded.reason, why = excluded.why
WHERE known.reason <> 'complained' AND excluded.reason = 'complained'
RETURNING address_key;

-- name: release(address_keys)
-- Mail may go there again; the hashes that were listed.
DELETE FROM suppression WHERE address_key = ANY(:address_keys::bytea[]) RETURNING address_key;

-- name: contacts_at(address_keys)
-- Who has that address, locked.
SELECT id FROM contact WHERE address_key = ANY(:address_keys::bytea[]) AND erased_at IS NULL ORDER BY id FOR UPDATE;

-- name: suppression(address_keys)^
-- Why mail must not go to that address; no row where it may.
SELECT * FROM suppression WHERE address_key = ANY(:address_keys::bytea[]) LIMIT 1;

-- name: suppressions(most)
-- The suppression list, newest first, with the contacts that have each address now.
SELECT suppression.address_key, suppression.reason, suppression.why, suppression.since,
       coalesce(array_agg(contact.id ORDER BY contact.id) FILTER (WHERE contact.id IS NOT NULL), '{}') AS contacts
FROM suppression LEFT JOIN contact ON contact.address_key = suppression.address_key
GROUP BY suppression.address_key ORDER BY suppression.since DESC, suppression.address_key LIMIT :most;

-- name: erase_contact(id, erased_at)!
-- Nothing stays but the id and the time, even where the contact was never heard of.
INSERT INTO contact (id, revision, erased_at) VALUES (:id, 0, :erased_at)
ON CONFLICT (id) DO UPDATE SET
    revision = 0, name = NULL, email = NULL, organisation = NULL, borough = NULL, roles = '[]',
    address_key = NULL, address_since = NULL,
    erased_at = greatest(contact.erased_at, excluded.erased_at);

-- name: erase_choice(contact_id)$
-- What it chose; its id where there was something.
DELETE FROM choice WHERE contact_id = :contact_id RETURNING contact_id;

-- name: erase_suppression(contact_id, address_key)!
-- Its place in the suppression list, unless another contact has the same address.
WITH mine AS (
    SELECT address_key FROM suppression WHERE contact_id = :contact_id OR address_key = :address_key),
shared AS (
    SELECT mine.address_key FROM mine JOIN contact ON contact.address_key = mine.address_key
    WHERE contact.id <> :contact_id),
kept AS (
    UPDATE suppression SET contact_id = NULL
    WHERE contact_id = :contact_id AND address_key IN (SELECT address_key FROM shared))
DELETE FROM suppression
WHERE address_key IN (SELECT address_key FROM mine) AND address_key NOT IN (SELECT address_key FROM shared);

-- name: erase_bounces(contact_id)!
-- What came back from it.
DELETE FROM soft_bounce WHERE contact_id = :contact_id;

-- name: erase_reasons(contact_id)!
-- Why it was told things tells what it was interested in. That it was told stays, by id.
UPDATE notification SET why = 'The contact is erased.' WHERE contact_id = :contact_id;

-- name: erase_answers(contact_id, marks)!
-- Relays like to repeat whom they were to reach: an answer with the name or the first part of the address goes.
UPDATE mail SET answer = 'The contact is erased.'
WHERE id IN (SELECT mail_id FROM notification WHERE contact_id = :contact_id)
  AND EXISTS (SELECT FROM unnest(:marks::text[]) AS mark WHERE position(lower(mark) IN lower(answer)) > 0);

-- name: erase_returned(contact_id, marks)!
-- The same of what came back.
UPDATE notification SET returned = 'The contact is erased.'
WHERE contact_id = :contact_id
  AND EXISTS (SELECT FROM unnest(:marks::text[]) AS mark WHERE position(lower(mark) IN lower(returned)) > 0);

-- name: things_that_name(contact_id)
-- Matches with that contact in them, and what was said to come of them.
SELECT thing.kind, thing.id, thing.state FROM thing
WHERE thing.kind = 'match' AND position(:contact_id in thing.state::text) > 0
   OR thing.kind = 'outcome' AND EXISTS (
       SELECT FROM thing AS match
       WHERE match.kind = 'match' AND match.id = thing.id AND position(:contact_id in match.state::text) > 0)
ORDER BY thing.kind, thing.id FOR UPDATE OF thing;

-- name: save_thing_state(kind, id, state)!
-- A thing without what somebody wrote of itself.
UPDATE thing SET state = :state WHERE kind = :kind AND id = :id;

-- name: sweep_at(contact_id, at)!
-- When the topics are swept after this erasure.
UPDATE contact SET sweep_at = :at WHERE id = :contact_id;

-- name: take_sweeps(now)
-- Erasures after which a sweep is due; from now on swept.
UPDATE contact SET sweep_at = NULL WHERE sweep_at <= :now::timestamptz RETURNING id;

-- name: count_asked()$
-- How many contacts were asked to say yes and have not answered.
SELECT count(*) FROM choice WHERE status = 'asked';
