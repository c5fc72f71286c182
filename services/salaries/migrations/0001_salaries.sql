-- What each role offers; the rows that do not count keep the reason.
CREATE TABLE observations (
    role_id text PRIMARY KEY,
    revision int NOT NULL,
    standard_role text,
    family text,
    level text,
    areas text[] NOT NULL,
    authorities text[] NOT NULL,
    bottom bigint,
    top bigint,
    seen_on date NOT NULL,
    why_left_out text
);
CREATE INDEX observations_by_role ON observations (standard_role) WHERE why_left_out IS NULL;

-- The current table of benchmarks, a row a cell; the row is also the lock under which a cell is recomputed.
CREATE TABLE benchmarks (
    id text PRIMARY KEY,
    standard_role text NOT NULL,
    level text NOT NULL,
    area text NOT NULL,
    benchmark jsonb
);
CREATE INDEX benchmarks_by_role ON benchmarks (standard_role);
