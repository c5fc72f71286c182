"""Reads roles out of the read model: those that a search lets through, and all that is known of one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, Role
from services.portal.jobs.asked import Asked

_queries = queries_beside(__file__)

_ASKED: Final = _queries.asked_for.sql.rstrip(";")


@dataclass(frozen=True, slots=True)
class Kept:
    """A role as it was said last, and when."""

    role: Role
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Then:
    """What an event said of a role: its type, the fields that it changed, and the role after it."""

    type: str
    changed: tuple[str, ...]
    said_at: datetime
    role: Role


async def begin_searching(tx: Connection) -> None:
    """What follows in this transaction are searches."""
    await _queries.plan_each_search(tx)


async def find_ids(
    tx: Connection, asked: Asked, *, today: date, most: int, skipped: int = 0, titled: bool | None = None
) -> list[str]:
    """The ids of the roles that a search lets through, in its order; those that match best are the newest of those
    whose title has the words (`titled`), before those whose title has not."""
    query = f"{_ASKED} {_queries.page_of_asked.sql}"
    rows = await tx.fetch(query, *_values(asked, today, titled), asked.order, most, skipped)
    return [row["id"] for row in rows]


async def count(tx: Connection, asked: Asked, *, today: date, most: int, titled: bool | None = None) -> int:
    """How many roles a search lets through; of more than `most` only `most` are counted."""
    query = f"{_ASKED} {_queries.count_of_asked.sql}"
    return int(await tx.fetchval(query, *_values(asked, today, titled), most))


async def count_by_borough(tx: Connection, asked: Asked, *, today: date) -> Mapping[str, int]:
    """How many roles a search lets through in each authority, by GSS code; '' where none is known. A role that several
    share counts for each."""
    rows = await tx.fetch(f"{_ASKED} {_queries.boroughs_of_asked.sql}", *_values(asked, today))
    counted = Counter[str]()
    for row in rows:
        for gss in row["boroughs"] or ("",):
            counted[gss] += row["roles"]
    return counted


async def load(tx: Connection, ids: Sequence[str]) -> list[Kept]:
    """These roles, in this order; those that are not known are left out."""
    by_id = {row["id"]: _kept(row) async for row in _queries.load_roles(tx, ids=list(ids))}
    return [by_id[id_] for id_ in ids if id_ in by_id]


async def flags(tx: Connection, roles: Sequence[Role]) -> Mapping[str, frozenset[str]]:
    """Of each role, by id, whether it is "hard", "novel", "below market" or "demand" (in shared demand)."""
    ids = [role.id for role in roles]
    names = sorted({role.standard_role.name for role in roles if role.standard_role})
    shared = {row["id"] async for row in _queries.shared_demands(tx, standard_roles=names)}
    found: dict[str, set[str]] = {id_: set() for id_ in ids}
    async for row in _queries.flagged(tx, ids=ids):
        found[row["id"]].add(row["flag"])
    for role in roles:
        if role.status == "open" and role.standard_role and role.standard_role.name in shared:
            found[role.id].add("demand")
    return {id_: frozenset(these) for id_, these in found.items()}


async def is_word_used(tx: Connection, word: str) -> bool:
    """Whether a search for this word alone could find anything."""
    return bool(await _queries.is_word_used(tx, word=word))


async def near_words(tx: Connection, word: str) -> list[str]:
    """Words of titles, standard roles and employers that may have been meant."""
    return [row["word"] async for row in _queries.near_words(tx, word=word)]


async def history(tx: Connection, id_: str) -> list[Then]:
    """What was said of a role, oldest first."""
    return [
        Then(row["type"], tuple(row["changed"]), row["said_at"], Role.model_validate_json(row["state"]))
        async for row in _queries.role_history(tx, id=id_)
    ]


async def benchmarks(tx: Connection, standard_role: str, period: str) -> list[Benchmark]:
    """A standard role's cells."""
    rows = _queries.role_benchmarks(tx, standard_role=standard_role, period=period)
    return [Benchmark.model_validate_json(row["state"]) async for row in rows]


async def said_of(tx: Connection, role: Role) -> list[tuple[str, str]]:
    """What else was said of a role: what it is about (hard, novel, demand, signal), and that state as JSON."""
    name = role.standard_role.name if role.standard_role else ""
    rows = _queries.said_of_role(tx, id=role.id, standard_role=name)
    return [(row["about"], row["state"]) async for row in rows]


async def advertised_again(tx: Connection, id_: str) -> list[Any]:
    """The later roles that say what this one said: `id`, `title`, `found_at`."""
    return [row async for row in _queries.advertised_again(tx, id=id_)]


async def similar(tx: Connection, role: Role) -> list[Kept]:
    """Five other roles of the same standard role, or, where none fits, open ones that share the title's words."""
    if role.standard_role:
        name = role.standard_role.name
        rows = _queries.similar_roles(tx, id=role.id, standard_role=name, level=role.level)
    else:
        rows = _queries.like_title(tx, id=role.id, words=role.title[:200])
    return [_kept(row) async for row in rows]


async def has_exemplar(tx: Connection, standard_role: str) -> bool:
    """Whether the library has a job description for it."""
    return bool(await _queries.has_exemplar(tx, standard_role=standard_role))


def _kept(row: Any) -> Kept:
    return Kept(Role.model_validate_json(row["state"]), row["said_at"])


def _values(asked: Asked, today: date, titled: bool | None = None) -> tuple[Any, ...]:
    """The values of `asked_for`, in its order; None lets everything through."""
    return (
        asked.words or None,
        None if asked.status == "all" else asked.status,
        *(list(these) or None for these in (asked.roles, asked.families, asked.levels, asked.boroughs)),
        list(asked.areas) or None,
        list(asked.contracts) or None,
        asked.pay_period if asked.pay_counts else None,
        None if asked.pay_from is None else asked.pay_from * 100,
        None if asked.pay_to is None else asked.pay_to * 100,
        asked.posted_from(today),
        titled,
    )
