"""A read model as large as one in years to come: so many roles, and what was observed of them, the same for a seed."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Role
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.heard.columns import TABLES
from tests.portal.jobs.making import role

ROLES: Final = 100_000
HISTORY: Final = 5
BENCHMARK_HISTORY: Final = 5
"""So many observations for each role, of it and of benchmarks."""
OPEN_SHARE: Final = 0.1
"""Of the roles; far more than London ever has open at once, which is some hundreds."""

_WORDS: Final = [
    "council",
    "service",
    "data",
    "digital",
    "team",
    "resident",
    "design",
    "build",
    "lead",
    "deliver",
    "platform",
    "cloud",
    "security",
    "network",
    "support",
    "stakeholder",
    "agile",
    "user",
    "research",
    "content",
    "product",
    "roadmap",
    "supplier",
    "contract",
    "budget",
    "report",
    "dashboard",
    "integration",
    "housing",
    "adult",
    "social",
    "care",
    "planning",
    "revenue",
    "benefit",
    "library",
    "school",
    "highway",
    "park",
    "waste",
    "climate",
    "equality",
    "inclusion",
    "hybrid",
    "flexible",
    "pension",
    "leave",
    "training",
    "apprenticeship",
    "interview",
    "application",
    "closing",
    "borough",
    "office",
    "remote",
    "azure",
    "python",
    "sql",
    "kubernetes",
    "salesforce",
    "oracle",
    "dynamics",
    "gis",
    "mapping",
    "testing",
    "automation",
    "incident",
    "change",
    "risk",
    "governance",
]
_TITLE_ENDS: Final = (
    "",
    " (Digital)",
    " – Adult Social Care",
    " – Housing",
    " (Fixed term)",
    " – Corporate Services",
)


async def fill(tx: Connection, now: datetime, *, roles: int = ROLES, seed: int = 7) -> None:
    """Put so many roles and ten times as many observations into the empty tables of a portal's database, and let the
    planner know."""
    for unsafe in ("role", "role_history", "benchmark_history"):  # quicker to fill, the same to read
        await tx.execute(f"ALTER TABLE {unsafe} SET UNLOGGED")
    table = TABLES[Role]
    chance = random.Random(seed)
    names: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for one in _roles(chance, now, roles):
        columns = table.columns(one)
        names = ["id", "revision", "state", "said_at", *columns]
        rows.append((one.id, one.revision, one.model_dump_json(), one.found_at, *columns.values()))
        if len(rows) == 10_000:
            await tx.copy_records_to_table(table.name, records=rows, columns=names)
            rows.clear()
    await tx.copy_records_to_table(table.name, records=rows, columns=names)
    await tx.execute(
        "INSERT INTO role_history (id, revision, type, changed, said_at, state) "
        "SELECT id, n, CASE n WHEN 1 THEN 'london.loti.role.discovered.v1' ELSE 'london.loti.role.changed.v1' END, "
        "CASE n WHEN 1 THEN '{}'::text[] ELSE '{closes_on}' END, said_at + n * interval '1 day', "
        "state || jsonb_build_object('revision', n) "
        "FROM role, generate_series(1, $1::int) AS n",
        HISTORY,
    )
    await _benchmarks(tx, now, roles)
    await tx.execute("VACUUM ANALYZE")


def _roles(chance: random.Random, now: datetime, roles: int) -> Iterator[Role]:
    known, boroughs = list(standard_roles().values()), list(authorities())
    for n in range(roles):
        kind = chance.choice(known) if chance.random() < 0.9 else None
        level = chance.choice(LEVELS)
        found = now - timedelta(minutes=n * 20)
        low = chance.randrange(28_000, 95_000, 250)
        shown = kind.name if kind else " ".join(chance.choices(_WORDS, k=2)).capitalize() + " officer"
        is_open = chance.random() < (0.6 if n < roles * OPEN_SHARE else OPEN_SHARE / 2)
        yield role(
            f"bench-{n:06}",
            title=f"{level.capitalize()} {shown}{chance.choice(_TITLE_ENDS)}",
            standard_role=kind.name if kind else None,
            level=level if chance.random() < 0.85 else None,
            boroughs=chance.sample(boroughs, 2 if chance.random() < 0.05 else 1),
            status="open" if is_open else "closed",
            closed_because=None if is_open else "expired",
            closed_at=None if is_open else found + timedelta(days=28),
            pay=(low, low + 6_000) if chance.random() < 0.9 else None,
            posted_on=found.date(),
            closes_on=(found + timedelta(days=28)).date(),
            contract=chance.choice(("Permanent", "Fixed term, 12 months", None)),
            description=" ".join(chance.choices(_WORDS, k=chance.randrange(120, 400))),
            found_at=found,
        )


async def _benchmarks(tx: Connection, now: datetime, roles: int) -> None:
    """A cell for each standard role, level and area, and how each came to be."""
    cells = [
        (f"{kind.name.casefold().replace(' ', '-')}.{level}.{area}", kind.name, kind.family, level, area)
        for kind in standard_roles().values()
        for level in ("all", *LEVELS)
        for area in ("inner", "outer", "london")
    ]
    figures = {"p10": 4_000_000, "p25": 4_500_000, "p50": 5_000_000, "p75": 5_600_000, "p90": 6_500_000}
    for id_, name, family, level, area in cells:
        state = {
            "id": id_, "revision": 1, "standard_role": name, "family": family, "level": level, "area": area,
            "period": "year", "bottom": figures, "middle": figures, "top": figures, "adverts": 40, "boroughs": 9,
            "oldest": "2024-01-05", "freshest": "2026-11-01", "confidence": "high",
        }  # fmt: skip
        await tx.execute(
            "INSERT INTO benchmark (id, revision, state, said_at, standard_role, family, level, area, period, adverts) "
            "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'year', 40)",
            id_, json.dumps(state), now, name, family, level, area,
        )  # fmt: skip
    await tx.execute(
        "INSERT INTO benchmark_history (id, revision, said_at, p25, p50, p75, adverts) "
        "SELECT id, n, $2::timestamptz - n * interval '1 day', 4500000 + n * 100, 5000000 + n * 100, "
        "5600000 + n * 100, n "
        "FROM benchmark, generate_series(1, $1::int) AS n",
        -(-BENCHMARK_HISTORY * roles // len(cells)),
        now,
    )
