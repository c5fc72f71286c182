-- What the pay explorer and the page of the system look for.
CREATE INDEX benchmark_by_level ON benchmark (level, area, period, standard_role);
CREATE INDEX signal_by_benchmark ON signal (benchmark_id, said_at DESC);
CREATE INDEX role_by_standard_role_and_found ON role (standard_role, found_at DESC);

-- The board that shows it, so that boards can be counted without reading the roles.
ALTER TABLE role ADD COLUMN source text NOT NULL GENERATED ALWAYS AS (state ->> 'source') STORED;
CREATE INDEX role_by_source ON role (source, status, found_at);

CREATE INDEX dead_letter_by_status ON dead_letter (status, parked_at DESC);
CREATE INDEX audit_by_subject ON audit (subject, number DESC);

-- For tables that are copied out. Both are written into the query that uses them.
CREATE FUNCTION pounds(pence text) RETURNS numeric LANGUAGE sql IMMUTABLE
    RETURN pence::numeric * 0.01;

-- A text that a spreadsheet would run is led by an apostrophe, which makes it text there.
CREATE FUNCTION spreadsheet_text(said text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN said ~ '^[-=+@\t\r]' THEN '''' || said ELSE said END;
