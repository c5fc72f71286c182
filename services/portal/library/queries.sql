-- name: find_items(q, kind, role, level, skill, borough, most, skip)
-- Published items that these filters leave, best first; with all words as they are typed. Of what fits, three
-- hundred are put in order (first those with the words in their title, roles or skills, then the newest), and only those
-- that are shown are read whole.
WITH fit AS MATERIALIZED (
    SELECT id, published_at, words FROM item
    WHERE status = 'published'
      AND (:q::text = '' OR words @@ websearch_to_tsquery('english', :q::text))
      AND (:kind::text = '' OR kind = :kind::text)
      AND (:role::text = '' OR standard_roles @> ARRAY[:role::text])
      AND (:level::text = '' OR levels @> ARRAY[:level::text])
      AND (:skill::text = '' OR skills @> ARRAY[:skill::text])
      AND (:borough::text = '' OR boroughs @> ARRAY[:borough::text])
    ORDER BY (:q::text <> '' AND head_words @@ websearch_to_tsquery('english', :q::text)) DESC, published_at DESC, id
    LIMIT 300
), best AS MATERIALIZED (
    SELECT id, count(*) OVER () AS found,
           CASE WHEN :q::text = '' THEN 0 ELSE ts_rank(words, websearch_to_tsquery('english', :q::text)) END AS likeness
    FROM fit ORDER BY likeness DESC, published_at DESC, id LIMIT :most OFFSET :skip
)
SELECT id, kind, title, state ->> 'summary' AS summary, standard_roles, levels, skills, boroughs, starts_at, ends_at,
       published_at, (state ->> 'version')::int AS version, state ->> 'provider' AS provider,
       jsonb_array_length(coalesce(state -> 'working_on', '[]')) AS working, found
FROM best JOIN item USING (id)
ORDER BY likeness DESC, published_at DESC, id;

-- name: near_enough()^
-- How near a word must be to what was typed, until the transaction ends: the index on `head` knows it by this setting.
-- The planner takes reading `words` for free, which it is not, and would look through all items without the indexes.
SELECT set_config('pg_trgm.strict_word_similarity_threshold', '0.35', true), set_config('enable_seqscan', 'off', true);

-- name: find_items_near(words, kind, role, level, skill, borough, most, skip)
-- The same with slips of the pen: each word is in the text, or near one of its title, roles, skills.
WITH typed AS MATERIALIZED (
    SELECT word, plainto_tsquery('english', word) AS query FROM unnest(:words::text[]) AS word
    WHERE numnode(plainto_tsquery('english', word)) > 0
), hit AS MATERIALIZED (
    SELECT word, id FROM typed JOIN item ON item.head %>> typed.word
    UNION
    SELECT word, id FROM typed JOIN item ON item.words @@ typed.query
), fit AS MATERIALIZED (
    SELECT item.id FROM hit JOIN item USING (id)
    WHERE status = 'published'
      AND (:kind::text = '' OR kind = :kind::text)
      AND (:role::text = '' OR standard_roles @> ARRAY[:role::text])
      AND (:level::text = '' OR levels @> ARRAY[:level::text])
      AND (:skill::text = '' OR skills @> ARRAY[:skill::text])
      AND (:borough::text = '' OR boroughs @> ARRAY[:borough::text])
    GROUP BY item.id HAVING count(*) = (SELECT count(DISTINCT word) FROM typed)
    ORDER BY max(published_at) DESC, item.id
    LIMIT 300
), best AS MATERIALIZED (
    SELECT id, count(*) OVER () AS found,
           (SELECT sum(strict_word_similarity(word, head)) FROM typed) AS likeness
    FROM fit JOIN item USING (id) ORDER BY likeness DESC, published_at DESC, id LIMIT :most OFFSET :skip
)
SELECT id, kind, title, state ->> 'summary' AS summary, standard_roles, levels, skills, boroughs, starts_at, ends_at,
       published_at, (state ->> 'version')::int AS version, state ->> 'provider' AS provider,
       jsonb_array_length(coalesce(state -> 'working_on', '[]')) AS working, found
FROM best JOIN item USING (id)
ORDER BY likeness DESC, published_at DESC, id;

-- name: shelves()
-- How many items of each kind are published.
SELECT kind, count(*) AS items FROM item WHERE status = 'published' GROUP BY kind;

-- name: skills()
-- The skills that published items are about, the most common first.
SELECT skill FROM item, unnest(skills) AS skill WHERE status = 'published'
GROUP BY skill ORDER BY count(*) DESC, skill LIMIT 200;

-- name: item_versions(id)
-- An item as it was, newest first.
SELECT revision, said_at, changed, (state ->> 'version')::int AS version, state ->> 'status' AS status
FROM item_history WHERE id = :id ORDER BY revision DESC LIMIT 50;

-- name: item_then(id, revision)$
-- An item as it was at one revision.
SELECT state FROM item_history WHERE id = :id AND revision = :revision;

-- name: related_items(roles, id)
-- Others about the same roles.
SELECT id, kind, title FROM item
WHERE status = 'published' AND standard_roles && :roles::text[] AND id <> :id
ORDER BY kind, published_at DESC, id LIMIT 6;

-- name: structures()
-- The team structures that can be compared.
SELECT id, title, boroughs FROM item WHERE kind = 'team structure' AND status = 'published'
ORDER BY title, id LIMIT 500;

-- name: coming_events(now)
-- Events that are not over, the next first, without their text.
SELECT state - 'body' AS state FROM item
WHERE kind = 'event' AND status = 'published' AND ends_at >= :now ORDER BY starts_at, id LIMIT 100;

-- name: past_events(now)
-- Events that are over, the last first, without their text.
SELECT state - 'body' AS state FROM item WHERE kind = 'event' AND starts_at IS NOT NULL AND ends_at < :now
ORDER BY starts_at DESC, id LIMIT 20;

-- name: editions(most, skip)
-- The newsletters, the last first, without their text.
SELECT id, sent_at, state ->> 'title' AS title, state ->> 'summary' AS summary FROM edition
ORDER BY sent_at DESC, id LIMIT :most OFFSET :skip;

-- name: count_editions()$
-- How many newsletters there are.
SELECT count(*) FROM edition;

-- name: gaps(most, skip)
-- Roles without a job description, or with an old one, the most advertised first.
SELECT state, count(*) OVER () AS found FROM exemplar_gap WHERE status IN ('missing', 'old')
ORDER BY jsonb_array_length(state -> 'adverts') DESC, standard_role, level, id LIMIT :most OFFSET :skip;

-- name: waiting_drafts()
-- Drafts that wait for a review, the oldest first.
SELECT id, kind, origin, status, contact_id, said_at, state -> 'content' ->> 'title' AS title,
       state ->> 'made_at' AS made_at, item_id,
       EXISTS (SELECT FROM review r WHERE r.draft_id = d.id
               AND (r.state ->> 'draft_revision')::bigint >= d.revision) AS reviewed
FROM draft d WHERE status = 'waiting' ORDER BY origin = 'assembled', said_at, id LIMIT 100;

-- name: offers_of(contact_id)
-- What a person offered, with what became of it; what the library has not answered yet has no status.
SELECT c.id, c.state ->> 'kind' AS kind, c.state -> 'content' ->> 'title' AS title, c.said_at,
       CASE WHEN c.state ->> 'status' = 'withdrawn' THEN 'withdrawn' ELSE d.status END AS status,
       d.state ->> 'why' AS why, c.item_id
FROM contribution c LEFT JOIN draft d ON d.id = c.id
WHERE c.contact_id = :contact_id ORDER BY c.said_at DESC, c.id LIMIT 100;

-- name: review_of(draft_id)^
-- The last review of a draft.
SELECT state FROM review WHERE draft_id = :draft_id ORDER BY said_at DESC LIMIT 1;

-- name: names(ids)
-- What people are called.
SELECT id, name, borough FROM contact WHERE id = ANY(:ids::text[]);

-- name: answered(id)$
-- Whether the library has answered the newest that was offered under this id.
SELECT coalesce(d.said_at >= c.said_at, false) FROM contribution c LEFT JOIN draft d ON d.id = c.id WHERE c.id = :id;

-- name: retiring(item_id)$
-- Whether a reviewer said to retire an item, and the library has not answered yet.
SELECT EXISTS (SELECT FROM review r JOIN item i ON i.id = r.item_id
               WHERE r.item_id = :item_id AND r.draft_id IS NULL AND i.status = 'published' AND r.said_at > i.said_at);
