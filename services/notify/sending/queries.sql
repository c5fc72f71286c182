-- name: add_mails(ids, kind, urgency)!
-- Mails that are due now, those of urgency 0 first; one that was withheld becomes due again. In the order of ids, so
-- that two processes cannot lock each other out.
INSERT INTO mail AS known (id, kind, urgency)
SELECT id, :kind, :urgency FROM unnest(:ids::uuid[]) AS id ORDER BY id
ON CONFLICT (id) DO UPDATE SET status = 'due', due_at = excluded.due_at, answer = NULL
WHERE known.status = 'withheld';

-- name: put_in_mails(ids, mail_ids)!
-- These notifications go in those mails.
UPDATE notification SET mail_id = put.mail_id
FROM (SELECT * FROM unnest(:ids::uuid[], :mail_ids::uuid[]) AS put (id, mail_id) ORDER BY id) AS put
WHERE notification.id = put.id;

-- name: claim(most, lease)
-- The next mails to send, most urgent first. Whoever claims one is silent about it for no longer than the lease: then
-- it is due again, and in doubt. `due_at` says both, so that one range of the index holds all that is to be sent and
-- nothing else is read. A mail waits for a contact that was not yet heard of.
WITH taken AS MATERIALIZED (
    SELECT next.id FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS urgency (level)
    CROSS JOIN LATERAL (
        SELECT waiting.id, waiting.due_at FROM mail AS waiting
        WHERE waiting.urgency = urgency.level AND waiting.status IN ('due', 'sending')
          AND waiting.due_at <= statement_timestamp()
          AND (waiting.kind = 'newsletter' OR NOT EXISTS (
              SELECT FROM notification LEFT JOIN contact ON contact.id = notification.contact_id
              WHERE notification.mail_id = waiting.id AND contact.id IS NULL))
        ORDER BY waiting.due_at LIMIT :most FOR UPDATE SKIP LOCKED) AS next
    ORDER BY urgency.level, next.due_at LIMIT :most)
UPDATE mail SET
    doubts = doubts + CASE status WHEN 'sending' THEN 1 ELSE 0 END, attempts = attempts + 1, status = 'sending', answer = NULL,
    claimed_at = clock_timestamp(), due_at = clock_timestamp() + make_interval(secs => :lease::float8)
FROM taken WHERE mail.id = taken.id
RETURNING mail.id, mail.kind, mail.attempts, mail.doubts, mail.made_at, mail.claimed_at, mail.urgency;

-- name: items_of(mail_ids)
-- What is in these mails and for whom, with all that is needed to write them but the things that they tell of. Each part
-- is looked up by its key, whatever the planner believes about tables that a newsletter has just filled.
SELECT notification.mail_id, notification.id, notification.kind, notification.contact_id, notification.about,
       notification.why, notification.caused_by, notification.correlation_id, notification.revision,
       notification.relevance, notification.due_at, notification.held, notification.thing_kind, notification.thing_id,
       thing.revision AS thing_revision,
       contact.revision AS contact_revision, contact.name, contact.email, contact.organisation, contact.borough,
       contact.roles, contact.address_since, choice.contact_id IS NOT NULL AS has_chosen, choice.revision AS choice_revision, choice.status,
       choice.subscriptions, choice.quiet_hours, choice.most_a_day, choice.chosen_at, choice.confirmed_at,
       choice.renew_by, suppression.reason AS suppressed, suppression.why AS suppressed_why
FROM unnest(:mail_ids::uuid[]) AS wanted (mail_id)
CROSS JOIN LATERAL (
    SELECT * FROM notification WHERE notification.mail_id = wanted.mail_id OFFSET 0) AS notification
LEFT JOIN LATERAL (
    SELECT * FROM contact WHERE contact.id = notification.contact_id AND contact.erased_at IS NULL LIMIT 1
) AS contact ON true
LEFT JOIN LATERAL (
    SELECT * FROM choice WHERE choice.contact_id = notification.contact_id LIMIT 1) AS choice ON true
LEFT JOIN LATERAL (
    SELECT * FROM suppression WHERE suppression.address_key = contact.address_key LIMIT 1) AS suppression ON true
LEFT JOIN LATERAL (
    SELECT * FROM thing WHERE thing.kind = notification.thing_kind AND thing.id = notification.thing_id LIMIT 1
) AS thing ON true
ORDER BY notification.relevance DESC, notification.id;

-- name: things(kinds, ids)
-- These things as they are now.
SELECT thing.kind, thing.id, thing.revision, thing.state
FROM unnest(:kinds::text[], :ids::text[]) AS wanted (kind, id)
JOIN thing ON thing.kind = wanted.kind AND thing.id = wanted.id;

-- name: contacts(ids)
-- Contacts that things name, those that were not erased.
SELECT id, revision, name, email, organisation, borough, roles FROM contact
WHERE id = ANY(:ids::text[]) AND erased_at IS NULL;

-- name: hold_mails_of(ids)!
-- Whoever writes down what became of these notifications' mails comes before this, or after.
SELECT FROM mail WHERE id IN (SELECT mail_id FROM notification WHERE id = ANY(:ids::uuid[])) ORDER BY id FOR UPDATE;

-- name: withhold(ids, whys, in_hand)
-- These are not told after all, unless they were told already or are in somebody else's hand; each leaves its mail and
-- counts a revision. An attempt that was claimed for this alone was none.
UPDATE notification SET withheld = gone.why, mail_id = NULL, revision = notification.revision + 1
FROM (SELECT gone.id, gone.why, mail.id AS mail_id, mail.status, coalesce(mail.doubts, 0) AS doubts,
             coalesce(mail.attempts, 0) - CASE mail.status WHEN 'sending' THEN 1 ELSE 0 END AS attempts
      FROM unnest(:ids::uuid[], :whys::text[]) AS gone (id, why)
      JOIN notification AS known ON known.id = gone.id LEFT JOIN mail ON mail.id = known.mail_id
      ORDER BY gone.id) AS gone
WHERE notification.id = gone.id AND notification.withheld IS NULL
  AND (gone.status IS NULL OR gone.status IN ('due', 'withheld')
       OR gone.status = 'sending' AND gone.mail_id = ANY(:in_hand::uuid[]))
RETURNING notification.id, notification.revision, notification.kind, notification.about, notification.contact_id,
          notification.caused_by, notification.correlation_id, notification.why, notification.mail_id,
          gone.attempts, gone.doubts, NULL::timestamptz AS sent_at, gone.why AS why_not, 'withheld' AS status;

-- name: write_down(ids, claims, statuses, answers, waits, offers)
-- What became of these mails, one a row; what is due again is so after `wait` seconds, and what was never offered to the
-- relay was no attempt. Whoever learns first that a mail was taken says so; everything else is believed only of whoever
-- holds the mail now, told by the moment of its claim. Each notification of a mail that was sent or refused counts a
-- revision and comes back, to be said.
WITH outcome AS MATERIALIZED (
    SELECT * FROM unnest(:ids::uuid[], :claims::timestamptz[], :statuses::text[], :answers::text[], :waits::float8[],
                         :offers::boolean[])
        AS outcome (id, claimed_at, status, answer, wait, offered) ORDER BY id),
written AS (
    UPDATE mail SET
        status = outcome.status, answer = outcome.answer,
        attempts = mail.attempts - CASE WHEN outcome.offered THEN 0 ELSE 1 END,
        sent_at = CASE outcome.status WHEN 'sent' THEN clock_timestamp() END,
        due_at = CASE outcome.status
                 WHEN 'due' THEN clock_timestamp() + make_interval(secs => outcome.wait) ELSE mail.due_at END
    FROM outcome
    WHERE mail.id = outcome.id
      AND CASE outcome.status WHEN 'sent' THEN mail.status NOT IN ('sent', 'returned')
          ELSE mail.status = 'sending' AND mail.claimed_at = outcome.claimed_at END
    RETURNING mail.id, mail.status, mail.answer, mail.attempts, mail.doubts, mail.sent_at)
UPDATE notification SET revision = notification.revision + 1
FROM written WHERE notification.mail_id = written.id AND written.status IN ('sent', 'refused')
RETURNING notification.id, notification.revision, notification.kind, notification.about, notification.contact_id,
          notification.caused_by, notification.correlation_id, notification.why, notification.mail_id,
          written.attempts, written.doubts, written.sent_at,
          CASE written.status WHEN 'refused' THEN written.answer END AS why_not, written.status;

-- name: mark_returned(id, contact_id, why)
-- A mail that was taken came back, for one of its contacts or for all; once.
WITH returned AS (
    UPDATE mail SET status = 'returned', answer = :why WHERE id = :id AND status IN ('sending', 'sent', 'returned')
    RETURNING id, status, attempts, doubts, sent_at)
UPDATE notification SET revision = notification.revision + 1, returned = :why
FROM returned
WHERE notification.mail_id = returned.id AND notification.returned IS NULL
  AND (:contact_id::text IS NULL OR notification.contact_id = :contact_id::text)
RETURNING notification.id, notification.revision, notification.kind, notification.about, notification.contact_id,
          notification.caused_by, notification.correlation_id, notification.why, notification.mail_id,
          returned.attempts, returned.doubts, returned.sent_at, notification.returned AS why_not, returned.status;

-- name: ledger(event_id, contact_id, most)
-- What was told, to whom and why, or why not; newest first.
SELECT notification.id, notification.kind, notification.about, notification.contact_id,
       notification.caused_by, notification.correlation_id, notification.why, notification.due_at,
       CASE WHEN notification.withheld IS NOT NULL THEN 'withheld'
            WHEN notification.returned IS NOT NULL THEN 'returned'
            WHEN mail.status = 'returned' THEN 'sent'
            WHEN mail.status IS NULL AND notification.held IS NOT NULL THEN 'held'
            ELSE coalesce(mail.status, 'due') END AS status,
       notification.mail_id, coalesce(mail.attempts, 0) AS attempts, coalesce(mail.doubts, 0) AS doubts,
       mail.sent_at, coalesce(notification.withheld, notification.returned, mail.answer, notification.held) AS answer
FROM notification LEFT JOIN mail ON mail.id = notification.mail_id
WHERE (:event_id::text IS NULL OR notification.caused_by = :event_id::text)
  AND (:contact_id::text IS NULL OR notification.contact_id = :contact_id::text)
ORDER BY notification.due_at DESC, notification.id LIMIT :most;

-- name: to_send()^
-- How many mails are to be sent now, how many are in hand (or in doubt), how many wait for their time, and in how many
-- seconds the next of these is due.
SELECT count(*) FILTER (WHERE due_at <= clock_timestamp()) AS now,
       count(*) FILTER (WHERE status = 'sending' AND due_at > clock_timestamp()) AS in_hand,
       count(*) FILTER (WHERE due_at > clock_timestamp()) AS waiting,
       extract(epoch FROM min(due_at) FILTER (WHERE due_at > clock_timestamp()) - clock_timestamp())::float8 AS next
FROM mail WHERE status IN ('due', 'sending');

-- name: progress()^
-- The figures of the health page; `due` counts what is to be written or sent, `held` what waits for its digest,
-- `doubts` what was sent again, `oldest_due` for how many seconds the first of what is due has waited.
SELECT (SELECT count(*) FROM mail WHERE status = 'due') AS due,
       (SELECT count(*) FROM mail WHERE status = 'sending') AS sending,
       (SELECT count(*) FROM mail WHERE status = 'sent') AS sent,
       (SELECT count(*) FROM mail WHERE status = 'refused') AS refused,
       (SELECT count(*) FROM mail WHERE status = 'returned') AS returned,
       (SELECT count(*) FROM mail WHERE status = 'withheld') AS withheld,
       (SELECT coalesce(sum(doubts), 0)::bigint FROM mail WHERE doubts > 0) AS doubts,
       (SELECT count(*) FROM notification WHERE mail_id IS NULL AND withheld IS NULL AND held IS NOT NULL) AS held,
       (SELECT count(*) FROM notification WHERE mail_id IS NULL AND withheld IS NULL AND held IS NULL) AS to_write,
       (SELECT count(*) FROM thing WHERE NOT judged) + (SELECT count(*) FROM choice WHERE NOT judged) AS to_judge,
       (SELECT count(*) FROM suppression) AS suppressed,
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::float8 FROM mail
        WHERE status = 'due' AND due_at <= clock_timestamp()) AS oldest_due;
