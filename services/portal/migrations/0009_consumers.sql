-- The services that stopped over too many dead letters in a row, or went on after that.
CREATE TABLE consumer (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);
