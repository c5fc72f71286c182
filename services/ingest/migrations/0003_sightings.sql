-- A role may be advertised several times: each advert is a sighting, with what its board's readings say of it. What
-- `roles` held beside the role itself moves there. A process of the version before that is still running cannot save
-- any more: its transactions roll back whole, and its boards are read again by the new one.
CREATE TABLE sightings (
    id text PRIMARY KEY,
    source text NOT NULL REFERENCES sources,
    posting_key text NOT NULL,
    role_id text NOT NULL REFERENCES roles,
    reading jsonb NOT NULL,
    missing int NOT NULL DEFAULT 0,
    likeness text,
    wording text,
    former text
);
INSERT INTO sightings (id, source, posting_key, role_id, reading, missing, likeness, wording, former)
SELECT id, source, posting_key, id, role, missing, likeness, wording, former FROM roles;
CREATE INDEX sightings_source ON sightings (source);
CREATE INDEX sightings_role ON sightings (role_id);
CREATE INDEX sightings_likeness ON sightings (likeness) WHERE reading->>'status' = 'closed';
CREATE INDEX sightings_open ON sightings (source) WHERE reading->>'status' = 'open';

-- By what the adverts that are shown now are found when another could be the same job.
CREATE TABLE sighting_keys (
    key text NOT NULL,
    sighting text NOT NULL REFERENCES sightings ON DELETE CASCADE,
    PRIMARY KEY (key, sighting)
);
CREATE INDEX sighting_keys_sighting ON sighting_keys (sighting);

ALTER TABLE roles DROP COLUMN posting_key, DROP COLUMN missing, DROP COLUMN likeness, DROP COLUMN wording,
    DROP COLUMN former;
