-- Who was erased, by id alone, for as long as a backup or a broker's log might bring the person back: the tombstone is said
-- again then.
CREATE TABLE erased_contact (
    id text PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT now()
);
