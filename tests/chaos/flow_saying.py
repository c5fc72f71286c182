"""Saying and asking until it is taken, whatever is down; the same statement under the same id, however often."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from random import Random

import asyncpg
import httpx2
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import Envelope, Event, encode, envelop, topic_named
from tests.chaos.addresses import Addresses
from tests.chaos.flow_adverts import Adverts
from tests.chaos.ledger import Ledger

_NAMESPACE = uuid.UUID("6d0b5e0c-0c8e-5b52-9c0c-8b6f6f3a8f21")
AGAIN_FOR = 900.0
"""Seconds for which something is tried again; after that the flow itself has failed."""
_A_TRY = 30.0
PASSING = (KafkaError, OSError, TimeoutError, httpx2.HTTPError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a fault looks like from outside."""


class NotTaken(RuntimeError):
    """Something could not be put in for minutes: the run says nothing of the system then."""


async def until_taken(what: str, do: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again until it was done. Raises NotTaken."""
    backoff, never = Backoff(first=0.2, most=2.0), asyncio.Event()
    last: Exception | None = None
    try:
        async with asyncio.timeout(AGAIN_FOR):
            while True:
                try:
                    async with asyncio.timeout(_A_TRY):
                        await do()
                except PASSING as error:
                    last = error
                    await backoff.wait(never)
                else:
                    return
    except TimeoutError as error:
        raise NotTaken(f"{what} was not taken within {AGAIN_FOR:g} s; the last time: {last!r}") from error


class Speaker:
    """Says what people state. One producer, as long as it works; what was said in vain is said again, by another one.

    Two speakers must not speak of one thing: each keeps its own order alone.
    """

    def __init__(self, kafka: str, ledger: Ledger) -> None:
        self._kafka = kafka
        self._ledger = ledger
        self._producer: AIOKafkaProducer | None = None

    async def state(self, events: Sequence[Event]) -> None:
        """Say these, in order; they are in the ledger once the broker has them all. Raises NotTaken."""
        if events:
            await until_taken(f"{events[0].type} of {events[0].subject}", lambda: self._say(events))
            self._ledger.said.extend(events)

    async def close(self) -> None:
        """Let go of the broker."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()

    async def _say(self, events: Sequence[Event]) -> None:
        try:
            if self._producer is None:
                self._producer = AIOKafkaProducer(
                    bootstrap_servers=self._kafka,
                    acks="all",
                    enable_idempotence=True,
                    request_timeout_ms=15_000,
                )
                await self._producer.start()
            sent = []
            for event in events:
                key, value, headers = encode(_statement(event))
                sent.append(await self._producer.send(event.topic, key=key, value=value, headers=headers))
            await asyncio.gather(*sent)
        except BaseException:
            await self.close()
            raise


def _statement(event: Event) -> Envelope[Event]:
    """The same however often it is said."""
    source = f"/loti/{topic_named(event.topic).owner}"
    return envelop(event, source=source, time=datetime.now(UTC), id=id_of(event))


def id_of(event: Event) -> str:
    """The id under which it is said."""
    return str(uuid.uuid5(_NAMESPACE, f"{event.type}\n{event.subject}\n{event.model_dump_json()}"))


async def post_adverts(
    addresses: Addresses,
    adverts: Adverts,
    random: Random,
    seen: set[str],
    *,
    turns: Callable[[], Awaitable[bool]],
) -> None:
    """Put adverts up, change them, take them down, put them up again; a turn whenever `turns` lets one, until it is False.

    What nobody has `seen` yet stays as it is: a board that is changed between two readings was never read so.
    """
    async with httpx2.AsyncClient(base_url=addresses.boards, timeout=10) as client:
        while await turns():
            board = turn(adverts, random, seen)
            await until_taken(f"the adverts of {board}", lambda board=board: show(client, adverts, board))  # type: ignore[misc]


async def show(client: httpx2.AsyncClient, adverts: Adverts, board: str) -> None:
    """Make a board show what it should; the same asked twice is the same."""
    answer = await client.put(f"/control/{board}", json=adverts.wish(board))
    answer.raise_for_status()


def turn(adverts: Adverts, random: Random, seen: set[str]) -> str:
    """Change something; the board where it is."""
    now = datetime.now(UTC)
    up = [one for one in adverts.postings.values() if one.shown and (one.id in seen or not one.digital)]
    down = [one for one in adverts.postings.values() if not one.shown and one.id not in seen]
    chance = random.random()
    if chance < 0.25 and up:
        posting = random.choice(up)
        adverts.change(posting, now)
        seen.discard(posting.id)
    elif chance < 0.48 and len(up) > 8:
        posting = random.choice(up)
        adverts.take_down(posting, now)
    elif chance < 0.58 and down:
        posting = random.choice(down)
        adverts.put_up_again(posting, now)
    else:
        posting = adverts.put_up(now)
    return posting.board
