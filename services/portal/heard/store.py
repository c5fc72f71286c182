"""Keeps the newest state of each thing, and how roles, benchmarks and items came to it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, Event, LibraryItem, Role, State
from services.portal.heard.columns import TABLES, Table

_queries = queries_beside(__file__)
S = TypeVar("S", bound=State)
Said = tuple[Event, datetime]


async def keep(tx: Connection, said: Sequence[Said]) -> None:
    """Keep these events' states, in order; one that is not newer than what is kept changes nothing."""
    by_table: dict[type[State], list[Said]] = {}
    for one in said:
        by_table.setdefault(type(one[0].state), []).append(one)
    for kind, these in by_table.items():
        table = TABLES[kind]
        await tx.executemany(
            _upsert(table.name, _names(table, these[0][0])), [_row(table, *one) for one in these]
        )
        await _keep_history(tx, kind, these)


async def newest(tx: Connection, kind: type[S], id_: str, *, to_change: bool = False) -> S | None:
    """A thing as it was said last, or None. `to_change`: nobody else changes it until `tx` ends."""
    lock = " FOR UPDATE" if to_change else ""
    state = await tx.fetchval(f"SELECT state FROM {TABLES[kind].name} WHERE id = $1{lock}", id_)
    return None if state is None else kind.model_validate_json(state)


async def forget_contact(tx: Connection, contact_id: str) -> None:
    """Take a person out of every table."""
    await _queries.forget_contact(tx, contact_id=contact_id)


async def ring(tx: Connection, tables: Iterable[str]) -> None:
    """Tell whoever looks at pages which tables changed, when `tx` commits."""
    await _queries.ring(tx, tables=json.dumps(sorted(tables)))


def _names(table: Table, event: Event) -> tuple[str, ...]:
    return tuple(table.columns(event.state))


@cache
def _upsert(table: str, columns: tuple[str, ...]) -> str:
    """Put one row in, or in the place of an older one. The names are our own (columns.py)."""
    names = ("id", "revision", "state", "said_at", *columns)
    return (
        f"INSERT INTO {table} AS kept ({', '.join(names)}) "
        f"VALUES ({', '.join(f'${n}' for n in range(1, len(names) + 1))}) "
        f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names[1:])} "
        "WHERE kept.revision < excluded.revision"
    )


def _row(table: Table, event: Event, at: datetime) -> tuple[Any, ...]:
    state = event.state
    return (state.id, state.revision, state.model_dump_json(), at, *table.columns(state).values())


async def _keep_history(tx: Connection, kind: type[State], said: Sequence[Said]) -> None:
    if kind is Role:
        await _queries.add_role_history(tx, [_then(*one) | {"type": one[0].type} for one in said])
    elif kind is LibraryItem:
        await _queries.add_item_history(tx, [_then(*one) for one in said])
    elif kind is Benchmark:
        await _queries.add_benchmark_history(tx, [_moved(*one) for one in said])


def _then(event: Event, at: datetime) -> dict[str, Any]:
    state = event.state
    return {
        "id": state.id,
        "revision": state.revision,
        "said_at": at,
        "changed": list(event.changed),
        "state": state.model_dump_json(),
    }


def _moved(event: Event, at: datetime) -> dict[str, Any]:
    cell: Any = event.state
    middle = cell.middle
    return {
        "id": cell.id,
        "revision": cell.revision,
        "said_at": at,
        "p25": middle.p25 if middle else None,
        "p50": middle.p50 if middle else None,
        "p75": middle.p75 if middle else None,
        "adverts": cell.adverts,
    }
