-- Which authorities share a role, as a number: the same for the same ones in the same order. The map counts by it, since
-- hashing a hundred thousand lists takes four times as long as hashing their numbers.
ALTER TABLE role ADD COLUMN place bigint NOT NULL GENERATED ALWAYS AS (hash_array_extended(boroughs, 0)) STORED;

-- All that the map counts and filters by but words is in here, so that it need not read the table.
CREATE INDEX role_by_place ON role (place, status) INCLUDE (
    boroughs, areas, standard_role, family, level, contract, pay_period, pay_minimum, pay_maximum, posted
);
DROP INDEX role_by_status_and_boroughs;
