-- A dead letter can be given up for good: when, by whom and why is kept. `said_by` is the service that tells what becomes
-- of the letter; null where it keeps its letters to itself. `message_timestamp` is the broker's, in milliseconds.
ALTER TABLE dead_letters
    ADD COLUMN message_timestamp bigint,
    ADD COLUMN said_by text,
    ADD COLUMN discarded_at timestamptz,
    ADD COLUMN discarded_by text,
    ADD COLUMN discarded_why text;

-- Letters that are here already were said by the service whose database this is, if it has the name that it should have.
UPDATE dead_letters SET said_by = substring(current_database() FROM '^loti_(.+)$');

CREATE INDEX dead_letters_by_key ON dead_letters (topic, key);
CREATE INDEX dead_letters_by_age ON dead_letters (parked_at);

-- What was said last of the consumer: that its breaker stopped it, or that it goes on.
CREATE TABLE breaker_told (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    service text NOT NULL,
    revision bigint NOT NULL,
    status text NOT NULL                -- stopped or running
);
