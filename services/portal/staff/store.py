"""Reads how the system does from the read model."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import ConsumerState, DeadLetter, SourceState, State
from services.portal.heard.columns import TABLES
from services.portal.staff.boards import Counted

_queries = queries_beside(__file__)

Status = Literal["parked", "replayed", "discarded"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `asked_at`: when its replay was asked for, where nothing came of that yet."""

    letter: DeadLetter
    asked_at: datetime | None

    @property
    def message(self) -> str | None:
        """The message's value as text, cut where it is long; None where it is kept by its service alone."""
        if self.letter.value is None:
            return None
        return base64.b64decode(self.letter.value).decode(errors="replace").replace("\0", "�")[:4_000]


async def count_sources(db: Connection) -> list[Counted]:
    """Each board that ever showed a role, by its id. Reads every role's row in the index."""
    return [Counted(**row) async for row in _queries.count_sources(db)]


async def source_states(db: Connection) -> list[SourceState]:
    """Each board that could not be read at least once."""
    return [SourceState.model_validate_json(row["state"]) async for row in _queries.source_states(db)]


async def stopped(db: Connection) -> list[ConsumerState]:
    """Each service that stopped over too many dead letters, longest first."""
    return [ConsumerState.model_validate_json(row["state"]) async for row in _queries.stopped(db)]


async def count_fresh(db: Connection, *, since: datetime) -> int:
    """How many dead letters were set aside since then and are so still."""
    return int(await _queries.count_fresh(db, since=since))


async def letters(
    db: Connection, *, status: Status | None, before: datetime | None, most: int
) -> list[Letter]:
    """Dead letters, newest first."""
    return [_letter(row) async for row in _queries.letters(db, status=status, before=before, most=most)]


async def parked_letters(db: Connection, *, most: int) -> list[str]:
    """Ids of the dead letters whose replay nobody asked for since they were parked, oldest first."""
    return [row["id"] async for row in _queries.parked_letters(db, most=most)]


async def count_letters(db: Connection) -> dict[str, int]:
    """Status → how many dead letters."""
    return {row["status"]: row["letters"] async for row in _queries.count_letters(db)}


async def audited(
    db: Connection, *, contact_id: str | None, subject: str | None, before: int | None, most: int
) -> Sequence[Any]:
    """Lines of the audit log, newest first."""
    rows = _queries.audited(db, contact_id=contact_id, subject=subject, before=before, most=most)
    return [row async for row in rows]


async def newest_of(db: Connection, kind: type[State]) -> str | None:
    """The thing of that kind that was said last, as JSON without long texts; None where there is none."""
    name = TABLES[kind].name
    found: str | None = await db.fetchval(
        f"SELECT state - 'description' FROM {name} WHERE id = (SELECT id FROM {name} ORDER BY {_newest(kind)} LIMIT 1)"
    )
    return found


def _newest(kind: type[State]) -> str:
    """By what the table has in order: a role's when it was found, else any that is at hand."""
    return {"role": "found_at DESC, id", "signal": "said_at DESC"}.get(TABLES[kind].name, "id")


def _letter(row: Any) -> Letter:
    letter = DeadLetter.model_validate_json(row["state"])
    waiting = (
        row["asked_at"] is not None
        and row["asked_at"] >= row["said_at"]
        and letter.status not in ("replayed", "discarded")
    )
    return Letter(letter, row["asked_at"] if waiting else None)
