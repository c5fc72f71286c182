-- name: choice_revisions(ids)
-- In which revision these contacts' choices are known.
SELECT contact_id, revision FROM choice WHERE contact_id = ANY(:ids::text[]);

-- name: forget_choices(ids, times)!
-- Choices of contacts that were erased at these times, unless they were made since.
DELETE FROM choice USING unnest(:ids::text[], :times::timestamptz[]) AS erased (id, at)
WHERE choice.contact_id = erased.id AND choice.chosen_at <= erased.at;

-- name: address_of(contact_id)$
-- The address of a contact that is known, locked.
SELECT email FROM contact WHERE id = :contact_id FOR UPDATE;

-- name: erase_older(contact_id, erased_at)!
-- What is kept of a contact from before its erasure: its place in the suppression list, what came back from it, and why
-- it was told things.
WITH mine AS (
    SELECT suppression.address_key FROM suppression LEFT JOIN contact ON contact.id = :contact_id
    WHERE since <= :erased_at
      AND (suppression.contact_id = :contact_id OR suppression.address_key = contact.address_key)
      AND NOT EXISTS (SELECT FROM contact AS other
                      WHERE other.address_key = suppression.address_key AND other.id <> :contact_id)),
suppressed AS (DELETE FROM suppression WHERE address_key IN (SELECT address_key FROM mine)),
bounced AS (DELETE FROM soft_bounce WHERE contact_id = :contact_id AND at <= :erased_at)
UPDATE notification SET why = 'The contact is erased.' WHERE contact_id = :contact_id AND due_at <= :erased_at;

-- name: erase_contact(contact_id, erased_at)!
-- Nothing stays of it but the id and the time.
INSERT INTO contact (id, revision, erased_at) VALUES (:contact_id, 0, :erased_at)
ON CONFLICT (id) DO UPDATE SET
    revision = 0, name = NULL, email = NULL, organisation = NULL, borough = NULL, roles = '[]',
    address_key = NULL, address_since = NULL, erased_at = greatest(contact.erased_at, excluded.erased_at);

-- name: first_heard(kind, id, at)!
-- A thing was first heard of then, and last, as far as the topics tell.
UPDATE thing SET first_heard_at = least(first_heard_at, :at), heard_at = :at WHERE kind = :kind AND id = :id;

-- name: adopt_edition(id, title, summary, markdown, since, until, sent_at)!
-- A newsletter that was sent. One that was only scheduled is being sent: whoever has it gets it no second time.
INSERT INTO edition AS known
    (id, revision, status, title, summary, markdown, since, until, send_at, began_at, gathered_at, sent_at)
VALUES (:id, 1, 'sent', :title, :summary, :markdown, :since, :until, :sent_at, :sent_at, :sent_at, :sent_at)
ON CONFLICT (id) DO UPDATE SET status = 'sending', began_at = excluded.began_at
WHERE known.status = 'scheduled' AND known.began_at IS NULL;

-- name: adopt_edition_thing(id, state, event_id, correlation_id, at)!
-- What its mails and its page tell.
INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged, first_heard_at, heard_at)
VALUES ('edition', :id, 1, true, :state, :event_id, :correlation_id, true, :at, :at)
ON CONFLICT (kind, id) DO NOTHING;

-- name: told(ids)
-- In which revision these notifications are known.
SELECT id, revision FROM notification WHERE id = ANY(:ids::uuid[]);

-- name: adopt_mails(ids, kinds, statuses, attempts, doubts, sent_ats, answers)!
-- What became of these mails. One that was taken once stays so.
INSERT INTO mail (id, kind, status, attempts, doubts, made_at, due_at, sent_at, answer)
SELECT id, kind, status, attempts, doubts, coalesce(sent_at, clock_timestamp()), coalesce(sent_at, clock_timestamp()),
    sent_at, answer
FROM unnest(:ids::uuid[], :kinds::text[], :statuses::text[], :attempts::int[], :doubts::int[],
            :sent_ats::timestamptz[], :answers::text[])
    AS said (id, kind, status, attempts, doubts, sent_at, answer) ORDER BY id
ON CONFLICT (id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, doubts = excluded.doubts,
    sent_at = excluded.sent_at, answer = excluded.answer
WHERE mail.status NOT IN ('sent', 'returned') OR excluded.status = 'returned';

-- name: adopt_notifications(ids, revisions, kinds, abouts, thing_kinds, thing_ids, contact_ids, causes, correlations, whys, dues, withhelds, returneds, mail_ids)!
-- What was told to whom, or was not.
INSERT INTO notification (id, revision, kind, about, thing_kind, thing_id, contact_id, caused_by, correlation_id, why,
    due_at, withheld, returned, mail_id)
SELECT * FROM unnest(:ids::uuid[], :revisions::int[], :kinds::text[], :abouts::text[], :thing_kinds::text[],
    :thing_ids::text[], :contact_ids::text[], :causes::text[], :correlations::text[], :whys::text[],
    :dues::timestamptz[], :withhelds::text[], :returneds::text[], :mail_ids::uuid[]) AS said (id) ORDER BY id
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, withheld = excluded.withheld,
    returned = excluded.returned, mail_id = excluded.mail_id
WHERE notification.revision < excluded.revision;

-- name: questions_mailed()
-- Of each choice that waits for an answer or may be renewed, the last question that was made for it since.
SELECT choice.*, question.kind AS question_kind, question.about AS question, question.at AS question_at
FROM choice CROSS JOIN LATERAL (
    SELECT notification.kind, notification.about, coalesce(mail.sent_at, notification.due_at) AS at
    FROM notification LEFT JOIN mail ON mail.id = notification.mail_id
    WHERE notification.contact_id = choice.contact_id AND notification.kind IN ('confirmation', 'renewal')
      AND notification.withheld IS NULL
    ORDER BY at DESC LIMIT 1) AS question
WHERE choice.status IN ('asked', 'confirmed');

-- name: save_question(contact_id, ask, asked_at, next_at)!
-- Which question waits for an answer, when it was mailed, and when the next goes out.
UPDATE choice SET ask = :ask, asked_at = :asked_at, next_at = :next_at WHERE contact_id = :contact_id;

-- name: every_choice()
-- What every contact chose.
SELECT * FROM choice ORDER BY contact_id;

-- name: every_erased()
-- Contacts that were erased.
SELECT id FROM contact WHERE erased_at IS NOT NULL ORDER BY id;

-- name: every_edition()
-- The newsletters that readers have.
SELECT thing.state FROM thing JOIN edition ON edition.id = thing.id
WHERE thing.kind = 'edition' AND edition.began_at IS NOT NULL ORDER BY thing.id;

-- name: every_notification(since)
-- Everything that was said of what was told since then, as it stands. What was withheld and is due again is left out:
-- how it ends is said then.
SELECT notification.id, notification.revision, notification.kind, notification.about, notification.contact_id,
    notification.caused_by, notification.correlation_id, notification.why, notification.mail_id,
    coalesce(mail.attempts, 0) AS attempts, coalesce(mail.doubts, 0) AS doubts, mail.sent_at,
    coalesce(notification.withheld, notification.returned, CASE mail.status WHEN 'refused' THEN mail.answer END)
        AS why_not,
    CASE WHEN notification.withheld IS NOT NULL THEN 'withheld' WHEN notification.returned IS NOT NULL THEN 'returned'
        WHEN mail.status = 'refused' THEN 'refused' ELSE 'sent' END AS status
FROM notification LEFT JOIN mail ON mail.id = notification.mail_id
WHERE notification.revision > 0 AND coalesce(mail.sent_at, notification.due_at) >= :since
  AND (num_nonnulls(notification.withheld, notification.returned) > 0 OR mail.status IN ('sent', 'refused', 'returned'))
ORDER BY coalesce(mail.sent_at, notification.due_at), notification.id;
