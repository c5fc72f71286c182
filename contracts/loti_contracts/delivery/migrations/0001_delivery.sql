-- What waits to be published. The relay deletes a row when Kafka has it.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    value bytea,
    headers jsonb NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_wake AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();

-- The events that already had their effect in this database.
CREATE TABLE inbox (
    event_id text PRIMARY KEY,
    handled_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_by_age ON inbox USING brin (handled_at);

-- Messages that can never be handled, as they came, and why.
CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    topic text NOT NULL,
    partition int NOT NULL,
    message_offset bigint NOT NULL,
    key bytea,
    value bytea,
    headers jsonb NOT NULL,
    reason text NOT NULL,
    stack text,
    attempts int NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now()
);

-- One row while the consumer is stopped because too many messages in a row were parked.
CREATE TABLE breaker (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    opened_at timestamptz NOT NULL DEFAULT now(),
    reason text NOT NULL
);
