-- What each supporter last stated.
CREATE TABLE supporters (
    id text PRIMARY KEY,
    revision int NOT NULL,
    kind text NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX supporters_by_kind ON supporters (kind);

-- What each request last stated.
CREATE TABLE requests (
    id text PRIMARY KEY,
    revision int NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX requests_open ON requests (kind) WHERE status = 'open';

-- The match of each request as it was last said, and what is remembered beside it.
CREATE TABLE matches (
    id text PRIMARY KEY,
    request_id text NOT NULL UNIQUE REFERENCES requests,
    status text NOT NULL,
    accepted_supporter_id text REFERENCES supporters,
    state jsonb NOT NULL,
    -- Everyone ever proposed: a borough may answer a shortlist that is no longer the newest.
    offered jsonb NOT NULL,
    -- The revision of the request that was answered last; a declined request stated anew is open again.
    answered_revision int,
    CHECK ((status = 'accepted') = (accepted_supporter_id IS NOT NULL))
);
-- How much each supporter carries is counted from here.
CREATE INDEX matches_accepted ON matches (accepted_supporter_id) WHERE status = 'accepted';

-- Open requests that nobody can help with now, and why not.
CREATE TABLE waiting (
    request_id text PRIMARY KEY REFERENCES requests,
    since timestamptz NOT NULL,
    left_out jsonb NOT NULL
);

-- The last answer heard to each match.
CREATE TABLE answers (
    match_id text PRIMARY KEY REFERENCES matches,
    revision int NOT NULL,
    state jsonb NOT NULL
);

-- The benchmark table as salaries last told it.
CREATE TABLE benchmarks (
    id text PRIMARY KEY,
    revision int NOT NULL,
    standard_role text NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX benchmarks_by_role ON benchmarks (standard_role);
