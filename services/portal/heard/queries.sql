-- name: add_role_history(id, revision, type, changed, said_at, state)*!
-- What an event about a role changed, once.
INSERT INTO role_history (id, revision, type, changed, said_at, state)
VALUES (:id, :revision, :type, :changed, :said_at, :state)
ON CONFLICT DO NOTHING;

-- name: add_item_history(id, revision, said_at, changed, state)*!
-- An item as it once was.
INSERT INTO item_history (id, revision, said_at, changed, state)
VALUES (:id, :revision, :said_at, :changed, :state)
ON CONFLICT DO NOTHING;

-- name: add_benchmark_history(id, revision, said_at, p25, p50, p75, adverts)*!
-- A benchmark's middle as it once was.
INSERT INTO benchmark_history (id, revision, said_at, p25, p50, p75, adverts)
VALUES (:id, :revision, :said_at, :p25, :p50, :p75, :adverts)
ON CONFLICT DO NOTHING;

-- name: add_follow_up(match_id, after, said_at, contact_ids)!
-- A question how it went that fell due, once.
INSERT INTO follow_up (match_id, after, said_at, contact_ids) VALUES (:match_id, :after, :said_at, :contact_ids)
ON CONFLICT DO NOTHING;

-- name: forget_contact(contact_id)!
-- A person's rows, all of them. What the person did stays in the audit log under an id that leads nowhere.
WITH gone AS (DELETE FROM contact WHERE id = :contact_id),
     chosen AS (DELETE FROM subscriptions WHERE id = :contact_id),
     told AS (DELETE FROM notification WHERE contact_id = :contact_id),
     known AS (INSERT INTO erased_contact (id) VALUES (:contact_id) ON CONFLICT (id) DO UPDATE SET erased_at = now())
DELETE FROM follow_up WHERE contact_ids = ARRAY[:contact_id::text];

-- name: forget_choice(contact_id)!
-- What a contact chose to hear of.
DELETE FROM subscriptions WHERE id = :contact_id;

-- name: ring(tables)!
-- Tell every process that serves pages which tables changed.
SELECT pg_notify('portal_changed', :tables);

-- name: outcomes_with(contact_id)
-- What was said to come of introductions of this contact, to either side.
SELECT outcome.state FROM outcome JOIN match ON match.id = outcome.id
WHERE match.requester_contact_id = :contact_id OR match.state -> 'accepted' ->> 'contact_id' = :contact_id
ORDER BY outcome.id FOR UPDATE OF outcome;

-- name: matches_that_name(contact_id)
-- Matches in which that contact asks or may help. Their owner says them again without its words; a page must not show
-- them until then.
SELECT id, state FROM match
WHERE requester_contact_id = :contact_id OR :contact_id = ANY(supporter_contact_ids) ORDER BY id FOR UPDATE;

-- name: save_match_state(id, state)!
-- A match without somebody's words.
UPDATE match SET state = :state WHERE id = :id;

-- name: drafts_of(contact_id)
-- What became of what that contact offered to the library.
SELECT id, state FROM draft WHERE contact_id = :contact_id AND status <> 'published' ORDER BY id FOR UPDATE;

-- name: save_draft_state(id, state)!
-- A draft without somebody's words.
UPDATE draft SET state = :state WHERE id = :id;

-- name: forget_told_letters(contact_id, reason)!
-- What services told of messages that they set aside, of things of that contact: the reason may quote it.
WITH things AS (
    SELECT :contact_id::text AS id UNION ALL SELECT id FROM request WHERE contact_id = :contact_id
    UNION ALL SELECT id FROM supporter WHERE contact_id = :contact_id
    UNION ALL SELECT id FROM contribution WHERE contact_id = :contact_id
    UNION ALL SELECT id FROM review WHERE state ->> 'contact_id' = :contact_id
    UNION ALL SELECT id FROM match
              WHERE requester_contact_id = :contact_id OR :contact_id = ANY(supporter_contact_ids))
UPDATE dead_letter SET state = state || jsonb_build_object('reason', :reason::text, 'value', NULL)
WHERE state ->> 'key' IN (SELECT translate(encode(convert_to(id, 'UTF8'), 'base64'), E'\n', '') FROM things);

-- name: forget_address(contact_id, email_key)!
-- Sign-in links to that address, and what was asked for with it, unless somebody else shares it.
WITH alone AS (
    SELECT NOT EXISTS (SELECT FROM contact WHERE email_key = :email_key AND id <> :contact_id) AS yes),
links AS (DELETE FROM sign_in_link USING alone WHERE email_key = :email_key AND alone.yes)
DELETE FROM sign_in_post USING alone WHERE lower(email) = :email_key AND alone.yes;

-- name: forget_what_was_told(contact_id)!
-- What was told to somebody before the person was erased, who has been stated anew since.
WITH chosen AS (DELETE FROM subscriptions WHERE id = :contact_id),
     told AS (DELETE FROM notification WHERE contact_id = :contact_id)
DELETE FROM follow_up WHERE contact_ids = ARRAY[:contact_id::text];

-- name: forget_strangers()!
-- What was told to people who are not here any more: their tombstones may be gone from the topic.
WITH chosen AS (DELETE FROM subscriptions WHERE NOT EXISTS (SELECT FROM contact WHERE contact.id = subscriptions.id)),
     told AS (DELETE FROM notification WHERE NOT EXISTS (SELECT FROM contact WHERE contact.id = contact_id))
DELETE FROM follow_up
WHERE NOT EXISTS (SELECT FROM contact WHERE contact.id = ANY(contact_ids));

-- name: erased_contacts()
-- Who was erased and has not been stated anew.
SELECT id FROM erased_contact WHERE NOT EXISTS (SELECT FROM contact WHERE contact.id = erased_contact.id) ORDER BY id;
