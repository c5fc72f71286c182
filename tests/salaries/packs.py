"""Packs to show: figures counted from made-up offers by the service's own code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from loti_contracts.events import Benchmark, ContributedPay, Pay
from loti_contracts.vocabulary import authorities
from services.salaries.benchmark import benchmark
from services.salaries.cells import cells_of
from services.salaries.observations import Advert, Observation
from services.salaries.pack.page import Pack
from services.salaries.rules import Rules

TODAY = date(2026, 11, 22)
CODES = sorted(authorities())


def an_offer(
    number: int = 0,
    *,
    level: str | None = "lead",
    pay: tuple[int | None, int | None] = (60_000_00, 70_000_00),
    period: Any = "year",
    days_ago: int = 10,
    advert: Mapping[str, Any] | None = None,
) -> Observation:
    """An enterprise architect's offer of the borough of that number. `pay` in pence of the period."""
    borough = authorities()[CODES[number % len(CODES)]]
    said: dict[str, Any] = {
        "title": "Enterprise Architect",
        "employer": f"London Borough of {borough.name}",
        "link": f"https://jobs.example/{number}",
        "pay": Pay(text="as printed"),
    }
    return Observation(
        role_id=f"role-{number}",
        revision=1,
        standard_role="Enterprise architect",
        family="Architecture",
        level=level,
        areas=frozenset({borough.area}),
        authorities=frozenset({borough.gss}),
        bottom=pay[0],
        top=pay[1],
        seen_on=TODAY - timedelta(days=days_ago),
        why_left_out=None,
        period=period,
        rule=period,
        how="as printed",
        advert=Advert(**{**said, **(advert or {})}),
    )


def the_cells(
    offers: Sequence[Observation], contributed: Mapping[str, ContributedPay] | None = None
) -> list[Benchmark]:
    """Every cell of these offers. `contributed` by the cell's id."""
    cells = sorted({cell for offer in offers for cell in cells_of(offer)})
    return [
        benchmark(
            cell, offers, family="Architecture", revision=1, contributed=(contributed or {}).get(cell.id)
        )
        for cell in cells
    ]


def a_pack(offers: Sequence[Observation], **differences: Any) -> Pack:
    """What the command would gather of these offers."""
    contributed = differences.pop("contributed", None)
    pack = Pack(
        role="Enterprise architect",
        level="all",
        cells=the_cells(offers, contributed),
        offers=[offer for offer in offers if offer.period == "year"][:10],
        day_offers=[offer for offer in offers if offer.period == "day"][:5],
        rules=Rules(),
        today=TODAY,
    )
    return replace(pack, **differences)
