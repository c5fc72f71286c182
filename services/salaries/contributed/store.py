"""What is kept of contributed pay: contributions, the ledger of what was published, and where it shows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import ContributedPay
from services.salaries.cells import Cell
from services.salaries.contributed.contributions import Contribution, Figure, Part

_queries = queries_beside(__file__)


async def lock(tx: Connection) -> None:
    """Nobody else changes contributions or publishes figures until the transaction ends."""
    await _queries.lock_contributed(tx)


async def replace(
    tx: Connection,
    authority: str,
    pay: Mapping[tuple[str, str], Sequence[int]],
    *,
    as_of: date,
    now: datetime,
) -> None:
    """The borough's contribution is this from now on, by standard role and level, each sorted; nothing else is."""
    posts = sum(len(amounts) for amounts in pay.values())
    await _queries.save_upload(tx, authority=authority, as_of=as_of, uploaded_at=now, posts=posts)
    await _queries.forget_other_pay(
        tx, authority=authority, roles=[role for role, _ in pay], levels=[level for _, level in pay]
    )
    await _queries.save_pay(
        tx,
        [
            {"authority": authority, "standard_role": role, "level": level, "pay": list(amounts)}
            for (role, level), amounts in pay.items()
        ],
    )


async def forget(tx: Connection, authority: str) -> int | None:
    """Take out what the borough contributed; how many posts that were, None where there was nothing."""
    posts: int | None = await _queries.forget_upload(tx, authority=authority)
    return posts


async def contributions(tx: Connection) -> list[Contribution]:
    """All that stand."""
    return [
        Contribution(
            standard_role=row["standard_role"],
            level=row["level"],
            authority=row["authority"],
            version=row["version"],
            pay=tuple(row["pay"]),
        )
        async for row in _queries.contributions(tx)
    ]


async def ledger(tx: Connection) -> list[Figure]:
    """Everything ever published, in order."""
    return [
        Figure(
            cell=Cell(row["standard_role"], row["level"], row["area"]),
            published_at=row["published_at"],
            parts=frozenset(Part(*part) for part in json.loads(row["parts"])),
            pay=ContributedPay.model_validate_json(row["pay"]),
        )
        async for row in _queries.ledger(tx)
    ]


async def add_to_ledger(tx: Connection, figures: Iterable[Figure]) -> None:
    """These are published with this transaction."""
    rows = [
        {
            "standard_role": figure.cell.standard_role,
            "level": figure.cell.level,
            "area": figure.cell.area,
            "published_at": figure.published_at,
            "parts": json.dumps(
                sorted((part.level, part.authority, part.version, part.posts) for part in figure.parts)
            ),
            "pay": figure.pay.model_dump_json(),
        }
        for figure in figures
    ]
    if rows:
        await _queries.add_to_ledger(tx, rows)


async def shown(tx: Connection) -> set[Cell]:
    """The cells that show anything of contributed pay."""
    return {Cell(row["standard_role"], row["level"], row["area"]) async for row in _queries.shown(tx)}


async def save_shown(tx: Connection, cells: Iterable[Cell]) -> None:
    """These cells, and no others, show something."""
    listed = sorted(cells)
    await _queries.forget_shown(tx)
    await _queries.save_shown(
        tx,
        roles=[cell.standard_role for cell in listed],
        levels=[cell.level for cell in listed],
        areas=[cell.area for cell in listed],
    )
