-- What a reading is held against, since when a board is not read completely, and what was said of it.
ALTER TABLE sources
    ADD COLUMN recent int[] NOT NULL DEFAULT '{}',
    ADD COLUMN known_since timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN last_complete_at timestamptz,
    ADD COLUMN said jsonb;
UPDATE sources SET last_complete_at = last_whole_at;

-- By what a role is known again, its advert as printed where its closing date depends on the day of reading, and the
-- link that it had before.
ALTER TABLE roles ADD COLUMN likeness text, ADD COLUMN wording text, ADD COLUMN former text;
CREATE INDEX roles_likeness ON roles (likeness) WHERE role->>'status' = 'closed';
CREATE INDEX roles_open ON roles (source) WHERE role->>'status' = 'open';

-- Every poll. Polls in a row that found the board unchanged are one row, counted in `times`.
CREATE TABLE runs (
    source text NOT NULL,
    run bigint NOT NULL,
    started_at timestamptz NOT NULL,
    seconds float8 NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('complete', 'partial', 'failed', 'unchanged')),
    why text,
    postings int NOT NULL DEFAULT 0,
    digital int NOT NULL DEFAULT 0,
    refused int NOT NULL DEFAULT 0,
    said jsonb NOT NULL DEFAULT '{}',
    times int NOT NULL DEFAULT 1,
    last_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, run)
);
CREATE INDEX runs_last_at ON runs (last_at);

-- What became of each role, and why; once for as long as it stays the same. Without a run: by the calendar alone.
CREATE TABLE decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    run bigint,
    role_id text NOT NULL,
    decision text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX decisions_role ON decisions (role_id, id);
CREATE INDEX decisions_source ON decisions (source, id);
CREATE INDEX decisions_at ON decisions (at);
