"""The state machine: people say things, processes are killed, paused, replaced, and come back; then all must be right.

`python -m tests.model.machine` runs it on the servers that LOTI_TEST_KAFKA and LOTI_TEST_POSTGRES name.
"""

import asyncio
import random
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.model.gates import OF_CONSUMER, OF_RELAY, Worker
from tests.model.looking import found_in, standing
from tests.model.patience import until
from tests.model.people import People
from tests.model.world import World

PATIENCE = 20.0
"""Seconds until consumers that have not come to rest are started anew, and as many again until all is called stuck."""

_ROLES = st.sampled_from(["relay", "consumer"])
_GATES = {"relay": OF_RELAY, "consumer": OF_CONSUMER}


class Delivery(RuleBasedStateMachine):
    """One run over a world that is shared by all; its things are its own."""

    world: ClassVar[World]
    run: ClassVar[Any]
    steps: ClassVar[int] = 0
    restarted: ClassVar[int] = 0
    found: ClassVar[str | None] = None

    @initialize(seed=st.integers(0, 2**32))
    def begin_anew(self, seed: int) -> None:
        """Everything is at rest, one process of each kind runs."""
        self.chance = random.Random(seed)
        self.people = People(self.world)
        self.begins_at = self.run(self.world.ends())
        for role in _GATES:
            if not self._live(role):
                self.run(self.world.start(role, "a"))

    @rule(things=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True), poison=st.integers(0, 9))
    def say(self, things: list[int], poison: int) -> None:
        """A transaction says something of some things."""
        self._count()
        self.run(self.people.begin(9, things, poison == 0))
        self.run(self.people.end(9, True))

    @precondition(lambda self: len(self.people.open) < 2)
    @rule(things=st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True))
    def begin(self, things: list[int]) -> None:
        """A transaction that stays open for a while."""
        self._count()
        self.run(self.people.begin(min({0, 1} - self.people.open.keys()), things, False))

    @precondition(lambda self: self.people.open)
    @rule(commit=st.sampled_from([True, True, False]), first=st.booleans())
    def end(self, commit: bool, first: bool) -> None:
        """It commits, or it is rolled back."""
        self._count()
        self.run(self.people.end(min(self.people.open) if first else max(self.people.open), commit))

    @rule(
        role=_ROLES,
        gate=st.integers(0, 3),
        after=st.sampled_from(["kill", "kill", "pause", "replace", "cut"]),
    )
    def stop(self, role: str, gate: int, after: str) -> None:
        """A process stops somewhere: for good, for a while, or while another takes its place."""
        self._count()
        self.run(self._stop(role, _GATES[role][gate], after))

    @rule(first=st.booleans())
    def resume(self, first: bool) -> None:
        """A paused process goes on, as if no time had gone."""
        self._count()
        paused = [worker for worker in self.world.workers if worker.at]
        if paused:
            self._resume(paused[0 if first else -1])
        self.run(asyncio.sleep(0.1))

    @rule(role=_ROLES)
    def another(self, role: str) -> None:
        """A second process of the same service comes."""
        self._count()
        if len(self._live(role)) == 1 and not any(
            w.member == "b" for w in self.world.workers if w.role == role
        ):
            self.run(self.world.start(role, "b"))
            self.run(asyncio.sleep(0.1))

    @rule()
    def leave(self) -> None:
        """One of two relays goes, in good order. A consumer with a name of its own in the group is missed there only after
        its session has run out: too long for a step."""
        self._count()
        if len(live := self._live("relay")) > 1:
            self.run(self.world.leave(live[0]))

    @rule(
        refusals=st.integers(0, 6),
        bugs=st.integers(0, 2),
        things=st.lists(st.integers(0, 1), min_size=2, max_size=4),
    )
    def refuse(self, refusals: int, bugs: int, things: list[int]) -> None:
        """The next handlers ask to be tried again, or fail for no reason of their message; and there is much to handle."""
        self._count()
        self.world.refusals, self.world.bugs = refusals, bugs
        for number, thing in enumerate(things):
            self.run(self.people.begin(9, [thing], number == 1 and refusals == 0))
            self.run(self.people.end(9, True))

    @rule()
    def set_clock_back(self) -> None:
        """The database's clock is set back by an hour."""
        self._count()
        self.run(self.world.said.execute("UPDATE clock SET shift = shift - interval '1 hour'"))

    def teardown(self) -> None:
        """Faults end; all comes to rest, and is right."""
        if hasattr(self, "people") and self.found is None:
            try:
                self.run(self._come_to_rest())
                self.run(self._check())
            except AssertionError as error:
                type(self).found = str(error)
                raise

    def _count(self) -> None:
        type(self).steps += 1

    def _live(self, role: str) -> list[Worker]:
        return [w for w in self.world.workers if w.role == role and not w.at and not w.stopping.is_set()]

    def _resume(self, worker: Worker) -> None:
        """One whose name another took meanwhile does what it had in hand, and is ended then."""
        worker.go.set()
        if worker.replaced and worker.role == "consumer":
            worker.stopping.set()
            self.world.workers.remove(worker)

    async def _stop(self, role: str, gate: str, after: str) -> None:
        live = self._live(role)
        if not live:
            return
        for worker in live:
            worker.stops_at = gate
        await self.people.begin(9, [self.chance.randrange(3)], False)
        await self.people.end(9, True)

        async def stopped() -> bool:
            return any(worker.at for worker in live) or await self.world.idle()

        await until(stopped, seconds=3)
        for worker in live:
            worker.stops_at = None
        for worker in live:
            if worker.at:
                await self._after_stop(worker, after)

    async def _after_stop(self, worker: Worker, after: str) -> None:
        if after in ("kill", "cut"):
            await self.world.cut(worker)
        if after == "kill":
            self.world.workers.remove(worker)
        # A consumer that is gone for good must be out of the group: whoever takes its name there puts it out.
        if after != "pause" and (worker.role == "consumer" or not self._live(worker.role)):
            worker.replaced = True
            await self.world.start(worker.role, worker.member)

    async def _come_to_rest(self) -> None:
        for slot in list(self.people.open):
            await self.people.end(slot, True)
        self.world.refusals = self.world.bugs = 0
        for worker in [worker for worker in self.world.workers if worker.at]:
            if self.chance.random() < 0.5:
                self._resume(worker)
            else:
                await self._after_stop(worker, "kill")
        await asyncio.sleep(0.1)
        for role in _GATES:
            if not self._live(role):
                await self.world.start(role, "a")
        rest = 0

        async def at_rest() -> bool:
            nonlocal rest
            rest = rest + 1 if await self.world.idle() else 0
            return rest >= 3

        if await until(at_rest, seconds=PATIENCE):
            return
        # aiokafka can leave a member that took over another's name without a position, for ever; a watchdog ends that.
        for worker in [worker for worker in self.world.workers if worker.role == "consumer"]:
            type(self).restarted += 1
            await self._after_stop(worker, "kill")
        if not await until(at_rest, seconds=PATIENCE):
            raise AssertionError(f"stuck for {2 * PATIENCE:.0f} s: {await standing(self.world)}")

    async def _check(self) -> None:
        found = await found_in(self.world, self.people, self.begins_at)
        if found:
            raise AssertionError("; ".join(found))
