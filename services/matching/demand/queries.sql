-- name: time_passes(now)$
-- The moment at which something is decided: now, but never before what was decided already.
UPDATE demand_clock SET decided_at = greatest(decided_at, :now::timestamptz) RETURNING decided_at;

-- name: first_found()$
-- When the first role of all was found; null before any was.
SELECT found_at FROM demand_roles ORDER BY found_at, role_id LIMIT 1;

-- name: load_taken(role_id)^
-- What was taken in of a role before.
SELECT title, standard_role, found_at, closed_at, stood_days FROM demand_roles WHERE role_id = :role_id;

-- name: save_taken(role_id, title, standard_role, found_at, closed_at, stood_days)!
-- Take in what a role says now.
INSERT INTO demand_roles (role_id, title, standard_role, found_at, closed_at, stood_days)
VALUES (:role_id, :title, :standard_role, :found_at, :closed_at, :stood_days)
ON CONFLICT (role_id) DO UPDATE SET title = excluded.title, standard_role = excluded.standard_role,
    found_at = excluded.found_at, closed_at = excluded.closed_at, stood_days = excluded.stood_days;

-- name: load_role(role_id)$
-- A role as it was last said.
SELECT state FROM roles WHERE id = :role_id;

-- name: roles_looked_for(standard_role, after)
-- The adverts for a standard role that are open, or closed after that moment.
SELECT roles.state FROM demand_roles JOIN roles ON roles.id = demand_roles.role_id
WHERE demand_roles.standard_role = :standard_role AND demand_roles.closed_at IS NULL
UNION ALL
SELECT roles.state FROM demand_roles JOIN roles ON roles.id = demand_roles.role_id
WHERE demand_roles.standard_role = :standard_role AND demand_roles.closed_at > :after;

-- name: load_taken_request(request_id)$
-- For which standard role a request was taken in before.
SELECT standard_role FROM demand_requests WHERE request_id = :request_id;

-- name: save_taken_request(request_id, standard_role, stated_at)!
-- Take in a request for help to fill a post.
INSERT INTO demand_requests VALUES (:request_id, :standard_role, :stated_at)
ON CONFLICT (request_id) DO UPDATE SET standard_role = excluded.standard_role, stated_at = excluded.stated_at;

-- name: forget_request(request_id)!
-- It asks for no such help any more.
DELETE FROM demand_requests WHERE request_id = :request_id;

-- name: requests_not_taken()
-- The open requests about a standard role that were not taken in: stated before demand was watched, or not for a post.
SELECT state FROM requests WHERE status = 'open' AND state->>'standard_role' IS NOT NULL
    AND NOT EXISTS (SELECT FROM demand_requests WHERE demand_requests.request_id = requests.id)
ORDER BY id;

-- name: requests_for(standard_role, after)
-- The requests for help to fill a post of a standard role that were stated after that moment.
SELECT requests.state FROM demand_requests JOIN requests ON requests.id = demand_requests.request_id
WHERE demand_requests.standard_role = :standard_role AND demand_requests.stated_at > :after;

-- name: load_shared(standard_role)$
-- The shared demand for a standard role as last said.
SELECT state FROM shared_demand WHERE standard_role = :standard_role;

-- name: save_shared(standard_role, state, look_again)!
-- The shared demand for a standard role now, and when to look again.
INSERT INTO shared_demand VALUES (:standard_role, :state, :look_again)
ON CONFLICT (standard_role) DO UPDATE SET state = excluded.state, look_again = excluded.look_again;

-- name: load_hard(role_id)$
-- What was last said of a role's being hard to recruit.
SELECT state FROM hard_roles WHERE role_id = :role_id;

-- name: save_hard(role_id, state)!
-- What is said of a role's being hard to recruit.
INSERT INTO hard_roles VALUES (:role_id, :state) ON CONFLICT (role_id) DO UPDATE SET state = excluded.state;

-- name: look_at_role_again(role_id, look_again)!
-- When time alone may make the role hard to recruit.
UPDATE demand_roles SET look_again = :look_again
WHERE role_id = :role_id AND look_again IS DISTINCT FROM :look_again::timestamptz;

-- name: stood_of_kind(standard_role, before, latest)
-- How many days the latest adverts for a standard role stood that closed before that moment.
SELECT stood_days FROM demand_roles WHERE standard_role = :standard_role AND closed_at < :before
ORDER BY closed_at DESC, role_id DESC LIMIT :latest;

-- name: stood_of_all(before, latest)
-- The same of all roles.
SELECT stood_days FROM demand_roles WHERE closed_at < :before ORDER BY closed_at DESC, role_id DESC LIMIT :latest;

-- name: doubt_found_after(closed_at, now)!
-- What is usual for the open roles found after that moment may have changed: they are due to be looked at.
UPDATE demand_roles SET look_again = :now::timestamptz
WHERE closed_at IS NULL AND found_at > :closed_at AND (look_again IS NULL OR look_again > :now);

-- name: doubt_all(now)!
-- Look at everything that is open or shared, since the rules may be others than before.
WITH open AS (UPDATE demand_roles SET look_again = :now::timestamptz WHERE closed_at IS NULL)
UPDATE shared_demand SET look_again = :now;

-- name: due_shared(now, most)
-- Standard roles to look at, those that have waited longest first.
SELECT standard_role FROM shared_demand WHERE look_again <= :now ORDER BY look_again, standard_role LIMIT :most;

-- name: due_roles(now, most)
-- Roles to look at, those that have waited longest first.
SELECT roles.state FROM demand_roles JOIN roles ON roles.id = demand_roles.role_id
WHERE demand_roles.look_again <= :now ORDER BY demand_roles.look_again, demand_roles.role_id LIMIT :most;

-- name: drop_features(role_id)!
-- The title no longer says what it said.
DELETE FROM title_features WHERE role_id = :role_id;

-- name: add_features(features, found_at, role_id)!
-- What the title has.
INSERT INTO title_features SELECT feature, :found_at, :role_id FROM unnest(:features::text[]) AS feature;

-- name: add_links(links, features)!
-- By what these features are found.
INSERT INTO feature_links SELECT * FROM unnest(:links::text[], :features::text[]) ON CONFLICT DO NOTHING;

-- name: linked(links)
-- The features that have one of these links.
SELECT DISTINCT feature FROM feature_links WHERE link = ANY(:links::text[]);

-- name: had_before(features, found_at, role_id)
-- Which of these features a role has that was found before this one.
SELECT wanted.feature FROM unnest(:features::text[]) AS wanted(feature)
WHERE EXISTS (SELECT FROM title_features
    WHERE title_features.feature = wanted.feature
        AND (title_features.found_at, title_features.role_id) < (:found_at, :role_id));

-- name: next_with(features, found_at, role_id)
-- For each of these features, the role found next after this one that has it.
SELECT DISTINCT next.role_id FROM unnest(:features::text[]) AS wanted(feature) CROSS JOIN LATERAL (
    SELECT title_features.role_id FROM title_features
    WHERE title_features.feature = wanted.feature
        AND (title_features.found_at, title_features.role_id) > (:found_at, :role_id)
    ORDER BY title_features.found_at, title_features.role_id LIMIT 1
) AS next ORDER BY next.role_id;

-- name: titles_before(features, found_at, role_id, most)
-- For each of these words, the titles of the latest roles found before this one that have it; newest first.
SELECT DISTINCT demand_roles.title, demand_roles.role_id, demand_roles.found_at
FROM unnest(:features::text[]) AS wanted(feature) CROSS JOIN LATERAL (
    SELECT title_features.role_id FROM title_features
    WHERE title_features.feature = wanted.feature
        AND (title_features.found_at, title_features.role_id) < (:found_at, :role_id)
    ORDER BY title_features.found_at DESC, title_features.role_id DESC LIMIT :most
) AS found JOIN demand_roles ON demand_roles.role_id = found.role_id
ORDER BY demand_roles.found_at DESC, demand_roles.role_id DESC;

-- name: load_novel(role_id)$
-- What was last said of a role's being novel.
SELECT state FROM novel_roles WHERE role_id = :role_id;

-- name: save_novel(role_id, found_at, words, state)!
-- What is said of a role's being novel.
INSERT INTO novel_roles VALUES (:role_id, :found_at, :words, :state)
ON CONFLICT (role_id) DO UPDATE SET found_at = excluded.found_at, words = excluded.words, state = excluded.state;

-- name: novel_after(words, found_at, role_id)
-- The roles said to be novel, found after this one, whose titles share a word with it.
SELECT novel_roles.role_id FROM novel_roles
WHERE (novel_roles.found_at, novel_roles.role_id) > (:found_at, :role_id) AND novel_roles.words && :words::text[]
ORDER BY novel_roles.role_id;

-- name: found_until(found_at)
-- The roles found before that moment.
SELECT role_id FROM demand_roles WHERE found_at < :found_at ORDER BY role_id;

-- name: all_shared()
-- For people who look in: every demand that is shared now.
SELECT state FROM shared_demand WHERE state->>'status' = 'current' ORDER BY standard_role;

-- name: all_hard()
-- For people who look in: every role that is hard to recruit now.
SELECT state FROM hard_roles WHERE state->>'status' = 'hard' ORDER BY role_id;

-- name: all_novel(after)
-- For people who look in: the novel roles found after that moment, newest first.
SELECT state FROM novel_roles WHERE state->>'status' = 'novel' AND found_at > :after
ORDER BY found_at DESC, role_id;

-- name: nearly_shared(after, most)
-- For people who look in: the standard roles with the most boroughs in the window, shared or not.
SELECT demand_roles.standard_role, count(DISTINCT borough) AS boroughs
FROM demand_roles JOIN roles ON roles.id = demand_roles.role_id, unnest(roles.boroughs) AS borough
WHERE demand_roles.standard_role IS NOT NULL
    AND (demand_roles.closed_at IS NULL OR demand_roles.closed_at > :after)
GROUP BY demand_roles.standard_role ORDER BY boroughs DESC, demand_roles.standard_role LIMIT :most;
