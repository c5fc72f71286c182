-- name: plan_each_search()^
-- How statements are planned until the end of the transaction: each for its own values, since a search leaves most
-- conditions empty; never through the whole table, since the planner does not know what it costs to read words that are
-- kept beside it; and without what takes longer to begin than a search may take.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true);

-- name: asked_for()
-- The roles that a search lets through; with $13, only those whose title has the words, or (false) has not. The
-- statements that follow begin with this one, and their own values come after its thirteen.
WITH asked AS NOT MATERIALIZED (
    SELECT *
    FROM role
    WHERE ($1::text IS NULL OR words @@ websearch_to_tsquery('english', $1))
      AND ($2::text IS NULL OR status = $2)
      AND ($3::text[] IS NULL OR standard_role = ANY ($3))
      AND ($4::text[] IS NULL OR family = ANY ($4))
      AND ($5::text[] IS NULL OR level = ANY ($5))
      AND ($6::text[] IS NULL OR boroughs && $6)
      AND ($7::text[] IS NULL OR areas && $7)
      AND ($8::text[] IS NULL OR contract = ANY ($8))
      AND ($9::text IS NULL OR pay_period = $9)
      AND ($10::bigint IS NULL OR coalesce(pay_maximum, pay_minimum) >= $10)
      AND ($11::bigint IS NULL OR coalesce(pay_minimum, pay_maximum) <= $11)
      AND ($12::date IS NULL OR posted >= $12)
      AND ($13::boolean IS DISTINCT FROM true OR title_words @@ websearch_to_tsquery('english', $1))
      AND ($13::boolean IS DISTINCT FROM false OR NOT title_words @@ websearch_to_tsquery('english', $1))
)

-- name: page_of_asked()
-- A page of them, their ids in order: $14 names the order, $15 is how many, $16 how many come before.
SELECT id
FROM asked
ORDER BY
    CASE WHEN $14::text = 'closing' THEN closes_on END,
    CASE WHEN $14::text = 'pay' AND pay_period = 'year' THEN pay_maximum END DESC NULLS LAST,
    found_at DESC,
    id
LIMIT $15::bigint OFFSET $16::bigint

-- name: count_of_asked()
-- How many they are, $14 at most: nobody needs to know that it is 48,211.
SELECT count(*) FROM (SELECT FROM asked LIMIT $14::bigint) AS counted

-- name: boroughs_of_asked()
-- How many there are of each set of authorities that share a role, counted by its number; then the sets are looked up,
-- of which there are few.
SELECT named.boroughs, counted.roles
FROM (SELECT place, count(*) AS roles FROM asked GROUP BY place) AS counted
CROSS JOIN LATERAL (SELECT boroughs FROM role WHERE role.place = counted.place LIMIT 1) AS named

-- name: load_roles(ids)
-- These roles, whole, and when each was last heard of.
SELECT id, state, said_at FROM role WHERE id = ANY (:ids::text[]);

-- name: is_word_used(word)$
-- Whether any role has this word, in one of its forms, or it is one that no search counts.
SELECT numnode(plainto_tsquery('english', :word)) = 0
    OR EXISTS (SELECT FROM role WHERE words @@ plainto_tsquery('english', :word));

-- name: near_words(word)
-- The words of titles, standard roles and employers that begin with a word, and those that look most like it.
(SELECT word FROM role_word WHERE starts_with(word, :word::text) ORDER BY length(word) LIMIT 5)
UNION
(SELECT word FROM role_word ORDER BY word <-> :word::text LIMIT 40);

-- name: flagged(ids)
-- Which of these roles are hard to recruit, which are of a new kind, and which are offered less than the market pays.
SELECT id, 'hard' AS flag FROM hard_role WHERE id = ANY (:ids::text[]) AND status = 'hard'
UNION ALL
SELECT id, 'novel' FROM novel_role WHERE id = ANY (:ids::text[]) AND status = 'novel'
UNION ALL
SELECT DISTINCT role_id, 'below market' FROM signal WHERE role_id = ANY (:ids::text[]) AND kind = 'below market';

-- name: shared_demands(standard_roles)
-- Standard roles that several boroughs look for at once.
SELECT id FROM demand WHERE id = ANY (:standard_roles::text[]) AND status = 'current';

-- name: role_history(id)
-- What was said of a role, oldest first.
SELECT type, changed, said_at, state FROM role_history WHERE id = :id ORDER BY revision LIMIT 500;

-- name: role_benchmarks(standard_role, period)
-- A standard role's cells of one period.
SELECT state FROM benchmark WHERE standard_role = :standard_role AND period = :period;

-- name: said_of_role(id, standard_role)
-- What else was said of a role: hard to recruit, of a new kind, its standard role in shared demand, out of its market.
SELECT 'hard' AS about, state FROM hard_role WHERE id = :id AND status = 'hard'
UNION ALL
SELECT 'novel', state FROM novel_role WHERE id = :id AND status = 'novel'
UNION ALL
SELECT 'demand', state FROM demand WHERE id = :standard_role AND status = 'current'
UNION ALL
SELECT 'signal', state FROM signal WHERE role_id = :id;

-- name: advertised_again(id)
-- The later roles that say what this one said.
SELECT id, title, found_at FROM role WHERE readvertises = :id ORDER BY found_at DESC LIMIT 20;

-- name: similar_roles(standard_role, id, level)
-- Other roles of a standard role: open ones first, then those of the same level, then the newest.
SELECT id, state, said_at
FROM role
WHERE id = ANY (ARRAY(
    SELECT id FROM role
    WHERE standard_role = :standard_role AND id <> :id AND status = 'open'
    ORDER BY (level IS NOT DISTINCT FROM :level::text) DESC, found_at DESC LIMIT 5
) || ARRAY(
    SELECT id FROM role
    WHERE standard_role = :standard_role AND id <> :id AND status = 'closed'
    ORDER BY found_at DESC LIMIT 5
))
ORDER BY (status = 'open') DESC, (level IS NOT DISTINCT FROM :level::text) DESC, found_at DESC
LIMIT 5;

-- name: like_title(id, words)
-- Other open roles that share the most telling words of a title, for a role that no standard role fits.
SELECT id, state, said_at
FROM role
WHERE status = 'open' AND id <> :id AND words @@ websearch_to_tsquery('english', :words)
ORDER BY found_at DESC
LIMIT 5;

-- name: has_exemplar(standard_role)$
-- Whether the library has a job description for this standard role.
SELECT EXISTS (
    SELECT FROM item
    WHERE kind = 'job description' AND status = 'published'
      AND standard_roles @> ARRAY[:standard_role::text]
);
