-- The library's search: whole words with their endings, and what is near them for slips of the pen.

CREATE FUNCTION library_list(words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(array_to_string(words, ' '), '');

CREATE FUNCTION library_head(title text, roles text[], families text[], skills text[], state jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(title || ' ' || library_list(roles) || ' ' || library_list(families) || ' ' || library_list(skills)
             || ' ' || coalesce(state ->> 'provider', '') || ' ' || coalesce(state ->> 'community', '')
             || ' ' || coalesce(state ->> 'apprenticeship_standard', ''));

ALTER TABLE item ADD COLUMN head text GENERATED ALWAYS AS
    (library_head(title, standard_roles, families, skills, state)) STORED;
ALTER TABLE item ADD COLUMN head_words tsvector GENERATED ALWAYS AS
    (to_tsvector('english', library_head(title, standard_roles, families, skills, state))) STORED;
ALTER TABLE item ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', library_head(title, standard_roles, families, skills, state)), 'A')
    || setweight(to_tsvector('english', coalesce(state ->> 'summary', '')), 'B')
    || setweight(to_tsvector('english', coalesce(jsonb_path_query_array(state, '$.posts[*].title'), '[]')), 'C')
    || setweight(to_tsvector('english', coalesce(state ->> 'body', '')), 'D')
) STORED;

CREATE INDEX item_by_words ON item USING gin (words);
CREATE INDEX item_by_head ON item USING gin (head gin_trgm_ops);
CREATE INDEX item_by_roles ON item USING gin (standard_roles);
CREATE INDEX item_by_start ON item (starts_at) WHERE kind = 'event' AND status = 'published';

CREATE INDEX draft_by_contact ON draft (contact_id, said_at DESC);
CREATE INDEX draft_by_item ON draft (item_id);
CREATE INDEX review_by_draft ON review (draft_id);
CREATE INDEX edition_by_time ON edition (sent_at DESC);
CREATE INDEX exemplar_gap_by_role ON exemplar_gap (status, standard_role);
