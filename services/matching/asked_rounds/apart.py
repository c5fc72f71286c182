"""Deciding in a process of its own: the solver keeps a processor busy for seconds, and events are heard meanwhile.

`python -m services.matching.asked_rounds.apart` reads the facts as JSON and writes the result as JSON.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable

import structlog

from loti_contracts.events import RoundResult
from services.matching.asked_rounds.facts import Asked

_log = structlog.get_logger("rounds")

Decide = Callable[[Asked, asyncio.Event], Awaitable[RoundResult | None]]
"""Decides a round; None where it was stopped first. Raises Undecided."""

_LESS_URGENT = 10


class Undecided(Exception):
    """The process ended without a result: a defect, or too little memory."""


async def decide_apart(asked: Asked, stopping: asyncio.Event) -> RoundResult | None:
    """Decide a round in a process of its own, which ends at once when `stopping` is set."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,  # or the terminal's Ctrl-C would end it before we know that we are to stop
    )
    working = asyncio.create_task(child.communicate(asked.model_dump_json().encode()))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return None
        out, err = await working
    finally:
        stopped.cancel()
        if child.returncode is None:
            child.kill()
        await asyncio.wait({working})
    if child.returncode:
        tail = err.decode(errors="replace").strip().splitlines()[-1:]
        _log.error("round_undecided", round_id=asked.round.id, code=child.returncode, error=tail)
        raise Undecided(f"the process that decided it ended with code {child.returncode}")
    return RoundResult.model_validate_json(out)


def _main() -> None:
    from services.matching.asked_rounds.deciding import decide  # the solver's libraries are loaded here alone

    os.nice(_LESS_URGENT)
    result = decide(Asked.model_validate_json(sys.stdin.buffer.read()))
    sys.stdout.write(result.model_dump_json())


if __name__ == "__main__":
    _main()
