-- name: one_at_a_time()!
-- Hold everyone else who changes requests, supporters or answers until this transaction ends. Without it, a
-- request and the supporter who fits it, handled at the same moment by two processes, would each be read
-- before the other is there, and the match would be lost.
SELECT pg_advisory_xact_lock(hashtext('loti matching'));

-- name: save_supporter(id, revision, kind, state)$
-- Keep what a supporter states, if it is newer than what is known; gives back the revision only then.
INSERT INTO supporters (id, revision, kind, state) VALUES (:id, :revision, :kind, :state::jsonb)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, state = excluded.state
WHERE supporters.revision < excluded.revision
RETURNING revision;

-- name: save_request(id, revision, kind, status, state)$
-- Keep what a request states, if it is newer than what is known; gives back the revision only then.
INSERT INTO requests (id, revision, kind, status, state) VALUES (:id, :revision, :kind, :status, :state::jsonb)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, status = excluded.status,
    state = excluded.state
WHERE requests.revision < excluded.revision
RETURNING revision;

-- name: save_answer(match_id, revision, state)$
-- Keep an answer, if it is newer than what is known; gives back the revision only then.
INSERT INTO answers (match_id, revision, state) VALUES (:match_id, :revision, :state::jsonb)
ON CONFLICT (match_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
WHERE answers.revision < excluded.revision
RETURNING revision;

-- name: save_benchmark(id, revision, standard_role, state)$
-- Keep a benchmark, if it is newer than what is known; gives back the revision only then.
INSERT INTO benchmarks (id, revision, standard_role, state)
VALUES (:id, :revision, :standard_role, :state::jsonb)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, standard_role = excluded.standard_role,
    state = excluded.state
WHERE benchmarks.revision < excluded.revision
RETURNING revision;

-- name: save_match(id, request_id, status, accepted_supporter_id, state, offered, answered_revision)!
-- Keep a match as it is now.
INSERT INTO matches (id, request_id, status, accepted_supporter_id, state, offered, answered_revision)
VALUES (:id, :request_id, :status, :accepted_supporter_id, :state::jsonb, :offered::jsonb, :answered_revision)
ON CONFLICT (id) DO UPDATE SET status = excluded.status,
    accepted_supporter_id = excluded.accepted_supporter_id, state = excluded.state,
    offered = excluded.offered, answered_revision = excluded.answered_revision;

-- name: load_supporter(id)^
-- One supporter, with how many accepted matches they carry.
SELECT supporters.state,
    (SELECT count(*) FROM matches
     WHERE matches.accepted_supporter_id = supporters.id AND matches.status = 'accepted') AS load
FROM supporters WHERE supporters.id = :id;

-- name: load_supporters(kind)
-- Everyone listed as that kind of help, or once listed, with how many accepted matches each carries.
SELECT supporters.state, count(matches.id) AS load
FROM supporters LEFT JOIN matches
    ON matches.accepted_supporter_id = supporters.id AND matches.status = 'accepted'
WHERE supporters.kind = :kind
GROUP BY supporters.id ORDER BY supporters.id;

-- name: load_open_cases(kind)
-- Every open request for that kind of help that nobody has been accepted for, with its match.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
WHERE requests.kind = :kind AND requests.status = 'open' AND matches.status IS DISTINCT FROM 'accepted'
ORDER BY requests.id;

-- name: load_case(request_id)^
-- One request with its match.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
WHERE requests.id = :request_id;

-- name: load_case_of_match(match_id)^
-- The request that a match is for, with the match.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision
FROM matches JOIN requests ON matches.request_id = requests.id
WHERE matches.id = :match_id;

-- name: load_benchmarks(standard_role)
-- Every cell known of a standard role.
SELECT state FROM benchmarks WHERE standard_role = :standard_role ORDER BY id;

-- name: keep_waiting(request_id, since, left_out)!
-- Nobody can help with this request now: since when, and the newest reasons.
INSERT INTO waiting (request_id, since, left_out) VALUES (:request_id, :since, :left_out::jsonb)
ON CONFLICT (request_id) DO UPDATE SET left_out = excluded.left_out;

-- name: stop_waiting(request_id)!
-- Somebody can help, or nobody needs to.
DELETE FROM waiting WHERE request_id = :request_id;

-- name: load_open_requests()
-- For people who look in: every request that is still open, with its match and why it waits.
SELECT requests.state AS request, matches.state AS match, waiting.since, waiting.left_out
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
LEFT JOIN waiting ON waiting.request_id = requests.id
WHERE requests.status = 'open' AND matches.status IS DISTINCT FROM 'accepted'
ORDER BY requests.state->>'stated_at', requests.id;
