-- Words by which those who may want a thing are found without reading what everybody chose: for each subscription its
-- topic with each value of its narrowest filter, or with a star. `telling/keys.py` has the same of things. Only topics
-- that come often, and filters that always count for them, are worth more than a star.
CREATE FUNCTION wanted_keys(subscriptions jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT concat(one ->> 'topic', '|', coalesce(value.key, '*'))), '{}')
    FROM jsonb_array_elements(subscriptions) AS one
    LEFT JOIN LATERAL (
        SELECT filter.name
        FROM (VALUES (1, 'standard_roles'), (2, 'boroughs'), (3, 'levels'), (4, 'families'), (5, 'areas'))
            AS filter (width, name)
        WHERE (one ->> 'topic' = 'new role' OR one ->> 'topic' = 'offer below market' AND filter.name <> 'areas')
          AND jsonb_array_length(coalesce(one -> filter.name, '[]')) > 0
        ORDER BY filter.width LIMIT 1) AS narrowest ON true
    LEFT JOIN LATERAL (
        SELECT concat(narrowest.name, '|', element) AS key
        FROM jsonb_array_elements_text(one -> narrowest.name) AS element) AS value ON true
$$;
ALTER TABLE choice ADD COLUMN wanted text[] GENERATED ALWAYS AS (wanted_keys(subscriptions)) STORED;
CREATE INDEX choice_by_wanted ON choice USING gin (wanted) WHERE status = 'confirmed';

-- What a contact is told depends on its borough and its roles too.
CREATE FUNCTION choice_judge_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE choice SET judged = false WHERE contact_id = NEW.id AND judged;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_judge AFTER UPDATE OF borough, roles ON contact
    FOR EACH ROW WHEN (NEW.borough IS DISTINCT FROM OLD.borough OR NEW.roles IS DISTINCT FROM OLD.roles)
    EXECUTE FUNCTION choice_judge_anew();

-- Since when each notification is in its mail. How many mails a contact got today is counted by that.
CREATE FUNCTION notification_mailed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.mailed_at = clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER notification_mailed BEFORE UPDATE OF mail_id ON notification
    FOR EACH ROW WHEN (NEW.mail_id IS DISTINCT FROM OLD.mail_id) EXECUTE FUNCTION notification_mailed();

-- What waits for a mail, by contact. Said so that no other index answers the question: while the table grows fast, the
-- server takes all of them for empty, and might read all that waits for every contact.
DROP INDEX notification_waiting_by_contact;
CREATE INDEX notification_waiting ON notification (contact_id) WHERE num_nonnulls(mail_id, withheld) = 0;
