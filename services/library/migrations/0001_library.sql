-- The library: what is published, what waits for a review, and what is advertised without an exemplar.

-- Every item as it is now.
CREATE TABLE items (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    kind text NOT NULL,
    status text NOT NULL CHECK (status IN ('published', 'retired')),
    standard_roles text[] NOT NULL,
    published_at timestamptz NOT NULL,
    ends_at timestamptz,                -- of an event
    state jsonb NOT NULL,               -- the LibraryItem
    document tsvector NOT NULL
);
CREATE INDEX items_by_document ON items USING gin (document);
CREATE INDEX items_by_standard_role ON items USING gin (standard_roles);
CREATE INDEX items_that_end ON items (ends_at) WHERE status = 'published' AND ends_at IS NOT NULL;

-- Every word that ever stood in an item: what a word that stands in none may have been meant to be.
CREATE TABLE words (
    word text PRIMARY KEY
);

-- What was ever said of it: its versions, and what is known to have been said by us.
CREATE TABLE item_revisions (
    id text NOT NULL,
    revision bigint NOT NULL,
    state jsonb NOT NULL,
    said_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, revision)
);

-- What waits for a review, or waited.
CREATE TABLE drafts (
    id text PRIMARY KEY,
    revision bigint NOT NULL,
    item_id text NOT NULL,
    status text NOT NULL,
    origin text NOT NULL,
    heard bigint NOT NULL DEFAULT 0,    -- the newest revision of its contribution
    state jsonb NOT NULL                -- the Draft
);
CREATE INDEX drafts_by_item ON drafts (item_id) WHERE status = 'waiting';

-- Reviews that had their effect.
CREATE TABLE reviews (
    id text PRIMARY KEY,
    revision bigint NOT NULL
);

-- Adverts with a standard role.
CREATE TABLE adverts (
    role_id text PRIMARY KEY,
    revision bigint NOT NULL,
    standard_role text,                 -- null: none fits
    level text,
    open boolean NOT NULL,
    ended_at timestamptz,               -- when it was closed
    found_at timestamptz NOT NULL,
    words int NOT NULL,                 -- of its description
    advert jsonb NOT NULL               -- what a draft is made from
);
CREATE INDEX adverts_by_role ON adverts (standard_role, level, found_at);
CREATE INDEX adverts_open ON adverts (standard_role, level) WHERE open;

-- Each standard role and level that was ever advertised. Revision 0: nothing was ever said of it.
CREATE TABLE gaps (
    id text PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 0,
    standard_role text NOT NULL,
    level text,
    status text NOT NULL,
    item_id text,
    state jsonb,                        -- the ExemplarGap; null: never said
    to_assemble boolean NOT NULL DEFAULT false,
    assembled_from text,                -- a digest of the adverts that its draft was last made from
    no_draft_because text,
    correlation_id text,                -- of the event that made it due
    causation_id text
);
CREATE INDEX gaps_to_assemble ON gaps (id) WHERE to_assemble;
CREATE INDEX gaps_covered ON gaps (item_id) WHERE status = 'covered';
