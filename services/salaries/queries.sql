-- name: make_observations(role_ids)!
-- Roles that were never heard of get their row, older than any revision, so that there is something to lock.
INSERT INTO observations (role_id, revision, areas, authorities, seen_on, why_left_out)
SELECT role_id, 0, '{}', '{}', 'epoch', 'not heard of yet' FROM unnest(:role_ids::text[]) AS role_id ORDER BY role_id
ON CONFLICT DO NOTHING;

-- name: lock_observations(role_ids)
-- What these roles were last seen to offer; nobody else moves them between cells until we commit.
SELECT * FROM observations WHERE role_id = ANY(:role_ids::text[]) ORDER BY role_id FOR UPDATE;

-- name: save_observation(role_id, revision, standard_role, family, level, areas, authorities, bottom, top, seen_on, why_left_out)!
-- Keep a role's newest offer; an older revision changes nothing.
INSERT INTO observations
VALUES (:role_id, :revision, :standard_role, :family, :level, :areas, :authorities, :bottom, :top, :seen_on,
        :why_left_out)
ON CONFLICT (role_id) DO UPDATE SET
    revision = excluded.revision, standard_role = excluded.standard_role, family = excluded.family,
    level = excluded.level, areas = excluded.areas, authorities = excluded.authorities,
    bottom = excluded.bottom, top = excluded.top, seen_on = excluded.seen_on,
    why_left_out = excluded.why_left_out
WHERE observations.revision < excluded.revision;

-- name: make_cells(ids, roles, levels, areas)!
-- Cells that were never seen before get their row, empty.
INSERT INTO benchmarks (id, standard_role, level, area)
SELECT * FROM unnest(:ids::text[], :roles::text[], :levels::text[], :areas::text[])
ON CONFLICT DO NOTHING;

-- name: lock_cells(ids)
-- Nobody else recomputes these until we commit. Always in the same order, so that two never wait for each other.
SELECT id, benchmark FROM benchmarks WHERE id = ANY(:ids::text[]) ORDER BY id FOR UPDATE;

-- name: observations_of_roles(roles)
-- Everything that counts for these standard roles.
SELECT * FROM observations WHERE why_left_out IS NULL AND standard_role = ANY(:roles::text[]);

-- name: save_benchmark(id, benchmark)!
-- A cell's new figures.
UPDATE benchmarks SET benchmark = :benchmark WHERE id = :id;

-- name: all_benchmarks()
-- The current table.
SELECT benchmark FROM benchmarks WHERE benchmark IS NOT NULL ORDER BY id;
