-- name: requests(borough, kind, stages, most, past)
-- Requests with what was heard of them, the newest first; of one borough, kind or stage where one is asked for.
SELECT request.state AS request, request.said_at AS request_said_at, match.state AS match,
    match.said_at AS match_said_at, answer.state AS answer, outcome.state AS outcome
FROM request
LEFT JOIN match ON match.request_id = request.id
LEFT JOIN answer ON answer.id = match.id
LEFT JOIN outcome ON outcome.id = match.id
WHERE (:borough::text IS NULL OR request.borough = :borough)
    AND (:kind::text IS NULL OR request.kind = :kind)
    AND (:stages::text[] IS NULL OR
        CASE WHEN request.status = 'withdrawn' AND match.stage IS DISTINCT FROM 'outcome' THEN 'withdrawn'
            ELSE coalesce(match.stage, 'looking') END = ANY(:stages))
ORDER BY request.said_at DESC, request.id
LIMIT :most OFFSET :past;

-- name: request_known(request_id)^
-- One request with all that was heard of it.
SELECT request.state AS request, request.said_at AS request_said_at, match.state AS match,
    match.said_at AS match_said_at, answer.state AS answer, outcome.state AS outcome
FROM request
LEFT JOIN match ON match.request_id = request.id
LEFT JOIN answer ON answer.id = match.id
LEFT JOIN outcome ON outcome.id = match.id
WHERE request.id = :request_id
ORDER BY match.said_at DESC
LIMIT 1;

-- name: request_of_match(match_id)^
-- The same by the id of its match.
SELECT request.state AS request, request.said_at AS request_said_at, match.state AS match,
    match.said_at AS match_said_at, answer.state AS answer, outcome.state AS outcome
FROM match
JOIN request ON request.id = match.request_id
LEFT JOIN answer ON answer.id = match.id
LEFT JOIN outcome ON outcome.id = match.id
WHERE match.id = :match_id;

-- name: introductions(contact_id, most)
-- Where this contact was accepted. Whoever is only proposed is not told of it, on pages as by email.
SELECT request.state AS request, request.said_at AS request_said_at, match.state AS match,
    match.said_at AS match_said_at, answer.state AS answer, outcome.state AS outcome
FROM match
JOIN request ON request.id = match.request_id
LEFT JOIN answer ON answer.id = match.id
LEFT JOIN outcome ON outcome.id = match.id
WHERE match.supporter_contact_ids @> ARRAY[:contact_id::text]
    AND match.state ->> 'status' = 'accepted'
    AND match.state -> 'accepted' ->> 'contact_id' = :contact_id
ORDER BY match.said_at DESC, match.id
LIMIT :most;

-- name: people(ids)
-- Who these are.
SELECT id, name, state ->> 'organisation' AS organisation, email, borough FROM contact
WHERE id = ANY(:ids::text[]);

-- name: person_at(email_key)^
-- Whose address that is; of several, who was heard of last.
SELECT id, name, state ->> 'organisation' AS organisation, email, borough FROM contact
WHERE email_key = :email_key ORDER BY said_at DESC LIMIT 1;

-- name: supporters(ids)
-- What these offer.
SELECT id, state FROM supporter WHERE id = ANY(:ids::text[]);

-- name: own_supporters(contact_id)
-- What a person offers.
SELECT state FROM supporter WHERE contact_id = :contact_id
ORDER BY status, said_at DESC LIMIT 50;

-- name: earlier_supporters(borough, kind)
-- Whom that borough accepted before.
SELECT DISTINCT state -> 'accepted' ->> 'supporter_id' AS supporter_id FROM match
WHERE borough = :borough AND state ->> 'kind' = :kind AND state -> 'accepted' ->> 'supporter_id' IS NOT NULL
ORDER BY 1 LIMIT 100;

-- name: role_state(role_id)$
-- An advert.
SELECT state FROM role WHERE id = :role_id;

-- name: listed_supporters()
-- How many are listed of each kind.
SELECT kind, count(*) AS listed FROM supporter WHERE status = 'listed' GROUP BY kind;

-- name: to_answer(borough)$
-- How many shortlists of that borough nobody has answered yet.
SELECT count(*) FROM match
LEFT JOIN answer ON answer.id = match.id
WHERE match.borough = :borough AND match.stage = 'proposed'
    AND NOT coalesce(match.revision <= (answer.state ->> 'match_revision')::bigint,
        (answer.state ->> 'stated_at')::timestamptz >= (match.state ->> 'proposed_at')::timestamptz, false);

-- name: one_at_a_time(id)^
-- A form that was sent twice at the same time makes one thing: the second waits until the first is said.
SELECT pg_advisory_xact_lock(hashtextextended(:id, 0));
