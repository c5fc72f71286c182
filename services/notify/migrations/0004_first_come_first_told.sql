-- Since when a thing waits to be judged: what came first is told first, also of what changes again while it waits.
ALTER TABLE thing ADD COLUMN waits_since timestamptz NOT NULL DEFAULT now();
ALTER TABLE thing ALTER COLUMN waits_since SET DEFAULT clock_timestamp();
UPDATE thing SET waits_since = heard_at WHERE NOT judged;

CREATE INDEX thing_in_turn ON thing (waits_since, kind, id) WHERE NOT judged;
DROP INDEX thing_unjudged;
