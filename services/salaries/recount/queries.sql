-- name: rules()$
-- By which rules the figures are counted, at a glance.
SELECT rules FROM counted_by;

-- name: share_rules()$
-- By which rules the figures are counted; nobody counts them anew until we commit. Until then no table is read as a
-- whole where there is an index, not even by a plan that was made when the table was small.
SELECT rules FROM counted_by, set_config('enable_seqscan', 'off', true) WHERE single FOR SHARE OF counted_by;

-- name: lock_rules()$
-- The same, for whoever counts anew.
SELECT rules FROM counted_by FOR UPDATE;

-- name: read_whole_tables(allowed)$
-- Whether tables that have an index may be read as a whole until we commit.
SELECT set_config('enable_seqscan', :allowed, true);

-- name: save_rules(rules)!
-- The figures are now counted by these.
UPDATE counted_by SET rules = :rules;

-- name: page_of_observations(after, most)
-- The newest observation of each role, page by page in the order of their ids.
SELECT * FROM observations WHERE revision > 0 AND role_id > :after ORDER BY role_id LIMIT :most;

-- name: forget_counts()!
-- Before everything is counted anew.
TRUNCATE pay_steps, cell_boroughs, cell_days, cell_months;

-- name: combinations()
-- What observations that count are of: each combination once.
SELECT DISTINCT standard_role, family, level, areas, period FROM observations WHERE why_left_out IS NULL;

-- name: known_cells()
-- Every cell that was ever said.
SELECT standard_role, level, area, period FROM benchmarks;

-- name: months_of_offers()
-- Every month since year 0 in which an offer was made.
SELECT DISTINCT (extract(year FROM seen_on)::int * 12 + extract(month FROM seen_on)::int - 1) AS month
FROM observations WHERE why_left_out IS NULL;

-- name: counted_observations()
-- Everything that counts.
SELECT * FROM observations WHERE why_left_out IS NULL;

-- name: fill_steps(cell, standard_role, level, area, period, months, weights)!
-- The lowest steps of a cell, from its observations.
INSERT INTO pay_steps
SELECT :cell::int, a.measure, 0, 0, a.pence::int, count(*), sum(w.weight), sum(w.weight) * a.pence
FROM observations AS o
JOIN unnest(:months::int[], :weights::text[]::numeric[]) AS w (month, weight)
    ON w.month = extract(year FROM o.seen_on)::int * 12 + extract(month FROM o.seen_on)::int - 1
CROSS JOIN LATERAL (VALUES (0, o.bottom), (1, (o.bottom + o.top) / 2), (2, o.top)) AS a (measure, pence)
WHERE o.why_left_out IS NULL AND o.standard_role = :standard_role AND o.period = :period
    AND (:level::text = 'all' OR o.level = :level) AND (:area::text = 'london' OR :area = ANY(o.areas))
    AND a.pence IS NOT NULL
GROUP BY a.measure, a.pence;

-- name: fill_month_steps(cell, standard_role, level, area, period)!
-- The lowest steps of a cell's months, from its observations; here every offer weighs 1.
INSERT INTO pay_steps
SELECT :cell::int, 1, extract(year FROM o.seen_on)::int * 12 + extract(month FROM o.seen_on)::int - 1, 0,
    ((o.bottom + o.top) / 2)::int, count(*), count(*), count(*) * ((o.bottom + o.top) / 2)
FROM observations AS o
WHERE o.why_left_out IS NULL AND o.standard_role = :standard_role AND o.period = :period
    AND (:level::text = 'all' OR o.level = :level) AND (:area::text = 'london' OR :area = ANY(o.areas))
    AND o.bottom IS NOT NULL AND o.top IS NOT NULL
GROUP BY extract(year FROM o.seen_on)::int * 12 + extract(month FROM o.seen_on)::int - 1, (o.bottom + o.top) / 2;

-- name: fill_level(cell, level, bits)!
-- The steps of the next level, each 2^bits as wide, from those of this one.
INSERT INTO pay_steps
SELECT cell, measure, month, level + 1, step >> :bits::int, sum(adverts), sum(weight), sum(paid)
FROM pay_steps WHERE cell = :cell AND level = :level
GROUP BY cell, measure, month, level, step >> :bits::int;

-- name: fill_boroughs(cell, standard_role, level, area, period, gss)!
-- Who makes a cell's offers, of the authorities in its area.
INSERT INTO cell_boroughs
SELECT :cell::int, one.gss, count(*)
FROM observations AS o CROSS JOIN LATERAL unnest(o.authorities) AS one (gss)
WHERE o.why_left_out IS NULL AND o.standard_role = :standard_role AND o.period = :period
    AND (:level::text = 'all' OR o.level = :level) AND (:area::text = 'london' OR :area = ANY(o.areas))
    AND (:area = 'london' OR one.gss = ANY(:gss::text[]))
GROUP BY one.gss;

-- name: fill_days(cell, standard_role, level, area, period)!
-- On which days a cell's offers were made.
INSERT INTO cell_days
SELECT :cell::int, o.seen_on, count(*)
FROM observations AS o
WHERE o.why_left_out IS NULL AND o.standard_role = :standard_role AND o.period = :period
    AND (:level::text = 'all' OR o.level = :level) AND (:area::text = 'london' OR :area = ANY(o.areas))
GROUP BY o.seen_on;

-- name: sums_of_cell(cell, standard_role, level, area, period, months, weights)
-- How many offers each measure has, their weight, and their weights squared.
SELECT a.measure, count(*)::int AS adverts, sum(w.weight)::text AS weight, sum(w.weight * w.weight)::text AS squares
FROM observations AS o
JOIN unnest(:months::int[], :weights::text[]::numeric[]) AS w (month, weight)
    ON w.month = extract(year FROM o.seen_on)::int * 12 + extract(month FROM o.seen_on)::int - 1
CROSS JOIN LATERAL (VALUES (0, o.bottom), (1, (o.bottom + o.top) / 2), (2, o.top)) AS a (measure, pence)
WHERE :cell::int > 0 AND o.why_left_out IS NULL AND o.standard_role = :standard_role AND o.period = :period
    AND (:level::text = 'all' OR o.level = :level) AND (:area::text = 'london' OR :area = ANY(o.areas))
    AND a.pence IS NOT NULL
GROUP BY a.measure;

-- name: middles_by_month(cell, level)
-- How many offers of each month have a middle.
SELECT month, sum(adverts)::int AS adverts FROM pay_steps
WHERE cell = :cell AND measure = 1 AND month > 0 AND level = :level GROUP BY month;

-- name: adverts_of_cell(cell)$
-- How many offers a cell has.
SELECT sum(adverts)::int FROM cell_days WHERE cell = :cell;
