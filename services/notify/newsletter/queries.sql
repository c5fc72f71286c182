-- name: heard_since(since, until)
-- Roles, pay signals, novel roles and library items that were first heard of in this time.
SELECT kind, current, state FROM thing
WHERE kind IN ('role', 'signal', 'novel role', 'item') AND first_heard_at >= :since AND first_heard_at < :until
ORDER BY kind, id;

-- name: shared_now(since)
-- What several boroughs look for now, if anything was heard of it since.
SELECT state FROM thing WHERE kind = 'demand' AND current AND heard_at >= :since ORDER BY id;

-- name: coming(from_, to)
-- Events that have not ended and begin soon.
SELECT state FROM thing
WHERE kind = 'item' AND current AND state ->> 'kind' = 'event'
  AND (state -> 'happening' ->> 'ends_at')::timestamptz > :from_
  AND (state -> 'happening' ->> 'starts_at')::timestamptz < :to
ORDER BY id;

-- name: told_until()$
-- The last day that any newsletter told of, or is going to.
SELECT max(until) FROM edition WHERE status IN ('scheduled', 'sending', 'sent');

-- name: edition(id)^
-- One edition.
SELECT * FROM edition WHERE id = :id;

-- name: edition_to_change(id)^
-- One edition, held until the transaction ends.
SELECT * FROM edition WHERE id = :id FOR UPDATE;

-- name: save_edition(id, title, summary, markdown, since, until, send_at)!
-- An edition is to be sent then; whoever may change it was asked before.
INSERT INTO edition AS known (id, revision, status, title, summary, markdown, since, until, send_at)
VALUES (:id, 1, 'scheduled', :title, :summary, :markdown, :since, :until, :send_at)
ON CONFLICT (id) DO UPDATE SET
    revision = known.revision + 1, status = 'scheduled', title = excluded.title, summary = excluded.summary,
    markdown = excluded.markdown, since = excluded.since, until = excluded.until, send_at = excluded.send_at;

-- name: cancel(id)!
-- It is not sent, or no further.
UPDATE edition SET status = 'cancelled', revision = revision + 1 WHERE id = :id;

-- name: take_due(now)^
-- The edition whose time came first and whose readers do not all have their mail in the ledger yet; one process's until
-- the transaction ends.
SELECT * FROM edition
WHERE sent_at IS NULL AND (status = 'scheduled' AND send_at <= :now OR status = 'sending' AND gathered_at IS NULL)
ORDER BY send_at, id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: begin(id, now)!
-- Sending begins.
UPDATE edition SET status = 'sending', began_at = :now, revision = revision + 1 WHERE id = :id;

-- name: all_gathered(id, now)!
-- Every reader has a mail in the ledger.
UPDATE edition SET gathered_at = :now WHERE id = :id;

-- name: finish(now)
-- Editions of which nothing waits to be sent any more, so that none is called sent while a mail of it is throttled. The
-- first mail that waits answers for all: OFFSET 0 has the mails looked at in turn, whatever PostgreSQL believes of tables
-- that have just been filled.
UPDATE edition SET sent_at = :now, status = CASE status WHEN 'sending' THEN 'sent' ELSE status END,
    revision = revision + 1
WHERE sent_at IS NULL
  AND (status = 'sending' AND gathered_at IS NOT NULL OR status = 'cancelled' AND began_at IS NOT NULL)
  AND 0 = (SELECT count(*) FROM (
      SELECT FROM mail CROSS JOIN LATERAL (
          SELECT FROM notification WHERE notification.mail_id = mail.id AND notification.about = edition.id OFFSET 0) AS of
      WHERE mail.status IN ('due', 'sending') AND mail.kind = 'newsletter'
      LIMIT 1) AS waiting)
RETURNING id, status;

-- name: save_thing(id, state, event_id, correlation_id)!
-- What the mails of an edition tell of.
INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged)
VALUES ('edition', :id, 1, true, :state, :event_id, :correlation_id, true)
ON CONFLICT (kind, id) DO NOTHING;

-- name: thing(id)^
-- An edition, or a test of one, as its mails tell of it; and by which event it was said.
SELECT state, event_id, correlation_id FROM thing WHERE kind = 'edition' AND id = :id;

-- name: said_as(topic, key)^
-- The id of the event that this transaction has just put into the outbox, and what it belongs to.
SELECT headers ->> 'ce_id' AS id, headers ->> 'ce_correlationid' AS correlation_id FROM outbox
WHERE topic = :topic AND key = :key ORDER BY position DESC LIMIT 1;

-- name: reached(id)$
-- The last reader, in the order of ids, who has a mail of this edition.
SELECT max(contact_id) FROM notification WHERE kind = 'newsletter' AND about = :id;

-- name: readers(after, today, most)
-- The next contacts who said yes to the newsletter and whose address may be written to.
SELECT choice.contact_id, choice.quiet_hours, choice.most_a_day
FROM choice JOIN contact ON contact.id = choice.contact_id AND contact.erased_at IS NULL
WHERE choice.status = 'confirmed' AND choice.subscriptions @> '[{"topic": "newsletter"}]'
  AND choice.renew_by >= :today AND choice.contact_id > :after AND contact.id > :after
  AND NOT EXISTS (SELECT FROM suppression WHERE suppression.address_key = contact.address_key)
ORDER BY choice.contact_id LIMIT :most;

-- name: mails_of_day(contact_ids, midnight, since)
-- How many mails each of these contacts got since midnight or is about to get, where there are any. A mail in hand is not
-- older than `since`. Contact by contact, so that what others got is not read.
SELECT asked.contact_id, got.mails FROM unnest(:contact_ids::text[]) AS asked (contact_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS mails FROM (
        SELECT DISTINCT mail_id FROM notification
        WHERE notification.contact_id = asked.contact_id AND mailed_at >= :since AND mail_id IS NOT NULL) AS recent
    JOIN mail ON mail.id = recent.mail_id
    WHERE mail.status IN ('due', 'sending') OR mail.sent_at >= :midnight) AS got
WHERE got.mails > 0;

-- name: add_newsletters(edition, caused_by, correlation_id, why, urgency, ids, contact_ids, mail_ids, due_ats, helds)!
-- A notification and a mail for each of these readers, once for ever.
WITH reader AS MATERIALIZED (
    SELECT * FROM unnest(:ids::uuid[], :contact_ids::text[], :mail_ids::uuid[], :due_ats::timestamptz[], :helds::text[])
        AS reader (id, contact_id, mail_id, due_at, held)),
mails AS (
    INSERT INTO mail (id, kind, urgency, due_at)
    SELECT mail_id, 'newsletter', :urgency, due_at FROM reader ON CONFLICT (id) DO NOTHING)
INSERT INTO notification (id, kind, about, contact_id, caused_by, correlation_id, why, due_at, held, mail_id,
                          thing_kind, thing_id)
SELECT id, 'newsletter', :edition, contact_id, :caused_by, :correlation_id, :why, due_at, held, mail_id,
       'edition', :edition
FROM reader
ON CONFLICT (kind, about, contact_id) DO NOTHING;

-- name: cancelled_midway()$
-- An edition that was cancelled while it was being sent, if mails of it may be left.
SELECT id FROM edition WHERE status = 'cancelled' AND began_at IS NOT NULL AND sent_at IS NULL
ORDER BY id LIMIT 1;

-- name: left_of(id, most)
-- Mails of an edition that have not left and are in nobody's hand.
SELECT notification.id, mail.id AS mail_id
FROM notification JOIN mail ON mail.id = notification.mail_id
WHERE notification.kind = 'newsletter' AND notification.about = :id AND mail.status = 'due'
LIMIT :most FOR UPDATE OF mail SKIP LOCKED;

-- name: withhold_mails(ids, why)!
-- Nothing is left in these mails.
UPDATE mail SET status = 'withheld', answer = :why WHERE id = ANY(:ids::uuid[]) AND status = 'due';

-- name: reader(contact_id)^
-- Whether a contact is known, said yes to the newsletter, and may be written to.
SELECT contact.id, contact.erased_at IS NOT NULL AS erased,
       coalesce(choice.status = 'confirmed' AND choice.subscriptions @> '[{"topic": "newsletter"}]', false) AS reads,
       suppression.reason AS suppressed
FROM contact LEFT JOIN choice ON choice.contact_id = contact.id
LEFT JOIN suppression ON suppression.address_key = contact.address_key
WHERE contact.id = :contact_id;

-- name: editions(most)
-- The newest editions, without their text.
SELECT id, status, title, summary, since, until, send_at, began_at, gathered_at, sent_at FROM edition
ORDER BY coalesce(began_at, send_at) DESC NULLS FIRST, id DESC LIMIT :most;

-- name: published(id)^
-- An edition that readers have, or an edition's test.
SELECT thing.state FROM thing WHERE thing.kind = 'edition' AND thing.id = :id;

-- name: archive(most)
-- The newest editions that readers have, without their text.
SELECT id, title, summary, since, until, began_at FROM edition WHERE began_at IS NOT NULL
ORDER BY began_at DESC, id DESC LIMIT :most;

-- name: item(id)^
-- A library item, and when it was last heard of.
SELECT state, heard_at FROM thing WHERE kind = 'item' AND id = :id;

-- name: counts(id)
-- The mails of an edition by what became of them, what was withheld in them included.
SELECT CASE WHEN notification.withheld IS NOT NULL OR mail.id IS NULL THEN 'withheld' ELSE mail.status END AS status,
       count(*) AS mails
FROM notification LEFT JOIN mail ON mail.id = notification.mail_id
WHERE notification.kind = 'newsletter' AND notification.about = :id
GROUP BY 1;

-- name: sent_lately(id, seconds)$
-- How many of its mails the relay took in the last seconds.
SELECT count(*) FROM notification JOIN mail ON mail.id = notification.mail_id
WHERE notification.kind = 'newsletter' AND notification.about = :id AND mail.status = 'sent'
  AND mail.sent_at > clock_timestamp() - make_interval(secs => :seconds::float8);

-- name: readers_to_come(today)$
-- How many contacts would get an edition that began now.
SELECT count(*)
FROM choice JOIN contact ON contact.id = choice.contact_id AND contact.erased_at IS NULL
WHERE choice.status = 'confirmed' AND choice.subscriptions @> '[{"topic": "newsletter"}]'
  AND choice.renew_by >= :today
  AND NOT EXISTS (SELECT FROM suppression WHERE suppression.address_key = contact.address_key);
