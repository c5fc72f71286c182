-- name: one_at_a_time()$
-- Hold everyone else who changes requests, supporters, answers or outcomes until this transaction ends; gives back
-- which transaction it is. Without it, a request and the supporter who fits it, handled at the same moment by two
-- processes, would each be read before the other is there, and the match would be lost.
SELECT pg_current_xact_id()::text FROM (SELECT hold_in_turn('loti matching')) AS held;

-- name: save_supporter(id, revision, kind, state, stated_at)$
-- Keep what a supporter states, if it is newer than what is known; gives back the revision only then.
INSERT INTO supporters (id, revision, kind, state, stated_at)
VALUES (:id, :revision, :kind, :state::jsonb, :stated_at)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, state = excluded.state,
    stated_at = excluded.stated_at
WHERE supporters.revision < excluded.revision
RETURNING revision;

-- name: load_changed_supporters(since, doubted)
-- Who changed since that position, or is in doubt, with how much they carry and how their introductions ended;
-- `own` where this very transaction wrote it, so that it may yet be undone.
SELECT supporters.id, supporters.state, supporters.stated_at, supporters.position,
    supporters.written_by = pg_current_xact_id() AS own, carried.load, carried.good, carried.ended,
    (SELECT count(*) FROM round_places WHERE round_places.supporter_id = supporters.id) AS kept
FROM supporters CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT matches.finished) AS load,
        count(*) FILTER (WHERE matches.finished AND matches.good) AS good,
        count(*) FILTER (WHERE matches.finished) AS ended
    FROM matches WHERE matches.accepted_supporter_id = supporters.id AND matches.status = 'accepted') AS carried
WHERE supporters.position > :since OR supporters.id = ANY(:doubted::text[])
ORDER BY supporters.position;

-- name: save_request(id, revision, kind, status, state, stated_at)$
-- Keep what a request states, if it is newer than what is known; gives back the revision only then.
INSERT INTO requests (id, revision, kind, status, state, first_stated_at)
VALUES (:id, :revision, :kind, :status, :state::jsonb, :stated_at)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, status = excluded.status,
    state = excluded.state, first_stated_at = least(requests.first_stated_at, excluded.first_stated_at)
WHERE requests.revision < excluded.revision
RETURNING revision;

-- name: save_shortlist(id, shortlisted, worst, judged_on)!
-- Who could be proposed when the request was last looked at, what the last of them scored, and when that was.
UPDATE requests SET shortlisted = :shortlisted::text[], worst = :worst::float8, judged_on = :judged_on WHERE id = :id;

-- name: save_answer(match_id, revision, state)$
-- Keep an answer, if it is newer than what is known; gives back the revision only then.
INSERT INTO answers (match_id, revision, state) VALUES (:match_id, :revision, :state::jsonb)
ON CONFLICT (match_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
WHERE answers.revision < excluded.revision
RETURNING revision;

-- name: save_outcome(match_id, revision, state)$
-- Keep what came of a match, if it is newer than what is known; gives back the revision only then.
INSERT INTO outcomes (match_id, revision, state) VALUES (:match_id, :revision, :state::jsonb)
ON CONFLICT (match_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
WHERE outcomes.revision < excluded.revision
RETURNING revision;

-- name: save_benchmark(id, revision, standard_role, state)$
-- Keep a benchmark, if it is newer than what is known; gives back the revision only then.
INSERT INTO benchmarks (id, revision, standard_role, state)
VALUES (:id, :revision, :standard_role, :state::jsonb)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, standard_role = excluded.standard_role,
    state = excluded.state
WHERE benchmarks.revision < excluded.revision
RETURNING revision;

-- name: save_role(id, revision, status, title, standard_role, family, level, boroughs, found_at, closed_at, posted_on, closes_on, readvertises, state)$
-- Keep a role, if it is newer than what is known; gives back the revision only then.
INSERT INTO roles (id, revision, status, title, standard_role, family, level, boroughs, found_at, closed_at,
    posted_on, closes_on, readvertises, state)
VALUES (:id, :revision, :status, :title, :standard_role, :family, :level, :boroughs::text[], :found_at, :closed_at,
    :posted_on, :closes_on, :readvertises, :state::jsonb)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, title = excluded.title,
    standard_role = excluded.standard_role, family = excluded.family, level = excluded.level,
    boroughs = excluded.boroughs, found_at = excluded.found_at, closed_at = excluded.closed_at,
    posted_on = excluded.posted_on, closes_on = excluded.closes_on, readvertises = excluded.readvertises,
    state = excluded.state
WHERE roles.revision < excluded.revision
RETURNING revision;

-- name: save_match(id, request_id, status, stage, accepted_supporter_id, state, offered, answered_revision, said_revision, finished, good, follow_up_on, proposed_at, answered_at, introduced_at, outcome_at)!
-- Keep a match as it is now. When it first got how far is kept for ever.
INSERT INTO matches (id, request_id, status, stage, accepted_supporter_id, state, offered, answered_revision,
    said_revision, finished, good, follow_up_on, first_proposed_at, first_answered_at, introduced_at, outcome_at)
VALUES (:id, :request_id, :status, :stage, :accepted_supporter_id, :state::jsonb, :offered::jsonb,
    :answered_revision, :said_revision, :finished, :good, :follow_up_on, :proposed_at, :answered_at, :introduced_at,
    :outcome_at)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, stage = excluded.stage,
    accepted_supporter_id = excluded.accepted_supporter_id, state = excluded.state, offered = excluded.offered,
    answered_revision = excluded.answered_revision, said_revision = excluded.said_revision,
    finished = excluded.finished, good = excluded.good, follow_up_on = excluded.follow_up_on,
    first_proposed_at = coalesce(matches.first_proposed_at, excluded.first_proposed_at),
    first_answered_at = coalesce(matches.first_answered_at, excluded.first_answered_at),
    introduced_at = coalesce(matches.introduced_at, excluded.introduced_at),
    outcome_at = coalesce(matches.outcome_at, excluded.outcome_at);

-- name: load_unsettled_requests(kind, supporter_id)
-- The open requests that a change of this supporter may concern, and who is on their shortlists: those for that kind
-- of help, and those that name the supporter. Accepted ones are not among them, nor those that were declined or lapsed
-- and not stated anew since.
SELECT requests.state, requests.shortlisted, requests.worst
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
WHERE requests.status = 'open' AND matches.status IS DISTINCT FROM 'accepted'
  AND NOT (coalesce(matches.stage, '') IN ('declined', 'lapsed') AND requests.revision <= matches.answered_revision)
  AND (requests.kind = :kind OR :supporter_id = ANY(requests.shortlisted))
ORDER BY requests.id;

-- name: load_case(request_id)^
-- One request with its match, and the place that is kept for it.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision,
    matches.said_revision, place.round_id, place.request_revision, place.candidate
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
    LEFT JOIN round_places AS place ON place.request_id = requests.id
WHERE requests.id = :request_id;

-- name: load_case_of_match(match_id)^
-- The request that a match is for, with the match, and the place that is kept for it.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision,
    matches.said_revision, place.round_id, place.request_revision, place.candidate
FROM matches JOIN requests ON matches.request_id = requests.id
    LEFT JOIN round_places AS place ON place.request_id = requests.id
WHERE matches.id = :match_id;

-- name: keep_place(request_id, round_id, supporter_id, request_revision, candidate)!
-- A supporter keeps a place for a request that a round gave them.
INSERT INTO round_places (request_id, round_id, supporter_id, request_revision, candidate)
VALUES (:request_id, :round_id, :supporter_id, :request_revision, :candidate::jsonb);

-- name: let_go_of_place(request_id)!
-- The place is kept no longer.
DELETE FROM round_places WHERE request_id = :request_id;

-- name: load_benchmarks(standard_role)
-- Every cell known of a standard role.
SELECT state FROM benchmarks WHERE standard_role = :standard_role ORDER BY id;

-- name: load_live_roles(standard_role)
-- Every open role of a standard role.
SELECT state FROM roles WHERE standard_role = :standard_role AND status = 'open' ORDER BY id;

-- name: requests_to_look_at(today)
-- Open requests that were not looked at today: somebody's availability may have ended or begun to be stale, the
-- need-by date may have passed, the answer may be overdue.
SELECT requests.id
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
WHERE requests.status = 'open' AND coalesce(requests.judged_on < :today, true)
  AND matches.status IS DISTINCT FROM 'accepted'
  AND NOT (coalesce(matches.stage, '') IN ('declined', 'lapsed') AND requests.revision <= matches.answered_revision)
ORDER BY requests.id;

-- name: matches_to_follow_up(today)
-- Matches of which it is time to ask how it went.
SELECT id FROM matches WHERE follow_up_on <= :today ORDER BY follow_up_on, id;

-- name: load_requests(stages)
-- For people who look in: every request with its match; of these stages alone, if any are named.
SELECT requests.state AS request, matches.state AS match
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
WHERE :stages::text[] = '{}' OR coalesce(matches.stage, 'open') = ANY(:stages::text[])
ORDER BY requests.state->>'stated_at', requests.id;

-- name: load_courses()
-- For the figures: every request, and when it got how far first.
SELECT requests.kind, requests.state ->> 'borough' AS borough, coalesce(matches.stage, 'open') AS stage,
    requests.first_stated_at, matches.first_proposed_at, matches.first_answered_at, matches.introduced_at,
    matches.outcome_at
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
ORDER BY requests.id;

-- name: outcome_revision(match_id)$
-- The revision of the last outcome stated of a match.
SELECT revision FROM outcomes WHERE match_id = :match_id;

-- name: progress()^
-- The figures of the health page.
SELECT (SELECT count(*) FROM supporters) AS supporters,
    (SELECT count(*) FROM requests WHERE status = 'open') AS requests,
    (SELECT count(*) FROM matches WHERE stage = 'open') AS unmatched,
    (SELECT count(*) FROM matches WHERE stage = 'proposed') AS proposed,
    (SELECT count(*) FROM matches WHERE status = 'accepted' AND NOT finished) AS under_way;
