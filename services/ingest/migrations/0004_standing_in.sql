-- Adverts that are known from what was said of their roles alone, until their board is read again: under which keys it
-- shows them is not known, so they have ids that no posting makes.
ALTER TABLE sightings ADD COLUMN stands_in boolean NOT NULL DEFAULT false;
CREATE INDEX sightings_standing_in ON sightings (source) WHERE stands_in;

-- They get the ids of their postings then.
ALTER TABLE sighting_keys DROP CONSTRAINT sighting_keys_sighting_fkey;
ALTER TABLE sighting_keys ADD CONSTRAINT sighting_keys_sighting_fkey
    FOREIGN KEY (sighting) REFERENCES sightings ON DELETE CASCADE ON UPDATE CASCADE;
