"""The bounce mailbox: a Maildir into which a mail system delivers what comes back.

Each file in `new` is heard once and moved to `cur` when its effect is committed; one that nothing can be done with goes to
`refused`, with the reason in a file beside it, for a person to look at. A kill in between leaves the file where it
was, and to hear a report again changes nothing. So nothing is lost, and several processes may read at once.
"""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from services.notify.reports import heard, parts
from services.notify.reports.heard import Heard
from services.notify.settings import NotifySettings

_log = structlog.get_logger("reports")

Pool: TypeAlias = "asyncpg.Pool[Any]"
_SEEN: Final = ":2,S"


def bounce_reader(settings: NotifySettings) -> Loop:
    """The loop that reads the mailbox; without one it only waits for the end."""

    async def read_loop(pool: Pool, stopping: asyncio.Event) -> None:
        if settings.bounce_mailbox is None:
            await stopping.wait()
            return
        await BounceMailbox(settings.bounce_mailbox, settings).run(pool, stopping)

    return read_loop


class BounceMailbox:
    """One Maildir."""

    def __init__(self, folder: Path, settings: NotifySettings) -> None:
        self._folder = folder
        self._settings = settings

    async def run(self, pool: Pool, stopping: asyncio.Event) -> None:
        """Read whatever comes, until stopped; while the folder or the database is away, try again with back-off."""
        backoff = Backoff(first=0.2, most=30.0)
        while not stopping.is_set():
            try:
                await self.read_new(pool, stopping)
            except PASSING as error:
                _log.error("bounce_mailbox_waits", error=type(error).__name__, detail=str(error)[:200])
                await backoff.wait(stopping)
                continue
            backoff.reset()
            await wait_for_any(stopping, timeout=self._settings.bounce_poll)

    async def read_new(self, pool: Pool, stopping: asyncio.Event) -> None:
        """Hear what is in `new`, oldest first. What must wait for its mail stays there.

        Raises OSError where the folder cannot be read, and what an outage of the database raises.
        """
        for name in await asyncio.to_thread(self._names):
            if stopping.is_set():
                return
            await self._hear(pool, name)

    async def _hear(self, pool: Pool, name: str) -> None:
        try:
            raw = await asyncio.to_thread(self._read, name)
        except FileNotFoundError:  # another process was faster
            return
        try:
            async with pool.acquire() as tx, tx.transaction():
                found = await heard.hear(tx, self._settings, raw, datetime.now(UTC))
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - one report that finds a bug must not hold up the rest
            _log.exception("report_not_heard", file=name)
            found = Heard("not taken", f"it could not be heard: {type(error).__name__}")
        if found.ending != "later":
            _log.info("report_heard", file=name, ending=found.ending, words=found.words)
            await asyncio.to_thread(self._put_away, name, found)

    def _names(self) -> Sequence[str]:
        with os.scandir(self._folder / "new") as entries:
            return sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))

    def _read(self, name: str) -> bytes:
        with (self._folder / "new" / name).open("rb") as file:
            return file.read(parts.LARGEST + 1)

    def _put_away(self, name: str, found: Heard) -> None:
        file = self._folder / "new" / name
        if found.ending == "not taken":
            place = self._folder / "refused"
            place.mkdir(exist_ok=True)
            (place / f"{name}.why").write_text(found.words + "\n", encoding="utf-8")
            target = place / name
        else:
            place = self._folder / "cur"
            place.mkdir(exist_ok=True)
            target = place / f"{name}{'' if ':2,' in name else _SEEN}"
        try:
            file.rename(target)
        except FileNotFoundError:
            _log.info("report_put_away_by_another", file=name)
