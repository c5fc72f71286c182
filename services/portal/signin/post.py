"""The post room: answers by mail what was asked for on pages, one after the other, and again where the relay fails.

What waits is in a table, so that nothing is lost when a process stops. A mail may go twice, if a process dies between
the relay's yes and its note of it: then each has a link that works. The SQL is in `queries.sql`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING, queries_beside
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from services.portal.settings import PortalSettings
from services.portal.signin import links
from services.portal.signin.addresses import Address
from services.portal.signin.asking import CHANNEL, Wants
from services.portal.signin.letter import For, Letter, message
from services.portal.signin.people import forget_unanswered, may_come, propose
from services.portal.signin.relay import NotNow, Refused, Send, smtp

_queries = queries_beside(__file__)
_log = structlog.get_logger("signin")

_IN_HAND: Final = timedelta(minutes=1)
"""How long nobody else takes what a process has in hand; longer than the relay may need."""

_AGAIN: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 40, 60))
_LOOK: Final = 5.0
_TIDY: Final = timedelta(minutes=10)
_UNANSWERED: Final = timedelta(days=90)
"""As long as the question can be answered that is mailed to somebody who asked to hear from us."""


@dataclass(frozen=True, slots=True)
class PostRoom:
    """Answers what waits. `send` hands a mail to the relay."""

    pool: "asyncpg.Pool[Any]"
    settings: PortalSettings
    send: Send
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def answer_all(self) -> None:
        """Whatever is due now."""
        while await self.answer_one():
            pass

    async def answer_one(self) -> bool:
        """The oldest that is due; whether there was one."""
        now = self.clock()
        row = await _queries.take_post(self.pool, now=now, until=now + _IN_HAND)
        if row is None:
            return False
        number, address = row["number"], Address(row["email"])
        if now > row["asked_at"] + self._lasts:
            _log.warning("sign_in_mail_given_up", number=number, tries=row["tries"] - 1)
        elif row["wants"] is not None and await self._proposed(address, row["wants"]):
            pass  # who is asked by mail whether it wants that needs no mail from here
        elif await may_come(self.pool, address):
            for_: For = "sign in" if row["wants"] is None else "choose what comes"
            put_off = await self._mail(number, address, row["back_to"], for_, tries=row["tries"])
            if put_off is not None:
                await _queries.put_off_post(self.pool, number=number, due_at=self.clock() + put_off)
                return True
        await _queries.drop_post(self.pool, number=number)
        return True

    async def seconds_to_next(self) -> float:
        """Until something is due, or it is time to look."""
        due_at = await _queries.next_post(self.pool)
        return _LOOK if due_at is None else min(_LOOK, max(0.0, (due_at - self.clock()).total_seconds()))

    async def tidy(self) -> None:
        """Forget what has ended."""
        now = self.clock()
        await _queries.tidy(
            self.pool, now=now, asked_since=now - timedelta(hours=1), links_since=now - timedelta(hours=1)
        )
        async with self.pool.acquire() as tx, tx.transaction():
            if gone := await forget_unanswered(tx, asked_before=now - _UNANSWERED):
                _log.info("unanswered_contacts_forgotten", contacts=gone)

    @property
    def _lasts(self) -> timedelta:
        return timedelta(minutes=self.settings.link_minutes)

    async def _proposed(self, address: Address, wants: str) -> bool:
        async with self.pool.acquire() as tx, tx.transaction():
            return await propose(tx, address, Wants.model_validate_json(wants)) is not None

    async def _mail(
        self, number: int, address: Address, back_to: str, for_: For, *, tries: int
    ) -> timedelta | None:
        """Send a link of its own; after how long to try again, where the relay cannot take it now."""
        now, site = self.clock(), self.settings
        async with self.pool.acquire() as tx, tx.transaction():
            token = await links.make(tx, address, back_to, now=now, lasts=self._lasts)
        url = f"{site.portal_url}/sign-in/{token}"
        letter = Letter(for_, url, now, now + self._lasts, site.site_name, site.portal_url)
        try:
            await self.send(message(letter, to=address.email, sender=site.sender, message_id=str(uuid4())))
        except (NotNow, Refused) as error:
            async with self.pool.acquire() as tx, tx.transaction():
                await links.drop(tx, token)
            again = _AGAIN[min(tries, len(_AGAIN)) - 1] if isinstance(error, NotNow) else None
            _log.warning("sign_in_mail_not_sent", number=number, why=str(error), again=again is not None)
            return again
        _log.info("sign_in_mail_sent", number=number)
        return None


def post_room(settings: PortalSettings) -> Loop:
    """Answers as soon as something is asked for, until stopped. Raises BadTrust."""
    send = smtp(settings)

    async def answering(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        room, backoff = PostRoom(pool, settings, send), Backoff(first=0.2, most=5.0)
        while not stopping.is_set():
            try:
                await _answer_until(room, stopping, backoff)
            except PASSING as error:
                _log.warning("post_room_interrupted", error=type(error).__name__)
                await backoff.wait(stopping)

    return answering


async def _answer_until(room: PostRoom, stopping: asyncio.Event, backoff: Backoff) -> None:
    """On a connection of its own, which hears that something was asked for."""
    asked, tidy_at = asyncio.Event(), room.clock()
    listener = await asyncpg.connect(
        room.settings.database.get_secret_value(), timeout=10, command_timeout=30
    )
    try:
        await listener.add_listener(CHANNEL, lambda *_: asked.set())
        while not stopping.is_set():
            asked.clear()
            await room.answer_all()
            if room.clock() >= tidy_at:
                await room.tidy()
                tidy_at = room.clock() + _TIDY
            backoff.reset()
            await wait_for_any(asked, stopping, timeout=await room.seconds_to_next())
    finally:
        listener.terminate()
