"""What was heard in a period, as it is kept, for a draft. The SQL is in `queries.sql`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import LibraryItem, NovelRole, PaySignal, Role, SharedDemand
from services.notify.newsletter.drafting import Heard
from services.notify.newsletter.schedule import LONDON

_queries = queries_beside(__file__)
_AHEAD: Final = timedelta(weeks=8)
"""So far ahead events are told of."""


async def heard(tx: Connection, *, since: date, until: date) -> Heard:
    """What notify keeps of these days of London, for a draft."""
    begins, ends = _midnight(since), _midnight(until + timedelta(days=1))
    found: dict[type, list[Any]] = {Role: [], PaySignal: [], NovelRole: [], LibraryItem: []}
    models: dict[str, type] = {
        "role": Role,
        "signal": PaySignal,
        "novel role": NovelRole,
        "item": LibraryItem,
    }
    gone = 0
    async for row in _queries.heard_since(tx, since=begins, until=ends):
        model = models[row["kind"]]
        if row["kind"] == "signal" or row["current"]:
            found[model].append(model.model_validate_json(row["state"]))  # type: ignore[attr-defined]
        elif row["kind"] == "role":
            gone += 1
    demands = [
        SharedDemand.model_validate_json(row["state"]) async for row in _queries.shared_now(tx, since=begins)
    ]
    coming = _queries.coming(tx, from_=ends, to=ends + _AHEAD)
    return Heard(
        roles=tuple(found[Role]),
        gone=gone,
        signals=tuple(found[PaySignal]),
        demands=tuple(demands),
        novel=tuple(found[NovelRole]),
        items=tuple(item for item in found[LibraryItem] if item.kind != "event"),
        events=tuple([LibraryItem.model_validate_json(row["state"]) async for row in coming]),
    )


async def told_until(tx: Connection) -> date | None:
    """The last day that any newsletter told of."""
    day: date | None = await _queries.told_until(tx)
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
