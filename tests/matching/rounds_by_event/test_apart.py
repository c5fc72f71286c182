"""Deciding in a process of its own: the same result, ended when it must be, and never for ever undecided."""

import asyncio
from typing import Any

from loti_contracts.events import NotPaired, RoundResult
from services.matching.asked_rounds.apart import Undecided, decide_apart
from services.matching.asked_rounds.clock import RoundClock
from services.matching.asked_rounds.deciding import decide
from services.matching.asked_rounds.facts import Asked, Asking, Offering
from services.matching.supporter_now import SupporterNow
from tests.matching.hearing import Alone, hear, town
from tests.matching.making import NOON
from tests.matching.rounds_by_event.hall import a_round, asks, hear_round, mentors, results


def asked() -> Asked:
    """A round of two."""
    return Asked(
        round=a_round(),
        asking=(Asking(request=asks(1)), Asking(request=asks(2))),
        offering=(Offering.of(SupporterNow(mentors(1))),),
        fresh_for=6,
        revision=1,
        now=NOON,
    )


async def test_the_result_is_the_same_in_another_process() -> None:
    """What is decided apart is what is decided here."""
    assert await decide_apart(asked(), asyncio.Event()) == decide(asked())


async def test_a_stop_ends_it_at_once() -> None:
    """A service that stops does not wait for a round: it is decided after the next start."""
    stopping = asyncio.Event()
    stopping.set()
    assert await decide_apart(asked(), stopping) is None


async def test_what_cannot_be_decided_is_refused_after_two_tries(db: Any) -> None:
    """A process that dies does not keep the round, or those after it, waiting for ever: the result says so."""
    tries = []

    async def dies(facts: Asked, stopping: asyncio.Event) -> RoundResult | None:
        tries.append(facts.round.id)
        raise Undecided("the process that decided it ended with code -9")

    await hear(db, asks(1), mentors(1))
    await hear_round(db, a_round())
    clock = RoundClock(town.looking, every=1, decide=dies)
    turned = [await clock.turn(Alone(db), asyncio.Event()) for _ in range(2)]  # type: ignore[arg-type]
    assert (turned, tries) == ([1, 0], ["round-1", "round-1"])
    (result,) = await results(db)
    assert result.status == "refused"
    assert "ended with code -9" in (result.why or "")


async def test_a_result_that_is_too_large_for_a_message_is_refused(db: Any) -> None:
    """It says that the round must be split."""
    many = tuple(NotPaired(request_id=f"r{n}", borough="E09000007", why="x" * 1_000) for n in range(1_000))

    async def talks_much(facts: Asked, stopping: asyncio.Event) -> RoundResult | None:
        return decide(facts).model_copy(update={"not_paired": many})

    await hear(db, asks(1), mentors(1))
    await hear_round(db, a_round())
    await RoundClock(town.looking, every=1, decide=talks_much).turn(Alone(db), asyncio.Event())  # type: ignore[arg-type]
    (result,) = await results(db)
    assert result.status == "refused"
    assert "Split the round" in (result.why or "")
