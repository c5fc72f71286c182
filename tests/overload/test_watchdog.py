"""What stands still is noticed and started again; what works hard is left alone. Real processes, a real broker."""

import asyncio
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local import watching
from deploy.local.children import Child
from deploy.local.programs import Program
from deploy.local.server import remembered_port
from deploy.local.settings import environment
from deploy.local.watching import PATIENCE, Silences, end_the_silent
from loti_contracts.delivery import watchdog
from loti_contracts.delivery.watchdog import STUCK, Stuck, Watchdog, place_of, stack_of
from tests.delivery.counting import effects, publish, request, until
from tests.servers import Kafka, Postgres

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals as Linux has them")


SHORT = {"LOTI_HUNG_AFTER": "2", "LOTI_FROZEN_AFTER": "2"}
"""The eyes of a watchdog in a hurry."""


async def still(
    way: str, kafka: Kafka, postgres: Postgres, folder: Path
) -> tuple[Program, str, dict[str, int]]:
    """A service that hears one event and stands still in it; its database, and what effects there must be in the end."""
    dsn, topic = await postgres.create_database(), await kafka.create_topic()
    said = request(1)
    await publish(kafka.bootstrap, topic, [said])
    port = remembered_port(folder / f"{way}-port")
    settings = {
        "LOTI_KAFKA": kafka.bootstrap,
        "LOTI_DATABASE": dsn,
        "LOTI_HTTP_PORT": str(port),
        "LOTI_TEST_STILL": way,
        "LOTI_TEST_TOPIC": topic,
        "LOTI_TEST_SERVICE": f"still-{secrets.token_hex(4)}",
        "LOTI_TEST_MARKER": str(folder / f"{way}-began"),
    }
    program = Program(
        way,
        "tests.overload.standing_service",
        folder / f"{way}.log",
        environment=environment() | settings,
        health=f"http://127.0.0.1:{port}/health",
    )
    return program, dsn, {said.id: 1}


async def had_effect(dsn: str, wanted: dict[str, int]) -> None:
    async def so() -> bool:
        return await effects(dsn) == wanted

    await until(so)


def child(program: Program) -> Child:
    assert program.child is not None
    return program.child


@pytest.mark.xdist_group("servers")
async def test_what_stands_still_is_ended_and_goes_on_when_it_is_started_again(
    kafka: Kafka, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that waits for ever ends its process in good order, an event loop that does not turn at once, with a status
    for its supervisor; the log says where. A process that is stopped from outside cannot watch itself: its supervisor
    notices. The event has its effect once after the next start."""
    monkeypatch.setattr(watching, "ASK_EVERY", 0.25)

    async def stands(way: str, status: int, *, again: bool) -> None:
        program, dsn, wanted = await still(way, kafka, postgres, tmp_path)
        usual = program.environment
        program.environment = {**usual, **SHORT}
        await program.start()
        try:
            assert await child(program).wait(180) == status, child(program).last_lines()
            assert way in program.log.read_text(), "the stack names the place"
            assert await effects(dsn) == {}
            if again:
                program.environment = usual
                await program.start()
                await had_effect(dsn, wanted)
        finally:
            child(program).kill()

    async def is_stopped() -> None:
        program, dsn, wanted = await still("is_stopped", kafka, postgres, tmp_path)
        await program.start()
        said: list[str] = []
        asking = None
        try:
            await until(lambda: asyncio.to_thread((tmp_path / "is_stopped-began").exists))
            asking = asyncio.create_task(end_the_silent([program], said.append))
            child(program).process.send_signal(signal.SIGSTOP)
            assert await child(program).wait(180) == -signal.SIGKILL
            asking.cancel()  # it is in a hurry here, and a start takes its time
            assert said == ["is_stopped runs and does not answer; ending it, so that it starts again"]
            assert await effects(dsn) == {}
            await program.start()
            await had_effect(dsn, wanted)
        finally:
            if asking is not None:
                asking.cancel()
            child(program).kill()

    await asyncio.gather(
        stands("waits_for_ever", 1, again=True),
        stands("loops_for_ever", STUCK, again=False),
        stands("holds_the_interpreter", -signal.SIGPROF, again=False),
        is_stopped(),
    )


async def test_hard_work_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a batch takes: while it goes from one `await` to the next, it is not stuck; standing at one of them, it
    is, and is cancelled."""
    monkeypatch.setattr(watchdog, "_LOOK", 0.01)
    over, ever = asyncio.Event(), asyncio.Event()

    async def batch() -> None:
        for _ in range(200):
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
        over.set()
        await ever.wait()

    task = asyncio.create_task(batch())
    watching_over = Watchdog(frozen_after=60, hung_after=0.05, drain=1)
    with pytest.raises(Stuck, match="stands at the same place"):
        await watching_over.look_after(lambda: task, asyncio.Event())
    assert over.is_set(), "not before its work was done"
    with pytest.raises(asyncio.CancelledError):
        await task


@given(st.lists(st.booleans()))
def test_silence_is_counted_in_a_row(answers: list[bool]) -> None:
    """Ended is who was silent ten times in a row, thirty if it never answered; each answer begins anew."""
    silences = Silences()
    for n, answered in enumerate(answers):
        before = answers[: n + 1]
        silent = next((k for k, one in enumerate(reversed(before)) if one), len(before))
        patience = PATIENCE if any(before) else 3 * PATIENCE
        assert silences.heard(1, answered=answered) == (silent >= patience)


async def test_the_place_of_a_task_changes_when_it_takes_a_step() -> None:
    """It is the same for as long as the task waits for one thing, even for the same kind of thing again; its stack names
    every coroutine down to there."""
    steps: list[asyncio.Event] = [asyncio.Event() for _ in range(3)]

    async def outer() -> None:
        for step in steps:
            await inner(step)

    async def inner(step: asyncio.Event) -> None:
        await step.wait()

    task: asyncio.Task[Any] = asyncio.create_task(outer())
    seen: list[object] = []
    for step in steps:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        place = place_of(task)
        await asyncio.sleep(0)
        assert place_of(task) is place
        assert not any(place is known for known in seen)
        seen.append(place)
        assert "in outer" in stack_of(task)
        assert "in inner" in stack_of(task)
        step.set()
    await task
