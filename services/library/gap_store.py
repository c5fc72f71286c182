"""What the library keeps of adverts and of the gaps that they show. The SQL is in `queries.sql`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import ExemplarGap, LiveAdvert, Role
from services.library.adverts import Advert, advert_of, ended, key_of
from services.library.causes import Cause
from services.library.gaps import Key
from services.library.store import queries

Kept = tuple[int, Key | None]
"""A role's newest revision, and what it is advertised as."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was said of a gap, and the assembled draft that waits for it."""

    gap: ExemplarGap | None = None
    draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A gap whose draft may have to be assembled anew. `assembled_from`: the digest of what it was made from."""

    key: Key
    item_id: str | None
    assembled_from: str | None


@dataclass(frozen=True, slots=True)
class Locked:
    """A gap at the end of an assembling; nobody else changes it until the transaction ends."""

    status: str
    item_id: str | None
    gap: ExemplarGap | None
    cause: Cause


async def load_roles(connection: Connection, role_ids: Iterable[str]) -> dict[str, Kept]:
    """What is kept of these roles, by id."""
    return {
        row["role_id"]: (row["revision"], _key(row))
        async for row in queries.load_roles(connection, role_ids=sorted(set(role_ids)))
    }


async def save_roles(tx: Connection, roles: Sequence[Role]) -> None:
    """Roles as they are now."""
    rows = []
    for role in roles:
        key, closed_at = key_of(role), ended(role)
        rows.append(
            {
                "role_id": role.id,
                "revision": role.revision,
                "standard_role": key.standard_role if key else None,
                "level": role.level,
                "open": role.status == "open",
                "ended_at": closed_at.isoformat() if closed_at else None,
                "found_at": role.found_at.isoformat(),
                "words": len((role.description or "").split()),
                "advert": advert_of(role).model_dump(mode="json"),
            }
        )
    if rows:
        await queries.save_adverts(tx, adverts=json.dumps(rows))


async def open_adverts(connection: Connection, keys: Sequence[Key]) -> Mapping[Key, list[LiveAdvert]]:
    """The open adverts of each key."""
    found: dict[Key, list[LiveAdvert]] = {key: [] for key in keys}
    rows = queries.open_adverts(
        connection, roles=[key.standard_role for key in keys], levels=[key.level for key in keys]
    )
    async for row in rows:
        key = _key(row)
        assert key is not None  # noqa: S101 - it was asked for by its standard role
        found[key].append(Advert.model_validate_json(row["advert"]).live(words=row["words"]))
    return found


async def adverts_to_assemble(
    connection: Connection, key: Key, *, since: datetime, most: int
) -> list[Advert]:
    """The newest adverts with a description that are open or were closed since then."""
    rows = queries.adverts_to_assemble(
        connection, standard_role=key.standard_role, level=key.level, since=since, most=most
    )
    return [Advert.model_validate_json(row["advert"]) async for row in rows]


async def load_gaps(connection: Connection, keys: Sequence[Key]) -> Mapping[Key, Known]:
    """What was said of each key's gap."""
    rows = {row["id"]: row async for row in queries.load_gaps(connection, ids=[key.id for key in keys])}
    return {key: _known(rows.get(key.id)) for key in keys}


async def save_gap(
    tx: Connection, key: Key, gap: ExemplarGap, *, said: bool, to_assemble: bool, cause: Cause
) -> None:
    """A gap as it is now; what was never `said` is kept without a state."""
    await queries.save_gap(
        tx,
        id=key.id,
        revision=gap.revision if said else 0,
        standard_role=key.standard_role,
        level=key.level,
        status=gap.status,
        item_id=gap.item_id,
        state=gap.model_dump_json() if said else None,
        to_assemble=to_assemble,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
    )


async def gaps_to_assemble(connection: Connection) -> list[Due]:
    """The gaps whose draft may have to be assembled anew."""
    return [
        Due(Key(row["standard_role"], row["level"]), row["item_id"], row["assembled_from"])
        async for row in queries.gaps_to_assemble(connection)
    ]


async def lock_gap(tx: Connection, key: Key) -> Locked | None:
    """A gap that still waits for its draft; None where it does not any more."""
    row = await queries.lock_gap(tx, id=key.id)
    if row is None or not row["to_assemble"]:
        return None
    gap = ExemplarGap.model_validate_json(row["state"]) if row["state"] else None
    return Locked(row["status"], row["item_id"], gap, Cause(row["correlation_id"], row["causation_id"]))


async def mark_assembled(tx: Connection, key: Key, *, digest: str, no_draft_because: str | None) -> None:
    """Its draft is what can be made of the adverts of that digest, or there is none, because."""
    await queries.mark_assembled(tx, id=key.id, assembled_from=digest, no_draft_because=no_draft_because)


async def grown_old(connection: Connection, *, before: datetime) -> list[Key]:
    """Keys that are advertised and whose exemplar was last reviewed before then, unnoticed so far."""
    return [
        Key(row["standard_role"], row["level"]) async for row in queries.grown_old(connection, before=before)
    ]


async def keys_of_roles(connection: Connection, standard_roles: Iterable[str]) -> list[Key]:
    """Every level at which any of these standard roles was ever advertised."""
    rows = queries.gaps_of_role(connection, standard_role=sorted(set(standard_roles)))
    return [Key(row["standard_role"], row["level"]) async for row in rows]


async def list_gaps(connection: Connection, *, everything: bool) -> list[tuple[ExemplarGap, str | None]]:
    """What is missing or old, each with the reason why nothing could be assembled for it, where nothing could."""
    rows = queries.list_gaps(connection, everything=everything)
    return [(ExemplarGap.model_validate_json(row["state"]), row["no_draft_because"]) async for row in rows]


def _key(row: Any) -> Key | None:
    return Key(row["standard_role"], row["level"]) if row["standard_role"] else None


def _known(row: Any) -> Known:
    if row is None:
        return Known()
    return Known(ExemplarGap.model_validate_json(row["state"]) if row["state"] else None, row["draft_id"])
