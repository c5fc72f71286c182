-- name: match_revisions(ids)
-- In which revision these matches are known.
SELECT id, (state->>'revision')::int AS revision, offered FROM matches WHERE id = ANY(:ids::text[]);

-- name: is_match(id)$
-- Whether there is such a match; its request may be heard later.
SELECT true FROM matches WHERE id = :id;

-- name: let_go_of_places(request_ids)!
-- For these requests nobody keeps a place.
DELETE FROM round_places WHERE request_id = ANY(:request_ids::text[]);

-- name: adopt_result(id, revision, decided_revision, result, with_pairs)!
-- What was said of a round, if it is newer than what is known; of a round that was not heard of yet, as well.
INSERT INTO rounds (id, revision, status, state, decided_revision, result, proposed, correlation_id, causation_id)
VALUES (:id, 0, 'not heard of', '{}', :decided_revision, :result::jsonb,
    CASE WHEN :with_pairs::bool THEN :result::jsonb END, '', '')
ON CONFLICT (id) DO UPDATE SET decided_revision = excluded.decided_revision, result = excluded.result,
    proposed = coalesce(excluded.proposed, rounds.proposed)
WHERE coalesce((rounds.result->>'revision')::int, 0) < :revision;

-- name: hear_round(id, revision, status, state, correlation_id, causation_id)!
-- What a round states, if it is newer than what is known. Only what it has been decided from is kept as its cause.
INSERT INTO rounds (id, revision, status, state, correlation_id, causation_id)
VALUES (:id, :revision, :status, :state::jsonb, :correlation_id, :causation_id)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, state = excluded.state,
    correlation_id = excluded.correlation_id, causation_id = excluded.causation_id
WHERE rounds.revision < excluded.revision;

-- name: adopt_shared(standard_role, revision, state)!
-- The shared demand for a standard role as it was said, if that is newer than what is known.
INSERT INTO shared_demand VALUES (:standard_role, :state, NULL)
ON CONFLICT (standard_role) DO UPDATE SET state = excluded.state
WHERE coalesce((shared_demand.state->>'revision')::int, 0) < :revision;

-- name: adopt_hard(role_id, revision, state)!
-- What was said of a role's being hard to recruit, if that is newer than what is known.
INSERT INTO hard_roles VALUES (:role_id, :state)
ON CONFLICT (role_id) DO UPDATE SET state = excluded.state WHERE (hard_roles.state->>'revision')::int < :revision;

-- name: adopt_novel(role_id, revision, found_at, words, state)!
-- What was said of a role's being novel, if that is newer than what is known.
INSERT INTO novel_roles VALUES (:role_id, :found_at, :words, :state)
ON CONFLICT (role_id) DO UPDATE SET found_at = excluded.found_at, words = excluded.words, state = excluded.state
WHERE (novel_roles.state->>'revision')::int < :revision;

-- name: hear_of(standard_role, now)!
-- A standard role was heard of: it is to be looked at.
INSERT INTO shared_demand VALUES (:standard_role, NULL, :now)
ON CONFLICT (standard_role) DO UPDATE SET look_again = excluded.look_again;

-- name: look_at_role(role_id, now)!
-- Whether it is hard to recruit is to be looked at, if it is open, or said to be.
UPDATE demand_roles SET look_again = :now
WHERE role_id = :role_id AND (closed_at IS NULL
    OR EXISTS (SELECT FROM hard_roles WHERE hard_roles.role_id = :role_id AND state->>'status' = 'hard'));

-- name: every_match()
-- All matches as they are said now.
SELECT state FROM matches ORDER BY id;

-- name: every_result()
-- What was said of every round.
SELECT result FROM rounds WHERE result IS NOT NULL ORDER BY id;

-- name: every_demand()
-- Every demand that was ever said to be shared.
SELECT state FROM shared_demand WHERE state IS NOT NULL ORDER BY standard_role;

-- name: every_novel()
-- Every role that was ever said to be novel.
SELECT state FROM novel_roles ORDER BY role_id;

-- name: every_hard()
-- Every role that was ever said to be hard to recruit.
SELECT state FROM hard_roles ORDER BY role_id;
