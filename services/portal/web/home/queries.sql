-- name: figures(authorities)^
-- How much is known just now. A borough counts while one of its roles is open.
WITH of_places AS MATERIALIZED (
    SELECT place, count(*) AS roles FROM role WHERE status = 'open' GROUP BY place
)
SELECT (SELECT coalesce(sum(roles), 0)::bigint FROM of_places) AS roles,
       (SELECT count(DISTINCT authority.gss)
        FROM of_places
        CROSS JOIN LATERAL (SELECT boroughs FROM role WHERE role.place = of_places.place LIMIT 1) AS named
        JOIN unnest(:authorities::text[]) AS authority (gss) ON authority.gss = ANY (named.boroughs)) AS boroughs,
       (SELECT count(*) FROM benchmark WHERE adverts > 0) AS benchmarks,
       (SELECT count(*) FROM item WHERE status = 'published') AS published,
       (SELECT count(*) FROM match WHERE stage IN ('introduced', 'followed up', 'outcome')) AS introductions;

-- name: heard_last(most)
-- What was heard last of each kind, `most` of each: `at` is when it was found, said or published.
(SELECT 'role' AS what, id, found_at AS at,
        jsonb_build_object('title', title, 'employer', employer, 'boroughs', boroughs, 'low', pay_minimum,
                           'high', pay_maximum, 'period', pay_period) AS facts
 FROM role WHERE status = 'open' ORDER BY found_at DESC, id LIMIT :most)
UNION ALL
(SELECT 'benchmark', id, said_at,
        jsonb_build_object('role', standard_role, 'level', level, 'area', area, 'period', period, 'adverts', adverts,
                           'middle', state -> 'middle' -> 'p50')
 FROM benchmark WHERE adverts > 0 ORDER BY said_at DESC LIMIT :most)
UNION ALL
(SELECT 'item', id, published_at, jsonb_build_object('title', title, 'kind', kind, 'boroughs', boroughs)
 FROM item WHERE status = 'published' ORDER BY published_at DESC LIMIT :most)
UNION ALL
(SELECT 'demand', id, said_at, jsonb_build_object('sentence', state -> 'sentence')
 FROM demand WHERE status = 'current' ORDER BY said_at DESC LIMIT :most);

-- name: next_events(now, most)
-- The events that come next.
SELECT id, title, starts_at, state -> 'happening' ->> 'place' AS place FROM item
WHERE kind = 'event' AND status = 'published' AND starts_at > :now ORDER BY starts_at LIMIT :most;

-- name: last_edition()^
-- The newsletter that was sent last.
SELECT id, state ->> 'title' AS title, sent_at FROM edition ORDER BY sent_at DESC LIMIT 1;
