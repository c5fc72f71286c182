-- name: save_round(id, revision, status, state, correlation_id, causation_id)!
-- Keep what a round states.
INSERT INTO rounds (id, revision, status, state, correlation_id, causation_id)
VALUES (:id, :revision, :status, :state::jsonb, :correlation_id, :causation_id)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, state = excluded.state,
    correlation_id = excluded.correlation_id, causation_id = excluded.causation_id;

-- name: load_round(id)^
-- A round with what was said of it last, and last with pairs.
SELECT revision, state, decided_revision, result, proposed, correlation_id, causation_id FROM rounds WHERE id = :id;

-- name: rounds_to_decide()
-- Rounds of whose newest revision nothing was said yet.
SELECT id FROM rounds WHERE decided_revision < revision ORDER BY id;

-- name: save_result(id, decided_revision, result, with_pairs)!
-- Keep what is said of a round now.
UPDATE rounds SET decided_revision = :decided_revision, result = :result::jsonb,
    proposed = CASE WHEN :with_pairs::bool THEN :result::jsonb ELSE proposed END
WHERE id = :id;

-- name: load_cases(kind, named)
-- The requests that are named, or, where none is, every open request of the kind that somebody is looked for.
SELECT requests.state AS request, matches.state AS match, matches.offered, matches.answered_revision,
    matches.said_revision, place.round_id, place.request_revision, place.candidate
FROM requests LEFT JOIN matches ON matches.request_id = requests.id
    LEFT JOIN round_places AS place ON place.request_id = requests.id
WHERE CASE WHEN :named::text[] = '{}'
    THEN requests.kind = :kind AND requests.status = 'open' AND matches.status IS DISTINCT FROM 'accepted'
        AND NOT (coalesce(matches.stage, '') IN ('declined', 'lapsed')
            AND requests.revision <= matches.answered_revision)
    ELSE requests.id = ANY(:named::text[]) END
ORDER BY requests.id;

-- name: places_of_round(round_id)
-- For which requests supporters still keep the places that a round gave them.
SELECT request_id, supporter_id FROM round_places WHERE round_id = :round_id ORDER BY request_id;
