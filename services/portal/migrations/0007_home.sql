-- What the first page looks for: the newest of each kind.
CREATE INDEX benchmark_home ON benchmark (said_at DESC) WHERE adverts > 0;
CREATE INDEX item_home ON item (published_at DESC) WHERE status = 'published';
CREATE INDEX demand_home ON demand (said_at DESC) WHERE status = 'current';
CREATE INDEX match_home ON match (stage);
