-- name: rounds(most, past)
-- Rounds with what was said of them, the newest first.
SELECT round.state AS round, round_result.state AS result
FROM round LEFT JOIN round_result ON round_result.id = round.id
ORDER BY round.said_at DESC, round.id LIMIT :most OFFSET :past;

-- name: round(id)^
-- One round with what was said of it.
SELECT round.state AS round, round_result.state AS result
FROM round LEFT JOIN round_result ON round_result.id = round.id
WHERE round.id = :id;

-- name: requests_named(ids)
-- Who asks, and for what.
SELECT request.id, contact.name, request.borough, request.state ->> 'standard_role' AS role,
    request.state ->> 'level' AS level
FROM request LEFT JOIN contact ON contact.id = request.contact_id
WHERE request.id = ANY(:ids::text[]);

-- name: supporters_named(ids)
-- Who helps, and with what.
SELECT supporter.id, contact.name, supporter.state ->> 'own_borough' AS borough, supporter.state ->> 'level' AS level,
    ARRAY(SELECT jsonb_array_elements_text((supporter.state -> 'roles') || (supporter.state -> 'families'))) AS known
FROM supporter LEFT JOIN contact ON contact.id = supporter.contact_id
WHERE supporter.id = ANY(:ids::text[]);

-- name: open_requests(kind, most)
-- Requests of that kind that somebody is looked for, by borough and name.
SELECT request.id, contact.name, request.borough, request.state ->> 'standard_role' AS role,
    request.state ->> 'level' AS level
FROM request LEFT JOIN contact ON contact.id = request.contact_id LEFT JOIN match ON match.request_id = request.id
WHERE request.kind = :kind AND request.status = 'open' AND coalesce(match.stage, 'open') IN ('open', 'proposed')
ORDER BY request.borough, contact.name, request.id LIMIT :most;

-- name: listed_supporters(kind, most)
-- Supporters of that kind, by name.
SELECT supporter.id, contact.name, supporter.state ->> 'own_borough' AS borough, supporter.state ->> 'level' AS level,
    ARRAY(SELECT jsonb_array_elements_text((supporter.state -> 'roles') || (supporter.state -> 'families'))) AS known
FROM supporter LEFT JOIN contact ON contact.id = supporter.contact_id
WHERE supporter.kind = :kind AND supporter.status = 'listed'
ORDER BY contact.name, supporter.id LIMIT :most;

-- name: one_at_a_time(what)!
-- Whoever else states the same new thing waits until this transaction ends: there is no row yet that they could wait for.
SELECT pg_advisory_xact_lock(hashtextextended(:what, 0));
