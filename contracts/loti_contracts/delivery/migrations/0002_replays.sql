-- A dead letter can be handled again. Who asks for it sets `replay_asked_at`; the service does it, and takes the wish
-- away. `revision` is the one of the event that told of the letter last.
ALTER TABLE dead_letters
    ADD COLUMN revision bigint NOT NULL DEFAULT 1,
    ADD COLUMN replay_asked_at timestamptz,
    ADD COLUMN replayed_at timestamptz;

CREATE INDEX dead_letters_to_replay ON dead_letters (topic, partition, message_offset)
    WHERE replay_asked_at IS NOT NULL;
