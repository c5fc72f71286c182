-- name: told(contact_id, most, after)
-- What was told to somebody, the last first, with the title of what it is about, and where that is shown. An `about` may
-- name an occurrence behind the id of the thing.
SELECT told.state, told.said_at,
       coalesce(role.title, offered.title, item.title, edition.state ->> 'title', demand.id) AS title,
       role.id AS role_id,
       signal.state ->> 'sentence' AS sentence, offered.id AS offered_id, benchmark.id AS benchmark_id,
       item.id AS item_id, edition.id AS edition_id, demand.id AS demand_id,
       match.request_id, match.requester_contact_id = told.contact_id AS asks,
       told.contact_id = ANY (match.supporter_contact_ids) AS helps
FROM (
    SELECT contact_id, state, said_at, id, kind, split_part(state ->> 'about', ' ', 1) AS about,
           state ->> 'about' AS in_full
    FROM notification WHERE contact_id = :contact_id
    ORDER BY said_at DESC, id LIMIT :most OFFSET :after
) AS told
LEFT JOIN role ON role.id = told.about
LEFT JOIN signal ON signal.id = told.about
LEFT JOIN role AS offered ON offered.id = signal.role_id
LEFT JOIN benchmark ON benchmark.id = signal.benchmark_id
LEFT JOIN item ON item.id = told.about
LEFT JOIN edition ON edition.id = told.about
LEFT JOIN match ON match.id = told.about
LEFT JOIN demand ON told.kind = 'shared demand' AND starts_with(told.in_full, demand.id)
ORDER BY told.said_at DESC, told.id;

-- name: held(contact_id)
-- All that is held on somebody, by what it is; of a match neither what the other side wrote nor who else was proposed.
SELECT what, coalesce(jsonb_agg(held ORDER BY held::text), '[]')::text AS rows FROM (
    SELECT 'who you are to us' AS what, state AS held FROM contact WHERE id = :contact_id
    UNION ALL SELECT 'what you chose to hear of', state FROM subscriptions WHERE id = :contact_id
    UNION ALL SELECT 'what you were told', state FROM notification WHERE contact_id = :contact_id
    UNION ALL SELECT 'what you asked help for', state FROM request WHERE contact_id = :contact_id
    UNION ALL SELECT 'what you offer', state FROM supporter WHERE contact_id = :contact_id
    UNION ALL SELECT 'what you offered to the library', state FROM contribution WHERE contact_id = :contact_id
    UNION ALL SELECT 'what became of it', state - 'why' FROM draft WHERE contact_id = :contact_id
    UNION ALL SELECT 'what you reviewed', state FROM review WHERE state ->> 'contact_id' = :contact_id
    UNION ALL SELECT 'rounds that you run', state FROM round WHERE state ->> 'contact_id' = :contact_id
    UNION ALL SELECT 'messages that you asked to have handled again', state FROM replay
        WHERE state ->> 'contact_id' = :contact_id
    UNION ALL SELECT 'matches that you take part in', jsonb_build_object(
            'id', id, 'stage', stage, 'borough', borough, 'request_id', request_id,
            'you', CASE WHEN requester_contact_id = :contact_id THEN 'ask' ELSE 'help' END,
            'why you', (SELECT one -> 'reasons' FROM jsonb_array_elements(state -> 'shortlist') AS one
                        WHERE one ->> 'contact_id' = :contact_id LIMIT 1))
        FROM match WHERE requester_contact_id = :contact_id OR :contact_id = ANY(supporter_contact_ids)
    UNION ALL SELECT 'questions how it went', jsonb_build_object('match_id', match_id, 'after', after, 'said_at', said_at)
        FROM follow_up WHERE :contact_id = ANY(contact_ids)
    UNION ALL SELECT 'what you did here', jsonb_build_object('at', at, 'what', what, 'subject', subject)
        FROM audit WHERE contact_id = :contact_id
    UNION ALL SELECT 'since when you are signed in', jsonb_build_object('began_at', began_at, 'ends_at', ends_at)
        FROM portal_session WHERE contact_id = :contact_id
) AS everything GROUP BY what ORDER BY what;
