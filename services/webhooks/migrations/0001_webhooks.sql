-- The log of public events, who is told of them by webhook, and who may read them by cursor.

-- One row: which log this is, so that a cursor of another one is known, and up to which position superseded states
-- were removed.
CREATE TABLE event_log (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    thinned bigint NOT NULL DEFAULT 0
);
INSERT INTO event_log DEFAULT VALUES;

-- Every event in the order in which it became visible: writers take turns until they have committed.
CREATE TABLE events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    type text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    concerns text[] NOT NULL,       -- GSS codes that its thing names or ever named
    body text NOT NULL,             -- the CloudEvent in structured JSON
    said_at timestamptz NOT NULL,
    heard_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX events_by_heard_at ON events (heard_at);
CREATE INDEX events_of_a_thing ON events (topic, key);

-- The newest state of each thing; it is never removed, but where its topic itself forgets.
CREATE TABLE things (
    topic text NOT NULL,
    key text NOT NULL,
    revision bigint NOT NULL,
    position bigint NOT NULL,
    concerns text[] NOT NULL,
    PRIMARY KEY (topic, key)
);

-- Whom events are pushed to.
CREATE TABLE endpoints (
    name text PRIMARY KEY,
    url text NOT NULL,
    types text[] NOT NULL,          -- patterns; empty: every type
    authorities text[] NOT NULL,    -- GSS codes; empty: every event, whomever it concerns
    secret text NOT NULL,           -- as it was shown, whsec_...: signing needs it in the clear
    old_secret text,
    old_secret_until timestamptz,
    made_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    disabled_because text,
    failing_since timestamptz,      -- the first failure after the last success
    not_before timestamptz,         -- it asked to be left alone until then
    last_success_at timestamptz
);

-- What is to be pushed, or was. `waiting` ones go in the order of their positions for each thing.
CREATE TABLE deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL REFERENCES endpoints ON DELETE CASCADE,
    position bigint NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'superseded', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    made_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    UNIQUE (endpoint, event_id)
);
CREATE INDEX deliveries_due ON deliveries (endpoint, due_at, position) WHERE state = 'waiting';
CREATE INDEX deliveries_of_a_thing ON deliveries (topic, key, endpoint, position) WHERE state = 'waiting';
CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE state <> 'waiting';
CREATE INDEX deliveries_by_event ON deliveries (event_id);

-- Each attempt, as it went.
CREATE TABLE attempts (
    delivery bigint NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    at timestamptz NOT NULL,
    seconds double precision NOT NULL,
    status int,                     -- null: there was no answer
    said text NOT NULL              -- the first characters of the answer, or why there was none
);
CREATE INDEX attempts_of_a_delivery ON attempts (delivery, at);

-- Who may pull. A token is kept as its SHA-256 alone.
CREATE TABLE readers (
    name text PRIMARY KEY,
    token_digest bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL DEFAULT now(),
    last_read_at timestamptz,
    last_position bigint
);
