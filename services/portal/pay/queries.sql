-- name: cells_of_role(role, area, period)
-- Every level of one role, where anything is said of it.
SELECT state FROM benchmark
WHERE standard_role = :role AND area = :area AND period = :period
  AND (adverts > 0 OR jsonb_typeof(state -> 'contributed') = 'object');

-- name: cells_of_level(level, area, period)
-- Every role at one level, where anything is said of it.
SELECT state FROM benchmark
WHERE level = :level AND area = :area AND period = :period
  AND (adverts > 0 OR jsonb_typeof(state -> 'contributed') = 'object')
ORDER BY standard_role LIMIT 500;

-- name: roles_with_pay()
-- The standard roles that can be chosen.
SELECT DISTINCT standard_role FROM benchmark WHERE level = 'all' AND adverts > 0;

-- name: near(role, level, period)
-- One role at one level in each area, to go from one to the other.
SELECT state ->> 'area' AS area, id FROM benchmark
WHERE standard_role = :role AND level = :level AND period = :period AND adverts > 0;

-- name: moves(id)
-- How a cell's middle moved last, newest first.
SELECT said_at, p25, p50, p75, adverts FROM benchmark_history
WHERE id = :id ORDER BY revision DESC LIMIT 12;

-- name: signals(id)
-- What was worth telling of this cell, newest first.
SELECT state FROM signal WHERE benchmark_id = :id ORDER BY said_at DESC LIMIT 5;

-- name: adverts(role, level, area, period)
-- The newest adverts of a cell that print pay; without a level or an area, of all.
SELECT state - 'description' AS state FROM role
WHERE standard_role = :role AND pay_period = :period
  AND (:level::text IS NULL OR level = :level)
  AND (:area::text IS NULL OR :area = ANY (areas))
ORDER BY found_at DESC LIMIT 10;

-- name: offers_of(borough, role, level)
-- The newest roles of that kind that one borough advertised.
SELECT state - 'description' AS state FROM role
WHERE standard_role = :role AND boroughs @> ARRAY[:borough::text] AND (:level::text IS NULL OR level = :level)
ORDER BY found_at DESC LIMIT 20;

-- name: table(role, level, area, period)
-- The figures of the cells that were asked for, a column each, by id; null lets everything through. It is copied out as
-- CSV: amounts in pounds, and no text that a spreadsheet would run. Each state is taken apart once.
SELECT spreadsheet_text(benchmark.id) AS id, spreadsheet_text(benchmark.standard_role) AS standard_role,
       spreadsheet_text(benchmark.family) AS family, spreadsheet_text(benchmark.level) AS level,
       benchmark.area, benchmark.period, benchmark.adverts, told.boroughs, told.confidence,
       told.oldest AS oldest_advert, told.freshest AS freshest_advert,
       pounds(told.bottom ->> 'p10') AS bottom_p10_gbp, pounds(told.bottom ->> 'p25') AS bottom_p25_gbp,
       pounds(told.bottom ->> 'p50') AS bottom_p50_gbp, pounds(told.bottom ->> 'p75') AS bottom_p75_gbp,
       pounds(told.bottom ->> 'p90') AS bottom_p90_gbp,
       pounds(told.middle ->> 'p10') AS middle_p10_gbp, pounds(told.middle ->> 'p25') AS middle_p25_gbp,
       pounds(told.middle ->> 'p50') AS middle_p50_gbp, pounds(told.middle ->> 'p75') AS middle_p75_gbp,
       pounds(told.middle ->> 'p90') AS middle_p90_gbp,
       pounds(told.top ->> 'p10') AS top_p10_gbp, pounds(told.top ->> 'p25') AS top_p25_gbp,
       pounds(told.top ->> 'p50') AS top_p50_gbp, pounds(told.top ->> 'p75') AS top_p75_gbp,
       pounds(told.top ->> 'p90') AS top_p90_gbp,
       pounds(told.likely ->> 'low') AS likely_low_gbp, pounds(told.likely ->> 'high') AS likely_high_gbp,
       told.trend ->> 'change' AS trend_basis_points,
       pounds(told.contributed #>> '{paid,p10}') AS paid_p10_gbp,
       pounds(told.contributed #>> '{paid,p25}') AS paid_p25_gbp,
       pounds(told.contributed #>> '{paid,p50}') AS paid_p50_gbp,
       pounds(told.contributed #>> '{paid,p75}') AS paid_p75_gbp,
       pounds(told.contributed #>> '{paid,p90}') AS paid_p90_gbp,
       told.contributed ->> 'boroughs' AS paid_boroughs, told.contributed ->> 'posts' AS paid_posts,
       told.contributed ->> 'as_of' AS paid_as_of,
       spreadsheet_text(told.contributed ->> 'suppressed') AS paid_withheld
FROM benchmark
CROSS JOIN LATERAL jsonb_to_record(benchmark.state) AS told (
    boroughs int, confidence text, oldest text, freshest text, bottom jsonb, middle jsonb, top jsonb, likely jsonb,
    trend jsonb, contributed jsonb
)
WHERE (:role::text IS NULL OR benchmark.standard_role = :role)
  AND (:level::text IS NULL OR benchmark.level = :level)
  AND (:area::text IS NULL OR benchmark.area = :area) AND (:period::text IS NULL OR benchmark.period = :period)
  AND (benchmark.adverts > 0 OR jsonb_typeof(told.contributed) = 'object')
ORDER BY benchmark.id;

-- name: states(role, level, area, period, after, most)
-- The same cells whole, by id, from one on.
SELECT id, state FROM benchmark
WHERE id > :after
  AND (:role::text IS NULL OR standard_role = :role) AND (:level::text IS NULL OR level = :level)
  AND (:area::text IS NULL OR area = :area) AND (:period::text IS NULL OR period = :period)
ORDER BY id LIMIT :most;
