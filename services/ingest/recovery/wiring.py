"""What ingest says, and how it says it again."""

from collections.abc import AsyncIterator
from typing import Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import (
    Event,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
    SourceFailing,
    SourceRecovered,
    SourceState,
)
from loti_contracts.events.topics import ROLES, SOURCES
from services.ingest.recovery.adopting import adopt

_queries = queries_beside(__file__)


async def restate(tx: Connection) -> AsyncIterator[Event]:
    """Every board that something was said of, and every role, as they are now."""
    async for row in _queries.every_board_said(tx):
        source = SourceState.model_validate_json(row["said"])
        yield (SourceFailing if source.status == "failing" else SourceRecovered)(source=source)
    async for row in _queries.every_role(tx):
        yield _event(Role.model_validate_json(row["role"]))


def _event(role: Role) -> Event:
    """By which event a role that is so was said last, as far as its state tells."""
    if role.status == "closed":
        return RoleClosed(role=role)
    if role.revision > 1:
        return RoleChanged(role=role)
    return RoleReadvertised(role=role) if role.readvertises else RoleDiscovered(role=role)


RECOVERY: Final = Recovery(
    says=(SOURCES, ROLES),
    adopt=adopt,
    restate=restate,
    compared={
        # How polling goes is found by polling; only what was said of a board is had from topics.
        "sources": "SELECT id, said FROM sources WHERE said IS NOT NULL ORDER BY id",
        # Under which keys boards show adverts, and what each says beside the others, is found by reading them again.
        "sightings": "SELECT role_id, source, reading->'links'->>0 AS link FROM sightings"
        " WHERE reading->>'status' = 'open' ORDER BY role_id, source, link",
        "sighting_keys": "SELECT DISTINCT role_id FROM sighting_keys JOIN sightings ON sightings.id = sighting"
        " ORDER BY role_id",
    },
)
