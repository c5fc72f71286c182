-- Observations say by which rule they were made comparable, and of what, so that they can be made anew.
ALTER TABLE observations
    ADD COLUMN period text NOT NULL DEFAULT 'year',
    ADD COLUMN rule text,
    ADD COLUMN how text,
    ADD COLUMN advert jsonb;
UPDATE observations SET rule = 'year', how = 'as printed: a year' WHERE why_left_out IS NULL;
DROP INDEX observations_by_role;
CREATE INDEX observations_by_cell ON observations (standard_role, period, seen_on) WHERE why_left_out IS NULL;

-- What earlier revisions of a role offered, so that a correction can be seen. They do not count.
CREATE TABLE superseded_observations (LIKE observations INCLUDING DEFAULTS, PRIMARY KEY (role_id, revision));

-- A cell's row is its lock and its sums: `sums` holds, for bottom, middle and top, [adverts, weight, weight squared].
ALTER TABLE benchmarks
    ADD COLUMN number int GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN period text NOT NULL DEFAULT 'year',
    ADD COLUMN adverts int NOT NULL DEFAULT 0,
    ADD COLUMN sums jsonb NOT NULL DEFAULT '[[0, 0, 0], [0, 0, 0], [0, 0, 0]]',
    -- The median that was last told as moved, or from which a move is measured first; and how often it was told.
    ADD COLUMN told_median bigint,
    ADD COLUMN moves int NOT NULL DEFAULT 0;

-- Counted pay steps (steps.py): of each cell, measure (0 bottom, 1 middle, 2 top) and month (0: all of them), the offers
-- in each step of six levels. An emptied step keeps its row: there are only so many.
CREATE TABLE pay_steps (
    cell int NOT NULL,
    measure smallint NOT NULL,
    month int NOT NULL,
    level smallint NOT NULL,
    step int NOT NULL,
    adverts int NOT NULL,
    weight numeric NOT NULL,
    paid numeric NOT NULL,
    PRIMARY KEY (cell, measure, month, level, step)
) WITH (fillfactor = 80);

-- Who makes a cell's offers: at most 33 rows a cell.
CREATE TABLE cell_boroughs (
    cell int NOT NULL,
    gss text NOT NULL,
    adverts int NOT NULL,
    PRIMARY KEY (cell, gss)
);

-- On which days a cell's offers were made; the index gives the first and the last.
CREATE TABLE cell_days (
    cell int NOT NULL,
    day date NOT NULL,
    adverts int NOT NULL,
    PRIMARY KEY (cell, day)
);
CREATE INDEX cell_days_with_offers ON cell_days (cell, day) WHERE adverts > 0;

-- The offers of each month that have a middle, and its median.
CREATE TABLE cell_months (
    cell int NOT NULL,
    month int NOT NULL,
    adverts int NOT NULL,
    median bigint,
    PRIMARY KEY (cell, month)
);

-- What was signalled, by its cause; so that no cause is told twice.
CREATE TABLE pay_signals (
    id text PRIMARY KEY,
    signal jsonb NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now()
);

-- By which rules the counts above were made. No rules yet: they are counted from the observations before anything else.
CREATE TABLE counted_by (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    rules text NOT NULL
);
INSERT INTO counted_by (rules) VALUES ('not counted yet');
