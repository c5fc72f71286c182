-- name: save_contact(id, revision, name, email, organisation, borough, subscriptions, stated_at)!
-- A contact as it is now, unless what is known is as new; one that was erased comes back only by a statement
-- made after the erasure. It is to be judged against the roles anew.
INSERT INTO contact AS known (id, revision, name, email, organisation, borough, subscriptions)
VALUES (:id, :revision, :name, :email, :organisation, :borough, :subscriptions)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, email = excluded.email,
    organisation = excluded.organisation, borough = excluded.borough,
    subscriptions = excluded.subscriptions, erased_at = NULL, judged = false
WHERE CASE WHEN known.erased_at IS NULL
           THEN known.revision < excluded.revision
           ELSE known.erased_at < :stated_at::timestamptz END;

-- name: erase_contact(id, erased_at)!
-- Nothing stays but the id and the time, even where the contact was never heard of.
INSERT INTO contact (id, revision, erased_at, judged) VALUES (:id, 0, :erased_at, true)
ON CONFLICT (id) DO UPDATE SET
    revision = 0, name = NULL, email = NULL, organisation = NULL, borough = NULL,
    subscriptions = '[]', erased_at = excluded.erased_at, judged = true;

-- name: erase_notes_of(contact_id)!
-- What the contact wrote in its own words goes too.
UPDATE match SET state = state - 'note' WHERE state ->> 'requester_contact_id' = :contact_id;

-- name: save_role(id, revision, status, state, event_id, correlation_id)!
-- A role as it is now, unless what is known is as new. It keeps the event by which it was first heard.
INSERT INTO role AS known (id, revision, status, state, event_id, correlation_id, judged)
VALUES (:id, :revision, :status, :state, :event_id, :correlation_id, :status::text <> 'open')
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, status = excluded.status, state = excluded.state, judged = excluded.judged
WHERE known.revision < excluded.revision;

-- name: save_match(id, revision, state)$
-- An answered match as it is now, unless what is known is as new; its id when it was saved.
INSERT INTO match AS known (id, revision, state) VALUES (:id, :revision, :state)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, state = excluded.state
WHERE known.revision < excluded.revision
RETURNING id;

-- name: take_unjudged_roles(most)
-- Open roles that came or changed and were not yet held against the subscriptions, from now on judged.
WITH taken AS MATERIALIZED (
    SELECT id FROM role WHERE NOT judged ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
UPDATE role SET judged = true FROM taken WHERE role.id = taken.id
RETURNING role.state;

-- name: take_unjudged_contacts(most)
-- Contacts that came or changed and were not yet held against the roles, from now on judged.
WITH taken AS MATERIALIZED (
    SELECT id FROM contact WHERE NOT judged ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
UPDATE contact SET judged = true FROM taken WHERE contact.id = taken.id
RETURNING contact.id, contact.subscriptions;

-- name: subscribers()
-- Every contact with a subscription.
SELECT id, subscriptions FROM contact WHERE subscriptions <> '[]';

-- name: open_roles()
-- Every role that is open.
SELECT state FROM role WHERE status = 'open';

-- name: add_alerts(ids, role_ids, contact_ids, whys)!
-- An alert is due for each of these pairs, once for ever; only one that was withheld becomes due again.
-- In the order of ids, so that two processes cannot lock each other out.
INSERT INTO notification AS known (id, kind, about, contact_id, caused_by, correlation_id, why)
SELECT new.id, 'new role', role.id, new.contact_id, role.event_id, role.correlation_id, new.why
FROM unnest(:ids::uuid[], :role_ids::text[], :contact_ids::text[], :whys::text[])
    AS new (id, role_id, contact_id, why)
JOIN role ON role.id = new.role_id
ORDER BY new.id
ON CONFLICT (kind, about, contact_id) DO UPDATE SET
    withheld = NULL, why = excluded.why, due_at = excluded.due_at
WHERE known.withheld IS NOT NULL AND known.mail_id IS NULL;

-- name: take_alerts_without_mail(most)
-- Alerts that are in no mail yet, those of one contact together.
SELECT id, contact_id FROM notification
WHERE kind = 'new role' AND mail_id IS NULL AND withheld IS NULL
ORDER BY contact_id, due_at, id LIMIT :most FOR UPDATE SKIP LOCKED;

-- name: add_mail(id, kind)!
-- A mail that is due now; one that was withheld becomes due again.
INSERT INTO mail AS known (id, kind) VALUES (:id, :kind)
ON CONFLICT (id) DO UPDATE SET status = 'due', due_at = excluded.due_at, answer = NULL
WHERE known.status = 'withheld';

-- name: put_in_mail(mail_id, ids)!
-- These notifications go in that mail.
UPDATE notification SET mail_id = :mail_id WHERE id = ANY(:ids::uuid[]);

-- name: add_introduction(id, match_id, contact_id, caused_by, correlation_id, why, mail_id)!
-- One of the two whom an accepted match introduces, known or not; once for ever, unless it was withheld.
INSERT INTO notification AS known (id, kind, about, contact_id, caused_by, correlation_id, why, mail_id)
VALUES (:id, 'introduction', :match_id, :contact_id, :caused_by, :correlation_id, :why, :mail_id)
ON CONFLICT (kind, about, contact_id) DO UPDATE SET withheld = NULL, mail_id = excluded.mail_id
WHERE known.withheld IS NOT NULL;

-- name: claim(lease)^
-- The next mail to send: due, or in doubt since whoever was sending it is silent for longer than the lease.
-- One that is for a contact not yet heard of waits.
WITH taken AS MATERIALIZED (
    SELECT waiting.id FROM mail AS waiting
    WHERE (waiting.status = 'due' AND waiting.due_at <= clock_timestamp()
           OR waiting.status = 'sending'
              AND waiting.claimed_at < clock_timestamp() - make_interval(secs => :lease::float8))
      AND NOT EXISTS (
          SELECT FROM notification LEFT JOIN contact ON contact.id = notification.contact_id
          WHERE notification.mail_id = waiting.id AND contact.id IS NULL)
    ORDER BY waiting.due_at, waiting.id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE mail SET
    doubts = doubts + CASE status WHEN 'sending' THEN 1 ELSE 0 END,
    status = 'sending', claimed_at = clock_timestamp(), attempts = attempts + 1
FROM taken WHERE mail.id = taken.id
RETURNING mail.id, mail.kind, mail.attempts, mail.doubts;

-- name: items_of(mail_id)
-- What is in a mail and for whom, with all that is needed to write it.
SELECT notification.id, notification.caused_by, notification.correlation_id, notification.why, contact.id AS contact_id, contact.revision, contact.name, contact.email,
       contact.organisation, contact.borough, contact.subscriptions, contact.erased_at,
       role.state AS role, match.state AS match
FROM notification
JOIN contact ON contact.id = notification.contact_id
LEFT JOIN role ON notification.kind = 'new role' AND role.id = notification.about
LEFT JOIN match ON notification.kind = 'introduction' AND match.id = notification.about
WHERE notification.mail_id = :mail_id
ORDER BY notification.id;

-- name: withhold(id, why)!
-- This notification is not told after all; it leaves its mail.
UPDATE notification SET withheld = :why, mail_id = NULL WHERE id = :id;

-- name: withhold_mail(id, why)!
-- Nothing is left to say, or nobody to say it to.
UPDATE mail SET status = 'withheld', answer = :why WHERE id = :id AND status = 'sending';

-- name: mark_sent(id, answer)^
-- The relay took it. Whoever learns that first says so: no row when it is known already.
UPDATE mail SET status = 'sent', answer = :answer, sent_at = clock_timestamp()
WHERE id = :id AND status <> 'sent' RETURNING sent_at;

-- name: mark_due_again(id, attempts, wait, answer)!
-- It was surely not taken; try after so many seconds. Not if somebody else claimed it meanwhile.
UPDATE mail SET status = 'due', answer = :answer,
    due_at = clock_timestamp() + make_interval(secs => :wait::float8)
WHERE id = :id AND status = 'sending' AND attempts = :attempts;

-- name: mark_refused(id, attempts, answer)!
-- The relay will never take it; kept with what it said.
UPDATE mail SET status = 'refused', answer = :answer
WHERE id = :id AND status = 'sending' AND attempts = :attempts;

-- name: ledger(event_id, contact_id, most)
-- What was told, to whom and why; newest first.
SELECT notification.id, notification.kind, notification.about, notification.contact_id,
       notification.caused_by, notification.correlation_id, notification.why, notification.due_at,
       CASE WHEN notification.withheld IS NOT NULL THEN 'withheld' ELSE coalesce(mail.status, 'due') END AS status,
       notification.mail_id, coalesce(mail.attempts, 0) AS attempts, coalesce(mail.doubts, 0) AS doubts,
       mail.sent_at, coalesce(notification.withheld, mail.answer) AS answer
FROM notification LEFT JOIN mail ON mail.id = notification.mail_id
WHERE (:event_id::text IS NULL OR notification.caused_by = :event_id::text)
  AND (:contact_id::text IS NULL OR notification.contact_id = :contact_id::text)
ORDER BY notification.due_at DESC, notification.id LIMIT :most;

-- name: progress()^
-- The figures of the health page; `due` counts what is to be written or sent, `doubts` what was sent again.
SELECT (SELECT count(*) FROM mail WHERE status = 'due')
       + (SELECT count(*) FROM notification WHERE mail_id IS NULL AND withheld IS NULL)
       + (SELECT count(*) FROM role WHERE NOT judged) + (SELECT count(*) FROM contact WHERE NOT judged) AS due,
       (SELECT count(*) FROM mail WHERE status = 'sending') AS sending,
       (SELECT count(*) FROM mail WHERE status = 'sent') AS sent,
       (SELECT count(*) FROM mail WHERE status = 'refused') AS refused,
       (SELECT coalesce(sum(doubts), 0)::bigint FROM mail) AS doubts;
