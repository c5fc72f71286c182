"""Whoever pushes brings the kept secrets under the newest key first: those in the clear, and those under an older key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from services.webhooks.push.endpoints import queries
from services.webhooks.push.sealing import NotOpened, Seals

_log = structlog.get_logger("resealing")


async def reseal(connection: "asyncpg.Connection[Any]", seals: Seals, *, now: datetime) -> int:
    """Seal what is not sealed with the newest key, forget old secrets that do not sign any more; how many rows were
    changed. What cannot be opened is left as it is, and said."""
    changed = 0
    async with connection.transaction():
        kept = [row async for row in queries.kept_secrets(connection)]
        for row in kept:
            try:
                wanted = _wanted(row, seals, now)
            except NotOpened as error:
                _log.error("secret_not_opened", endpoint=row["name"], why=str(error))
                continue
            if wanted != (row["secret"], row["old_secret"]):
                await queries.keep_secrets(
                    connection, name=row["name"], secret=wanted[0], old_secret=wanted[1]
                )
                changed += 1
    if changed:
        _log.info("secrets_sealed", endpoints=changed)
    return changed


def _wanted(row: Mapping[str, Any], seals: Seals, now: datetime) -> tuple[str, str | None]:
    """How both secrets of a row should be kept; of one that was rotated since its key was lost, the new one alone. Raises
    NotOpened."""
    name, old, until = row["name"], row["old_secret"], row["old_secret_until"]
    newest = _newest(row["secret"], name, seals)
    if old is None or until is None or now >= until:
        return newest, None
    try:
        return newest, _newest(old, name, seals)
    except NotOpened:
        return newest, None


def _newest(kept: str, name: str, seals: Seals) -> str:
    if seals.is_newest(kept, endpoint=name):
        return kept
    return seals.seal(seals.open(kept, endpoint=name), endpoint=name)
