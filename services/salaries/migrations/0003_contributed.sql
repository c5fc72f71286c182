-- CONFIDENTIAL. What boroughs really pay, told in confidence. Nothing of it may leave this database but what
-- services/salaries/contributed/disclose.py lets through.

-- Who contributes, as of when.
CREATE TABLE contributed_uploads (
    authority text PRIMARY KEY,
    as_of date NOT NULL,
    uploaded_at timestamptz NOT NULL,
    posts int NOT NULL
);

-- A version is new whenever what a borough pays for a role and level is not what it was before, and never used again,
-- so that the ledger can tell contributions apart without keeping any pay.
CREATE SEQUENCE contributed_versions;

-- What each borough pays for a role and level: pence a year, full-time equivalent, one amount a post, sorted. The level
-- is '' where it is not known. No posts, no names, no titles.
CREATE TABLE contributed_pay (
    authority text NOT NULL REFERENCES contributed_uploads ON DELETE CASCADE,
    standard_role text NOT NULL,
    level text NOT NULL,
    version bigint NOT NULL DEFAULT nextval('contributed_versions'),
    pay bigint[] NOT NULL,
    PRIMARY KEY (authority, standard_role, level)
);

-- The ledger: every figure that was ever published, and whose contributions (level, authority, version, posts) were in
-- it. Never deleted from: what is known cannot be made unknown.
CREATE TABLE contributed_ledger (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    standard_role text NOT NULL,
    level text NOT NULL,
    area text NOT NULL,
    published_at timestamptz NOT NULL,
    parts jsonb NOT NULL,
    pay jsonb NOT NULL
);

-- The cells of the benchmark table that show anything of contributed pay: figures, or why they are withheld.
CREATE TABLE contributed_shown (
    standard_role text NOT NULL,
    level text NOT NULL,
    area text NOT NULL,
    PRIMARY KEY (standard_role, level, area)
);

REVOKE ALL ON contributed_uploads, contributed_pay, contributed_ledger, contributed_shown FROM PUBLIC;
COMMENT ON TABLE contributed_pay IS 'CONFIDENTIAL: what boroughs really pay';
