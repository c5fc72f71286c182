"""A steady flow through the whole system: adverts on the sample boards, statements of people, forms on the portal.

Everything that it puts in is in its ledger. Put in again after a fault, it is the same: nothing is said twice by the flow.
"""

import asyncio
from datetime import UTC, datetime
from random import Random

from loti_contracts.delivery.waiting import wait_for_any
from tests.chaos.addresses import Addresses
from tests.chaos.flow_adverts import Adverts
from tests.chaos.flow_listening import Listening
from tests.chaos.flow_people import ASKING, People
from tests.chaos.flow_portal import visit
from tests.chaos.flow_pushed import Endpoint
from tests.chaos.flow_saying import Speaker, post_adverts
from tests.chaos.ledger import Ledger

ERASURES = 2


class Flow:
    """`a_minute`: how many things it puts in, half of them on boards. The seed decides what they are, not when."""

    def __init__(self, addresses: Addresses, seed: int, *, a_minute: float = 80.0) -> None:
        self._addresses = addresses
        self._random = Random(seed)
        self._every = 2 * 60.0 / a_minute
        self.ledger = Ledger(seed)
        self.people = People(Random(self._random.random()))
        self.adverts = Adverts(Random(self._random.random()), self.ledger.postings)
        self._endpoint = Endpoint(self.ledger)

    async def run(self, stopping: asyncio.Event) -> Ledger:
        """Put things in until `stopping`; what is under way then is finished. Its endpoint goes on taking what is pushed
        until `close`. Raises NotTaken."""
        await self._endpoint.open(self._addresses)
        speaker = Speaker(self._addresses.kafka, self.ledger)
        await speaker.state(self.people.introduce_themselves(datetime.now(UTC)))
        listening = Listening(self.people, self.ledger.postings, Random(self._random.random()))
        turning = Random(self._random.random())

        async def turns() -> bool:
            return not await wait_for_any(stopping, timeout=self._every)

        async with asyncio.TaskGroup() as work:
            work.create_task(listening.listen(self._addresses.kafka, self.ledger, stopping))
            work.create_task(
                post_adverts(self._addresses, self.adverts, turning, listening.seen, turns=turns)
            )
            work.create_task(self._speak(speaker, stopping))
            work.create_task(visit(self._addresses, self.ledger, ASKING, stopping, every=4 * self._every))
        await speaker.close()
        self.ledger.ended = datetime.now(UTC)
        return self.ledger

    async def close(self) -> None:
        """Nothing is taken any more."""
        await self._endpoint.close()

    async def _speak(self, speaker: Speaker, stopping: asyncio.Event) -> None:
        """What people state; early on and later somebody is erased."""
        spoken = 0
        while not await wait_for_any(stopping, timeout=self._every):
            spoken += 1
            now = datetime.now(UTC)
            if len(self.ledger.erased) < ERASURES and spoken % 17 == 0:
                said = self.people.erase(now)
                await speaker.state(said)
                self.ledger.erased.append(said[0].subject)
            else:
                await speaker.state(self.people.next(now))
