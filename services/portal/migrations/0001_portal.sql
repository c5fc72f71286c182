-- What the topics said: one table for each thing, with its newest state whole and the columns that pages look for.
-- `state` is the thing as its event had it; a row is replaced only by a higher revision.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE role (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    state jsonb NOT NULL,
    said_at timestamptz NOT NULL,
    status text NOT NULL,
    title text NOT NULL,
    employer text,
    standard_role text,
    family text,
    level text,
    boroughs text[] NOT NULL,           -- GSS codes
    areas text[] NOT NULL,              -- inner, outer
    pay_minimum bigint,                 -- pence of pay_period
    pay_maximum bigint,
    pay_period text,
    posted_on date,
    closes_on date,
    found_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX role_by_found ON role (found_at DESC, id);
CREATE INDEX role_by_standard_role ON role (standard_role, level);
CREATE INDEX role_by_boroughs ON role USING gin (boroughs);

-- What each event about a role changed; a portal that began later than the role knows only what its topic still had.
CREATE TABLE role_history (
    id text NOT NULL,
    revision bigint NOT NULL,
    type text NOT NULL,
    changed text[] NOT NULL,
    said_at timestamptz NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (id, revision)
);

CREATE TABLE benchmark (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    state jsonb NOT NULL,
    said_at timestamptz NOT NULL,
    standard_role text NOT NULL,
    family text NOT NULL,
    level text NOT NULL,
    area text NOT NULL,
    period text NOT NULL,
    adverts bigint NOT NULL
);
CREATE INDEX benchmark_by_role ON benchmark (standard_role, period, area, level);

-- How a cell's middle moved from event to event, in pence.
CREATE TABLE benchmark_history (
    id text NOT NULL,
    revision bigint NOT NULL,
    said_at timestamptz NOT NULL,
    p25 bigint,
    p50 bigint,
    p75 bigint,
    adverts bigint NOT NULL,
    PRIMARY KEY (id, revision)
);

CREATE TABLE signal (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    kind text NOT NULL, standard_role text NOT NULL, role_id text, benchmark_id text
);
CREATE INDEX signal_by_role ON signal (role_id);
CREATE INDEX signal_by_time ON signal (said_at DESC);

CREATE TABLE source (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE request (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    kind text NOT NULL, status text NOT NULL, borough text NOT NULL, contact_id text NOT NULL
);
CREATE INDEX request_by_borough ON request (borough);

CREATE TABLE supporter (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    kind text NOT NULL, status text NOT NULL, contact_id text NOT NULL
);
CREATE INDEX supporter_by_contact ON supporter (contact_id);

CREATE TABLE answer (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL
);

CREATE TABLE outcome (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL
);

CREATE TABLE match (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    request_id text NOT NULL, stage text NOT NULL, borough text NOT NULL,
    requester_contact_id text NOT NULL,
    supporter_contact_ids text[] NOT NULL  -- of the shortlist, and of whom was accepted
);
CREATE INDEX match_by_request ON match (request_id);
CREATE INDEX match_by_borough ON match (borough);
CREATE INDEX match_by_supporters ON match USING gin (supporter_contact_ids);

-- The questions how it went that fell due; each event has its own row.
CREATE TABLE follow_up (
    match_id text NOT NULL,
    after text NOT NULL,
    said_at timestamptz NOT NULL,
    contact_ids text[] NOT NULL,
    PRIMARY KEY (match_id, after)
);

CREATE TABLE demand (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE novel_role (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE hard_role (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE item (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    title text NOT NULL,
    families text[] NOT NULL,
    standard_roles text[] NOT NULL,
    levels text[] NOT NULL,
    skills text[] NOT NULL,
    boroughs text[] NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    published_at timestamptz NOT NULL
);
CREATE INDEX item_by_kind ON item (kind, status, published_at DESC);

CREATE TABLE item_history (
    id text NOT NULL,
    revision bigint NOT NULL,
    said_at timestamptz NOT NULL,
    changed text[] NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (id, revision)
);

CREATE TABLE draft (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    kind text NOT NULL, status text NOT NULL, origin text NOT NULL, item_id text NOT NULL, contact_id text
);
CREATE INDEX draft_by_status ON draft (status, said_at);

CREATE TABLE contribution (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    contact_id text NOT NULL, item_id text NOT NULL
);
CREATE INDEX contribution_by_contact ON contribution (contact_id);

CREATE TABLE review (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    draft_id text, item_id text
);

CREATE TABLE exemplar_gap (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL, standard_role text NOT NULL, level text
);

CREATE TABLE edition (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL
);

CREATE TABLE round (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE round_result (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL, round_revision bigint NOT NULL
);

-- People. What is erased on its topic goes from here in the same transaction.
CREATE TABLE contact (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,            -- in one case, to be found by
    borough text,
    roles text[] NOT NULL
);
CREATE INDEX contact_by_email ON contact (email_key);

CREATE TABLE subscriptions (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    status text NOT NULL
);

CREATE TABLE notification (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    contact_id text NOT NULL, kind text NOT NULL, status text NOT NULL
);
CREATE INDEX notification_by_contact ON notification (contact_id, said_at DESC);
CREATE INDEX notification_by_time ON notification (said_at);

CREATE TABLE dead_letter (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    service text NOT NULL, status text NOT NULL, parked_at timestamptz NOT NULL
);
CREATE INDEX dead_letter_by_time ON dead_letter (parked_at DESC);

CREATE TABLE replay (
    id text PRIMARY KEY, revision bigint NOT NULL, state jsonb NOT NULL, said_at timestamptz NOT NULL,
    service text NOT NULL
);

-- Who did what on the portal. No names: `contact_id` says who.
CREATE TABLE audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    contact_id text,                    -- null: a visitor who was not signed in
    what text NOT NULL,                 -- in words: asked for help
    event_type text,                    -- the event that said it, where one did
    subject text                        -- the thing that it is about
);
CREATE INDEX audit_by_contact ON audit (contact_id, number DESC);
