-- name: begin_session(id_hash, contact_id, email_key, began_at, ends_at)!
-- Somebody signed in.
INSERT INTO portal_session (id_hash, contact_id, email_key, began_at, ends_at)
VALUES (:id_hash, :contact_id, :email_key, :began_at, :ends_at);

-- name: session_visitor(id_hash, now)^
-- Whose session it is, while it lasts and the contact is still at the address that was proved.
SELECT contact.id, contact.name, contact.email, contact.borough, contact.roles,
       EXISTS (SELECT FROM supporter WHERE contact_id = contact.id AND status = 'listed') AS supports
FROM portal_session JOIN contact ON contact.id = contact_id AND contact.email_key = portal_session.email_key
WHERE id_hash = :id_hash AND ends_at > :now;

-- name: end_session(id_hash)!
-- Somebody signed out.
DELETE FROM portal_session WHERE id_hash = :id_hash;

-- name: end_sessions(contact_id)!
-- A contact is signed out everywhere.
DELETE FROM portal_session WHERE contact_id = :contact_id;

-- name: running_sessions(now)
-- Who is signed in.
SELECT contact_id, count(*) AS sessions, min(began_at) AS since, max(ends_at) AS until
FROM portal_session WHERE ends_at > :now GROUP BY contact_id ORDER BY contact_id;

-- name: one_after_the_other(address, client)^
-- Whoever asks for the same address, or from the same place, waits: so that a count is true when it is acted on.
SELECT pg_advisory_xact_lock(hashtextextended(encode(least(:address::bytea, :client::bytea), 'hex'), 1)),
       pg_advisory_xact_lock(hashtextextended(encode(greatest(:address::bytea, :client::bytea), 'hex'), 1));

-- name: count_asks(address, client, address_since, client_since)^
-- How often was asked for that address, and from that place.
SELECT (SELECT count(*) FROM sign_in_ask WHERE address = :address AND at > :address_since) AS by_address,
       (SELECT count(*) FROM sign_in_ask WHERE client = :client AND at > :client_since) AS by_client;

-- name: add_ask(address, client, at)!
-- Somebody asked.
INSERT INTO sign_in_ask (address, client, at) VALUES (:address, :client, :at);

-- name: add_post(email, back_to, wants, asked_at)!
-- To be answered by mail.
INSERT INTO sign_in_post (email, back_to, wants, asked_at, due_at)
VALUES (:email, :back_to, :wants, :asked_at, :asked_at);

-- name: take_post(now, until)^
-- The oldest that is due, which nobody else takes until then.
UPDATE sign_in_post SET due_at = :until, tries = tries + 1
WHERE number = (
    SELECT number FROM sign_in_post WHERE due_at <= :now ORDER BY due_at, number LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING number, email, back_to, wants, asked_at, tries;

-- name: put_off_post(number, due_at)!
-- The relay did not take it; again later.
UPDATE sign_in_post SET due_at = :due_at WHERE number = :number;

-- name: drop_post(number)!
-- It is answered, or was asked for too long ago.
DELETE FROM sign_in_post WHERE number = :number;

-- name: next_post()$
-- When the next is due.
SELECT min(due_at) FROM sign_in_post;

-- name: add_link(token_hash, email, email_key, back_to, made_at, ends_at)!
-- A link that is about to be mailed.
INSERT INTO sign_in_link (token_hash, email, email_key, back_to, made_at, ends_at)
VALUES (:token_hash, :email, :email_key, :back_to, :made_at, :ends_at);

-- name: look_at_link(token_hash, now)^
-- What a link says, while it can be used.
SELECT email, back_to FROM sign_in_link WHERE token_hash = :token_hash AND ends_at > :now;

-- name: take_link(token_hash, now)^
-- The same, once.
DELETE FROM sign_in_link WHERE token_hash = :token_hash AND ends_at > :now RETURNING email, back_to;

-- name: drop_link(token_hash)!
-- A link that was not mailed.
DELETE FROM sign_in_link WHERE token_hash = :token_hash;

-- name: drop_links(email_key)!
-- An address's other links, after one was used.
DELETE FROM sign_in_link WHERE email_key = :email_key;

-- name: people_at(email_key)
-- Contacts that have this address: one, or those who share a mailbox.
SELECT id, name, state ->> 'organisation' AS organisation FROM contact WHERE email_key = :email_key ORDER BY name, id LIMIT 50;

-- name: alone_with(email_key)^
-- Whoever makes contacts of one address waits for the other.
SELECT pg_advisory_xact_lock(hashtextextended(:email_key::text, 2));

-- name: tidy(now, asked_since, links_since)!
-- What has ended is forgotten.
WITH sessions AS (DELETE FROM portal_session WHERE ends_at <= :now),
     links AS (DELETE FROM sign_in_link WHERE ends_at <= :links_since)
DELETE FROM sign_in_ask WHERE at <= :asked_since;

-- name: ring_post()!
-- Tell the post room.
SELECT pg_notify('sign_in_post', '');

-- name: unanswered(asked_before)
-- Contacts that somebody only asked about on a page, and that never said yes nor did anything else since.
SELECT contact.id
FROM audit JOIN contact ON contact.id = audit.subject LEFT JOIN subscriptions ON subscriptions.id = contact.id
WHERE audit.what = 'asked to hear from us' AND audit.contact_id IS NULL AND audit.at <= :asked_before
  AND contact.revision = 1 AND coalesce(subscriptions.status, 'asked') = 'asked'
  AND NOT EXISTS (SELECT FROM audit AS did WHERE did.contact_id = contact.id)
LIMIT 200 FOR UPDATE OF contact SKIP LOCKED;
