-- name: own_supporters(contact_id)
-- What somebody offers to boroughs, as long as it is listed.
SELECT id FROM supporter WHERE contact_id = :contact_id AND status = 'listed' ORDER BY id;

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
