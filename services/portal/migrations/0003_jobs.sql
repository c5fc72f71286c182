-- What the jobs board looks for in roles.

-- A search reads many rows' narrow columns and few rows' states: what is long (state, words) is kept beside the table,
-- and nothing else is.
ALTER TABLE role SET (toast_tuple_target = 256);

ALTER TABLE role
    -- When it was posted; where no board says, when it was found, by London's clock.
    ADD COLUMN posted date NOT NULL
        GENERATED ALWAYS AS (coalesce(posted_on, (found_at AT TIME ZONE 'Europe/London')::date)) STORED,
    -- What kind of contract the advert's words speak of; null where they speak of none.
    ADD COLUMN contract text GENERATED ALWAYS AS (
        CASE
            WHEN state ->> 'contract' ~* 'apprentic' THEN 'apprenticeship'
            WHEN state ->> 'contract' ~* 'fixed|secondment|maternity|\mftc\M' THEN 'fixed term'
            WHEN state ->> 'contract' ~* 'interim|temporary|contractor|agency|casual|\mtemp\M' THEN 'temporary'
            WHEN state ->> 'contract' ~* 'permanent|\mperm\M' THEN 'permanent'
        END
    ) STORED,
    -- The earlier role that it says again.
    ADD COLUMN readvertises text GENERATED ALWAYS AS (state ->> 'readvertises') STORED,
    ADD COLUMN title_words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', title)) STORED,
    ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
        to_tsvector('english', title)
        || to_tsvector('english', coalesce(standard_role, '') || ' ' || coalesce(family, ''))
        || to_tsvector('english', coalesce(employer, '') || ' ' || coalesce(state ->> 'location', ''))
        || to_tsvector('english', jsonb_path_query_array(state, '$.authorities[*].name'))
        || to_tsvector('english', coalesce(state ->> 'description', ''))
    ) STORED;
ALTER TABLE role
    ALTER COLUMN title SET STORAGE MAIN,
    ALTER COLUMN employer SET STORAGE MAIN,
    ALTER COLUMN standard_role SET STORAGE MAIN,
    ALTER COLUMN family SET STORAGE MAIN,
    ALTER COLUMN boroughs SET STORAGE MAIN,
    ALTER COLUMN areas SET STORAGE MAIN,
    ALTER COLUMN title_words SET STORAGE MAIN;

CREATE INDEX role_by_words ON role USING gin (words);
CREATE INDEX role_open_by_words ON role USING gin (words) WHERE status = 'open';
CREATE INDEX role_by_title_words ON role USING gin (title_words);
CREATE INDEX role_open_by_found ON role (found_at DESC, id) WHERE status = 'open';
CREATE INDEX role_by_closing ON role (closes_on, found_at DESC, id);
CREATE INDEX role_open_by_closing ON role (closes_on, found_at DESC, id) WHERE status = 'open';
CREATE INDEX role_by_pay
    ON role ((CASE WHEN pay_period = 'year' THEN pay_maximum END) DESC NULLS LAST, found_at DESC, id);
CREATE INDEX role_open_by_pay
    ON role ((CASE WHEN pay_period = 'year' THEN pay_maximum END) DESC NULLS LAST, found_at DESC, id)
    WHERE status = 'open';
-- The map without a filter: all that it counts by is in here.
CREATE INDEX role_by_status_and_boroughs ON role (status, boroughs);
CREATE INDEX role_by_family ON role (family, found_at DESC);
CREATE INDEX role_by_level ON role (level, found_at DESC);
CREATE INDEX role_by_contract ON role (contract, found_at DESC);
CREATE INDEX role_by_posted ON role (posted);
CREATE INDEX role_by_readvertises ON role (readvertises, found_at DESC) WHERE readvertises IS NOT NULL;

-- The words that titles, standard roles and employers are made of: a word typed wrongly is near one of them.
CREATE TABLE role_word (word text PRIMARY KEY);
CREATE INDEX role_word_by_likeness ON role_word USING gist (word gist_trgm_ops);

CREATE FUNCTION know_role_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO role_word (word)
    SELECT DISTINCT found.word
    FROM regexp_split_to_table(lower(concat_ws(' ', NEW.title, NEW.standard_role, NEW.employer)), '[^[:alnum:]]+')
         AS found (word)
    WHERE length(found.word) BETWEEN 3 AND 40
      AND NOT EXISTS (SELECT FROM role_word AS known WHERE known.word = found.word)
    ORDER BY found.word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER role_words_known AFTER INSERT OR UPDATE OF title, standard_role, employer ON role
    FOR EACH ROW EXECUTE FUNCTION know_role_words();

INSERT INTO role_word (word)
SELECT DISTINCT found.word
FROM role, regexp_split_to_table(lower(concat_ws(' ', title, standard_role, employer)), '[^[:alnum:]]+') AS found (word)
WHERE length(found.word) BETWEEN 3 AND 40
ORDER BY found.word;
