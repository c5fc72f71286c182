"""`make overload`: ten times what the services can sustain, for two minutes, through the real path.

`python -m tests.overload [--times 10] [--seconds 120] [--probe 3000] [--fair 2000] [--json]`

First a burst tells what can be sustained: as many role events a second as the slowest service handles, all six beside each
other on this machine. Then the overload, then rest until everybody is done. At last `fair`: the same burst again and again
with a service fifty times slower, and with a webhook endpoint that answers after 30 seconds, beside a run without. Exit 1
when anything was dropped, set aside or told out of order, or memory grew with the backlog.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict

from tests.overload.fairness import Fairness, fairness
from tests.overload.overloaded import Overloaded, overload
from tests.overload.world import a_world


async def run(given: argparse.Namespace) -> tuple[Overloaded | None, Fairness | None]:
    """Both parts, in worlds of their own."""
    overloaded = fair = None
    if given.seconds:
        async with a_world() as world:
            overloaded = await overload(
                world, probe=given.probe, times=given.times, seconds=given.seconds, say=say
            )
    if given.fair:
        async with a_world() as world:
            fair = await fairness(world, events=given.fair, say=say)
    return overloaded, fair


def say(line: str) -> None:
    """What goes on, on stderr."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)  # noqa: T201


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=float, default=10, help="how much more than can be sustained")
    parser.add_argument("--seconds", type=float, default=120, help="for how long; 0 leaves the overload out")
    parser.add_argument("--probe", type=int, default=3_000, help="events of the first burst")
    parser.add_argument(
        "--fair", type=int, default=2_000, help="events of the other bursts; 0 leaves them out"
    )
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    given = parser.parse_args()
    if given.times <= 0 or given.probe < 100 or given.seconds < 0 or (given.fair and given.fair < 100):
        parser.error(
            "--times is more than 0, --probe and --fair are 100 or more (--fair may be 0), --seconds 0 or more"
        )
    overloaded, fair = asyncio.run(run(given))
    parts = [part for part in (overloaded, fair) if part is not None]
    if given.json:
        print(json.dumps([asdict(part) for part in parts]))  # noqa: T201
    else:
        print("\n\n".join(part.in_words() for part in parts))  # noqa: T201
    wrong = [line for part in parts for line in part.wrong()]
    print("\n".join(wrong) or "Nothing is wrong.", file=sys.stderr)  # noqa: T201
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
