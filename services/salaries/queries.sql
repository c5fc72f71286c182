-- name: make_observations(role_ids)!
-- Roles that were never heard of get their row, older than any revision, so that there is something to lock.
INSERT INTO observations (role_id, revision, areas, authorities, seen_on, why_left_out)
SELECT role_id, 0, '{}', '{}', 'epoch', 'not heard of yet' FROM unnest(:role_ids::text[]) AS role_id ORDER BY role_id
ON CONFLICT DO NOTHING;

-- name: lock_observations(role_ids)
-- What these roles were last seen to offer; nobody else moves them between cells until we commit.
SELECT * FROM observations WHERE role_id = ANY(:role_ids::text[]) ORDER BY role_id FOR UPDATE;

-- name: save_observations(role_ids, revisions, standard_roles, families, levels, areas, authorities, bottoms, tops, days, why_left_out, periods, rules, hows, adverts)!
-- The newest offers of roles; areas and authorities as text with commas between.
INSERT INTO observations (role_id, revision, standard_role, family, level, areas, authorities, bottom, top,
    seen_on, why_left_out, period, rule, how, advert)
SELECT role_id, revision, standard_role, family, level, string_to_array(areas, ','), string_to_array(authorities, ','),
    bottom, top, seen_on, why_left_out, period, rule, how, advert::jsonb
FROM unnest(:role_ids::text[], :revisions::int[], :standard_roles::text[], :families::text[], :levels::text[], :areas::text[],
    :authorities::text[], :bottoms::bigint[], :tops::bigint[], :days::date[], :why_left_out::text[], :periods::text[],
    :rules::text[], :hows::text[], :adverts::text[])
    AS o (role_id, revision, standard_role, family, level, areas, authorities, bottom, top, seen_on, why_left_out,
        period, rule, how, advert)
ON CONFLICT (role_id) DO UPDATE SET
    revision = excluded.revision, standard_role = excluded.standard_role, family = excluded.family,
    level = excluded.level, areas = excluded.areas, authorities = excluded.authorities,
    bottom = excluded.bottom, top = excluded.top, seen_on = excluded.seen_on,
    why_left_out = excluded.why_left_out, period = excluded.period, rule = excluded.rule, how = excluded.how,
    advert = excluded.advert;

-- name: save_superseded(role_ids, revisions, standard_roles, families, levels, areas, authorities, bottoms, tops, days, why_left_out, periods, rules, hows, adverts)!
-- Offers of revisions that are not the newest, given in the same way.
INSERT INTO superseded_observations (role_id, revision, standard_role, family, level, areas, authorities, bottom, top,
    seen_on, why_left_out, period, rule, how, advert)
SELECT role_id, revision, standard_role, family, level, string_to_array(areas, ','), string_to_array(authorities, ','),
    bottom, top, seen_on, why_left_out, period, rule, how, advert::jsonb
FROM unnest(:role_ids::text[], :revisions::int[], :standard_roles::text[], :families::text[], :levels::text[], :areas::text[],
    :authorities::text[], :bottoms::bigint[], :tops::bigint[], :days::date[], :why_left_out::text[], :periods::text[],
    :rules::text[], :hows::text[], :adverts::text[])
    AS o (role_id, revision, standard_role, family, level, areas, authorities, bottom, top, seen_on, why_left_out,
        period, rule, how, advert)
ON CONFLICT DO NOTHING;

-- name: observations_of_role(role_id)
-- Every revision of a role's offer that was heard, oldest first; the last one counts.
SELECT * FROM (
    SELECT * FROM observations WHERE role_id = :role_id AND revision > 0
    UNION ALL SELECT * FROM superseded_observations WHERE role_id = :role_id
) AS heard ORDER BY revision;

-- name: latest_offers(standard_role, level, area, period, most)
-- The newest offers that count in a cell.
SELECT * FROM observations
WHERE why_left_out IS NULL AND standard_role = :standard_role AND period = :period
    AND (:level::text = 'all' OR level = :level) AND (:area::text = 'london' OR :area = ANY(areas))
ORDER BY seen_on DESC, role_id LIMIT :most;

-- name: make_cells(ids, roles, levels, areas, periods)!
-- Cells that were never seen before get their row, empty.
INSERT INTO benchmarks (id, standard_role, level, area, period)
SELECT * FROM unnest(:ids::text[], :roles::text[], :levels::text[], :areas::text[], :periods::text[]) AS new (id)
ORDER BY id
ON CONFLICT DO NOTHING;

-- name: lock_cells(ids)
-- Nobody else counts in these until we commit. Always in the same order, so that two never wait for each other.
SELECT id, number, benchmark, adverts, sums, told_median, moves
FROM benchmarks WHERE id = ANY(:ids::text[]) ORDER BY id FOR UPDATE;

-- name: save_cells(ids, adverts, sums, medians, moves, benchmarks)!
-- New sums and figures of cells.
UPDATE benchmarks AS b SET
    adverts = n.adverts, sums = n.sums::jsonb, told_median = n.told_median, moves = n.moves,
    benchmark = n.benchmark::jsonb
FROM unnest(:ids::text[], :adverts::int[], :sums::text[], :medians::bigint[], :moves::int[], :benchmarks::text[])
    AS n (id, adverts, sums, told_median, moves, benchmark)
WHERE b.id = n.id;

-- name: forget_unsaid(ids)!
-- Cells that were made for an offer which left again before anything was said of them.
DELETE FROM benchmarks WHERE id = ANY(:ids::text[]) AND benchmark IS NULL;

-- name: steps_of(cells, measures, months, levels, lows, highs)
-- The steps of some nodes, each found by its own descent of the index, never more than a node holds; as text, for there
-- are hundreds: number, adverts, weight, paid, and again. Arrays come as text for the same reason.
SELECT n.place, s.steps
FROM unnest(:cells::text::int[], :measures::text::smallint[], :months::text::int[], :levels::text::smallint[],
    :lows::text::int[], :highs::text::int[])
    WITH ORDINALITY AS n (cell, measure, month, level, low, high, place)
CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws(' ', p.step, p.adverts, p.weight, p.paid), ' ') AS steps FROM pay_steps AS p
    WHERE p.cell = n.cell AND p.measure = n.measure AND p.month = n.month AND p.level = n.level
        AND p.step BETWEEN n.low AND n.high AND p.adverts <> 0
) AS s
WHERE s.steps IS NOT NULL;

-- name: all_steps_of(cells)
-- The lowest steps of cells with few offers, all measures and months; as text, as those of nodes.
SELECT n.cell, p.measure, p.month, string_agg(concat_ws(' ', p.step, p.adverts, p.weight, p.paid), ' ') AS steps
FROM unnest(:cells::int[]) AS n (cell)
CROSS JOIN LATERAL (SELECT * FROM pay_steps AS s WHERE s.cell = n.cell AND s.level = 0 AND s.adverts <> 0) AS p
GROUP BY n.cell, p.measure, p.month;

-- name: count_steps(cells, measures, months, levels, steps, adverts, weights, paid)!
-- Add what changed to the steps. Arrays come as text, for there are hundreds of steps.
INSERT INTO pay_steps AS s
SELECT * FROM unnest(:cells::text::int[], :measures::text::smallint[], :months::text::int[],
    :levels::text::smallint[], :steps::text::int[], :adverts::text::int[], :weights::text::numeric[], :paid::text::numeric[])
ON CONFLICT (cell, measure, month, level, step) DO UPDATE SET
    adverts = s.adverts + excluded.adverts, weight = s.weight + excluded.weight, paid = s.paid + excluded.paid;

-- name: count_boroughs(cells, gss, adverts)!
-- Add what changed to the boroughs.
INSERT INTO cell_boroughs AS b SELECT * FROM unnest(:cells::int[], :gss::text[], :adverts::int[])
ON CONFLICT (cell, gss) DO UPDATE SET adverts = b.adverts + excluded.adverts;

-- name: count_days(cells, days, adverts)!
-- Add what changed to the days.
INSERT INTO cell_days AS d SELECT * FROM unnest(:cells::int[], :days::date[], :adverts::int[])
ON CONFLICT (cell, day) DO UPDATE SET adverts = d.adverts + excluded.adverts;

-- name: count_months(cells, months, adverts, medians)!
-- Add what changed to the months, with their new medians.
INSERT INTO cell_months AS m SELECT * FROM unnest(:cells::int[], :months::int[], :adverts::int[], :medians::bigint[])
ON CONFLICT (cell, month) DO UPDATE SET adverts = m.adverts + excluded.adverts, median = excluded.median;

-- name: surroundings(cells)
-- Boroughs, first and last day of cells, and the twelve months up to that day as [month, adverts, median].
SELECT n.cell, b.boroughs, d.oldest, d.freshest, m.months
FROM unnest(:cells::int[]) AS n (cell)
CROSS JOIN LATERAL (
    SELECT count(*)::int AS boroughs FROM cell_boroughs AS x WHERE x.cell = n.cell AND x.adverts > 0
) AS b
CROSS JOIN LATERAL (
    SELECT (SELECT day FROM cell_days AS x WHERE x.cell = n.cell AND x.adverts > 0 ORDER BY day LIMIT 1) AS oldest,
        (SELECT day FROM cell_days AS x WHERE x.cell = n.cell AND x.adverts > 0 ORDER BY day DESC LIMIT 1) AS freshest
) AS d
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(x.month, x.adverts, x.median) ORDER BY x.month), '[]') AS months
    FROM cell_months AS x
    WHERE x.cell = n.cell AND x.adverts > 0
        AND x.month BETWEEN extract(year FROM d.freshest)::int * 12 + extract(month FROM d.freshest)::int - 12
            AND extract(year FROM d.freshest)::int * 12 + extract(month FROM d.freshest)::int - 1
) AS m;

-- name: medians_by_level(roles)
-- The median of the middle in London of every level of these standard roles, and of how many offers.
SELECT standard_role, period, level, (sums -> 1 ->> 0)::int AS adverts,
    (benchmark -> 'middle' ->> 'p50')::bigint AS median
FROM benchmarks
WHERE standard_role = ANY(:roles::text[]) AND area = 'london' AND level <> 'all'
    AND benchmark -> 'middle' ->> 'p50' IS NOT NULL;

-- name: raise_signals(ids, signals)
-- Keep signals; gives back those whose cause was not told before.
INSERT INTO pay_signals (id, signal) SELECT * FROM unnest(:ids::text[], :signals::text[]::jsonb[])
ON CONFLICT DO NOTHING RETURNING id;

-- name: all_benchmarks()
-- The current table.
SELECT benchmark FROM benchmarks WHERE benchmark IS NOT NULL ORDER BY id;

-- name: benchmarks_of(standard_role)
-- The current cells of one standard role.
SELECT benchmark FROM benchmarks WHERE standard_role = :standard_role AND benchmark IS NOT NULL ORDER BY id;

-- name: load_benchmark(id)^
-- One cell.
SELECT benchmark FROM benchmarks WHERE id = :id;

-- name: adopt_benchmarks(benchmarks)!
-- What was said of cells, given as rows in JSON, where it is newer than what is kept. The figures are counted apart.
INSERT INTO benchmarks (id, standard_role, level, area, period, benchmark)
SELECT said ->> 'id', said ->> 'standard_role', said ->> 'level', said ->> 'area', said ->> 'period', said
FROM jsonb_array_elements(:benchmarks::jsonb) AS said ORDER BY said ->> 'id'
ON CONFLICT (id) DO UPDATE SET benchmark = excluded.benchmark
WHERE coalesce((benchmarks.benchmark ->> 'revision')::bigint, 0) < (excluded.benchmark ->> 'revision')::bigint;

-- name: adopt_signals(ids, signals, times)!
-- What was signalled, and when.
INSERT INTO pay_signals (id, signal, raised_at)
SELECT * FROM unnest(:ids::text[], :signals::text[]::jsonb[], :times::timestamptz[])
ON CONFLICT DO NOTHING;

-- name: told_moves()
-- The signals of each cell that moved: ids, and to what they say it moved.
SELECT signal ->> 'benchmark_id' AS cell, array_agg(id) AS ids, array_agg((signal ->> 'after')::bigint) AS medians
FROM pay_signals WHERE signal ->> 'kind' = 'benchmark moved' GROUP BY 1 ORDER BY 1;

-- name: note_move(id, moves, told_median)!
-- How often a cell was told as moved, and to what, where that is more than what is known.
UPDATE benchmarks SET moves = :moves, told_median = :told_median WHERE id = :id AND moves < :moves;

-- name: note_first_medians(least)!
-- Cells that never moved and have enough offers are measured from their median as it is.
UPDATE benchmarks SET told_median = (benchmark -> 'middle' ->> 'p50')::bigint
WHERE told_median IS NULL AND (sums -> 1 ->> 0)::bigint >= :least;

-- name: recent_signals(since)
-- What was signalled since then, oldest first.
SELECT signal FROM pay_signals WHERE raised_at >= :since ORDER BY raised_at, id;

-- name: freshness()^
-- For the health page: cells that have offers, those of them without an offer of the last half year, and how long ago the
-- day of the freshest offer began.
WITH told AS MATERIALIZED (
    SELECT (benchmark ->> 'freshest')::date AS freshest FROM benchmarks
    WHERE adverts > 0 AND benchmark IS NOT NULL)
SELECT count(*) AS benchmarks, count(*) FILTER (WHERE freshest < current_date - 182) AS old,
    extract(epoch FROM now() - max(freshest))::float8 AS freshest_seconds
FROM told;
