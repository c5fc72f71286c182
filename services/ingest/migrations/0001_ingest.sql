-- The boards, as configured, and how polling them goes.
CREATE TABLE sources (
    id text PRIMARY KEY,
    name text NOT NULL,
    next_poll_at timestamptz NOT NULL DEFAULT now(),
    run bigint NOT NULL DEFAULT 0,
    etag text,
    last_modified text,
    failures int NOT NULL DEFAULT 0,
    doubts int NOT NULL DEFAULT 0,
    last_tried_at timestamptz,
    last_good_at timestamptz,
    last_whole_at timestamptz,
    last_outcome text
);

-- Every digital role ever found, as it was last said.
CREATE TABLE roles (
    id text PRIMARY KEY,
    source text NOT NULL REFERENCES sources,
    posting_key text NOT NULL,
    role jsonb NOT NULL,
    missing int NOT NULL DEFAULT 0,
    UNIQUE (source, posting_key)
);
