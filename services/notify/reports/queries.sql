-- name: hold_mail(id)^
-- A mail that a report is about, held until the transaction ends, so that reports about it come one after the other.
SELECT id, status, attempts, made_at FROM mail WHERE id = :id FOR UPDATE;

-- name: addressees(mail_id)
-- To whom that mail went, where their mail goes now (no address for a contact that was erased), and whether that is
-- another place than when the mail left.
SELECT DISTINCT notification.contact_id, contact.email,
       coalesce(contact.address_since > coalesce(mail.claimed_at, mail.made_at), false) AS moved
FROM notification JOIN mail ON mail.id = notification.mail_id
LEFT JOIN contact ON contact.id = notification.contact_id
    AND contact.erased_at IS NULL AND contact.address_key IS NOT NULL
WHERE notification.mail_id = :mail_id ORDER BY notification.contact_id;

-- name: note(id, words)$
-- An unsigned report is noted beside the relay's answer, once, and changes nothing else.
UPDATE mail SET answer = concat_ws('; ', answer, :words::text)
WHERE id = :id AND status IN ('sent', 'returned') AND position(:words::text IN coalesce(answer, '')) = 0
  AND length(coalesce(answer, '')) < 1000
RETURNING id;

-- name: mark_complained(mail_id, contact_id, at)
-- This contact said that the mail was not wanted; no row where that is known already.
UPDATE notification SET complained_at = :at
WHERE mail_id = :mail_id AND contact_id = :contact_id AND complained_at IS NULL
RETURNING id;

-- name: count_soft_bounce(mail_id, contact_id, why, at)!
-- This mail came back for now.
INSERT INTO soft_bounce (mail_id, contact_id, why, at) VALUES (:mail_id, :contact_id, :why, :at)
ON CONFLICT (mail_id, contact_id) DO NOTHING;

-- name: bounced_in_a_row(contact_id, most)$
-- Whether the last so many mails to the contact all came back, up to the latest that did: what left later may still
-- come back, so it says nothing.
WITH mails AS (
    SELECT DISTINCT mail.id, mail.sent_at, soft_bounce.mail_id IS NOT NULL AS bounced
    FROM notification
    JOIN mail ON mail.id = notification.mail_id AND mail.status IN ('sent', 'returned')
    LEFT JOIN soft_bounce ON soft_bounce.mail_id = mail.id AND soft_bounce.contact_id = notification.contact_id
    WHERE notification.contact_id = :contact_id),
last AS (
    SELECT bounced FROM mails WHERE sent_at <= (SELECT max(sent_at) FROM mails WHERE bounced)
    ORDER BY sent_at DESC, id LIMIT :most)
SELECT count(*) = :most AND bool_and(bounced) FROM last;

-- name: forget_soft_bounces(contact_id)!
-- They have led to what they lead to; whoever takes the address off the list again starts from nothing.
DELETE FROM soft_bounce WHERE contact_id = :contact_id;

-- name: send_again(id, receipt, wait, answer)$
-- The carrier never sent it after all: due again after so many seconds, if it is that sending which failed.
UPDATE mail SET status = 'due', due_at = clock_timestamp() + make_interval(secs => :wait::float8), answer = :answer
WHERE id = :id AND status = 'sent' AND position(:receipt::text IN coalesce(answer, '')) > 0
RETURNING id;
