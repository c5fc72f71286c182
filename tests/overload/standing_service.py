"""A service that stands still in the middle of an event, in the way that LOTI_TEST_STILL names, the first time that it comes
there; started again, it does its work. `python -m tests.overload.standing_service`."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.process import Service, run
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Envelope, RequestStated, Topic
from tests.delivery.counting import COUNT, EFFECTS


async def waits_for_ever(_: Connection) -> None:
    """For what nobody will ever set."""
    await asyncio.Event().wait()


async def loops_for_ever(_: Connection) -> None:
    """In Python, so that threads still run."""
    while True:
        pass


async def holds_the_interpreter(_: Connection) -> None:
    """A regular expression of the kind that never ends: no thread runs beside it."""
    re.match(r"(a+)+$", "a" * 60 + "b")


async def is_stopped(_: Connection) -> None:
    """By somebody else, in the meantime."""
    await asyncio.sleep(30)


WAYS = {way.__name__: way for way in (waits_for_ever, loops_for_ever, holds_the_interpreter, is_stopped)}


async def on_request(envelope: Envelope[Any], tx: Connection) -> None:
    """The effect, unless this is where it is to stand still."""
    await tx.execute(EFFECTS)
    if _is_first(Path(os.environ["LOTI_TEST_MARKER"])):
        await WAYS[os.environ["LOTI_TEST_STILL"]](tx)
    await tx.execute(COUNT, envelope.id)


def _is_first(marker: Path) -> bool:
    """Whether nobody was here before."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


if __name__ == "__main__":
    run(
        Service(
            name=os.environ["LOTI_TEST_SERVICE"],
            settings=ServiceSettings(),
            hears=(Topic(os.environ["LOTI_TEST_TOPIC"], "id", "test", "a test"),),
            on={RequestStated: on_request},
            speaks=False,
        )
    )
