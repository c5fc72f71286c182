-- Rounds as they were last stated, how far they were decided, and what was said of them.
CREATE TABLE rounds (
    id text PRIMARY KEY,
    revision int NOT NULL,
    status text NOT NULL,
    state jsonb NOT NULL,
    -- The revision of the round that something was last said of.
    decided_revision int NOT NULL DEFAULT 0,
    -- The last that was said.
    result jsonb,
    -- The last that was said with pairs: what comes next is compared with it.
    proposed jsonb,
    -- What its result is caused by.
    correlation_id text NOT NULL,
    causation_id text NOT NULL
);
CREATE INDEX rounds_to_decide ON rounds (id) WHERE decided_revision < revision;

-- The places that supporters keep for requests since a round was published, until the borough answers or the pair
-- falls away.
CREATE TABLE round_places (
    request_id text PRIMARY KEY REFERENCES requests,
    round_id text NOT NULL REFERENCES rounds,
    supporter_id text NOT NULL REFERENCES supporters,
    request_revision int NOT NULL,
    candidate jsonb NOT NULL
);
CREATE INDEX round_places_of_supporter ON round_places (supporter_id);
CREATE INDEX round_places_of_round ON round_places (round_id);

-- A place that is kept, or no longer, changes what is known of the supporter.
CREATE FUNCTION place_is_kept_or_freed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE supporters SET kind = kind WHERE id = coalesce(NEW.supporter_id, OLD.supporter_id);
    RETURN NULL;
END $$;
CREATE TRIGGER place_is_kept_or_freed AFTER INSERT OR DELETE ON round_places
    FOR EACH ROW EXECUTE FUNCTION place_is_kept_or_freed();
