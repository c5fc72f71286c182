-- name: one_at_a_time()!
-- Whoever changes the library waits for whoever does so already, until that has committed.
SELECT hold_in_turn('loti library');

-- name: load_item(id)^
-- An item as it is now.
SELECT state FROM items WHERE id = :id;

-- name: load_item_revision(id, revision)$
-- What is known to have been said of an item under that revision.
SELECT state FROM item_revisions WHERE id = :id AND revision = :revision;

-- name: load_item_revisions(id)
-- Everything that was said of an item, newest first.
SELECT state, said_at FROM item_revisions WHERE id = :id ORDER BY revision DESC;

-- name: save_item(id, revision, kind, status, standard_roles, published_at, ends_at, state, title, about, summary, body)!
-- An item as it is now, among its revisions, and its words among those that are known.
WITH kept AS (
    INSERT INTO item_revisions (id, revision, state) VALUES (:id, :revision, :state)
    ON CONFLICT (id, revision) DO UPDATE SET state = excluded.state
), heard AS (
    INSERT INTO words (word)
    SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', :title::text, :about::text,
                                                                             :summary::text, :body::text))))
    ON CONFLICT DO NOTHING
)
INSERT INTO items (id, revision, kind, status, standard_roles, published_at, ends_at, state, document)
VALUES (:id, :revision, :kind, :status, :standard_roles, :published_at, :ends_at, :state,
        setweight(to_tsvector('english', :title), 'A') || setweight(to_tsvector('english', :about), 'B')
        || setweight(to_tsvector('english', :summary), 'C') || setweight(to_tsvector('english', :body), 'D'))
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, kind = excluded.kind, status = excluded.status,
    standard_roles = excluded.standard_roles, published_at = excluded.published_at, ends_at = excluded.ends_at,
    state = excluded.state, document = excluded.document;

-- name: exemplars(standard_roles)
-- The published job descriptions of these standard roles.
SELECT state FROM items
WHERE kind = 'job description' AND status = 'published' AND standard_roles && :standard_roles::text[];

-- name: list_items(kind, standard_role, level, borough, retired)
-- Items, newest first; null lets everything pass.
SELECT state FROM items
WHERE (:kind::text IS NULL OR kind = :kind)
  AND (:standard_role::text IS NULL OR :standard_role = ANY(standard_roles))
  AND (:level::text IS NULL OR state -> 'levels' ? :level)
  AND (:borough::text IS NULL OR state -> 'boroughs' ? :borough)
  AND (:retired::bool OR status = 'published')
ORDER BY published_at DESC, id;

-- name: unknown_words(words)
-- Those of these words that stand in no item, in no form.
SELECT word FROM unnest(:words::text[]) AS word
WHERE NOT EXISTS (SELECT FROM items WHERE document @@ plainto_tsquery('english', word));

-- name: known_words()
-- Every word that ever stood in an item.
SELECT word FROM words;

-- name: search_items(asked, everything, kind, most)
-- Published items in which each of the questions finds something (one for each word that was typed, with what it may have
-- been meant to be), the best first. A word that the dictionary passes over (of, the) is no condition.
SELECT state FROM items, websearch_to_tsquery('english', :everything) AS everything
WHERE status = 'published' AND (:kind::text IS NULL OR kind = :kind)
  AND document @@ everything
  AND NOT EXISTS (
    SELECT FROM unnest(:asked::text[]) AS one, websearch_to_tsquery('english', one) AS query
    WHERE numnode(query) > 0 AND NOT document @@ query)
ORDER BY ts_rank(document, everything) DESC, published_at DESC, id
LIMIT :most;

-- name: items_over(now)
-- Events that are over and not retired yet.
SELECT id FROM items WHERE status = 'published' AND kind = 'event' AND ends_at < :now ORDER BY ends_at, id;

-- name: load_draft(id)^
-- A draft, and the newest revision of its contribution that was heard.
SELECT state, heard FROM drafts WHERE id = :id;

-- name: save_draft(id, revision, item_id, status, origin, heard, state)!
-- A draft as it is now.
INSERT INTO drafts (id, revision, item_id, status, origin, heard, state)
VALUES (:id, :revision, :item_id, :status, :origin, :heard, :state)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, item_id = excluded.item_id, status = excluded.status, origin = excluded.origin,
    heard = greatest(drafts.heard, excluded.heard), state = excluded.state;

-- name: waiting_drafts_of(item_id)
-- The drafts that wait to change an item.
SELECT state FROM drafts WHERE item_id = :item_id AND status = 'waiting' ORDER BY id;

-- name: list_drafts(status)
-- Drafts, those that were made last first; null: whatever became of them.
SELECT state FROM drafts WHERE (:status::text IS NULL OR status = :status)
ORDER BY state ->> 'made_at' DESC, id;

-- name: review_known(id)$
-- Whether this review was heard of.
SELECT EXISTS (SELECT FROM reviews WHERE id = :id);

-- name: claim_review(id, revision)$
-- Whether this review is newer than what was heard of it; then it is remembered.
INSERT INTO reviews (id, revision) VALUES (:id, :revision)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision WHERE reviews.revision < excluded.revision
RETURNING true;

-- name: load_roles(role_ids)
-- What is kept of these roles.
SELECT role_id, revision, standard_role, level FROM adverts WHERE role_id = ANY(:role_ids::text[]);

-- name: save_adverts(adverts)!
-- Adverts as they are now, given as rows in JSON.
INSERT INTO adverts SELECT * FROM jsonb_populate_recordset(NULL::adverts, :adverts::jsonb)
ON CONFLICT (role_id) DO UPDATE SET
    revision = excluded.revision, standard_role = excluded.standard_role, level = excluded.level,
    open = excluded.open, ended_at = excluded.ended_at, found_at = excluded.found_at, words = excluded.words,
    advert = excluded.advert;

-- name: open_adverts(roles, levels)
-- The open adverts of these standard roles and levels, without their descriptions.
SELECT a.standard_role, a.level, a.words, a.advert - 'description' AS advert FROM adverts a
JOIN unnest(:roles::text[], :levels::text[]) AS asked (standard_role, level)
  ON a.standard_role = asked.standard_role AND a.level IS NOT DISTINCT FROM asked.level
WHERE a.open ORDER BY a.role_id;

-- name: adverts_to_assemble(standard_role, level, since, most)
-- Adverts that a draft can be assembled from: open, or closed since then; the newest.
SELECT advert FROM adverts
WHERE standard_role = :standard_role AND level IS NOT DISTINCT FROM :level::text
  AND (open OR ended_at >= :since) AND words > 0
ORDER BY open DESC, found_at DESC, role_id LIMIT :most;

-- name: load_gaps(ids)
-- What was said of these gaps, and the draft that waits for each.
SELECT g.id, g.state, d.id AS draft_id FROM gaps g
LEFT JOIN drafts d ON d.id = 'draft-' || substr(g.id, 5) AND d.origin = 'assembled' AND d.status = 'waiting'
WHERE g.id = ANY(:ids::text[]);

-- name: save_gap(id, revision, standard_role, level, status, item_id, state, to_assemble, correlation_id, causation_id)!
-- A gap as it is now. `state` is null while nothing was said of it. Once it is covered, its draft is to be made anew
-- should it ever open again.
INSERT INTO gaps (id, revision, standard_role, level, status, item_id, state, to_assemble, correlation_id, causation_id)
VALUES (:id, :revision, :standard_role, :level, :status, :item_id, :state, :to_assemble, :correlation_id, :causation_id)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, status = excluded.status, item_id = excluded.item_id, state = excluded.state,
    to_assemble = excluded.to_assemble, correlation_id = excluded.correlation_id,
    causation_id = excluded.causation_id,
    assembled_from = CASE WHEN excluded.status = 'covered' THEN NULL ELSE gaps.assembled_from END;

-- name: gaps_to_assemble()
-- The gaps whose draft may have to be assembled anew.
SELECT id, standard_role, level, item_id, assembled_from FROM gaps WHERE to_assemble ORDER BY id;

-- name: lock_gap(id)^
-- One gap, as it is at the end of an assembling.
SELECT standard_role, level, status, item_id, state, to_assemble, correlation_id, causation_id
FROM gaps WHERE id = :id FOR UPDATE;

-- name: mark_assembled(id, assembled_from, no_draft_because)!
-- Its draft is what can be made of these adverts, or there is none, because.
UPDATE gaps SET to_assemble = false, assembled_from = :assembled_from, no_draft_because = :no_draft_because
WHERE id = :id;

-- name: unmark_to_assemble(id)!
-- Its draft is up to date.
UPDATE gaps SET to_assemble = false WHERE id = :id;

-- name: grown_old(before)
-- Standard roles and levels whose exemplar has grown old and that are not known to need another one yet.
SELECT g.standard_role, g.level FROM gaps g JOIN items i ON i.id = g.item_id
WHERE g.status = 'covered' AND i.published_at <= :before
  AND EXISTS (SELECT FROM adverts a WHERE a.open AND a.standard_role = g.standard_role
              AND a.level IS NOT DISTINCT FROM g.level)
ORDER BY g.id;

-- name: gaps_of_role(standard_role)
-- Every level of a standard role that was ever advertised.
SELECT standard_role, level FROM gaps WHERE standard_role = ANY(:standard_role::text[]) ORDER BY id;

-- name: list_gaps(everything)
-- What is missing or old; or everything that was ever said.
SELECT state, no_draft_because FROM gaps WHERE state IS NOT NULL AND (:everything::bool OR status <> 'covered')
ORDER BY status, standard_role, id;

-- name: figures()^
-- For the health page.
SELECT (SELECT count(*) FROM items WHERE status = 'published') AS published,
       (SELECT count(*) FROM drafts WHERE status = 'waiting') AS waiting_drafts,
       (SELECT count(*) FROM gaps WHERE status = 'missing') AS missing_exemplars,
       (SELECT count(*) FROM gaps WHERE status = 'old') AS old_exemplars,
       (SELECT count(*) FROM gaps WHERE to_assemble) AS to_assemble;

-- name: keep_revision(id, revision, state, title, about, summary, body)!
-- What was once said of an item, unless that revision is known, and its words among those that are known.
WITH kept AS (
    INSERT INTO item_revisions (id, revision, state) VALUES (:id, :revision, :state)
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO words (word)
SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('simple', concat_ws(' ', :title::text, :about::text,
                                                                         :summary::text, :body::text))))
FROM kept
ON CONFLICT DO NOTHING;

-- name: uncounted_items()
-- Items of which something was said without its version, by somebody else.
SELECT DISTINCT id FROM item_revisions WHERE state ->> 'version' IS NULL;

-- name: count_heard(id, revision)!
-- So much was heard of the contribution behind a draft.
UPDATE drafts SET heard = greatest(heard, :revision) WHERE id = :id;

-- name: know_gap(id, standard_role, level)!
-- A standard role and level that was advertised at some time.
INSERT INTO gaps (id, standard_role, level, status) VALUES (:id, :standard_role, :level, 'covered')
ON CONFLICT DO NOTHING;

-- name: every_gap()
-- Every standard role and level that was ever advertised.
SELECT standard_role, level FROM gaps ORDER BY id;

-- name: every_item()
-- All items, retired ones too.
SELECT state FROM items ORDER BY id;

-- name: every_draft()
-- All drafts.
SELECT state FROM drafts ORDER BY id;

-- name: every_said_gap()
-- Every gap of which anything was said.
SELECT state FROM gaps WHERE state IS NOT NULL ORDER BY id;
