"""Offers and cells as rows, and the multi-row upserts that take them."""

import json
from collections.abc import Sequence
from typing import Any

from services.salaries.observations import Observation

SAVE_OBSERVATIONS = """
INSERT INTO observations (role_id, revision, standard_role, family, level, areas, authorities, bottom, top, seen_on,
    why_left_out, period, rule, how, advert)
SELECT role_id, revision, standard_role, family, level, string_to_array(areas, ','), string_to_array(authorities, ','),
    bottom, top, seen_on, why_left_out, period, rule, how, advert::jsonb
FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
    $10::date[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[]) AS said (role_id, revision,
    standard_role, family, level, areas, authorities, bottom, top, seen_on, why_left_out, period, rule, how, advert)
ON CONFLICT (role_id) DO UPDATE SET revision = excluded.revision, standard_role = excluded.standard_role,
    family = excluded.family, level = excluded.level, areas = excluded.areas, authorities = excluded.authorities,
    bottom = excluded.bottom, top = excluded.top, seen_on = excluded.seen_on, why_left_out = excluded.why_left_out,
    period = excluded.period, rule = excluded.rule, how = excluded.how, advert = excluded.advert
"""
SAVE_BENCHMARKS = """
INSERT INTO benchmarks (id, standard_role, level, area, period, benchmark)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]::jsonb[])
ON CONFLICT (id) DO UPDATE SET benchmark = excluded.benchmark
"""


def row_of(one: Observation) -> tuple[Any, ...]:
    """An observation as the table has it."""
    advert = one.advert
    kept = {
        "title": advert.title,
        "employer": advert.employer,
        "link": advert.link,
        "closed": advert.closed,
        "pay": advert.pay.model_dump(mode="json") if advert.pay else None,
        "hours_said": advert.hours_said,
    }
    areas, gss = ",".join(sorted(one.areas)), ",".join(sorted(one.authorities))
    return (
        one.role_id, one.revision, one.standard_role, one.family, one.level, areas, gss, one.bottom, one.top, one.seen_on,
        one.why_left_out, one.period, one.rule, one.how, json.dumps(kept),
    )  # fmt: skip


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
